//! From the wrapper's records to the units of `costs.json`, with the edges that cargo's queue had.
//!
//! Cargo names every file that a unit makes after the unit's hash, so the files of `--extern` say which units are meant.
//! What `--extern` doesn't say follows from cargo's rules (`unit_dependencies.rs`, `job_queue/mod.rs`): whoever links
//! waits for everything below it; a unit whose `OUT_DIR` is set waits for the run of that build script; and such a
//! run waits for the script's compilation and for the runs of the `links` packages that its package depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::cost::Artifact;
use crate::cost::measured::{
    CpuSeconds, Origin, Origins, UnitCost, UnitDependency, UnitMode, UnitStatus, UnitTarget, UnitTargetKind,
};

use super::arguments::is_build_script;
use super::arguments::{self, UnitCall};
use super::record::{Ended, Started, Work};
use super::wrapper::REAL;

/// The units of a build, in order of start.
pub(super) fn units(records: &[(Started, Option<Ended>)]) -> Vec<UnitCost> {
    let calls: Vec<Option<UnitCall>> = records
        .iter()
        .map(|(started, _)| match &started.work {
            Work::Rustc(args) => arguments::parse(args),
            Work::Script(_) => None,
        })
        .collect();
    let index = Index::new(records, &calls);
    let direct: Vec<Direct> = (0..records.len()).map(|i| index.direct(i)).collect();
    let host = host_units(records, &calls, &direct);
    (0..records.len())
        .map(|i| {
            let (started, ended) = (&records[i].0, records[i].1.as_ref());
            let mut unit = unit(started, ended, calls[i].as_ref());
            unit.member = Some(match index.script_of(i) {
                Some(script) => records[script].0.primary,
                None => started.primary,
            });
            unit.host = Some(host[i]);
            unit.dependencies = Some(dependencies(i, &calls, &direct));
            unit
        })
        .collect()
}

/// Units by what cargo calls them.
struct Index<'a> {
    records: &'a [(Started, Option<Ended>)],
    calls: &'a [Option<UnitCall>],
    /// By the hash in the names of their files, `-` first.
    by_hash: BTreeMap<&'a str, usize>,
    /// Runs of build scripts, by the directory that they write to.
    runs: BTreeMap<&'a str, usize>,
}

/// The units that one waits for by its own arguments.
type Direct = BTreeSet<usize>;

impl<'a> Index<'a> {
    fn new(records: &'a [(Started, Option<Ended>)], calls: &'a [Option<UnitCall>]) -> Self {
        let by_hash = calls.iter().enumerate().filter_map(|(i, c)| Some((c.as_ref()?.hash.as_str(), i)));
        let is_run = |s: &Started| matches!(s.work, Work::Script(_));
        let runs = records.iter().enumerate().filter(|(_, (s, _))| is_run(s));
        let runs = runs.filter_map(|(i, (s, _))| Some((s.out_dir.as_deref()?, i)));
        Self { records, calls, by_hash: by_hash.collect(), runs: runs.collect() }
    }

    fn direct(&self, unit: usize) -> Direct {
        match &self.calls[unit] {
            Some(call) => self.externs(call).chain(self.run_of(unit)).filter(|&d| d != unit).collect(),
            None => self.script_of(unit).into_iter().chain(self.linked_runs(unit)).collect(),
        }
    }

    fn externs(&self, call: &'a UnitCall) -> impl Iterator<Item = usize> {
        call.externs.iter().filter_map(|file| self.by_hash.get(hash_of(file)?).copied())
    }

    /// The run whose output a unit is compiled with. Cargo sets `OUT_DIR` for the script itself too, which comes before.
    fn run_of(&self, unit: usize) -> Option<usize> {
        let script = self.calls[unit].as_ref().is_some_and(is_build_script);
        let out_dir = self.records[unit].0.out_dir.as_deref().filter(|_| !script)?;
        self.runs.get(out_dir).copied()
    }

    /// The unit that compiled the script of a run.
    fn script_of(&self, unit: usize) -> Option<usize> {
        let Work::Script(real) = &self.records[unit].0.work else { return None };
        self.by_hash.get(hash_of(real.strip_suffix(REAL)?)?).copied()
    }

