//! The library and the binaries of a package beside each other: the one whose plan is best is advised, of the others it is said what
//! comes of them.

use rayon::prelude::*;

use crate::discover::TargetKind;
use crate::ids::{CrateId, PackageId};
use crate::plan::index::Index;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Cause, CauseKind, OtherTarget, PackageAdvice, TargetStanding, VerdictKind};
use crate::plan::targets::Size;

/// Targets that a sentence names.
const NAMED: usize = 3;

/// The targets of a package that are judged, first of all the one that is planned where none is better; never empty for a package
/// that has any. Others count as packages do: where they are large or cost much.
pub(in crate::plan::advice) fn wanted_targets(
    input: &PlanInput<'_>,
    index: &Index,
    package: PackageId,
    options: &PlanOptions,
) -> Vec<CrateId> {
    if let Some(krate) = options.krate.filter(|krate| index.targets.all(package).contains(krate)) {
        return vec![krate];
    }
    let costs = input.costs.first();
    let cost_s = |krate| costs.and_then(|costs| costs.crates.get(krate)).map_or(0.0, |cost| cost.total_s());
    let asked = options.package == Some(package);
    let large = |&(at, (krate, own)): &(usize, (CrateId, Size))| {
        at == 0 || asked || own.lines >= options.min_lines || cost_s(krate) >= options.min_cost_s
    };
    let apart = index.targets.apart(package).into_iter().enumerate().filter(large);
    apart.map(|(_, (krate, _))| krate).collect()
}

/// Judges each of these targets. The advice is of the first of those with the best verdict.
pub(in crate::plan::advice) fn of_targets(
    (input, index): (&PlanInput<'_>, &Index),
    options: &PlanOptions,
    package: PackageId,
    targets: &[CrateId],
    judge: impl Fn(CrateId) -> PackageAdvice + Sync,
) -> PackageAdvice {
    let mut judged: Vec<PackageAdvice> = targets.par_iter().map(|&krate| judge(krate)).collect();
    let best = (0..judged.len()).min_by_key(|&at| judged[at].verdict.kind).unwrap_or_default();
    let mut advice = judged.remove(best);
    advice.other_targets = others(index, package, advice.krate, &judged);
    let causes = &mut advice.verdict.causes;
    let at = if judged.is_empty() { causes.len() } else { causes.len().min(1) };
    causes.splice(at..at, cause(input, options, &advice.other_targets));
    advice
}

/// What is to be said of the targets with modules of their own beside the one that is advised.
fn others(index: &Index, package: PackageId, advised: CrateId, judged: &[PackageAdvice]) -> Vec<OtherTarget> {
    let standing = |krate: CrateId| match judged.iter().find(|advice| advice.krate == krate) {
        Some(advice) => TargetStanding::Judged {
            verdict: advice.verdict.kind,
            candidate: advice.frontier.iter().find(|candidate| candidate.recommended).cloned(),
        },
        None => TargetStanding::NotJudged,
    };
    let apart = index.targets.apart(package).into_iter().filter(|(_, own)| own.modules > 1);
    let apart = apart.map(|(krate, own)| (krate, own, standing(krate)));
    let bound = index.targets.bound(package).map(|(krate, own)| (krate, own, TargetStanding::UsesLibrary));
    let all = apart.chain(bound).filter(|&(krate, ..)| krate != advised);
    all.map(|(krate, Size { lines, modules }, standing)| OtherTarget { krate, lines, modules, standing })
        .collect()
}

/// A sentence on those that were judged, and on large ones; nothing where there is none.
fn cause(input: &PlanInput<'_>, options: &PlanOptions, others: &[OtherTarget]) -> Option<Cause> {
    let judged = |other: &&OtherTarget| matches!(other.standing, TargetStanding::Judged { .. });
    let told = || others.iter().filter(|other| judged(other) || other.lines >= options.min_lines);
    let target = |krate: CrateId| &input.repository.targets[input.resolution.crates[krate].target];
    let of = |other: &OtherTarget| {
        let kind = if target(other.krate).kind == TargetKind::Lib { "library" } else { "binary" };
        let name = &target(other.krate).name;
        let holds = format!("its {kind} `{name}` ({} modules, {} lines)", other.modules, other.lines);
        match &other.standing {
            TargetStanding::Judged { verdict, candidate } => {
                let gain = candidate.as_ref().map(|best| {
                    let cuts = match best.cuts {
                        0 => "nothing to cut".to_owned(),
                        cuts => format!("{cuts} to cut"),
                    };
                    let (clean, edit) = (changed(best.clean_saved_pct), changed(best.edit_saved_pct));
                    format!(
                        ", at best {} crates, {cuts}: clean build {clean}, after an edit {edit}",
                        best.crates
                    )
                });
                let answer = match verdict {
                    VerdictKind::Split => "would be split, too",
                    VerdictKind::UntangleFirst => "would be split once it is untangled",
                    VerdictKind::MeasureFirst => "may be worth a split",
                    VerdictKind::Keep => "stays in one piece",
                };
                format!("{holds} {answer}{}", gain.unwrap_or_default())
            }
            TargetStanding::UsesLibrary => format!(
                "{holds} uses the library: what of it is to be a crate has to go there first, since a new crate can't use \
                 the package that uses it"
            ),
            TargetStanding::NotJudged => format!("{holds} was not judged"),
        }
    };
    let several: Vec<String> = told().map(of).collect();
    let chosen = told().any(|other| other.standing != TargetStanding::UsesLibrary);
    let how = if chosen { "; `--bin` or `--lib` plans another one" } else { "" };
    let more = match several.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let named = several[..several.len().min(NAMED)].join("; ");
    let detail = format!("{named}{more}{how}");
    (!several.is_empty()).then_some(Cause { kind: CauseKind::OtherTargets, detail })
}

/// A saving as the change that it is: `−12 %`.
fn changed(saved_pct: f64) -> String {
    match saved_pct.round() {
        saved if saved > 0.0 => format!("−{saved} %"),
        saved if saved < 0.0 => format!("+{} %", -saved),
        _ => "unchanged".to_owned(),
    }
}
