//! Command lines of cargo that make programs, and what they name.

use super::shell::{Command, UNKNOWN, is_known};

/// What a command does with programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deploy::evidence) enum Does {
    /// Builds them: `build`, `zigbuild`, `auditable build`, `lambda build`, `rustc`, `cross build`.
    Build,
    /// Builds what they depend on alone: `chef cook`.
    Cook,
    /// `install --path`
    Install,
    /// Builds one and starts it.
    Run,
    /// Puts one where it runs: `lambda deploy`, `shuttle deploy`.
    Deploy,
    /// Makes a package for a system's package manager of them: `deb`, `generate-rpm`.
    Pack,
}

/// A command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::deploy::evidence) struct CargoCommand {
    pub(in crate::deploy::evidence) does: Does,
    /// `--bin`, and names given to `install` and `lambda deploy`.
    pub(in crate::deploy::evidence) bins: Vec<String>,
    /// `-p`
    pub(in crate::deploy::evidence) packages: Vec<String>,
    /// `--manifest-path`, or `--path` of `install`, as written.
    pub(in crate::deploy::evidence) manifest: Option<String>,
    /// `--workspace`
    pub(in crate::deploy::evidence) workspace: bool,
    /// `--root` of `install`.
    pub(in crate::deploy::evidence) root: Option<String>,
    /// Builds no program: `--lib`, `--examples`, `--tests`, another repository's package.
    pub(in crate::deploy::evidence) nothing: bool,
    /// What `run` starts its program with.
    pub(in crate::deploy::evidence) arguments: Vec<String>,
    /// `--features`, each by itself.
    pub(in crate::deploy::evidence) features: Vec<String>,
    /// `--no-default-features`
    pub(in crate::deploy::evidence) no_default_features: bool,
    /// Names that are not known.
    pub(in crate::deploy::evidence) unknown: bool,
}

/// Options that take a value, which could be taken for a name.
const VALUED: [&str; 23] = [
    "--target",
    "--target-dir",
    "--profile",
    "--jobs",
    "-j",
    "--config",
    "-Z",
    "--color",
    "--message-format",
    "--recipe-path",
    "--version",
    "--git",
    "--branch",
    "--tag",
    "--rev",
    "--registry",
    "--index",
    "--compiler",
    "--output-format",
    "--exclude",
    "--lambda-dir",
    "--timeout",
    "-C",
];

impl CargoCommand {
    /// Reads the words of a command; `None` if it makes no programs.
    pub(in crate::deploy::evidence) fn read(command: &Command) -> Option<Self> {
        let words = &command.words;
        let at = words.iter().position(|word| starts_cargo(word))?;
        // A name in the arguments of another program is no call, unless that program runs what follows it.
        if at > 0 && !words[..at].iter().all(|word| runs_the_rest(word)) {
            return None;
        }
        let mut rest = words[at + 1..].iter().map(String::as_str).peekable();
        let mut does = None;
        if let Some(own) = base(&words[at]).strip_prefix("cargo-") {
            does = Some(subcommand(own, &mut rest)?);
        }
        while does.is_none() {
            let word = rest.next()?;
            if word.starts_with('+') || word.starts_with('-') {
                if VALUED.contains(&word) {
                    rest.next();
                }
                continue;
            }
            does = Some(subcommand(word, &mut rest)?);
        }
        Some(Self::options(does?, rest))
    }

