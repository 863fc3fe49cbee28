//! Figures of several runs of `fit apps` in one file.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use split_analyzer::cost::Mode;

use crate::fit::apps::build::{App, Apps, Crate, Kind, Run};

/// Figures with those of more applications. Of an application that was built before, at the same commit, only what is new is
/// taken: modes, and kinds of crates. Another one takes the place of its own older figures. A crate of others that is known already
/// isn't taken again.
pub(crate) fn merged(mut all: Apps, more: Apps) -> anyhow::Result<Apps> {
    if all.counts != more.counts {
        bail!("the counts are others now: all sources have to be read again");
    }
    let (again, others): (Vec<&App>, Vec<&App>) =
        more.apps.iter().partition(|app| all.apps.iter().any(|known| known == *app));
    let again: BTreeSet<String> = again.into_iter().map(|app| app.name.clone()).collect();
    let replaced: BTreeSet<String> = others.into_iter().map(|app| app.name.clone()).collect();
    all.apps.retain(|app| !replaced.contains(&app.name));
    all.crates.retain(|krate| !replaced.contains(&krate.app));
    all.apps.extend(more.apps.into_iter().filter(|app| !again.contains(&app.name)));
    let key =
        |krate: &Crate| (krate.package.clone(), krate.version.clone(), krate.kind, krate.features.clone());
    let known: BTreeSet<_> = all.crates.iter().filter(|c| !c.member).map(key).collect();
    let mut own: BTreeMap<String, Vec<Crate>> = BTreeMap::new();
    for krate in more.crates {
        if krate.member && again.contains(&krate.app) {
            own.entry(krate.app.clone()).or_default().push(krate);
        } else if krate.member || !known.contains(&key(&krate)) {
            all.crates.push(krate);
        }
    }
    own.into_values().for_each(|own| extend(&mut all.crates, own));
    Ok(all)
}

/// Adds what is new of an application's own crates, in seconds of the machine as it was when the others were measured: the same
/// crates' `dev` builds, then and now, say how busy it was.
fn extend(all: &mut Vec<Crate>, own: Vec<Crate>) {
    let at = |all: &[Crate], krate: &Crate| all.iter().position(|known| key(known) == key(krate));
    let (mut then_s, mut now_s) = (0.0, 0.0);
    for krate in &own {
        let Some(known) = at(all, krate) else { continue };
        if let (Some(then), Some(now)) = (dev_s(&all[known]), dev_s(krate)) {
            then_s += then;
            now_s += now;
        }
    }
    let factor = if then_s > 0.0 && now_s > 0.0 { then_s / now_s } else { 1.0 };
    let millis = |seconds: f64| (seconds * factor * 1e3).round() / 1e3;
    for krate in own {
        let runs = krate.runs.iter().map(|run| Run {
            frontend_s: millis(run.frontend_s),
            codegen_s: run.codegen_s.map(millis),
            link_s: run.link_s.map(millis),
            ..*run
        });
        let runs: Vec<Run> = runs.collect();
        match at(all, &krate) {
            Some(known) => {
                let modes: Vec<Mode> = all[known].runs.iter().map(|run| run.mode).collect();
                all[known].runs.extend(runs.into_iter().filter(|run| !modes.contains(&run.mode)));
            }
            None => all.push(Crate { runs, ..krate }),
        }
    }
}

fn key(krate: &Crate) -> (&str, &str, Kind, &str, bool) {
    (&krate.app, &krate.package, krate.kind, &krate.name, krate.member)
}

/// The quickest `dev` build, by its front end and its code.
fn dev_s(krate: &Crate) -> Option<f64> {
    let runs = krate.runs.iter().filter(|run| run.mode == Mode::Dev && !run.incremental);
    runs.filter_map(|run| Some(run.frontend_s + run.codegen_s?)).reduce(f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apps(crates: &[(&str, &[(Mode, f64)])]) -> Apps {
        let app =
            App { name: "shop".to_owned(), commit: "c".to_owned(), arguments: Vec::new(), held_out: false };
        let run = |&(mode, frontend_s): &(Mode, f64)| Run {
            mode,
            incremental: false,
            debuginfo: 2,
            frontend_s,
            codegen_s: Some(0.0),
            link_s: None,
        };
        let krate = |(name, runs): &(&str, &[(Mode, f64)])| Crate {
            app: "shop".to_owned(),
            member: true,
            package: (*name).to_owned(),
            version: "1.0.0".to_owned(),
            kind: Kind::Lib,
            name: (*name).to_owned(),
            features: Vec::new(),
            direct: Vec::new(),
            dependencies: 0,
            lines: 1,
            counts: Vec::new(),
            test_counts: Vec::new(),
            runs: runs.iter().map(run).collect(),
        };
        Apps { apps: vec![app], crates: crates.iter().map(krate).collect(), ..Apps::default() }
    }

    #[test]
    fn what_is_new_counts_in_seconds_of_what_was_known() {
        let before = apps(&[("a", &[(Mode::Dev, 2.0)]), ("b", &[(Mode::Dev, 2.0)])]);
        // The machine takes twice as long now.
        let now = apps(&[
            ("a", &[(Mode::Dev, 5.0), (Mode::Release, 10.0)]),
            ("b", &[(Mode::Dev, 3.0)]),
            ("c", &[(Mode::Release, 1.0)]),
        ]);
        let merged = merged(before, now).unwrap();
        let runs: Vec<(&str, Vec<(Mode, f64)>)> = merged
            .crates
            .iter()
            .map(|c| (c.name.as_str(), c.runs.iter().map(|run| (run.mode, run.frontend_s)).collect()))
            .collect();
        assert_eq!(runs[0], ("a", vec![(Mode::Dev, 2.0), (Mode::Release, 5.0)]));
        assert_eq!(runs[1], ("b", vec![(Mode::Dev, 2.0)]));
        assert_eq!(runs[2], ("c", vec![(Mode::Release, 0.5)]));
        assert_eq!(merged.apps.len(), 1);
    }

    #[test]
    fn another_commit_takes_the_place_of_the_older() {
        let mut now = apps(&[("a", &[(Mode::Release, 10.0)])]);
        now.apps[0].commit = "d".to_owned();
        let merged = merged(apps(&[("a", &[(Mode::Dev, 2.0)]), ("b", &[])]), now).unwrap();
        assert_eq!(merged.crates.len(), 1);
        assert_eq!(merged.crates[0].runs[0].mode, Mode::Release);
    }
}