    /// The runs of `links` packages below the package of a run.
    fn linked_runs(&self, run: usize) -> Direct {
        let users = (0..self.records.len()).filter(|&u| self.run_of(u) == Some(run));
        let below = users.filter_map(|u| self.calls[u].as_ref()).flat_map(|call| self.externs(call));
        below
            .filter_map(|u| self.run_of(u))
            .filter(|&r| r != run && self.records[r].0.links.is_some())
            .collect()
    }
}

/// `-9f2` of `…/libshop-9f2.rmeta`.
fn hash_of(file: &str) -> Option<&str> {
    let name = Path::new(file).file_name()?.to_str()?;
    let stem = name.split('.').next()?;
    stem.rfind('-').map(|dash| &stem[dash..])
}

/// Which units only serve the build itself: everything that is reached through procedural macros and build scripts alone.
fn host_units(
    records: &[(Started, Option<Ended>)],
    calls: &[Option<UnitCall>],
    direct: &[Direct],
) -> Vec<bool> {
    let for_host = |unit: usize| match &calls[unit] {
        None => true,
        Some(call) => is_build_script(call) || call.costly.crate_types == ["proc-macro"] && !call.test,
    };
    let mut needed: BTreeSet<usize> = direct.iter().flatten().copied().collect();
    // A member that others need only for the build is no root, as long as one of its units is a root all the same.
    needed.retain(|&u| {
        !records[u].0.primary || direct.iter().enumerate().any(|(by, d)| !for_host(by) && d.contains(&u))
    });
    let mut open: Vec<usize> = (0..direct.len()).filter(|&u| !needed.contains(&u) && !for_host(u)).collect();
    let mut host = vec![true; direct.len()];
    while let Some(unit) = open.pop() {
        if std::mem::replace(&mut host[unit], false) {
            open.extend(direct[unit].iter().filter(|&&d| !for_host(d)));
        }
    }
    host
}

/// What a unit waits for in cargo's queue.
fn dependencies(unit: usize, calls: &[Option<UnitCall>], direct: &[Direct]) -> Vec<UnitDependency> {
    let edge =
        |unit: usize, artifact| UnitDependency { unit: u32::try_from(unit).unwrap_or(u32::MAX), artifact };
    let call = calls[unit].as_ref();
    if call.is_some_and(UnitCall::holds_upstream_objects) {
        return below(unit, direct).into_iter().map(|u| edge(u, Artifact::All)).collect();
    }
    // Metadata is enough between two libraries that are both compiled in full (`BuildRunner::only_requires_rmeta`).
    let pipelined =
        |c: Option<&UnitCall>| c.is_some_and(|c| c.generates_code() && !c.holds_upstream_objects());
    let artifact = |to: usize| {
        let early = pipelined(call) && pipelined(calls[to].as_ref());
        if early { Artifact::Metadata } else { Artifact::All }
    };
    direct[unit].iter().map(|&to| edge(to, artifact(to))).collect()
}

fn below(unit: usize, direct: &[Direct]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open: Vec<usize> = direct[unit].iter().copied().collect();
    while let Some(next) = open.pop() {
        if next != unit && found.insert(next) {
            open.extend(&direct[next]);
        }
    }
    found
}

/// A unit without its place among the others.
fn unit(started: &Started, ended: Option<&Ended>, call: Option<&UnitCall>) -> UnitCost {
    let status = match ended {
        None => UnitStatus::Interrupted,
        Some(ended) if !ended.success => UnitStatus::Failed,
        Some(_) => UnitStatus::Done,
    };
    let cpu = ended.and_then(|e| e.cpu).map(|cpu| match call {
        Some(call) if call.generates_code() => cpu,
        // What comes after the metadata of a check is its end, and the children of a build script are its own business.
        _ => CpuSeconds { frontend_s: cpu.total_s(), ..CpuSeconds::default() },
    });
    let memory = ended.and_then(|e| e.peak_memory_bytes);
    let links = call.is_some_and(UnitCall::holds_upstream_objects);
    UnitCost {
        package: started.package.clone(),
        version: started.version.clone(),
        target: target(started, call),
        mode: mode(call),
        hash: call.map(|c| c.hash.trim_start_matches('-').to_owned()),
        features: call.map(|c| c.features.clone()),
        rustc: call.map(|c| c.costly.clone()),
        start_s: micros(started.start_s),
        metadata_s: ended.and_then(|e| e.metadata_s).map(micros),
        codegen_start_s: ended.and_then(|e| e.codegen_start_s).map(micros),
        link_start_s: ended.and_then(|e| e.link_start_s).filter(|_| links).map(micros),
        end_s: ended.map(|e| micros(e.end_s)),
        cpu: cpu.map(|c| CpuSeconds {
            frontend_s: micros(c.frontend_s),
            codegen_s: micros(c.codegen_s),
            link_s: micros(c.link_s),
        }),
        peak_memory_bytes: memory,
        status,
        origins: Origins {
            times: Origin::Wrapper,
            cpu: cpu.map(|_| Origin::Wrapper),
            memory: memory.map(|_| Origin::Wrapper),
            dependencies: Some(Origin::Wrapper),
        },
        ..UnitCost::default()
    }
}

