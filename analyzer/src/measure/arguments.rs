//! What a call of rustc says about the unit that it compiles.

use std::ffi::OsString;
use std::path::Path;

use crate::base::read::{MAX_GIVEN_BYTES, read_given_text};
use crate::cost::measured::RustcArguments;

/// A call of rustc that compiles a unit for cargo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct UnitCall {
    /// `--crate-name`
    pub(super) name: String,
    /// The root file, as given.
    pub(super) src: String,
    /// `--test`
    pub(super) test: bool,
    /// `--out-dir`
    pub(super) out_dir: String,
    /// `-C extra-filename`: cargo's hash of the unit, `-` first.
    pub(super) hash: String,
    /// Features that are on, sorted.
    pub(super) features: Vec<String>,
    /// The files of `--extern`, in order.
    pub(super) externs: Vec<String>,
    /// What decides the cost.
    pub(super) costly: RustcArguments,
}

/// Reads the arguments of rustc; `None` for calls that aren't cargo's compiling a unit (questions about the compiler,
/// probes of build scripts).
pub(super) fn parse(args: &[String]) -> Option<UnitCall> {
    let mut call = UnitCall {
        costly: RustcArguments { opt_level: "0".into(), debuginfo: "0".into(), ..RustcArguments::default() },
        ..UnitCall::default()
    };
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        let (flag, joined) = match arg.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value)),
            _ => (arg, None),
        };
        let mut value = || joined.or_else(|| args.next()).unwrap_or_default();
        match flag {
            "--crate-name" => call.name = value().to_owned(),
            "--crate-type" => call.costly.crate_types.extend(value().split(',').map(str::to_owned)),
            "--edition" => call.costly.edition = value().to_owned(),
            "--emit" => call.costly.emit.extend(value().split(',').map(emit_kind)),
            "--out-dir" => call.out_dir = value().to_owned(),
            "--extern" => call.externs.extend(extern_file(value())),
            "--cfg" => call.features.extend(feature(value())),
            "-C" | "--codegen" => call.codegen(value()),
            "-Z" => call.costly.flags.push(format!("-Z{}", value())),
            "--test" => call.test = true,
            "--error-format"
            | "--json"
            | "--diagnostic-width"
            | "--check-cfg"
            | "-L"
            | "--cap-lints"
            | "--target"
            | "-l"
            | "-W"
            | "-A"
            | "-D"
            | "-F"
            | "--warn"
            | "--allow"
            | "--deny"
            | "--forbid"
            | "--color"
            | "--remap-path-prefix"
            | "--sysroot" => {
                value();
            }
            _ if arg.starts_with("-C") => call.codegen(&arg[2..]),
            _ if arg.starts_with("-Z") => call.costly.flags.push(arg.to_owned()),
            _ if !arg.starts_with('-') && arg.ends_with(".rs") => call.src = arg.to_owned(),
            _ => {}
        }
    }
    call.features.sort();
    let complete = !call.name.is_empty() && !call.src.is_empty() && !call.hash.is_empty();
    complete.then_some(call)
}

impl UnitCall {
    fn codegen(&mut self, option: &str) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match name {
            "opt-level" => self.costly.opt_level = value.to_owned(),
            "debuginfo" => self.costly.debuginfo = value.to_owned(),
            "codegen-units" => self.costly.codegen_units = value.parse().ok(),
            "incremental" => self.costly.incremental = true,
            "extra-filename" => self.hash = value.to_owned(),
            "metadata" | "linker" | "link-arg" | "link-args" => {}
            _ => self.costly.flags.push(format!("-C{option}")),
        }
    }

    /// Whether it generates code.
    pub(super) fn generates_code(&self) -> bool {
        self.costly.emit.iter().any(|kind| kind == "link")
    }

    /// Whether it is compiled into something that holds the code of everything below it.
    pub(super) fn holds_upstream_objects(&self) -> bool {
        self.test || self.costly.crate_types.iter().any(|kind| kind != "lib" && kind != "rlib")
    }
}

/// `link=path` is `link`.
fn emit_kind(text: &str) -> String {
    text.split('=').next().unwrap_or_default().to_owned()
}

/// `noprelude:name=path` is the path; `name` alone has none.
fn extern_file(text: &str) -> Option<String> {
    text.split_once('=').map(|(_, path)| path.to_owned())
}

fn feature(cfg: &str) -> Option<String> {
    Some(cfg.strip_prefix("feature=\"")?.strip_suffix('"')?.to_owned())
}

