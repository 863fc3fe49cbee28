//! Which packages of a workspace a call of cargo has compiled: by its JSON messages.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;
use serde::Deserialize;

/// What cargo says of a target that is up to date by now.
#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<String>,
    fresh: Option<bool>,
    message: Option<Said>,
}

/// What the compiler says.
#[derive(Deserialize)]
struct Said {
    level: String,
    message: String,
}

/// What a call of cargo came to.
pub(crate) struct Built {
    /// Manifests, relative to the directory, of packages of which something was compiled.
    pub(crate) compiled: BTreeSet<String>,
    /// Why not all could be compiled: the first error.
    pub(crate) failure: Option<String>,
}

/// Checks all targets of the workspace in `dir`.
pub(crate) fn check(dir: &Path, target: &Path, all_features: bool) -> anyhow::Result<Built> {
    let mut command = Command::new("cargo");
    command.current_dir(dir).args(["check", "--workspace", "--all-targets", "--message-format", "json"]);
    command.args(all_features.then_some("--all-features"));
    // What a manifest asks of the compiler plays no part here.
    command.arg("--ignore-rust-version").arg("--target-dir").arg(target).stderr(Stdio::piped());
    let output = command.output().context("cargo can't be run")?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let compiled = stdout.lines().filter_map(|line| compiled(line, dir)).collect();
    let of_cargo = || {
        String::from_utf8_lossy(&output.stderr)
            .lines()
            .find_map(|line| line.strip_prefix("error: ").map(str::to_owned))
    };
    let why = || stdout.lines().find_map(error).or_else(of_cargo).unwrap_or_else(|| "no reason".to_owned());
    Ok(Built { compiled, failure: (!output.status.success()).then(why) })
}

/// An error of the compiler.
fn error(line: &str) -> Option<String> {
    let said = serde_json::from_str::<Message>(line).ok()?.message?;
    (said.level == "error").then_some(said.message)
}

/// The manifest of a package here that was compiled.
fn compiled(line: &str, dir: &Path) -> Option<String> {
    let message: Message = serde_json::from_str(line).ok()?;
    if message.reason != "compiler-artifact" || message.fresh != Some(false) {
        return None;
    }
    let manifest = Path::new(message.manifest_path.as_ref()?).strip_prefix(dir).ok()?.to_str()?;
    Some(manifest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_here() {
        let dir = Path::new("/r");
        let line = |reason: &str, manifest: &str, fresh: bool| {
            format!(r#"{{"reason":"{reason}","manifest_path":"{manifest}","fresh":{fresh},"more":[1]}}"#)
        };
        for (line, expected) in [
            (line("compiler-artifact", "/r/a/Cargo.toml", false), Some("a/Cargo.toml")),
            (line("compiler-artifact", "/r/a/Cargo.toml", true), None),
            (line("compiler-artifact", "/registry/a/Cargo.toml", false), None),
            (line("compiler-message", "/r/a/Cargo.toml", false), None),
            (r#"{"reason":"compiler-message","message":{"level":"error","message":"no"}}"#.to_owned(), None),
            (r#"{"reason":"build-finished","success":true}"#.to_owned(), None),
            ("no JSON".to_owned(), None),
        ] {
            assert_eq!(compiled(&line, dir).as_deref(), expected, "{line}");
        }
    }
}
