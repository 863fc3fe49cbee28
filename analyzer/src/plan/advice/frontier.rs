//! The candidates of one package: what each takes, what it gains, and which one to recommend.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::discover::TargetKind;
use crate::ids::{BlockId, CrateId, GroupId, IdVec, PackageId, PlanCrateId};
use crate::plan::boundary::dead_paths;
use crate::plan::boundary::manifest::fill_needs;
use crate::plan::cuts::against::Against;
use crate::plan::cuts::blockers::blockers;
use crate::plan::cuts::choose::{Choice, choose};
use crate::plan::cuts::together::Together;
use crate::plan::draft::{Draft, Placed};
use crate::plan::index::Index;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Candidate, Plan, PlanCrate};
use crate::plan::partition::assemble::{Assembled, assemble};
use crate::plan::partition::blocks::Blocks;
use crate::plan::partition::common::with_common;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::layering::{Layering, SMALL_LINES};
use crate::plan::partition::place::Placement;
use crate::plan::partition::search::{SearchKind, layerings};
use crate::plan::predict::evaluate::Builds;
use crate::plan::targets::kind;

/// A split that was worked out down to items.
pub(in crate::plan) struct Variant {
    pub(in crate::plan) assembled: Assembled,
    pub(in crate::plan) placement: Placement,
    pub(in crate::plan) candidate: Candidate,
    /// How the structural search came to it.
    way: SearchKind,
    /// Whether what its crates share was taken out of them afterwards.
    common: bool,
    /// References against the order that are work for people.
    by_hand: u32,
    /// What its crates come to while those are left.
    together: Together,
    /// Whether a plan was passed over for it that has more of the crates asked for, but only once people part them.
    parts_less: bool,
}

/// Blocks that are not to be parted so that the first one lies below the second.
type Ties = BTreeSet<(BlockId, BlockId)>;
/// The references of a choice whose ends are not to be parted.
type Apart<'f> = &'f (dyn for<'c, 'a> Fn(&'c Choice<'a>) -> Vec<&'c Against<'a>> + Sync);

/// What a candidate's effort is made of, in edits by hand: a matter of taste, not a measurement.
const VISIBILITY_EFFORT: f64 = 0.1;
const RE_EXPORT_EFFORT: f64 = 0.1;
const BLOCKER_EFFORT: f64 = 10.0;
/// A crate of a smaller share of the lines, and of fewer lines than [`SMALL_LINES`], is not worth its manifest when a
/// number of crates is asked for.
const SMALLEST_SHARE: f64 = 0.02;
/// A plan that takes no more than this share of the natural one's effort is preferred to it, if it gains no less than
/// [`AS_GOOD`] of what that does. Both are choices.
const MUCH_LESS_EFFORT: f64 = 0.5;
const AS_GOOD: f64 = 0.95;
/// How often the structural search begins again, at most: nearly always nothing new is found after one. A choice.
const TIE_ROUNDS: usize = 3;
/// A plan of no more than this share of its crates is another plan, not a cheaper one. A choice.
const SAME_PLAN: f64 = 0.5;