/// The arguments as text, with those of response files (`@file`, one argument a line) in their place.
pub(super) fn expand(args: &[OsString]) -> Vec<String> {
    let mut all = Vec::new();
    for arg in args {
        let text = arg.to_string_lossy();
        match text.strip_prefix('@').map(|path| read_given_text(Path::new(path), MAX_GIVEN_BYTES)) {
            Some(Ok(lines)) => all.extend(lines.lines().map(str::to_owned)),
            _ => all.push(text.into_owned()),
        }
    }
    all
}

/// Cargo names the crate of every build script so, and nothing else is linked into a directory of its own below `build`.
pub(super) fn is_build_script(call: &UnitCall) -> bool {
    let in_build =
        Path::new(&call.out_dir).parent().and_then(Path::file_name) == Some(std::ffi::OsStr::new("build"));
    in_build && call.name.starts_with("build_script_") && call.costly.crate_types == ["bin"]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> Option<UnitCall> {
        parse(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    /// What cargo 1.95 writes for a library, with paths shortened.
    const LIB: &str = "--crate-name shop --edition=2024 lib/src/lib.rs --error-format=json \
        --json=diagnostic-rendered-ansi,artifacts,future-incompat --diagnostic-width=80 --crate-type lib \
        --emit=dep-info,metadata,link -C embed-bitcode=no -C debuginfo=2 --cfg feature=\"std\" --cfg feature=\"alloc\" \
        --check-cfg cfg(docsrs,test) -C metadata=7e1 -C extra-filename=-9f2 --out-dir target/debug/deps \
        -C incremental=target/debug/incremental -L dependency=target/debug/deps \
        --extern money=target/debug/deps/libmoney-11a.rmeta --extern noprelude:macros=target/debug/deps/libmacros-22b.so \
        --extern proc_macro --cap-lints allow";

    #[test]
    fn a_library() {
        let call = call(LIB).unwrap();
        assert_eq!((call.name.as_str(), call.src.as_str()), ("shop", "lib/src/lib.rs"));
        assert_eq!(call.hash, "-9f2");
        assert_eq!(call.features, ["alloc", "std"]);
        assert_eq!(
            call.externs,
            ["target/debug/deps/libmoney-11a.rmeta", "target/debug/deps/libmacros-22b.so"]
        );
        assert_eq!(call.costly.edition, "2024");
        assert_eq!(call.costly.emit, ["dep-info", "metadata", "link"]);
        assert_eq!((call.costly.opt_level.as_str(), call.costly.debuginfo.as_str()), ("0", "2"));
        assert!(call.costly.incremental && call.generates_code() && !call.holds_upstream_objects());
        assert_eq!(call.costly.flags, ["-Cembed-bitcode=no"]);
    }

    #[test]
    fn what_decides_the_kind_of_work() {
        let cases = [
            ("--crate-type bin --emit=dep-info,link", true, true),
            ("--crate-type=proc-macro --emit=dep-info,link", true, true),
            ("--crate-type lib --emit=dep-info,metadata", false, false),
            ("--crate-type lib --test --emit=dep-info,link", true, true),
            ("--crate-type lib --crate-type cdylib --emit=dep-info,metadata,link", true, true),
            ("--crate-type rlib --emit=metadata,link=x", true, false),
        ];
        for (more, code, upstream) in cases {
            let call = call(&format!("--crate-name a src/lib.rs -C extra-filename=-1 {more}")).unwrap();
            assert_eq!((call.generates_code(), call.holds_upstream_objects()), (code, upstream), "{more}");
        }
    }

    #[test]
    fn codegen_options_in_every_spelling() {
        for text in [
            "-C opt-level=3 -C codegen-units=1 -Clto=thin",
            "-Copt-level=3 --codegen=codegen-units=1 -C lto=thin",
        ] {
            let call = call(&format!("--crate-name a a.rs -C extra-filename=-1 {text}")).unwrap();
            assert_eq!((call.costly.opt_level.as_str(), call.costly.codegen_units), ("3", Some(1)), "{text}");
            assert_eq!(call.costly.flags, ["-Clto=thin"], "{text}");
        }
    }

    #[test]
    fn calls_that_are_no_units() {
        for text in [
            "-vV",
            "- --crate-name ___ --print=file-names --crate-type bin",
            "--crate-name probe0 --crate-type=lib --out-dir /t --emit=llvm-ir probe.rs",
            "",
        ] {
            assert_eq!(call(text), None, "{text}");
        }
    }

    #[test]
    fn response_files_are_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "--crate-name\na b\n").unwrap();
        let args = [OsString::from(format!("@{}", file.path().display())), "x.rs".into(), "@gone".into()];
        assert_eq!(expand(&args), ["--crate-name", "a b", "x.rs", "@gone"]);
    }
}
