//! Files that change together: though no code ties them, or that a plan would part (evolutionary coupling: Gall, Hajek, Jazayeri,
//! "Detection of logical coupling based on product release history", ICSM 1998).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::model::{Together, TogetherPair};
use crate::base::number::count;
use crate::discover::TargetKind;
use crate::graph::{Level, quotient};
use crate::history::History;
use crate::ids::{CrateId, FileId, Id, PathId, PlanCrateId};
use crate::parse::FileUse;
use crate::plan::{Placements, PlanInput};

/// Commits that have to change both, and the share of the commits of the one that changes less often: choices. Zimmermann,
/// Weißgerber, Diehl, Zeller ("Mining version histories to guide software changes", ICSE 2004) call a rule of half the
/// transactions a confident one.
pub(super) const LEAST_COMMITS: u32 = 5;
pub(super) const LEAST_SHARE: f64 = 0.5;
/// Pairs that are kept.
const MOST_PAIRS: usize = 20;

pub(super) fn together(
    input: &PlanInput<'_>,
    uses: &BTreeMap<String, Vec<FileUse>>,
    placements: &BTreeMap<CrateId, Placements>,
) -> Option<Together> {
    let history = input.history?;
    let bulk = history.commits.iter().filter(|commit| history.is_bulk(commit));
    let tied = Tied::new(input, history);
    let strong = history.co_changes.iter().filter_map(|pair| {
        let less = history.changes[pair.a].min(history.changes[pair.b]);
        let share = f64::from(pair.commits) / f64::from(less.max(1));
        let enough = pair.commits >= LEAST_COMMITS && share >= LEAST_SHARE;
        let files = (*tied.file.get(&pair.a)?, *tied.file.get(&pair.b)?);
        enough.then_some((pair, share, files))
    });
    let is_for_tests = |file: &str| {
        let targets = &input.repository.targets;
        let kinds = [TargetKind::Test, TargetKind::Bench, TargetKind::Example];
        let for_tests = |used: &FileUse| used.test || kinds.contains(&targets[used.target].kind);
        uses.get(file).is_some_and(|uses| uses.iter().all(for_tests))
    };
    let mut pairs: Vec<TogetherPair> = strong
        .map(|(pair, share, files)| TogetherPair {
            files: [history.paths[pair.a].clone(), history.paths[pair.b].clone()],
            commits: pair.commits,
            share,
            tied: tied.are(files),
            parted: parted(placements, &history.paths[pair.a], &history.paths[pair.b]),
        })
        // A source and its tests change together as they should.
        .filter(|pair| pair.parted || !(pair.tied || pair.files.iter().any(|file| is_for_tests(file))))
        .collect();
    let found = count(pairs.len());
    // Equals stay in the order of their paths.
    pairs.sort_by_key(|pair| (Reverse(pair.parted), Reverse(pair.commits)));
    pairs.truncate(MOST_PAIRS);
    Some(Together {
        least_commits: LEAST_COMMITS,
        least_share: LEAST_SHARE,
        bulk_files: count(history.max_files_per_commit),
        bulk_commits: count(bulk.count()),
        found,
        pairs,
    })
}

/// Whether some plan takes the two apart, but for next to nothing of them.
fn parted(placements: &BTreeMap<CrateId, Placements>, a: &str, b: &str) -> bool {
    placements.values().any(|placements| {
        let of = |path: &str| -> BTreeSet<PlanCrateId> { placements.of_file(path).unwrap_or_default() };
        let (a, b) = (of(a), of(b));
        !a.is_empty() && !b.is_empty() && a.is_disjoint(&b)
    })
}

/// Files that refer to each other, in either direction.
struct Tied {
    file: BTreeMap<PathId, FileId>,
    pairs: BTreeSet<(FileId, FileId)>,
}

impl Tied {
    fn new(input: &PlanInput<'_>, history: &History) -> Self {
        let files = input.resolution.files.iter_enumerated();
        let file = files.filter_map(|(id, file)| Some((history.path_id(&file.path)?, id))).collect();
        let quotient = quotient(input.resolution, input.graph, Level::File);
        let pairs = quotient.raw_edges().iter().map(|edge| {
            (FileId::from_index(edge.source().index()), FileId::from_index(edge.target().index()))
        });
        Self { file, pairs: pairs.collect() }
    }

    fn are(&self, (a, b): (FileId, FileId)) -> bool {
        self.pairs.contains(&(a, b)) || self.pairs.contains(&(b, a))
    }
}
