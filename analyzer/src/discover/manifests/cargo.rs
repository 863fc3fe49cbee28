//! Asks cargo for a workspace's packages, without its dependencies and without running anything of the repository.
//!
//! - Cargo reads `.cargo/config.toml` from its *working directory* and the directories above it, and rustup reads
//!   `rust-toolchain.toml` from the same place; `--manifest-path` changes neither (the Cargo book, "Configuration:
//!   Hierarchical structure"; the rustup book, "Overrides"). So cargo runs in the root of the file system, which only
//!   an administrator can write to, and the repository names neither a compiler nor a toolchain.
//! - `--no-deps` reads manifests only: no lock file is read or written, no registry or git source is touched, and no
//!   `rustc` is started (tried with a `build.rustc` that leaves a trace).
//! - `--offline` keeps it so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use cargo_metadata::{Metadata, MetadataCommand};

use super::raw::{RawDependency, RawPackage, RawTarget, RawWorkspace};
use crate::base::programs::{self, NoAnswer};
use crate::base::{FileTree, ToolOptions};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::model::{DependencyKind, Edition, TargetKind};
use crate::discover::paths::{normalize, relative};
use crate::discover::tree::reading::Reading;

/// Cargo, as far as one analysis needs it.
pub(in crate::discover) struct Cargo<'a> {
    files: &'a FileTree,
    root: &'a Path,
    tools: &'a ToolOptions,
    unwanted: AtomicBool,
}

impl<'a> Cargo<'a> {
    /// Cargo for a directory.
    pub(in crate::discover) fn new(reading: &'a Reading, tools: &'a ToolOptions) -> Self {
        Self { files: &reading.files, root: &reading.root, tools, unwanted: AtomicBool::new(false) }
    }

    /// The workspace that the manifest belongs to.
    pub(in crate::discover) fn workspace(&self, manifest: &Path) -> Result<RawWorkspace, Diagnostic> {
        workspace(self, manifest, &AtomicBool::new(false))
    }

    /// Likewise, until [`stop_first`](Self::stop_first).
    pub(in crate::discover) fn first(&self, manifest: &Path) -> Result<RawWorkspace, Diagnostic> {
        workspace(self, manifest, &self.unwanted)
    }

    /// Ends the first call, should it be under way.
    pub(in crate::discover) fn stop_first(&self) {
        self.unwanted.store(true, Ordering::Relaxed);
    }
}

fn workspace(cargo: &Cargo<'_>, manifest: &Path, unwanted: &AtomicBool) -> Result<RawWorkspace, Diagnostic> {
    let root = cargo.root;
    // A toolchain picked for this process may not be installed; the default one will do. Where there is no default,
    // the one picked is all there is.
    let first = call(cargo, manifest, &["RUSTUP_TOOLCHAIN"], unwanted);
    let metadata = match first {
        Err(Failure::Rustup(_)) => call(cargo, manifest, &[], unwanted),
        other => other,
    };
    match metadata {
        Ok(metadata) => Ok(raw(&metadata)),
        Err(Failure::Cargo(stderr)) => Err(rejection(cargo, manifest, &stderr)),
        Err(Failure::Rustup(message) | Failure::NotRun(message)) => {
            let message = format!("cargo gave no usable answer ({message}): the manifest is read without it");
            Err(Diagnostic::new(Severity::Warning, Code::InvalidManifest, message)
                .at(relative(root, manifest)))
        }
    }
}

enum Failure {
    /// There is no cargo, or it answers in a way that isn't understood.
    NotRun(String),
    /// Rustup found no toolchain.
    Rustup(String),
    /// Cargo ran and said no.
    Cargo(String),
}

fn call(
    cargo: &Cargo<'_>,
    manifest: &Path,
    remove: &[&str],
    unwanted: &AtomicBool,
) -> Result<Metadata, Failure> {
    let not_run = |why: NoAnswer| Failure::NotRun(why.to_string());
    let mut command = program().map_err(not_run)?;
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"]);
    command.arg(manifest).current_dir(outside(cargo.root));
    for variable in remove {
        command.env_remove(variable);
    }
    // Rustup may not download a toolchain either.
    command.env("RUSTUP_AUTO_INSTALL", "0").env("CARGO_TERM_COLOR", "never");
    let output = programs::run(&mut command, cargo.tools, unwanted).map_err(not_run)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        // Rustup's proxy speaks before cargo does, and of no manifest; cargo's refusals name one.
        let rustup =
            !stderr.contains("Cargo.toml") && (stderr.contains("toolchain") || stderr.contains("rustup"));
        let (first, all) = (stderr.lines().next().unwrap_or_default().to_owned(), stderr.into_owned());
        return Err(if rustup { Failure::Rustup(first) } else { Failure::Cargo(all) });
    }
    MetadataCommand::parse(String::from_utf8_lossy(&output.stdout))
        .map_err(|e| Failure::NotRun(e.to_string()))
}

