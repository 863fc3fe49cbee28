//! Candidates with names.

use super::deployables::{Names, entry_of, files, path, route};
use super::model::{
    CandidateBlockerReport, CandidateCommitsReport, CandidateReport, CrossingReport, CrossingTypeReport,
    EntryReport, LocatedReport, ObstacleReport, ScoresReport, StabilityReport, StepReport, TablePlaceReport,
    TableReport, TablesReport, TransactionReport, VariableReport,
};
use super::numbers::round;
use crate::base::number::count;
use crate::deploy::{
    Candidate, Crossing, CrossingType, Scores, Side, Stability, TablePlace, TableSides, Transaction,
};
use crate::discover::Repository;
use crate::resolve::Resolution;

/// Candidates; `replayed` commits were counted.
pub(crate) fn candidate_reports(
    (repository, resolution): (&Repository, &Resolution),
    replayed: u32,
    found: &[Candidate],
) -> Vec<CandidateReport> {
    candidates(Names { repository, resolution, replayed }, found)
}

pub(super) fn candidates(names: Names<'_>, found: &[Candidate]) -> Vec<CandidateReport> {
    found.iter().map(|of| candidate(names, of)).collect()
}

fn candidate(names: Names<'_>, of: &Candidate) -> CandidateReport {
    let program = &names.repository.targets[of.program];
    let Scores {
        structural_modularity,
        interface_number,
        inter_partition_calls,
        non_extreme_distribution,
        transactions,
        transactions_across,
    } = of.scores;
    let Stability { tried, proposed, least_overlap } = of.stability;
    CandidateReport {
        name: of.name.clone(),
        program: program.name.clone(),
        package: names.repository.packages[program.package].name.clone(),
        roles: of.roles.clone(),
        routes: of.routes.iter().map(|of| route(names, of)).collect(),
        own_process: of.apart,
        own_files: files(names, &of.own_files),
        own_lines: of.own_lines,
        own_share: round(of.own_share, 4),
        shared_files: files(names, &of.shared_files),
        shared_packages: of.packages.iter().map(|&id| names.repository.packages[id].name.clone()).collect(),
        crossing: of.crossing.iter().map(|of| crossing(names, of)).collect(),
        crossing_by_name: count(of.crossing_by_name),
        crossing_types: of.types.iter().map(|of| crossing_type(names, of)).collect(),
        tables: tables(names, &of.tables),
        transactions: of.transactions.iter().map(|of| transaction(names, of)).collect(),
        blockers: of
            .blockers
            .iter()
            .map(|of| CandidateBlockerReport {
                kind: of.kind,
                what: of.what.clone(),
                detail: of.detail.clone(),
                file: path(names, of.file),
                line: of.line,
            })
            .collect(),
        middleware: of
            .middleware
            .iter()
            .map(|of| LocatedReport { what: of.what.clone(), file: path(names, of.file), line: of.line })
            .collect(),
        features: of.features.clone(),
        variables: of
            .variables
            .iter()
            .map(|of| VariableReport {
                name: of.name.clone(),
                shared: of.shared,
                file: path(names, of.file),
                line: of.line,
            })
            .collect(),
        steps: of
            .steps
            .iter()
            .map(|of| StepReport {
                kind: of.kind,
                what: of.what.clone(),
                file: path(names, of.file),
                line: of.line,
                files: files(names, &of.files),
            })
            .collect(),
        scores: ScoresReport {
            structural_modularity: round(structural_modularity, 4),
            interface_number: round(interface_number, 1),
            inter_partition_calls: round(inter_partition_calls, 4),
            non_extreme_distribution: round(non_extreme_distribution, 4),
            transactions,
            transactions_across: round(transactions_across, 4),
        },
        stability: StabilityReport { tried, proposed, least_overlap: round(least_overlap, 4) },
        commits: of.redeploys.map(|of| CandidateCommitsReport {
            replayed: names.replayed,
            redeployed_today: of.program.today,
            needed: of.program.needed,
            candidate: of.candidate,
            rest: of.rest,
            both: of.both,
        }),
    }
}

fn crossing(names: Names<'_>, of: &Crossing) -> CrossingReport {
    let obstacle =
        |(kind, what): &(_, String)| ObstacleReport { kind: *kind, what: what.clone(), line: None };
    CrossingReport {
        from: entry_of(names, of.from).item,
        to: entry_of(names, of.to).item,
        caller: if of.outwards { Side::Candidate } else { Side::Rest },
        file: path(names, of.file),
        line: of.line,
        references: of.references,
        obstacles: of.obstacles.iter().map(obstacle).collect(),
    }
}

fn crossing_type(names: Names<'_>, of: &CrossingType) -> CrossingTypeReport {
    let item = &names.resolution.items[of.item];
    let obstacles = of.obstacles.iter();
    CrossingTypeReport {
        at: EntryReport { item: item.path.clone(), file: path(names, item.file), line: item.line },
        serializes: of.serializes,
        obstacles: obstacles
            .map(|(kind, what, line)| ObstacleReport { kind: *kind, what: what.clone(), line: Some(*line) })
            .collect(),
    }
}

fn tables(names: Names<'_>, of: &[TableSides]) -> TablesReport {
    let place =
        |of: TablePlace| TablePlaceReport { writes: !of.reads, file: path(names, of.file), line: of.line };
    let by_rest = |wanted: bool| {
        let found = of.iter().filter(|of| of.rest.is_some() == wanted);
        found.map(|of| of.name.clone()).collect()
    };
    let uses = of.iter().filter_map(|of| {
        let own = place(of.own?);
        Some(TableReport { name: of.name.clone(), home: of.home, own, rest: of.rest.map(place) })
    });
    TablesReport { own: by_rest(false), shared: by_rest(true), uses: uses.collect() }
}

fn transaction(names: Names<'_>, of: &Transaction) -> TransactionReport {
    let tables = |side: Side| {
        let own = of.tables.iter().filter(|(_, home)| *home == side);
        own.map(|(name, _)| name.clone()).collect()
    };
    TransactionReport {
        item: entry_of(names, of.of).item,
        file: path(names, of.file),
        line: of.line,
        own: tables(Side::Candidate),
        rest: tables(Side::Rest),
    }
}
