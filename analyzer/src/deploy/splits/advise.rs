//! Where saved deploys alone pay for a split, it is advised: with the cause `deploys`, before all that builds say.

use super::{DeploySplit, FoundSplit, SplitPart};
use crate::base::words::and_more;
use crate::discover::Repository;
use crate::plan::{Cause, CauseKind, PackageAdvice, VerdictKind};

/// Crates that a sentence names.
const NAMED: usize = 3;

/// Puts a split that pays in the place of what builds alone advise for its package, unless they advise to split it, too.
pub(crate) fn add_deploy_splits(
    repository: &Repository,
    found: &FoundSplit<'_>,
    advice: &mut [PackageAdvice],
) {
    let split = &found.split;
    let Some(own) = advice.iter_mut().find(|advice| advice.package == split.package) else { return };
    if split.kind == VerdictKind::Keep || own.verdict.kind < VerdictKind::MeasureFirst {
        return;
    }
    found.separable.advise(&found.apart, split.plan.clone(), own);
    own.verdict.kind = split.kind;
    own.verdict.causes.insert(0, Cause { kind: CauseKind::Deploys, detail: detail(repository, split) });
    // They are of builds, and of another plan.
    (own.verdict.pays_share, own.verdict.week, own.verdict.settle) = (None, None, None);
}

/// `12 programs are built from it, and each runs a part: as `a-x` (3 programs), `a-y` (9) … it saves 41 deploys a week …`
fn detail(repository: &Repository, split: &DeploySplit) -> String {
    let week = &split.week;
    let named = |part: &SplitPart| {
        let krate = &split.plan.crates[part.krate];
        (krate.lines > 0).then(|| format!("`{}` for {}", krate.name, part.programs.len()))
    };
    let parts: Vec<String> = split.parts.iter().filter_map(named).collect();
    let assumed = if week.assumed { ", assumed" } else { "" };
    format!(
        "{} programs are built from `{}` and run parts of it: as {} of them it saves {:.0} deploys a week ({} of {} over the \
         replayed commits, {} needed), at {:.0} s each{assumed} {:.0} min; {:.1} min give {:.0} h of work back within {:.0} weeks",
        split.programs,
        repository.packages[split.package].name,
        and_more(&parts, NAMED),
        week.deploys,
        split.after,
        split.today,
        split.needed,
        week.deploy_s,
        week.saved_min,
        week.asked_min,
        week.work_h,
        week.payback_weeks,
    )
}