/// The cargo that runs this as its subcommand, or the one of `PATH`.
fn program() -> Result<Command, NoAnswer> {
    let running = std::env::var_os("CARGO").map(PathBuf::from).filter(|path| path.is_absolute());
    running.map_or_else(|| programs::command("cargo"), |path| Ok(programs::command_at(&path)))
}

/// Where cargo runs: see the module's documentation.
fn outside(root: &Path) -> PathBuf {
    root.ancestors().last().unwrap_or(root).to_owned()
}

/// Cargo's refusal as a diagnostic, at the manifest and the line it blames.
fn rejection(cargo: &Cargo<'_>, asked: &Path, stderr: &str) -> Diagnostic {
    let root = cargo.root;
    let mut line = None;
    let mut blamed = None;
    for text in stderr.lines() {
        if let Some(place) = text.trim_start().strip_prefix("--> ") {
            // `path:line:column`, relative to cargo's working directory.
            let mut parts = place.rsplitn(3, ':');
            let _column = parts.next();
            line = parts.next().and_then(|l| l.parse().ok());
            blamed = parts.next().map(|p| outside(root).join(p));
            break;
        }
        // The innermost cause comes last.
        blamed = manifest_in(text).or(blamed);
    }
    let blamed = blamed.filter(|p| p.exists()).unwrap_or_else(|| asked.to_owned());
    let line = line.or_else(|| line_of(cargo, &blamed, stderr));
    let message = reason(root, stderr);
    let mut diagnostic =
        Diagnostic::new(Severity::Error, Code::InvalidManifest, message).at(relative(root, &blamed));
    diagnostic.line = line;
    diagnostic
}

/// A manifest that a line of cargo's names between backquotes, or that of a member it names.
fn manifest_in(text: &str) -> Option<PathBuf> {
    let quoted = PathBuf::from(backquoted(text).last()?);
    if quoted.ends_with("Cargo.toml") && text.contains("manifest at") {
        return Some(quoted);
    }
    text.contains("workspace member").then(|| quoted.join("Cargo.toml"))
}

fn backquoted(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    let pieces: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    pieces.into_iter()
}

/// The innermost cause of cargo's chain, with the one around it where that says more than which manifest it is.
pub(in crate::discover) fn reason(root: &Path, stderr: &str) -> String {
    let stderr = stderr.replace(&format!("`{}/", root.display()), "`");
    let head = stderr.split_once("error: ").map_or(stderr.as_str(), |(_, e)| e);
    let causes = head.split("Caused by:").filter_map(|c| c.lines().map(str::trim).find(|l| !l.is_empty()));
    let telling: Vec<&str> = causes.filter(|c| !c.starts_with("failed to parse manifest")).collect();
    let innermost = telling.get(telling.len().saturating_sub(2).max(1)..).filter(|c| !c.is_empty());
    match innermost.map(|c| c.join(": ")).or_else(|| Some((*telling.first()?).to_owned())) {
        Some(reason) => reason,
        None => "cargo rejects it without a reason".to_owned(),
    }
}

/// The first line of the manifest with a word that cargo quotes, the innermost cause first.
fn line_of(cargo: &Cargo<'_>, manifest: &Path, stderr: &str) -> Option<u32> {
    let text = cargo.files.read_text(manifest).ok()?;
    let dir = format!("{}/", manifest.parent().unwrap_or(cargo.root).display());
    backquoted(stderr).rev().find_map(|word| {
        let word = word.strip_prefix(&dir).unwrap_or(word);
        let word = word.strip_suffix("/Cargo.toml").unwrap_or(word);
        let index = text.lines().position(|l| mentions(l, word))?;
        u32::try_from(index + 1).ok()
    })
}

