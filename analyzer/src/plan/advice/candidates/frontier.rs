//! A candidate of one package: what it takes, and what it gains.

use crate::discover::TargetKind;
use crate::ids::{CrateId, GroupId, IdVec, PackageId, PlanCrateId};
use crate::plan::boundary::dead_paths;
use crate::plan::boundary::manifest::fill_needs;
use crate::plan::cuts::blockers::blockers;
use crate::plan::cuts::choose::Choice;
use crate::plan::cuts::settle::settled;
use crate::plan::cuts::together::Together;
use crate::plan::draft::{Draft, Placed};
use crate::plan::index::Index;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Candidate, Plan, PlanCrate};
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::layering::SMALL_LINES;
use crate::plan::partition::place::Placement;
use crate::plan::partition::search::SearchKind;
use crate::plan::predict::evaluate::Builds;
use crate::plan::targets::kind;

/// A split that was worked out down to items.
pub(in crate::plan) struct Variant {
    pub(in crate::plan) assembled: Assembled,
    pub(in crate::plan) placement: Placement,
    pub(in crate::plan) candidate: Candidate,
    /// How the structural search came to it.
    pub(in crate::plan::advice) way: SearchKind,
    /// Whether what its crates share was taken out of them afterwards.
    pub(in crate::plan::advice) common: bool,
    /// What it parts, though nothing lets part it.
    pub(in crate::plan::advice) fixed: Vec<Parted>,
    /// What it parts once people have changed code.
    pub(in crate::plan::advice) by_hand: Vec<Parted>,
    /// What its crates come to while that is left.
    pub(in crate::plan::advice) together: Together,
    /// Whether a plan was passed over for it that has more of the crates asked for, but only once people part them.
    pub(in crate::plan::advice) parts_less: bool,
}

/// Ends of a reference against the order; an item without a group has none.
pub(in crate::plan::advice) type Parted = (Option<GroupId>, Option<GroupId>);

/// What a candidate's effort is made of, in edits by hand: a matter of taste, not a measurement.
const VISIBILITY_EFFORT: f64 = 0.1;
const RE_EXPORT_EFFORT: f64 = 0.1;
const BLOCKER_EFFORT: f64 = 10.0;
/// A crate of a smaller share of the lines, and of fewer lines than [`SMALL_LINES`], is not worth its manifest when a
/// number of crates is asked for.
const SMALLEST_SHARE: f64 = 0.02;

/// What had better stay together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan::advice) enum Parts {
    /// What nothing lets part.
    Fixed,
    /// What only people can part.
    ByHand,
}

impl Candidate {
    /// Edits by hand, roughly: those that remove references against the order, one per item to move, a tenth per visibility
    /// to widen or re-export to drop (an editor does it), ten per blocker.
    pub fn effort(&self) -> f64 {
        f64::from(self.edits)
            + RE_EXPORT_EFFORT * f64::from(self.re_exports)
            + f64::from(self.items_moved)
            + VISIBILITY_EFFORT * f64::from(self.visibility)
            + BLOCKER_EFFORT * f64::from(self.blockers)
    }

    /// Percent saved over both scenarios together.
    pub(in crate::plan) fn gain(&self) -> f64 {
        self.clean_saved_pct + self.edit_saved_pct
    }
}

impl Variant {
    /// Crates that it comes to, and how many of these are made only to have as many as were asked for.
    pub(in crate::plan::advice) fn worth(&self) -> (u32, u32) {
        let (crates, tiny) = counted(&self.assembled.crates);
        // Plans that `analyze` shows unasked are worth as many crates as they have.
        if self.way == SearchKind::Forced { (crates - tiny, tiny) } else { (crates, 0) }
    }

    /// What it parts that had better stay together.
    pub(in crate::plan::advice) fn parted(&self, parts: Parts) -> &[Parted] {
        match parts {
            Parts::Fixed => &self.fixed,
            Parts::ByHand => &self.by_hand,
        }
    }

    /// Crates that it comes to while all work for people is left.
    pub(in crate::plan::advice) fn apart(&self) -> u32 {
        let crates = &self.assembled.crates;
        let least = smallest(crates.iter().map(|krate| krate.lines).sum());
        let forced = self.way == SearchKind::Forced;
        let counts = |&(lines, residual): &(u32, bool)| match residual || !forced {
            true => lines > 0,
            false => f64::from(lines) >= least,
        };
        self.together.sizes(crates).filter(counts).count() as u32
    }
}

/// Everything fixed while one package is planned.
pub(in crate::plan) struct Subject<'a> {
    pub(in crate::plan) input: &'a PlanInput<'a>,
    pub(in crate::plan) index: &'a Index,
    pub(in crate::plan) options: &'a PlanOptions,
    pub(in crate::plan) builds: &'a Builds,
    pub(in crate::plan) package: PackageId,
    pub(in crate::plan) krate: CrateId,
    pub(in crate::plan) groups: Groups,
}