    fn options<'a>(does: Does, mut rest: impl Iterator<Item = &'a str>) -> Self {
        let mut found = Self {
            does,
            bins: Vec::new(),
            packages: Vec::new(),
            manifest: None,
            workspace: false,
            root: None,
            nothing: false,
            arguments: Vec::new(),
            features: Vec::new(),
            no_default_features: false,
            unknown: false,
        };
        let (mut outside, mut path, mut names) = (false, false, Vec::new());
        while let Some(word) = rest.next() {
            let (option, own) = match word.split_once('=').filter(|(option, _)| option.starts_with("--")) {
                Some((option, value)) => (option, Some(value)),
                None => (word, None),
            };
            let mut value = || own.or_else(|| rest.next()).unwrap_or_default().to_owned();
            match option {
                "--" => {
                    found.arguments = rest.by_ref().map(str::to_owned).collect();
                }
                "--features" | "-F" => {
                    let value = value();
                    let features = value.split([',', ' ']).filter(|feature| !feature.is_empty());
                    found.features.extend(features.map(str::to_owned));
                }
                "--no-default-features" => found.no_default_features = true,
                "--bin" => found.bins.push(value()),
                "-p" | "--package" => found.packages.push(package_name(&value())),
                "--manifest-path" => found.manifest = Some(value()),
                "--path" => {
                    found.manifest = Some(value());
                    path = true;
                }
                "--root" => found.root = Some(value()),
                "--workspace" | "--all" => found.workspace = true,
                "--git" => {
                    value();
                    outside = true;
                }
                "--lib" | "--tests" | "--examples" | "--benches" => found.nothing = true,
                "--test" | "--example" | "--bench" => {
                    value();
                    found.nothing = true;
                }
                "--bins" | "--all-targets" => {}
                _ if option.starts_with("-p") && !option.starts_with("--") => {
                    found.packages.push(package_name(&option[2..]));
                }
                _ if option.starts_with('-') => {
                    if own.is_none() && VALUED.contains(&option) {
                        rest.next();
                    }
                }
                // All of the options may be in one variable.
                _ if !is_known(word) => found.unknown |= word.chars().all(|c| c == UNKNOWN),
                name => names.push(name.to_owned()),
            }
        }
        match does {
            Does::Install if outside || !path => found.nothing = true,
            Does::Install => found.packages.extend(names),
            Does::Deploy => found.bins.extend(names),
            _ => {}
        }
        let named = found.bins.iter().chain(&found.packages).chain(&found.manifest);
        found.unknown |= named.into_iter().any(|name| !is_known(name));
        found.bins.retain(|name| is_known(name));
        found.packages.retain(|name| is_known(name));
        // `--lib --bin x` builds both.
        found.nothing &= found.bins.is_empty() || does == Does::Install;
        found
    }
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn starts_cargo(word: &str) -> bool {
    let base = base(word);
    matches!(base, "cargo" | "cross" | "cargo.exe" | "$(CARGO)") || base.starts_with("cargo-")
}

/// Programs that run their arguments, and the options and variables that they take.
fn runs_the_rest(word: &str) -> bool {
    let programs = [
        "env",
        "sudo",
        "nice",
        "time",
        "exec",
        "mold",
        "xvfb-run",
        "command",
        "nohup",
        "timeout",
        "docker",
        "run",
        "ci_run",
        "run_retried",
        "then",
        "dotenv",
        "op",
        "doppler",
        "nix",
        "develop",
        "-c",
        "just",
        "sh",
        "bash",
    ];
    programs.contains(&base(word))
        || word.starts_with('-')
        || word.contains('=')
        || word.parse::<u32>().is_ok()
}

fn subcommand<'a>(word: &str, rest: &mut impl Iterator<Item = &'a str>) -> Option<Does> {
    Some(match word {
        "build" | "b" | "zigbuild" | "rustc" | "xbuild" | "build-sbf" => Does::Build,
        "xwin" | "auditable" | "ndk" | "careful" | "leptos" | "hack" | "zig" => {
            match rest.find(|w| !w.starts_with('-'))? {
                "build" | "b" | "rustc" => Does::Build,
                _ => return None,
            }
        }
        "lambda" => match rest.find(|w| !w.starts_with('-'))? {
            "build" => Does::Build,
            "deploy" => Does::Deploy,
            _ => return None,
        },
        "shuttle" => match rest.find(|w| !w.starts_with('-'))? {
            "deploy" => Does::Deploy,
            _ => return None,
        },
        "chef" => match rest.find(|w| !w.starts_with('-'))? {
            "cook" => Does::Cook,
            _ => return None,
        },
        "install" => Does::Install,
        "run" | "r" => Does::Run,
        "deb" | "generate-rpm" | "wix" | "packager" | "bundle" => Does::Pack,
        _ => return None,
    })
}

