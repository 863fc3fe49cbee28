//! What is deployed, in sentences and rows: what terminal and Markdown say alike.

use std::cmp::Reverse;

use split_analyzer::deploy::{EvidenceKind, NotDeployed, RoleKind};
use split_analyzer::report::{
    DeployableKind, DeployableReport, DeploysReport, EvidenceReport, OtherBinaryReport, Report,
    ServicesReport,
};

use super::deploys::{a_week, deploys_column, often};
use super::words::{counted, end_cut, listed};

/// Binaries that a sentence names.
const NAMED: usize = 8;

/// How much is deployed, and by what that is known.
pub(crate) fn headline(report: &ServicesReport) -> String {
    let units = match &report.affected {
        Some(affected) => {
            let all = ServicesReport { affected: None, ..report.clone() }.units().len();
            if affected.is_empty() {
                return format!(
                    "Nothing that is deployed is affected; {}.",
                    counted(all as u64, "deployable")
                );
            }
            format!("{} of {all} deployables are affected", report.units().len())
        }
        None => counted(report.units().len() as u64, "deployable"),
    };
    match report.deployment_files {
        0 if report.deployables.is_empty() => "No binary that could be deployed.".to_owned(),
        0 => format!("{units}: no deployment file names a binary, so these are all that could be deployed."),
        files => format!("{units}, by {}.", counted(files, "deployment file")),
    }
}

/// Characters of what a line says that a row shows.
const SAID: usize = 90;

/// A table of deployables.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) header: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
    /// The columns that hold numbers.
    pub(crate) numbers: Vec<usize>,
}

impl Table {
    /// The width that all columns but the last take if nothing in them wraps but headers and lists.
    pub(crate) fn width_before_last(&self) -> usize {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let longest =
            |cell: &String| cell.split(", ").map(|part| part.chars().count() + 1).max().unwrap_or_default();
        let head = |name: &str| name.split(' ').map(|word| word.chars().count()).max().unwrap_or_default();
        let before_last = self.header.len().saturating_sub(1);
        let width = |column: usize| {
            cells(column).map(longest).max().unwrap_or_default().max(head(self.header[column])) + 2
        };
        (0..before_last).map(width).sum()
    }
}

/// A row for each deployable; what deployment files call it only where it is something else, deploys where they were counted, with
/// plans where there are some, and owners where the repository names them.
/// With `said`, what the line says that a deployable is known by, beside its place.
pub(crate) fn table(units: &[&DeployableReport], deploys: Option<&DeploysReport>, said: bool) -> Table {
    let any = |of: &dyn Fn(&DeployableReport) -> bool| units.iter().any(|unit| of(unit));
    let called = any(&|of| of.services.iter().any(|service| *service != of.name));
    let counted = deploys.filter(|_| any(&|of| of.commits.is_some()));
    let planned = counted.is_some() && any(&|of| of.commits.is_some_and(|of| of.after_plan.is_some()));
    let owned = any(&|of| !of.owners.is_empty());
    let mut header = vec!["service"];
    header.extend(called.then_some("called"));
    let first = header.len();
    header.extend(counted.iter().flat_map(|_| [deploys_column(counted), "needed"]));
    header.extend(planned.then_some("with plans"));
    let numbers = (first..header.len()).collect();
    header.extend(owned.then_some("owner"));
    header.push("because of");
    let row = |of: &&DeployableReport| {
        let mut row = vec![of.name.clone()];
        row.extend(called.then(|| listed(&of.services, 3)));
        if counted.is_some() {
            let often = |commits| often(counted, commits);
            row.extend(of.commits.map_or_else(|| [String::new(), String::new()], often));
        }
        let after = of.commits.and_then(|of| of.after_plan);
        row.extend(planned.then(|| after.map_or_else(String::new, |after| a_week(counted, after))));
        row.extend(owned.then(|| listed(&of.owners, OWNERS)));
        row.push(because(of, said));
        row
    };
    Table { header, rows: units.iter().map(row).collect(), numbers }
}

/// Owners that a row names, and roles that a sentence does.
const OWNERS: usize = 2;
const ROLES: usize = 8;

/// What each of some binaries does under several names, as its code says: roles that deployment files don't start.
pub(crate) fn inside(report: &ServicesReport) -> Vec<String> {
    let units = report.units();
    let text = |unit: &&DeployableReport| {
        let is_inside = |of: &&DeployableReport| {
            of.kind == DeployableKind::Role && of.target == unit.target && of.manifest == unit.manifest
        };
        let mut roles: Vec<&DeployableReport> = report.deployables.iter().filter(is_inside).collect();
        let serves = |of: &DeployableReport| of.does.iter().any(|kind| kind.serves());
        let started = |of: &DeployableReport| of.evidence.iter().any(|evidence| evidence.kind.is_some());
        // The largest of those that are started, then of those that serve, then what goes on inside.
        roles.sort_by_key(|of| (!started(of), !serves(of), Reverse(of.files.len())));
        let shared = shared(&roles);
        let told: Vec<String> = roles.into_iter().map(|of| role(of, shared.is_some())).collect();
        let is_whole = unit.kind == DeployableKind::Binary && !told.is_empty();
        let shared = shared.map(|(count, what)| {
            format!(" All {count} that are chosen run the same, as far as can be told: {what}.")
        });
        is_whole.then(|| {
            format!(
                "`{}` does several things: {}.{}",
                unit.name,
                listed(&told, ROLES),
                shared.unwrap_or_default()
            )
        })
    };
    units.iter().filter_map(text).collect()
}