/// Whether `word` stands in the line as a whole.
fn mentions(line: &str, word: &str) -> bool {
    let bound = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
    !word.is_empty()
        && line.match_indices(word).any(|(at, _)| {
            bound(line[..at].chars().next_back()) && bound(line[at + word.len()..].chars().next())
        })
}

pub(in crate::discover) fn raw(metadata: &Metadata) -> RawWorkspace {
    let packages = metadata.workspace_packages().into_iter().map(package).collect();
    RawWorkspace { dir: metadata.workspace_root.clone().into_std_path_buf(), packages }
}

fn package(p: &cargo_metadata::Package) -> RawPackage {
    RawPackage {
        name: p.name.to_string(),
        version: p.version.to_string(),
        dir: p.manifest_path.parent().map_or_else(PathBuf::new, |d| d.as_std_path().to_owned()),
        edition: edition(p.edition),
        features: p.features.clone(),
        dependencies: p.dependencies.iter().map(dependency).collect(),
        targets: p.targets.iter().map(target).collect(),
        publishable: p.publish.as_ref().is_none_or(|registries| !registries.is_empty()),
        links: p.links.clone(),
    }
}

fn dependency(d: &cargo_metadata::Dependency) -> RawDependency {
    RawDependency {
        key: d.rename.clone().unwrap_or_else(|| d.name.clone()),
        package: d.name.clone(),
        renamed: d.rename.is_some(),
        path: d.path.as_ref().map(|p| normalize(p.as_std_path())),
        kind: match d.kind {
            cargo_metadata::DependencyKind::Development => DependencyKind::Dev,
            cargo_metadata::DependencyKind::Build => DependencyKind::Build,
            _ => DependencyKind::Normal,
        },
        optional: d.optional,
        target: d.target.as_ref().map(ToString::to_string),
        features: d.features.clone(),
        default_features: d.uses_default_features,
    }
}

fn target(t: &cargo_metadata::Target) -> RawTarget {
    use cargo_metadata::TargetKind as Kind;
    let kind = match t.kind.first() {
        Some(Kind::ProcMacro) => TargetKind::ProcMacro,
        Some(Kind::Bin) => TargetKind::Bin,
        Some(Kind::Test) => TargetKind::Test,
        Some(Kind::Example) => TargetKind::Example,
        Some(Kind::Bench) => TargetKind::Bench,
        Some(Kind::CustomBuild) => TargetKind::BuildScript,
        _ => TargetKind::Lib,
    };
    RawTarget {
        name: t.name.clone(),
        kind,
        src: t.src_path.as_std_path().to_owned(),
        edition: edition(t.edition),
        required_features: t.required_features.clone(),
        tested: t.test,
        doctested: t.doctest,
    }
}

fn edition(e: cargo_metadata::Edition) -> Edition {
    match e {
        cargo_metadata::Edition::E2015 => Edition::E2015,
        cargo_metadata::Edition::E2018 => Edition::E2018,
        cargo_metadata::Edition::E2021 => Edition::E2021,
        _ => Edition::E2024,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_name_the_innermost_cause() {
        let cases = [
            ("error: expected `=`\n --> tmp/Cargo.toml:3:9\n  |\n", "expected `=`"),
            (
                "error: failed to load manifest for workspace member `/w/b`\n\nCaused by:\n  failed to parse manifest at \
                 `/w/b/Cargo.toml`\n\nCaused by:\n  missing field `package.name`\n",
                "missing field `package.name`",
            ),
            (
                "error: failed to load manifest for workspace member `/w/b`\nreferenced by workspace at `/w/Cargo.toml`\n\n\
                 Caused by:\n  failed to read `/w/b/Cargo.toml`\n\nCaused by:\n  No such file\n",
                "failed to read `b/Cargo.toml`: No such file",
            ),
            ("", "cargo rejects it without a reason"),
        ];
        for (stderr, expected) in cases {
            assert_eq!(reason(Path::new("/w"), stderr), expected);
        }
    }

    #[test]
    fn manifests_in_messages() {
        let member = manifest_in("error: failed to load manifest for workspace member `/w/b`");
        assert_eq!(member, Some(PathBuf::from("/w/b/Cargo.toml")));
        assert_eq!(
            manifest_in("  failed to parse manifest at `/w/Cargo.toml`"),
            Some("/w/Cargo.toml".into())
        );
        assert_eq!(manifest_in("  missing field `package.name`"), None);
    }
}