/// Of a package specification: `name`, `name@1.2`, `path+file:///…#name@1.2`.
fn package_name(spec: &str) -> String {
    let name = spec.rsplit('#').next().unwrap_or(spec);
    name.split(['@', ':']).next().unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::evidence::commands::shell::Shell;

    fn read(text: &str) -> String {
        let Some(found) = Shell::default().read(text).iter().find_map(CargoCommand::read) else {
            return "none".to_owned();
        };
        let mut said = vec![format!("{:?}", found.does)];
        said.extend(found.bins.iter().map(|name| format!("bin:{name}")));
        said.extend(found.packages.iter().map(|name| format!("package:{name}")));
        said.extend(found.manifest.iter().map(|path| format!("at:{path}")));
        said.extend(found.root.iter().map(|path| format!("root:{path}")));
        said.extend(found.arguments.iter().map(|word| format!("with:{word}")));
        said.extend(found.workspace.then(|| "workspace".to_owned()));
        said.extend(found.nothing.then(|| "nothing".to_owned()));
        said.extend(found.unknown.then(|| "unknown".to_owned()));
        said.join(" ").replace(UNKNOWN, "?")
    }

    #[test]
    fn command_lines_say_what_they_make() {
        for (text, expected) in [
            ("cargo build --release --bin a --bin=b -p c", "Build bin:a bin:b package:c"),
            ("cargo +nightly --locked build -j 4 --features x --bin a", "Build bin:a"),
            ("cargo b -pfoo", "Build package:foo"),
            ("cargo build -p path+file:///x#foo@1.0", "Build package:foo"),
            ("cargo auditable build --bin a", "Build bin:a"),
            ("cargo zigbuild --target x86_64-unknown-linux-musl --bin a", "Build bin:a"),
            ("cargo-zigbuild zigbuild --bin a", "Build bin:a"),
            ("cross build --target aarch64-unknown-linux-gnu -p a", "Build package:a"),
            ("cargo lambda build --bin a --arm64", "Build bin:a"),
            ("cargo lambda deploy a --enable-function-url", "Deploy bin:a"),
            ("cargo chef cook --recipe-path r.json --bin a", "Cook bin:a"),
            ("cargo chef prepare --recipe-path r.json", "none"),
            ("cargo install --path server --root /out --locked", "Install at:server root:/out"),
            ("cargo install --path . app", "Install package:app at:."),
            ("cargo install sqlx-cli --version 0.8", "Install nothing"),
            ("cargo install --git https://x/y app", "Install nothing"),
            ("cargo run --bin a -- serve --port 1", "Run bin:a with:serve with:--port with:1"),
            ("cargo build --manifest-path ./core/Cargo.toml --bin a", "Build bin:a at:./core/Cargo.toml"),
            ("cargo build --workspace", "Build workspace"),
            ("cargo build --lib", "Build nothing"),
            ("cargo build --lib --bin a", "Build bin:a"),
            ("cargo build --bin $X", "Build unknown"),
            ("cargo build $FLAGS", "Build unknown"),
            ("cargo build --target $T --features $F", "Build"),
            ("sudo -E env A=b cargo build --bin a", "Build bin:a"),
            ("mold -run cargo build -p a", "Build package:a"),
            ("/root/.cargo/bin/cargo build", "Build"),
            ("RUSTFLAGS='-C x' cargo build", "Build"),
            ("cargo test --no-run -p a", "none"),
            ("cargo clippy", "none"),
            ("grep cargo build", "none"),
            ("cargo deb -p a", "Pack package:a"),
            ("cargo", "none"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
