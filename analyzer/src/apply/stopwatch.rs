//! Builds on the stopwatch: what cargo takes on the wall, before a plan and after it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::Done;
use super::check::for_builds;
use crate::base::{ToolOptions, programs};
use crate::cost::Mode;

/// The builds of one workspace.
#[derive(Clone)]
pub(super) struct Timed<'a> {
    /// The directory of the workspace's root manifest.
    pub(super) workspace: &'a Path,
    /// Packages by their names, with their directories: those that a clean build builds.
    pub(super) packages: &'a BTreeMap<String, PathBuf>,
    pub(super) target_dir: &'a Path,
    pub(super) mode: Mode,
    pub(super) jobs: u32,
    pub(super) arguments: &'a [String],
    pub(super) tools: &'a ToolOptions,
}

/// What an edit adds to a file: a function that code generation has to look at, and no lint.
const EDIT: &str = "\n#[doc(hidden)]\n#[allow(dead_code, unreachable_pub, missing_docs, clippy::all)]\n\
                    pub fn __split_advisor_edit(x: usize) -> usize {\n    core::hint::black_box(x) + 1\n}\n";
/// What cargo compares: a file changed within one tick of its clock is seen as old on some file systems.
const TICK: Duration = Duration::from_millis(20);

impl Timed<'_> {
    /// Builds; wall seconds from the call of cargo to its end.
    pub(super) fn build(&self, more: &[&str]) -> Done<f64> {
        let jobs = self.jobs.to_string();
        let mut words = self.mode.command().split(' ').skip(1);
        let verb = words.next().unwrap_or("check");
        let fixed = ["--workspace", "--jobs", &jobs];
        let all = words.chain(fixed).chain(more.iter().copied());
        self.cargo(verb, all.chain(self.arguments.iter().map(String::as_str)))
    }

    /// Takes away what the packages have been built to.
    pub(super) fn clean(&self) -> Done<()> {
        let specs = self.specs();
        let packages = specs.iter().flat_map(|spec| ["--package", spec]);
        self.cargo("clean", packages.chain(["--quiet"])).map(drop)
    }

    /// The build after an edit of a file, which is as before in the end, and so is what cargo made of it.
    pub(super) fn edit(&self, file: &Path) -> Done<f64> {
        let failed = |error: std::io::Error| format!("{}: {error}", file.display());
        let before = fs::read_to_string(file).map_err(failed)?;
        std::thread::sleep(TICK);
        fs::write(file, format!("{before}{EDIT}")).map_err(failed)?;
        let seconds = self.build(&[]);
        std::thread::sleep(TICK);
        fs::write(file, before).map_err(failed)?;
        self.build(&[])?;
        seconds
    }

    fn specs(&self) -> Vec<String> {
        // A name may be that of a package from elsewhere, too.
        self.packages.iter().map(|(name, dir)| format!("path+file://{}#{name}", dir.display())).collect()
    }

    fn cargo<'s>(&self, verb: &str, arguments: impl Iterator<Item = &'s str>) -> Done<f64> {
        let mut command = programs::command("cargo").map_err(|why| why.to_string())?;
        command.current_dir(self.workspace).env("CARGO_TARGET_DIR", self.target_dir);
        command.arg(verb).args(arguments);
        let tools = for_builds(self.tools);
        let start = Instant::now();
        let said = programs::run(&mut command, &tools, &AtomicBool::new(false))
            .map_err(|why| format!("cargo was asked, but {why}"))?;
        let seconds = start.elapsed().as_secs_f64();
        if said.status.success() {
            return Ok(seconds);
        }
        let stderr = String::from_utf8_lossy(&said.stderr);
        let why = stderr.lines().find(|line| line.starts_with("error")).unwrap_or("it failed");
        Err(format!("cargo {verb} in {}: {why}", self.workspace.display()))
    }
}
