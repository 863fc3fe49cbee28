//! The program as wrapper in the second build of `measure --modules`: rustc profiles itself, and what its profile says of
//! modules takes the profile's place.
//!
//! Cargo calls `RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER rustc …` for members of the workspace and leaves the second out for
//! all others; both are this program. Cargo keeps the results of a workspace wrapper apart from those without one, so that
//! members are built again and dependencies are not.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use serde::{Deserialize, Serialize};

use crate::base::read::{MAX_GIVEN_BYTES, read_given};

use super::arguments::{UnitCall, expand, is_build_script, parse};
use super::exit::code_of;
use super::profile::{self, ModuleTimes, Profiled};
use super::record::{Clock, INNER, Started, Work, started};

/// The environment variable that names the directory of the profiles; it makes a wrapper of this kind of the program.
pub(super) const PROFILES: &str = "SPLIT_ADVISOR_PROFILES";
/// Cargo's variable for a wrapper of members only.
pub(super) const WORKSPACE_WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";
/// The user's own one.
pub(super) const INNER_WORKSPACE: &str = "SPLIT_ADVISOR_INNER_WORKSPACE_WRAPPER";
/// Lets a stable compiler accept `-Z`.
pub(super) const BOOTSTRAP: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");

/// What rustc writes down: its activities with what they are about.
pub(super) const EVENTS: &str = "-Zself-profile-events=generic-activity,query-provider,args";
/// Names code-generation units after modules, which they follow when compiling incrementally.
pub(super) const READABLE_UNITS: &str = "-Zhuman-readable-cgu-names=yes";

/// A unit of the second build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ProfiledUnit {
    pub(super) started: Started,
    /// What its profile says, or why it says nothing.
    pub(super) times: Result<ModuleTimes, String>,
}

/// Runs rustc for cargo.
pub(super) fn run(profiles: &Path, args: &[OsString]) -> io::Result<u8> {
    let own = env::var_os(WORKSPACE_WRAPPER);
    let (member, args) = match args.split_first() {
        Some((first, rest)) if Some(first) == own.as_ref() => (true, rest),
        _ => (false, args),
    };
    let Some((rustc, args)) = args.split_first() else { return Ok(2) };
    let inner = [env::var_os(INNER), env::var_os(INNER_WORKSPACE).filter(|_| member)];
    let mut words = inner.into_iter().flatten().chain([rustc.clone()]);
    let mut command = Command::new(words.next().unwrap_or_else(|| rustc.clone()));
    command.args(words).args(args);
    let texts = expand(args);
    match parse(&texts).filter(|call| member && !call.test && !is_build_script(call)) {
        Some(call) => profile_unit(profiles, command, &call, texts),
        None => Ok(code_of(command.status()?)),
    }
}

fn profile_unit(
    profiles: &Path,
    mut command: Command,
    call: &UnitCall,
    texts: Vec<String>,
) -> io::Result<u8> {
    let name = format!("{}{}", call.name, call.hash);
    let dir = profiles.join(&name);
    fs::create_dir_all(&dir)?;
    command.args(added(call, &dir)).env(BOOTSTRAP.0, BOOTSTRAP.1);
    let status = command.status()?;
    if status.success() {
        let krate = Profiled { name: &call.name, src: &call.src };
        let times = written(&dir)
            .ok_or_else(|| "rustc wrote no profile".to_owned())
            .and_then(|file| profile::read(&file, krate));
        let unit =
            ProfiledUnit { started: Started { work: Work::Rustc(texts), ..started(Clock::start()) }, times };
        fs::write(profiles.join(name).with_added_extension("json"), serde_json::to_vec(&unit)?)?;
    }
    // Tens of megabytes for each crate.
    fs::remove_dir_all(&dir)?;
    Ok(code_of(status))
}

/// What is added to the arguments of rustc.
fn added(call: &UnitCall, dir: &Path) -> Vec<OsString> {
    let joined =
        |flag: &str, path: PathBuf| [OsStr::new(flag), path.as_os_str()].into_iter().collect::<OsString>();
    let mut added = vec![joined("-Zself-profile=", dir.to_owned()), EVENTS.into()];
    // Link-time optimization doesn't go with incremental compilation; its units are those of the whole program.
    let lto =
        |flag: &String| flag.starts_with("-Clto=") && !["-Clto=off", "-Clto=no"].contains(&flag.as_str());
    if call.generates_code() && !call.costly.flags.iter().any(lto) {
        added.push(READABLE_UNITS.into());
        if !call.costly.incremental {
            added.push(joined("-Cincremental=", dir.join("incremental")));
        }
        if call.costly.codegen_units.is_some_and(|units| units < 256) {
            // Fewer would merge modules; this is rustc's own number when it compiles incrementally.
            added.push("-Ccodegen-units=256".into());
        }
    }
    added
}

fn written(dir: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(dir).ok()?.flatten().map(|entry| entry.path());
    files.into_iter().find(|path| path.extension().is_some_and(|e| e == "mm_profdata"))
}

/// What the wrappers left, in order of crate and hash.
pub(super) fn read(profiles: &Path) -> io::Result<Vec<ProfiledUnit>> {
    let mut files: Vec<PathBuf> = fs::read_dir(profiles)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort();
    files.iter().map(|path| Ok(serde_json::from_slice(&read_given(path, MAX_GIVEN_BYTES)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustc_is_asked_for() {
        let incremental = "-Cincremental=t/incremental";
        let cases: [(&str, &[&str]); 5] = [
            ("--emit=dep-info,metadata", &[]),
            ("--emit=dep-info,metadata,link", &[READABLE_UNITS, incremental]),
            ("--emit=link -C incremental=x", &[READABLE_UNITS]),
            (
                "--emit=link -C codegen-units=1 -C lto=off",
                &[READABLE_UNITS, incremental, "-Ccodegen-units=256"],
            ),
            ("--emit=link -C lto=thin", &[]),
        ];
        for (more, expected) in cases {
            let text = format!("--crate-name a a.rs -C extra-filename=-1 {more}");
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            let added = added(&parse(&words).unwrap(), Path::new("t"));
            let always = ["-Zself-profile=t", EVENTS];
            let expected: Vec<OsString> = always.iter().chain(expected).map(Into::into).collect();
            assert_eq!(added, expected, "{more}");
        }
    }
}