impl Subject<'_> {
    /// A placement worked out.
    pub(in crate::plan::advice) fn placed(&self, placement: Placement, way: SearchKind) -> Variant {
        let target = (self.package, self.krate);
        let (placement, mut assembled) = settled(self.input, self.index, target, &self.groups, placement);
        fill_needs(self.input, self.index, self.package, &mut assembled.crates);
        let draft = self.draft(&placement, &assembled);
        let against = &draft.choice.pairs;
        let references: u32 = placement.back_arcs(&self.groups).map(|(.., references)| references).sum();
        let re_exports = draft.re_exports().len() as u32;
        let between: u64 = between(&self.groups, &assembled);
        let prediction = self.builds.judged((self.input, self.index), self.krate, &assembled);
        let saved =
            |before: f64, after: f64| if before > 0.0 { 100.0 * (before - after) / before } else { 0.0 };
        let candidate = Candidate {
            crates: counted(&assembled.crates).0,
            cuts: against.len() as u32 + re_exports,
            edits: draft.choice.effort(),
            re_exports,
            cut_references: references,
            items_moved: assembled.moved,
            visibility: draft.visibility().len() as u32,
            blockers: blockers(self.input, &draft.choice).len() as u32,
            back_edge_share: if between == 0 { 0.0 } else { f64::from(references) / between as f64 },
            clean_saved_pct: prediction.as_ref().map_or(0.0, |p| saved(p.before.clean_s, p.after.clean_s)),
            edit_saved_pct: prediction.as_ref().map_or(0.0, |p| saved(p.before.edit_s, p.after.edit_s)),
            recommended: false,
        };
        let (fixed, by_hand) =
            [Parts::Fixed, Parts::ByHand].map(|what| self.parted(&draft.choice, what)).into();
        let together = draft.together();
        Variant {
            assembled,
            placement,
            candidate,
            way,
            common: false,
            fixed,
            by_hand,
            together,
            parts_less: false,
        }
    }

    /// What a choice parts that had better stay together.
    pub(in crate::plan::advice) fn parted(&self, choice: &Choice<'_>, what: Parts) -> Vec<Parted> {
        let pairs = match what {
            Parts::Fixed => choice.kept_together(),
            Parts::ByHand => choice.by_hand(self.input),
        };
        pairs.into_iter().map(|pair| (self.groups.of(pair.from), self.groups.of(pair.to))).collect()
    }

    /// The plan of a variant, cuts and visibility spelled out.
    pub(in crate::plan) fn plan(&self, variant: &Variant) -> Plan {
        let draft = self.draft(&variant.placement, &variant.assembled);
        Plan { note: self.note(variant), ..draft.plan() }
    }

    fn draft<'a>(&'a self, placement: &'a Placement, assembled: &'a Assembled) -> Draft<'a> {
        let Self { input, index, groups, .. } = self;
        Draft::new(Placed {
            input,
            index,
            package: self.package,
            krate: self.krate,
            groups,
            placement,
            assembled,
        })
    }

    /// What is to be known of a plan beside its crates.
    fn note(&self, variant: &Variant) -> Option<String> {
        let dead = dead_paths::dead_paths(self.input, self.krate);
        let parts = [note(variant, self.options), self.of_binary(), dead_paths::warning(self.input, &dead)];
        parts.into_iter().flatten().reduce(|all, part| format!("{all}. {part}"))
    }
}

impl Subject<'_> {
    /// Which of several targets is planned, where that is a binary.
    fn of_binary(&self) -> Option<String> {
        let (targets, repository) = (&self.index.targets, self.input.repository);
        let several = targets.all(self.package).iter().filter(|&&krate| targets.sizes[krate].modules > 0);
        let named = kind(repository, self.krate) == TargetKind::Bin && several.count() > 1;
        let target = self.input.resolution.crates[self.krate].target;
        named.then(|| format!("The plan is of the binary `{}`", repository.targets[target].name))
    }
}

/// Lines of the smallest crate, of those that get a name of their own.
pub(in crate::plan::advice) fn least_lines(crates: &IdVec<PlanCrateId, PlanCrate>) -> u32 {
    crates.iter().filter(|krate| !krate.residual).map(|krate| krate.lines).min().unwrap_or(0)
}

/// How many crates hold code, and how many of these, that which keeps the name aside, are too small to be one. The
/// crate that keeps the name doesn't count if it only re-exports the others.
fn counted(crates: &IdVec<PlanCrateId, PlanCrate>) -> (u32, u32) {
    let lines: u32 = crates.iter().map(|krate| krate.lines).sum();
    let least = smallest(lines);
    let tiny = |krate: &&PlanCrate| !krate.residual && f64::from(krate.lines) < least;
    let empty = crates.iter().filter(|krate| krate.residual && krate.lines == 0).count();
    ((crates.len() - empty) as u32, crates.iter().filter(tiny).count() as u32)
}

/// The least lines of a crate worth its manifest, of a package of so many.
pub(in crate::plan::advice) fn smallest(lines: u32) -> f64 {
    SMALL_LINES.min(SMALLEST_SHARE * f64::from(lines))
}

/// Said of a plan that has not as many crates as asked for.
fn note(variant: &Variant, options: &PlanOptions) -> Option<String> {
    let candidate = &variant.candidate;
    let wanted = options.crates.filter(|&wanted| wanted != candidate.crates)?;
    Some(format!(
        "{} {}, not {wanted}: this is as close as the modules allow without crates of less than {:.0} lines{}",
        candidate.crates,
        if candidate.crates == 1 { "crate" } else { "crates" },
        smallest(variant.assembled.crates.iter().map(|krate| krate.lines).sum()),
        if variant.parts_less { ", or ones that stay together until people have changed code" } else { "" }
    ))
}

/// References between different crates of the plan.
fn between(groups: &Groups, assembled: &Assembled) -> u64 {
    let crate_of = |group: GroupId| assembled.of_group[group];
    groups
        .out
        .arcs()
        .filter(|&(from, to, _)| crate_of(from) != crate_of(to))
        .map(|(.., references)| u64::from(references))
        .sum()
}