/// Finer digits are noise.
pub(super) fn micros(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

pub(super) fn mode(call: Option<&UnitCall>) -> UnitMode {
    match call {
        None => UnitMode::Run,
        Some(call) => match (call.test, call.generates_code()) {
            (false, true) => UnitMode::Build,
            (false, false) => UnitMode::Check,
            (true, true) => UnitMode::Test,
            (true, false) => UnitMode::CheckTest,
        },
    }
}

pub(super) fn target(started: &Started, call: Option<&UnitCall>) -> UnitTarget {
    let Some(call) = call else { return UnitTarget::new(UnitTargetKind::BuildScript, "build_script_build") };
    let folder = |name: &str| Path::new(&call.src).components().any(|part| part.as_os_str() == name);
    let out = Path::new(&call.out_dir).file_name().and_then(|n| n.to_str());
    let crate_type = |kind: &str| call.costly.crate_types.iter().any(|k| k == kind);
    let kind = if is_build_script(call) {
        UnitTargetKind::BuildScript
    } else if out == Some("examples") {
        UnitTargetKind::Example
    } else if started.integration && folder("benches") {
        UnitTargetKind::Bench
    } else if started.integration {
        UnitTargetKind::Test
    } else if crate_type("proc-macro") {
        UnitTargetKind::ProcMacro
    } else if started.bin || crate_type("bin") && !call.test {
        UnitTargetKind::Bin
    } else {
        UnitTargetKind::Lib
    };
    UnitTarget::new(kind, call.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `package target-flags | extern files`, one a line; times are made up from the position.
    fn records(lines: &[(&str, &str, Option<&str>)]) -> Vec<(Started, Option<Ended>)> {
        lines
            .iter()
            .enumerate()
            .map(|(i, &(package, text, out_dir))| {
                let work = match text.strip_prefix("run ") {
                    Some(real) => Work::Script(real.to_owned()),
                    None => Work::Rustc(text.split_whitespace().map(str::to_owned).collect()),
                };
                let started = Started {
                    start_s: i as f64,
                    package: package.trim_start_matches('*').into(),
                    version: "1.0.0".into(),
                    primary: package.starts_with('*'),
                    out_dir: out_dir.map(str::to_owned),
                    links: package.ends_with("-sys").then(|| "x".to_owned()),
                    work,
                    ..Started::default()
                };
                let ended = Ended { success: true, end_s: i as f64 + 1.0, ..Ended::default() };
                (started, Some(ended))
            })
            .collect()
    }

    fn lib(name: &str, externs: &str) -> String {
        let externs: String =
            externs.split_whitespace().map(|e| format!(" --extern x=t/deps/lib{e}")).collect();
        format!(
            "--crate-name {name} src/lib.rs --crate-type lib --emit=dep-info,metadata,link -C extra-filename=-{name} \
             --out-dir t/deps{externs}"
        )
    }

    /// `unit: dependency…`, with `!` where all of it is needed and `^` for what is built for the host.
    fn show(units: &[UnitCost]) -> String {
        let line = |unit: &UnitCost| {
            let edges: String = unit
                .dependencies
                .iter()
                .flatten()
                .map(|d| {
                    let all = if d.artifact == Artifact::All { "!" } else { "" };
                    format!(" {}{all}", d.unit)
                })
                .collect();
            let host = if unit.host == Some(true) { "^" } else { "" };
            format!("{host}{}:{edges}", unit.title().replace(" 1.0.0", ""))
        };
        units.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn edges_of_libraries_macros_and_binaries() {
        let mac = lib("m-m", "a-a.rlib").replace("m-m", "m").replace(
            "--crate-type lib --emit=dep-info,metadata,link",
            "--crate-type proc-macro --emit=dep-info,link",
        );
        let bin = lib("bin", "b-b.rlib").replace(
            "--crate-type lib --emit=dep-info,metadata,link",
            "--crate-type bin --emit=dep-info,link",
        );
        let texts = [lib("a", ""), mac, lib("b", "a-a.rmeta m-m.so"), bin];
        let units = units(&records(&[
            ("a", &texts[0], None),
            ("m", &texts[1], None),
            ("*b", &texts[2], None),
            ("*app", &texts[3], None),
        ]));
        assert_eq!(show(&units), "a (lib):\n^m (proc macro): 0!\nb (lib): 0 1!\napp (bin bin): 0! 1! 2!");
        assert_eq!(units.iter().map(|u| u.member).collect::<Vec<_>>(), [false, false, true, true].map(Some));
    }

    #[test]
    fn build_scripts_are_compiled_run_and_waited_for() {
        let script = |name: &str, externs: &str| {
            let externs: String =
                externs.split_whitespace().map(|e| format!(" --extern x=t/deps/lib{e}")).collect();
            format!(
                "--crate-name build_script_build build.rs --crate-type bin --emit=dep-info,link \
                 -C extra-filename=-{name} --out-dir t/build/{name}{externs}"
            )
        };
        let texts = [
            script("s1", ""),
            "run t/build/p/build_script_build-s1.real".to_owned(),
            lib("z", ""),
            script("s2", "cc-cc.rlib"),
            "run t/build/q/build_script_build-s2.real".to_owned(),
            lib("y", "z-z.rmeta"),
            lib("cc", ""),
        ];
        let units = units(&records(&[
            ("z-sys", &texts[0], None),
            ("z-sys", &texts[1], Some("t/out1")),
            ("z-sys", &texts[2], Some("t/out1")),
            ("*y", &texts[3], None),
            ("y", &texts[4], Some("t/out2")),
            ("*y", &texts[5], Some("t/out2")),
            ("cc", &texts[6], None),
        ]));
        assert_eq!(
            show(&units),
            "^z-sys (build script):\n^z-sys (build script run): 0!\nz-sys (lib): 1!\n^y (build script): 6!\n\
             ^y (build script run): 1! 3!\ny (lib): 2 4!\n^cc (lib):"
        );
        assert_eq!(units[4].member, Some(true), "a run belongs to whoever compiled it");
    }

    #[test]
    fn checking_waits_for_the_end() {
        let check = |name: &str, externs: &str| lib(name, externs).replace(",link", "");
        let texts = [check("a", ""), check("b", "a-a.rmeta"), check("t", "a-a.rmeta") + " --test"];
        let units =
            units(&records(&[("*a", &texts[0], None), ("*b", &texts[1], None), ("*b", &texts[2], None)]));
        assert_eq!(show(&units), "a (lib):\nb (lib): 0!\nb (lib, test): 0!");
        let modes: Vec<_> = units.iter().map(|u| u.mode).collect();
        assert_eq!(modes, [UnitMode::Check, UnitMode::Check, UnitMode::CheckTest]);
    }

    #[test]
    fn status_and_figures() {
        let text = lib("a", "");
        let mut records = records(&[("*a", &text, None), ("*b", &text, None), ("*c", &text, None)]);
        records[1].1.as_mut().unwrap().success = false;
        records[2].1 = None;
        let units = units(&records);
        let shown: Vec<_> = units.iter().map(|u| (u.status, u.end_s)).collect();
        assert_eq!(
            shown,
            [(UnitStatus::Done, Some(1.0)), (UnitStatus::Failed, Some(2.0)), (UnitStatus::Interrupted, None)]
        );
    }

    #[test]
    fn hashes_of_files() {
        for (file, expected) in [
            ("t/deps/libshop-9f2.rmeta", Some("-9f2")),
            ("t/deps/libserde_json-1a.rlib", Some("-1a")),
            ("t/deps/libm-2.so", Some("-2")),
            ("libproc_macro.rlib", None),
        ] {
            assert_eq!(hash_of(file), expected, "{file}");
        }
    }
}
