//! The command that is run, as data: what `--dry-run` shows is what happens.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::base::programs;
use crate::cost::measured::BuildMode;

use super::profiled::{INNER_WORKSPACE, PROFILES, WORKSPACE_WRAPPER};
use super::record::{Clock, EPOCH, INNER, RECORDS};
use super::user_wrapper::{user_workspace_wrapper, user_wrapper};

/// What is measured.
#[derive(Debug, Clone, Default)]
pub struct MeasureOptions {
    /// The directory of the workspace or package.
    pub path: PathBuf,
    /// What cargo does.
    pub mode: BuildMode,
    /// The profile; `dev` if absent (for [`BuildMode::Test`] cargo's `test`).
    pub profile: Option<String>,
    /// Features to switch on.
    pub features: Vec<String>,
    /// Switch every feature on.
    pub all_features: bool,
    /// Leave default features off.
    pub no_default_features: bool,
    /// The target triple, if not the host's.
    pub target: Option<String>,
    /// Parallel jobs; as many as there are processors if absent.
    pub jobs: Option<u32>,
    /// More arguments for cargo, as given.
    pub cargo_arguments: Vec<String>,
    /// Also measures single modules of the workspace's crates: builds these a second time, with flags that rustc only
    /// takes if it is a nightly one or made to believe so (`RUSTC_BOOTSTRAP=1`, set for these calls alone).
    pub modules: bool,
    /// Says nothing, not even what cargo says.
    pub quiet: bool,
}

/// A command with what is set in its environment, in the order shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// Where it is run.
    pub dir: PathBuf,
    /// Variables that are set; the rest of the environment is handed on.
    pub environment: Vec<(&'static str, OsString)>,
    /// Program and arguments.
    pub command: Vec<OsString>,
    /// How rustc is then called for the workspace's own crates, if otherwise than by cargo; in words of a shell.
    pub rustc: Option<String>,
}

/// The directories that a measured build uses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    /// What cargo builds into.
    pub(super) target: &'a Path,
    /// What the wrapper writes into.
    pub(super) records: &'a Path,
    /// The program that is the wrapper.
    pub(super) wrapper: &'a Path,
}

impl MeasureOptions {
    /// Parallel jobs of the build.
    pub fn jobs(&self) -> u32 {
        self.jobs.unwrap_or_else(cores).max(1)
    }

    /// The arguments of cargo, without the places that differ from machine to machine.
    pub(super) fn arguments(&self) -> Vec<String> {
        let subcommand: &[&str] = match self.mode {
            BuildMode::Check => &["check"],
            BuildMode::Build => &["build"],
            BuildMode::Test => &["test", "--no-run"],
        };
        let mut all: Vec<String> = subcommand.iter().map(|&s| s.to_owned()).collect();
        all.extend(["--workspace".into(), format!("--jobs={}", self.jobs())]);
        all.extend(self.profile.iter().map(|name| format!("--profile={name}")));
        if !self.features.is_empty() {
            all.push(format!("--features={}", self.features.join(",")));
        }
        all.extend(self.all_features.then(|| "--all-features".into()));
        all.extend(self.no_default_features.then(|| "--no-default-features".into()));
        all.extend(self.target.iter().map(|triple| format!("--target={triple}")));
        all.extend(self.quiet.then(|| "--quiet".into()));
        all.extend(self.cargo_arguments.iter().cloned());
        all
    }

    /// The directory that cargo is run in.
    pub(super) fn dir(&self) -> PathBuf {
        match self.path.parent() {
            Some(parent) if self.path.file_name().is_some_and(|name| name == "Cargo.toml") => {
                if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() }
            }
            _ => self.path.clone(),
        }
    }

    pub(super) fn invocation(&self, places: Places<'_>, clock: Option<Clock>) -> Invocation {
        let mut environment = self.environment(places);
        environment.push((RECORDS, places.records.into()));
        environment.extend(user_wrapper(&self.dir()).map(|wrapper| (INNER, wrapper)));
        environment.extend(clock.map(|clock| (EPOCH, clock.to_env().into())));
        self.cargo(environment)
    }

    /// The same build with the workspace's own crates profiled; the records are the profiles.
    pub(super) fn profiled_invocation(&self, places: Places<'_>) -> Invocation {
        let dir = self.dir();
        let mut environment = self.environment(places);
        environment.push((WORKSPACE_WRAPPER, places.wrapper.into()));
        environment.push((PROFILES, places.records.into()));
        environment.extend(user_wrapper(&dir).map(|wrapper| (INNER, wrapper)));
        environment.extend(user_workspace_wrapper(&dir).map(|wrapper| (INNER_WORKSPACE, wrapper)));
        self.cargo(environment)
    }

    fn environment(&self, places: Places<'_>) -> Vec<(&'static str, OsString)> {
        vec![
            ("RUSTC_WRAPPER", places.wrapper.into()),
            ("CARGO_TARGET_DIR", places.target.into()),
            // Cargo 1.91 and later may keep what is intermediate elsewhere; that must be ours too.
            ("CARGO_BUILD_BUILD_DIR", places.target.into()),
        ]
    }

    fn cargo(&self, environment: Vec<(&'static str, OsString)>) -> Invocation {
        let command = std::iter::once(cargo()).chain(self.arguments().into_iter().map(OsString::from));
        Invocation { dir: self.dir(), environment, command: command.collect(), rustc: None }
    }
}

impl Invocation {
    pub(super) fn to_command(&self) -> Command {
        let mut command = Command::new(program(&self.command[0]));
        command.args(&self.command[1..]).current_dir(&self.dir).envs(self.environment.iter().cloned());
        command
    }
}

/// The cargo that runs us (`cargo split-advisor`), else the one in PATH, which chooses the repository's toolchain.
pub(super) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where a program is; as it was named if it can't be found, so that starting it says so.
pub(super) fn program(name: &OsStr) -> PathBuf {
    let bare = name.to_str().filter(|name| !name.contains(['/', '\\']));
    bare.and_then(programs::find).unwrap_or_else(|| Path::new("/no").join(name))
}

/// Processors of this machine.
pub(super) fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let base = || MeasureOptions { jobs: Some(4), ..MeasureOptions::default() };
        let cases = [
            (base(), "build --workspace --jobs=4"),
            (MeasureOptions { mode: BuildMode::Check, ..base() }, "check --workspace --jobs=4"),
            (MeasureOptions { mode: BuildMode::Test, ..base() }, "test --no-run --workspace --jobs=4"),
            (
                MeasureOptions {
                    profile: Some("release".into()),
                    features: vec!["a".into(), "b/c".into()],
                    no_default_features: true,
                    ..base()
                },
                "build --workspace --jobs=4 --profile=release --features=a,b/c --no-default-features",
            ),
            (
                MeasureOptions {
                    all_features: true,
                    target: Some("wasm32-unknown-unknown".into()),
                    cargo_arguments: vec!["--locked".into()],
                    ..base()
                },
                "build --workspace --jobs=4 --all-features --target=wasm32-unknown-unknown --locked",
            ),
        ];
        for (options, expected) in cases {
            assert_eq!(options.arguments().join(" "), expected);
        }
    }

    #[test]
    fn a_manifest_stands_for_its_directory() {
        for (path, expected) in [("a/Cargo.toml", "a"), ("Cargo.toml", "."), ("a/b", "a/b")] {
            let options = MeasureOptions { path: path.into(), ..MeasureOptions::default() };
            assert_eq!(options.dir(), Path::new(expected), "{path}");
        }
    }
}