/// What all roles that are chosen do, where that is the same: it tells none of them from the others. With how many they are.
fn shared(roles: &[&DeployableReport]) -> Option<(usize, String)> {
    let mut chosen = roles.iter().filter(|of| of.role_kind.is_some_and(RoleKind::is_chosen));
    let first = chosen.next()?;
    let same = |of: &&DeployableReport| of.does == first.does && of.routes == first.routes;
    let count = 1 + chosen.clone().count();
    (count > 2 && !first.does.is_empty() && chosen.all(same)).then(|| (count, activities(first).join("; ")))
}

fn activities(of: &DeployableReport) -> Vec<String> {
    let routes = (of.routes.len(), of.routes_not_understood);
    of.does.iter().map(|kind| does(*kind, routes)).collect()
}

/// `serve (a command; a server with 12 routes; src/serve.rs:10)`.
fn role(of: &DeployableReport, shared: bool) -> String {
    let name = of.role.as_deref().unwrap_or(&of.name);
    let chosen = of.role_kind.filter(|kind| kind.is_chosen());
    let mut kinds: Vec<String> = chosen.iter().map(|kind| does(*kind, (0, 0))).collect();
    if chosen.is_none() || !shared {
        kinds.extend(activities(of));
    }
    kinds.extend(of.evidence.first().map(|first| format!("{}:{}", first.file, first.line)));
    format!("{name} ({})", kinds.join("; "))
}

/// What a kind of role is called; of a server with its routes, and with how many others have a path that isn't written down.
fn does(kind: RoleKind, (routes, others): (usize, u32)) -> String {
    match kind {
        RoleKind::Subcommand => "a command".to_owned(),
        RoleKind::Service => "switched on by configuration".to_owned(),
        RoleKind::Server if routes > 0 && others > 0 => {
            format!(
                "a server with {} and {others} whose path is not written down",
                counted(routes as u64, "route")
            )
        }
        RoleKind::Server if routes > 0 => format!("a server with {}", counted(routes as u64, "route")),
        RoleKind::Server if others > 0 => {
            format!("a server with {} whose path is not written down", counted(others, "route"))
        }
        RoleKind::Server => "a server".to_owned(),
        RoleKind::Consumer => "takes messages".to_owned(),
        RoleKind::Scheduler => "runs by the clock".to_owned(),
        RoleKind::Lambda => "a Lambda handler".to_owned(),
    }
}

fn because(of: &DeployableReport, said: bool) -> String {
    match strongest(&of.evidence) {
        Some(first) => {
            let more = of.evidence.len() - 1;
            let rest = if more > 0 { format!(" (+{more})") } else { String::new() };
            let what = if said { format!(" {}", end_cut(&first.what, SAID)) } else { String::new() };
            format!("{}:{}{what}{rest}", first.file, first.line)
        }
        None => "no deployment file names it".to_owned(),
    }
}

/// What a reader wants to see first: what starts it, then what puts it where it runs.
fn strongest(evidence: &[EvidenceReport]) -> Option<&EvidenceReport> {
    let rank = |evidence: &&EvidenceReport| match evidence.kind {
        Some(EvidenceKind::Starts) => 0,
        Some(EvidenceKind::Packs) => 1,
        Some(EvidenceKind::Ships) => 2,
        _ => 3,
    };
    evidence.iter().filter(|evidence| evidence.kind.is_some()).min_by_key(rank)
}

/// What a kind of evidence is called.
pub(crate) fn kind(kind: Option<EvidenceKind>) -> &'static str {
    match kind {
        Some(EvidenceKind::Starts) => "starts it",
        Some(EvidenceKind::Packs) => "puts it into an image",
        Some(EvidenceKind::Ships) => "takes it where it runs",
        Some(EvidenceKind::Builds) => "builds it",
        Some(EvidenceKind::Lists) => "lists it",
        Some(_) => "names it",
        None => "is its role in the code",
    }
}

/// The binaries that are not deployed, by the reason.
pub(crate) fn others(others: &[OtherBinaryReport]) -> Option<String> {
    let reasons = [
        (NotDeployed::NotNamed, "no deployment file names"),
        (NotDeployed::OnlyBuilt, "built, and nothing is seen to take them where they run:"),
        (NotDeployed::Tests, "only files of tests or for development name"),
        (NotDeployed::Tool, "by their names tools that make code or run tasks:"),
        (NotDeployed::Development, "for tests, benchmarks or as examples:"),
        (NotDeployed::Dropped, "left out by the configuration:"),
    ];
    let text = |(why, words): (NotDeployed, &str)| {
        let names: Vec<&str> =
            others.iter().filter(|other| other.because == why).map(|other| other.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("{words} {}", listed(&names, NAMED)))
    };
    let texts: Vec<String> = reasons.into_iter().filter_map(text).collect();
    (!texts.is_empty()).then(|| format!("{}.", super::words::capitalized(&texts.join("; "))))
}

/// What `analyze` says of it in a line; `None` where no deployment file names a binary.
pub(crate) fn summary(report: &Report) -> Option<String> {
    let evidence = || report.deployables.iter().flat_map(|of| &of.evidence).filter(|e| e.kind.is_some());
    let named = |of: &&DeployableReport| {
        of.kind == DeployableKind::Binary && of.evidence.iter().any(|evidence| evidence.kind.is_some())
    };
    let names: Vec<&str> = report.deployables.iter().filter(named).map(|of| of.name.as_str()).collect();
    let mut files: Vec<&str> = evidence().map(|evidence| evidence.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let (binaries, files) = (names.len() as u64, files.len() as u64);
    let noun = if binaries == 1 { "1 binary is" } else { &format!("{binaries} binaries are") };
    (!names.is_empty()).then(|| {
        let files = counted(files, "file");
        format!("{noun} deployed, by {files}: {}; see `split-advisor services`.", listed(&names, NAMED))
    })
}