/// Percent that a crate of what others share has to gain, and the effort that it may take: so much, and so many times the effort
/// without it. Choices.
const COMMON_GAIN: f64 = 1.0;
const COMMON_EFFORT: (f64, f64) = (3.0, 1.25);

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
    fn worth(&self) -> (u32, u32) {
        let (crates, tiny) = counted(&self.assembled.crates);
        // Plans that `analyze` shows unasked are worth as many crates as they have.
        if self.way == SearchKind::Forced { (crates - tiny, tiny) } else { (crates, 0) }
    }

    /// Crates that it comes to while all work for people is left.
    fn apart(&self) -> u32 {
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
    /// The candidates, least effort first; one is marked as recommended. Empty if there's nothing to split.
    pub(in crate::plan) fn variants(&self) -> Vec<Variant> {
        let prices = &self.options.prices;
        let mut blocks = Blocks::new(self.input, self.index, self.krate, &self.groups, prices);
        if prices.jitter > 0.0 {
            blocks.jitter(prices.jitter, self.options.seed);
        }
        if blocks.len() < 2 {
            return Vec::new();
        }
        let mut known = BTreeSet::new();
        let asked = self.options.crates.is_some();
        let mut variants = self.searched(&mut blocks, &mut known, &|choice| choice.kept_together());
        if asked && variants.iter().any(|variant| variant.by_hand > 0) {
            let other = self.searched(&mut blocks, &mut known, &|choice| choice.by_hand(self.input));
            let merged = variants.iter().chain(&other).filter_map(|variant| self.merged(variant)).collect();
            prefer_less_by_hand(&mut variants, other);
            add_merged(&mut variants, merged);
        }
        variants.sort_by(|a, b| {
            let (a, b) = (&a.candidate, &b.candidate);
            a.effort().total_cmp(&b.effort()).then_with(|| a.crates.cmp(&b.crates))
        });
        variants.dedup_by(|a, b| a.placement.level == b.placement.level);
        if let Some(best) = recommended(&variants, self.options) {
            let short =
                |of: &Variant| self.options.crates.map_or(0, |wanted| of.candidate.crates.abs_diff(wanted));
            let parts_less = variants.iter().any(|of| short(of) < short(&variants[best]) && of.by_hand > 0);
            variants[best].parts_less = parts_less;
            variants[best].candidate.recommended = true;
        }
        variants
    }

    /// A layering worked out; in its place one with what its crates share in one of its own, where builds gain by that and it is
    /// little more work. Both where a number of crates is asked for.
    fn worked_out(&self, blocks: &Blocks, layering: &Layering, way: SearchKind) -> Vec<Variant> {
        let plain = self.variant(blocks, layering, way);
        let Some(common) = with_common(layering, blocks).filter(|_| way != SearchKind::Forced) else {
            return vec![plain];
        };
        let other = Variant { common: true, ..self.variant(blocks, &common, way) };
        let (one, more) = (&plain.candidate, &other.candidate);
        let gains = more.gain() >= one.gain() + COMMON_GAIN;
        let is_little = more.effort() <= COMMON_EFFORT.0 + COMMON_EFFORT.1 * one.effort();
        match (gains && is_little, self.options.crates) {
            (true, None) => vec![other],
            (true, Some(_)) => vec![plain, other],
            (false, _) => vec![plain],
        }
    }

    /// The variants of a search, one for each number of crates.
    fn searched(&self, blocks: &mut Blocks, known: &mut Ties, apart: Apart<'_>) -> Vec<Variant> {
        let found = self.layerings(blocks, known, apart);
        let blocks = &*blocks;
        let worked_out =
            found.par_iter().flat_map_iter(|(layering, way)| self.worked_out(blocks, layering, *way));
        let mut variants: Vec<Variant> =
            worked_out.filter(|variant| variant.assembled.crates.len() > 1).collect();
        keep_one_of_each_number(&mut variants);
        variants
    }

    /// Layerings worth a look. Where a number of crates is asked for and one would part what nothing lets part, the search begins
    /// again and knows of it: whoever asks means to have that many. Unasked, plans are what maintainers would make, who part such
    /// things (`benches/README.md`).
    fn layerings(
        &self,
        blocks: &mut Blocks,
        known: &mut Ties,
        apart: Apart<'_>,
    ) -> Vec<(Layering, SearchKind)> {
        let mut found = layerings(blocks, self.options.prices, self.options.crates);
        if self.options.crates.is_none() {
            return found;
        }
        for _ in 0..TIE_ROUNDS {
            let all = found.par_iter().flat_map_iter(|(layering, _)| self.ties(blocks, layering, apart));
            let new: BTreeSet<_> = all.filter(|tie| !known.contains(tie)).collect();
            if new.is_empty() {
                break;
            }
            blocks.tie(&new);
            known.extend(new);
            found = layerings(blocks, self.options.prices, self.options.crates);
        }
        found
    }

    /// Blocks of which the lower one needs the higher one by references that had better not be cut.
    fn ties(&self, blocks: &Blocks, layering: &Layering, apart: Apart<'_>) -> Vec<(BlockId, BlockId)> {
        let home = blocks.of_group.iter().map(|&block| layering.cluster[block]).collect();
        let placement = Placement::new(&self.groups, home, layering.len(), &self.options.prices);
        let choice = choose(self.input, &self.groups, &placement);
        let block = |item| self.groups.of(item).map(|group| blocks.of_group[group]);
        let pairs = apart(&choice).into_iter().filter_map(|pair| block(pair.from).zip(block(pair.to)));
        pairs.filter(|(from, to)| from != to).collect()
    }

    /// A layering worked out down to items.
    pub(in crate::plan) fn variant(&self, blocks: &Blocks, layering: &Layering, way: SearchKind) -> Variant {
        let home = blocks.of_group.iter().map(|&block| layering.cluster[block]).collect();
        let placement = Placement::new(&self.groups, home, layering.len(), &self.options.prices);
        self.placed(placement, way)
    }

    /// The crates of a variant that stay one while the work for people is left, as one crate each; nothing if all do.
    fn merged(&self, variant: &Variant) -> Option<Variant> {
        let merge = |of: &Variant| {
            let parts = of.by_hand > 0 && of.together.len() > 1;
            parts.then(|| {
                let placement = of.together.placement(&of.assembled.of_group);
                self.placed(placement, SearchKind::Forced)
            })
        };
        // Where other things lie in one crate, other work may be the cheapest.
        let mut found = merge(variant)?;
        while let Some(next) = merge(&found).filter(|next| next.candidate.crates < found.candidate.crates) {
            found = next;
        }
        (found.candidate.crates > 1).then_some(found)
    }

    fn placed(&self, placement: Placement, way: SearchKind) -> Variant {
        let mut assembled =
            assemble(self.input, self.index, (self.package, self.krate), &self.groups, &placement);
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
            blockers: blockers(self.input, against).len() as u32,
            back_edge_share: if between == 0 { 0.0 } else { f64::from(references) / between as f64 },
            clean_saved_pct: prediction.as_ref().map_or(0.0, |p| saved(p.before.clean_s, p.after.clean_s)),
            edit_saved_pct: prediction.as_ref().map_or(0.0, |p| saved(p.before.edit_s, p.after.edit_s)),
            recommended: false,
        };
        let by_hand = draft.choice.by_hand(self.input).len() as u32;
        let together = draft.together();
        Variant { assembled, placement, candidate, way, common: false, by_hand, together, parts_less: false }
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

/// Where a variant has come to the number of crates of another, by what was taken out of its crates: of the two what the structure
/// suggests, else what gains more.
fn keep_one_of_each_number(variants: &mut Vec<Variant>) {
    let rank = |of: &Variant| (of.way == SearchKind::Natural, of.candidate.gain(), !of.common);
    let ranks: Vec<_> = variants.iter().map(|of| (of.candidate.crates, of.common, rank(of))).collect();
    variants.retain(|of| {
        let mut rivals = ranks.iter().filter(|rival| rival.0 == of.candidate.crates && rival.1 != of.common);
        !rivals.any(|rival| rival.2 > rank(of))
    });
}

/// Of two with one number of crates the one that leaves less to people, unless its crates are none worth the name: whoever asks for
/// a number means to have it.
fn prefer_less_by_hand(variants: &mut Vec<Variant>, other: Vec<Variant>) {
    for one in other {
        let rival = |of: &Variant| of.candidate.crates == one.candidate.crates;
        let is_as_large = |of: &Variant| {
            let lines = one.assembled.crates.iter().map(|krate| krate.lines).sum();
            let least = least_lines(&one.assembled.crates);
            least >= least_lines(&of.assembled.crates) || f64::from(least) >= smallest(lines)
        };
        let worse = |of: &Variant| of.by_hand > one.by_hand && is_as_large(of);
        if variants.iter().filter(|of| rival(of)).all(worse) {
            variants.retain(|of| !rival(of));
            variants.push(one);
        }
    }
}

/// Adds the largest of each number of crates for which nothing is there that leaves no work to people.
fn add_merged(variants: &mut Vec<Variant>, mut merged: Vec<Variant>) {
    let crates = |of: &Variant| of.candidate.crates;
    merged.retain(|one| !variants.iter().any(|of| of.by_hand == 0 && crates(of) == crates(one)));
    merged.sort_by_key(|of| (crates(of), of.by_hand, Reverse(least_lines(&of.assembled.crates))));
    merged.dedup_by_key(|of| crates(of));
    variants.extend(merged);
}

/// Lines of the smallest crate, of those that get a name of their own.
fn least_lines(crates: &IdVec<PlanCrateId, PlanCrate>) -> u32 {
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
fn smallest(lines: u32) -> f64 {
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

/// The variant asked for, else the one that gains most beyond what its effort would have to gain (the knee of the
/// frontier: Satopää et al., *Finding a "Kneedle" in a Haystack*, 2011).
fn recommended(variants: &[Variant], options: &PlanOptions) -> Option<usize> {
    if let Some(wanted) = options.crates {
        // A crate shaved off only to make up the number doesn't count, nor one that only people can part: rather fewer crates, unless
        // too few remain.
        let distance = |v: &Variant| {
            let ((worth, tiny), apart) = (v.worth(), v.apart());
            let all = worth.abs_diff(wanted);
            let is_enough = f64::from(apart) > SAME_PLAN * f64::from(wanted);
            let parted = if is_enough { apart.abs_diff(wanted) } else { wanted };
            (all.max(parted) + tiny, all + tiny, worth + tiny)
        };
        let gain = |v: &Variant| v.candidate.gain();
        return (0..variants.len()).min_by(|&a, &b| {
            let (a, b) = (&variants[a], &variants[b]);
            distance(a).cmp(&distance(b)).then_with(|| gain(b).total_cmp(&gain(a)))
        });
    }
    let allowed: Vec<usize> = (0..variants.len())
        .filter(|&i| options.max_effort.is_none_or(|most| variants[i].candidate.effort() <= most))
        .collect();
    // What the structure suggests is what a maintainer would do; the knee is for when another plan gains where that
    // gains nothing.
    let gain = |i: usize| variants[i].candidate.gain();
    let most = allowed.iter().map(|&i| gain(i)).fold(0.0, f64::max);
    let best = |&i: &usize| {
        variants[i].way == SearchKind::Natural && (gain(i) > 0.0 || most < options.noise_floor_pct)
    };
    if let Some(natural) = allowed.iter().copied().find(best) {
        return Some(cheaper(variants, &allowed, natural).unwrap_or(natural));
    }
    let most_effort = allowed.iter().map(|&i| variants[i].candidate.effort()).fold(1.0, f64::max);
    let most_gain = allowed.iter().map(|&i| variants[i].candidate.gain()).fold(1.0, f64::max);
    let height = |i: usize| {
        let candidate = &variants[i].candidate;
        candidate.gain() / most_gain - candidate.effort() / most_effort
    };
    allowed.into_iter().max_by(|&a, &b| height(a).total_cmp(&height(b)).then_with(|| b.cmp(&a)))
}

/// The least work that gains as good as what the natural variant does, if that is much less work for much the same plan.
fn cheaper(variants: &[Variant], allowed: &[usize], natural: usize) -> Option<usize> {
    let candidate = |i: usize| &variants[i].candidate;
    let own = candidate(natural);
    let found = allowed.iter().copied().filter(|&i| {
        own.gain() > 0.0
            && candidate(i).gain() >= AS_GOOD * own.gain()
            && candidate(i).effort() <= MUCH_LESS_EFFORT * own.effort()
            && f64::from(candidate(i).crates) > SAME_PLAN * f64::from(own.crates)
    });
    found.min_by(|&a, &b| candidate(a).effort().total_cmp(&candidate(b).effort()).then_with(|| a.cmp(&b)))
}
