//! Features that deployed programs are built with, where they are not those of this run: what is said of such a program is then said of
//! another one.

use std::collections::{BTreeMap, BTreeSet};

use super::commands::cargo::CargoCommand;
use super::commands::shell::is_known;
use super::model::{BuiltWith, Place};
use crate::deploy::deployed::Standing;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::Repository;
use crate::ids::TargetId;

/// What a command of cargo chooses for a program; `None` where nothing is chosen, or nobody knows what.
pub(super) fn built_with(cargo: &CargoCommand, target: TargetId, place: &Place) -> Option<BuiltWith> {
    let features: BTreeSet<String> = cargo.features.iter().cloned().collect();
    let chosen = cargo.no_default_features || !features.is_empty();
    let known = features.iter().all(|feature| is_known(feature));
    let no_default = cargo.no_default_features;
    (chosen && known).then(|| BuiltWith { target, features, no_default, place: place.clone() })
}

impl BuiltWith {
    /// Whether an analysis with the features that are on is one of this program.
    fn is_on(&self, repository: &Repository) -> bool {
        let own = &repository.packages[repository.targets[self.target].package];
        let is_on = |feature: &String| match feature.split_once('/') {
            Some((package, feature)) => repository
                .packages
                .iter()
                .filter(|other| other.name == package)
                .all(|other| other.enabled_features.contains(feature)),
            None => own.enabled_features.contains(feature),
        };
        let default = self.no_default && own.enabled_features.contains("default");
        !default && self.features.iter().all(is_on)
    }

    fn written(&self) -> String {
        let features: Vec<&str> = self.features.iter().map(String::as_str).collect();
        let no_default = self.no_default.then(|| "--no-default-features".to_owned());
        let features = (!features.is_empty()).then(|| format!("--features {}", features.join(",")));
        no_default.into_iter().chain(features).collect::<Vec<_>>().join(" ")
    }
}

/// Says it of each program that is deployed, with the first choice and how many more there are.
pub(super) fn others(
    repository: &Repository,
    standing: &Standing,
    found: &BTreeSet<BuiltWith>,
) -> Vec<Diagnostic> {
    let mut of_target: BTreeMap<TargetId, Vec<&BuiltWith>> = BTreeMap::new();
    for with in found {
        let all = of_target.entry(with.target).or_default();
        if all.iter().all(|other| other.written() != with.written()) {
            all.push(with);
        }
    }
    let deployed: BTreeSet<TargetId> = standing.deployed.iter().map(|program| program.target).collect();
    let of = |(target, all): (TargetId, Vec<&BuiltWith>)| {
        let first = all.first().filter(|_| deployed.contains(&target))?;
        if all.iter().any(|with| with.is_on(repository)) {
            return None;
        }
        let more = match all.len() - 1 {
            0 => String::new(),
            1 => " (and in another way)".to_owned(),
            n => format!(" (and in {n} other ways)"),
        };
        let message = format!(
            "`{}` is built with `{}` here{more}: this run has other features on, so that what is said of it is said of another \
             build (`--features` and `--no-default-features` choose)",
            repository.targets[target].name,
            first.written()
        );
        let Place { file, line } = first.place.clone();
        Some(Diagnostic::new(Severity::Info, Code::Deployment, message).at(file).line(line))
    };
    of_target.into_iter().filter_map(of).collect()
}
