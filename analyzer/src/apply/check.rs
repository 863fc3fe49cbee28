//! `cargo check` on a plan that was carried out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Message, Target};

use super::Done;
use crate::base::{ToolOptions, programs};

/// How cargo is asked.
pub(super) struct Check<'a> {
    /// The directory of the workspace's root manifest.
    pub(super) workspace: &'a Path,
    /// The packages and their directories.
    pub(super) packages: &'a BTreeMap<String, PathBuf>,
    pub(super) target_dir: Option<&'a Path>,
    pub(super) arguments: &'a [String],
    pub(super) tools: &'a ToolOptions,
}

/// A build takes as long as it takes; a day is a build that hangs.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);
/// The messages of one check.
const MOST_OUTPUT: u64 = 1 << 30;

/// Limits of a program that builds.
pub(super) fn for_builds(tools: &ToolOptions) -> ToolOptions {
    ToolOptions { timeout: PATIENCE, max_output: MOST_OUTPUT, ..tools.clone() }
}

/// Lines of cargo's own causes that are shown: the last ones say the same of other files. A choice.
const MOST_CAUSES: usize = 6;

/// What one check said.
pub(super) struct Checked {
    pub(super) success: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Those, by their places in the list, that one build of a library or program has said and the other, with its tests or
    /// without, has not.
    pub(super) once: BTreeSet<usize>,
    /// Cargo's own last words, where it never got to compile.
    pub(super) cargo: String,
}

impl Check<'_> {
    pub(super) fn run(&self) -> Done<Checked> {
        let mut command = programs::command("cargo").map_err(|why| why.to_string())?;
        command.current_dir(self.workspace);
        command.args(["check", "--all-targets", "--keep-going", "--message-format=json"]);
        for (name, dir) in self.packages {
            // A name may be that of a package from elsewhere, too.
            command.arg("--package").arg(format!("path+file://{}#{name}", dir.display()));
        }
        command.args(self.arguments);
        if let Some(dir) = self.target_dir {
            command.env("CARGO_TARGET_DIR", dir);
        }
        let tools = for_builds(self.tools);
        let said = programs::run(&mut command, &tools, &AtomicBool::new(false))
            .map_err(|why| format!("cargo was asked, but {why}"))?;
        let messages = Message::parse_stream(&said.stdout[..]).filter_map(|message| match message {
            Ok(Message::CompilerMessage(message)) => Some(message),
            _ => None,
        });
        // A library is built with its tests and without, and so is a program.
        let twice = |target: &Target| target.test && (target.is_lib() || target.is_bin());
        let mut all: Vec<(Diagnostic, bool)> =
            messages.map(|message| (message.message, twice(&message.target))).collect();
        // What only one of both denies is an error.
        all.sort_by_key(|(d, _)| (key(d), d.level != DiagnosticLevel::Error));
        let mut once = BTreeSet::new();
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for (diagnostic, twice) in all {
            let at = diagnostics.len();
            if diagnostics.last().is_some_and(|last| key(last) == key(&diagnostic)) {
                once.remove(&(at - 1));
                continue;
            }
            if twice {
                once.insert(at);
            }
            diagnostics.push(diagnostic);
        }
        let stderr = String::from_utf8_lossy(&said.stderr);
        Ok(Checked { success: said.status.success(), diagnostics, once, cargo: of_cargo(&stderr) })
    }
}

/// What cargo could not do, with what it says are the causes.
fn of_cargo(stderr: &str) -> String {
    let mut lines = stderr.lines().skip_while(|line| !line.starts_with("error: ")).map(str::trim);
    let first = lines.next().and_then(|line| line.strip_prefix("error: ")).unwrap_or_default();
    let causes = lines.skip_while(|line| *line != "Caused by:").filter(|line| *line != "Caused by:");
    let causes = causes.filter(|line| !line.is_empty()).take(MOST_CAUSES);
    std::iter::once(first).chain(causes).collect::<Vec<_>>().join(": ")
}

type Key = (PathBuf, u32, String);

fn key(diagnostic: &Diagnostic) -> Key {
    let place = diagnostic.spans.iter().find(|span| span.is_primary);
    let (file, byte) =
        place.map_or((PathBuf::new(), 0), |span| (PathBuf::from(&span.file_name), span.byte_start));
    (file, byte, diagnostic.message.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_s_words_with_their_causes() {
        let said = "  Updating x\nerror: failed to load `a`\n\nCaused by:\n  failed to parse\n\nCaused by:\n  no `b`\n";
        assert_eq!(of_cargo(said), "failed to load `a`: failed to parse: no `b`");
        assert_eq!(of_cargo("error: no such command\n"), "no such command");
        assert_eq!(of_cargo("warning: x\n"), "");
    }
}
