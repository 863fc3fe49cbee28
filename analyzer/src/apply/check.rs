//! `cargo check` on a plan that was carried out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use cargo_metadata::Message;
use cargo_metadata::diagnostic::Diagnostic;

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

/// What one check said.
pub(super) struct Checked {
    pub(super) success: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
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
        let mut diagnostics: Vec<Diagnostic> = Message::parse_stream(&said.stdout[..])
            .filter_map(|message| match message {
                Ok(Message::CompilerMessage(message)) => Some(message.message),
                _ => None,
            })
            .collect();
        // A library and its tests say the same twice.
        diagnostics.sort_by_key(key);
        diagnostics.dedup_by_key(|d| key(d));
        let stderr = String::from_utf8_lossy(&said.stderr);
        let of_cargo = stderr.lines().find_map(|line| line.strip_prefix("error: ")).unwrap_or_default();
        Ok(Checked { success: said.status.success(), diagnostics, cargo: of_cargo.to_owned() })
    }
}

type Key = (PathBuf, u32, String);

fn key(diagnostic: &Diagnostic) -> Key {
    let place = diagnostic.spans.iter().find(|span| span.is_primary);
    let (file, byte) =
        place.map_or((PathBuf::new(), 0), |span| (PathBuf::from(&span.file_name), span.byte_start));
    (file, byte, diagnostic.message.clone())
}
