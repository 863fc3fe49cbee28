//! What the wrapper leaves behind for the collector: two small files per process, one when it starts and one when it
//! ends, so that a build that is stopped loses nothing that was over.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::base::read::{MAX_GIVEN_BYTES, read_given};
use crate::cost::measured::CpuSeconds;

/// The environment variable that names the directory of the records; it makes a wrapper of the program.
pub const RECORDS: &str = "SPLIT_ADVISOR_RECORDS";
/// When the build began, in nanoseconds since 1970.
pub(super) const EPOCH: &str = "SPLIT_ADVISOR_EPOCH";
/// The user's own wrapper.
pub(super) const INNER: &str = "SPLIT_ADVISOR_INNER_WRAPPER";

/// A process that has started.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Started {
    /// Seconds from the start of the build.
    pub(super) start_s: f64,
    pub(super) package: String,
    pub(super) version: String,
    /// `CARGO_PRIMARY_PACKAGE`: cargo was asked for this package.
    pub(super) primary: bool,
    /// `OUT_DIR`: where the build script of the package writes.
    pub(super) out_dir: Option<String>,
    /// `CARGO_BIN_NAME` is set: a binary or an example.
    pub(super) bin: bool,
    /// `CARGO_TARGET_TMPDIR` is set: an integration test or a benchmark.
    pub(super) integration: bool,
    /// `CARGO_MANIFEST_LINKS`, for build scripts.
    pub(super) links: Option<String>,
    pub(super) work: Work,
}

/// What the process does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Work {
    /// Compiles: the arguments of rustc.
    Rustc(Vec<String>),
    /// Runs the build script that was linked to this file.
    Script(String),
}

impl Default for Work {
    fn default() -> Self {
        Work::Rustc(Vec::new())
    }
}

/// A process that has ended; seconds from the start of the build.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ended {
    pub(super) success: bool,
    pub(super) metadata_s: Option<f64>,
    pub(super) codegen_start_s: Option<f64>,
    pub(super) link_start_s: Option<f64>,
    pub(super) end_s: f64,
    pub(super) cpu: Option<CpuSeconds>,
    pub(super) peak_memory_bytes: Option<u64>,
}

/// The clock of one build, shared by all its processes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    epoch: SystemTime,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { epoch: SystemTime::now() }
    }

    pub(super) fn from_env() -> Option<Self> {
        let nanos = std::env::var(EPOCH).ok()?.parse().ok()?;
        Some(Self { epoch: UNIX_EPOCH + Duration::from_nanos(nanos) })
    }

    pub(super) fn to_env(self) -> String {
        self.epoch.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string()
    }

    /// Seconds since the start of the build.
    pub(super) fn now_s(self) -> f64 {
        self.epoch.elapsed().unwrap_or_default().as_secs_f64()
    }
}

/// Where one process writes.
pub(super) struct Slot {
    path: PathBuf,
}

impl Slot {
    /// Writes down that the process has started.
    pub(super) fn open(dir: &Path, started: &Started) -> io::Result<Self> {
        let micros = (started.start_s * 1e6) as u64;
        let slot = Self { path: dir.join(format!("{micros:015}-{}", std::process::id())) };
        slot.write("start", started)?;
        Ok(slot)
    }

    /// Writes down that it has ended.
    pub(super) fn close(&self, ended: &Ended) -> io::Result<()> {
        self.write("end", ended)
    }

    /// Written aside and renamed: a reader sees all of it or nothing.
    fn write(&self, extension: &str, value: &impl Serialize) -> io::Result<()> {
        let aside = self.path.with_extension(format!("{extension}.part"));
        fs::write(&aside, serde_json::to_vec(value)?)?;
        fs::rename(aside, self.path.with_extension(extension))
    }
}

/// Everything recorded so far, in order of start.
pub(super) fn read(dir: &Path) -> io::Result<Vec<(Started, Option<Ended>)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "start")
            && let Some(started) = read_one::<Started>(&path)
        {
            found.push((started, read_one(&path.with_extension("end"))));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.start_s.total_cmp(&b.start_s));
    Ok(found)
}

fn read_one<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&read_given(path, MAX_GIVEN_BYTES).ok()?).ok()
}

/// What the environment that cargo gives says of this process.
pub(super) fn started(clock: Clock) -> Started {
    let text = |name: &str| env::var(name).ok();
    Started {
        start_s: clock.now_s(),
        package: text("CARGO_PKG_NAME").unwrap_or_default(),
        version: text("CARGO_PKG_VERSION").unwrap_or_default(),
        primary: env::var_os("CARGO_PRIMARY_PACKAGE").is_some(),
        out_dir: text("OUT_DIR"),
        bin: env::var_os("CARGO_BIN_NAME").is_some(),
        integration: env::var_os("CARGO_TARGET_TMPDIR").is_some(),
        links: text("CARGO_MANIFEST_LINKS"),
        work: Work::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_without_ends_are_kept_and_order_is_by_start() {
        let dir = tempfile::tempdir().unwrap();
        let at =
            |start_s: f64, package: &str| Started { start_s, package: package.into(), ..Started::default() };
        let late = Slot::open(dir.path(), &at(2.0, "late")).unwrap();
        Slot::open(dir.path(), &at(1.0, "early")).unwrap();
        late.close(&Ended { success: true, end_s: 3.0, ..Ended::default() }).unwrap();
        fs::write(dir.path().join("x.start.part"), "{").unwrap();
        let found = read(dir.path()).unwrap();
        let shown: Vec<_> =
            found.iter().map(|(s, e)| (s.package.as_str(), e.as_ref().map(|e| e.end_s))).collect();
        assert_eq!(shown, [("early", None), ("late", Some(3.0))]);
    }
}
