//! What could be a service of its own, in sentences and rows: what terminal and Markdown say alike.

use split_analyzer::deploy::{BlockerKind, StepKind};
use split_analyzer::report::{
    CandidateBlockerReport, CandidateReport, CrossingReport, CrossingTypeReport, StepReport, TableReport,
};
use split_analyzer::resolve::ObstacleKind;

use super::words::{counted, listed, number, share};

/// Names that a sentence has.
const NAMED: usize = 6;

/// What is said of a candidate under one heading: a sentence, and lines with places.
pub(crate) struct Fact {
    pub(crate) label: &'static str,
    pub(crate) text: String,
    /// Each with its place: `src/a.rs:12`.
    pub(crate) lines: Vec<(String, String)>,
}

/// One sentence on all of them; `None` where there is none.
pub(crate) fn summary(found: &[CandidateReport]) -> Option<String> {
    let names: Vec<String> = found.iter().map(|of| format!("`{}` of `{}`", of.name, of.program)).collect();
    let first = found.first()?;
    Some(match found.len() {
        1 if first.own_process => {
            let gain = first.commits.map_or_else(String::new, |of| {
                format!(": {} of the {} would deploy it", of.candidate, counted_deploys(of.redeployed_today))
            });
            format!(
                "{} is a process of its own already, in a binary that it shares; it could have one of its own{gain}.",
                names[0]
            )
        }
        1 => format!(
            "{} could be a service of its own: it alone runs {} of the lines.",
            names[0],
            share(first.own_share)
        ),
        _ if found.iter().all(|of| of.own_process) => format!(
            "{} are processes of their own already, in a binary that they share; each could have one of its own.",
            listed(&names, NAMED)
        ),
        _ => format!("{} could be services of their own.", listed(&names, NAMED)),
    })
}

fn counted_deploys(commits: u32) -> String {
    format!("{} that deploy this one", counted(commits, "commit"))
}

/// What a readiness sheet is of.
pub(crate) fn heading(of: &CandidateReport, name: &str) -> String {
    let what = if of.own_process { "Could have a binary of its own" } else { "Could be a service" };
    format!("{what}: {name}")
}

/// The columns of [`row`].
pub(crate) const HEADER: [&str; 6] =
    ["could be a service", "own lines", "calls across", "tables", "shared", "first in the way"];

/// The columns of [`row`] that hold numbers.
pub(crate) const NUMBERS: [usize; 4] = [1, 2, 3, 4];

/// One candidate.
pub(crate) fn row(of: &CandidateReport) -> Vec<String> {
    let first = in_the_way(of).next().map(|of| format!("{} {}", kind(of.kind), last_name(&of.what)));
    vec![
        format!("{} ({})", of.name, of.program),
        format!("{} ({})", number(of.own_lines), share(of.own_share)),
        of.crossing.len().to_string(),
        of.tables.own.len().to_string(),
        of.tables.shared.len().to_string(),
        first.unwrap_or_else(|| "nothing found".to_owned()),
    ]
}

/// What is in the way: state in memory isn't, where both are processes already.
fn in_the_way(of: &CandidateReport) -> impl Iterator<Item = &CandidateBlockerReport> {
    of.blockers.iter().filter(|blocker| {
        let in_memory = matches!(blocker.kind, BlockerKind::Static | BlockerKind::Once | BlockerKind::Lock);
        !(of.own_process && in_memory) && blocker.kind != BlockerKind::Pool
    })
}

fn last_name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The readiness sheet: `shown` lines of each list.
pub(crate) fn sheet(of: &CandidateReport, shown: usize) -> Vec<Fact> {
    let facts = [
        Some(code(of)),
        commits(of),
        calls(of, shown),
        types(of, shown),
        tables(of, shown),
        transactions(of, shown),
        blockers(of, shown),
        around(of, shown),
        needs(of),
        Some(steps(of)),
        Some(scores(of)),
    ];
    facts.into_iter().flatten().collect()
}

fn fact(label: &'static str, text: String, lines: Vec<(String, String)>) -> Fact {
    Fact { label, text, lines }
}

fn place(file: &str, line: u32) -> String {
    format!("{file}:{line}")
}

/// The first of some lines, and how many more there are.
fn cut(mut lines: Vec<(String, String)>, shown: usize) -> Vec<(String, String)> {
    let more = lines.len().saturating_sub(shown);
    lines.truncate(shown);
    if more > 0 {
        lines.push((String::new(), format!("… and {more} more, see --format json")));
    }
    lines
}

fn code(of: &CandidateReport) -> Fact {
    let files = counted(of.own_files.len() as u64, "file");
    let whole = format!(
        "{files} with {} lines, {} of what `{}` runs",
        number(of.own_lines),
        share(of.own_share),
        of.program
    );
    let shared = match of.shared_files.len() {
        0 => "it shares no file with the rest".to_owned(),
        shared => format!("it shares {} with the rest", counted(shared as u64, "file")),
    };
    let packages = match &of.shared_packages[..] {
        [] => String::new(),
        packages => format!(", in {}", listed(packages, NAMED)),
    };
    let apart =
        if of.own_process { " It is a process of its own already, chosen by the command line." } else { "" };
    fact("Own code", format!("{whole}; {shared}{packages}.{apart}"), Vec::new())
}

fn commits(of: &CandidateReport) -> Option<Fact> {
    let commits = of.commits?;
    let text = format!(
        "Of {} {} deploy `{}` again today, {} have to. Apart, {} would deploy `{}` and {} the rest; {} both.",
        counted(commits.replayed, "commit"),
        commits.redeployed_today,
        of.program,
        commits.needed,
        commits.candidate,
        of.name,
        commits.rest,
        commits.both
    );
    Some(fact("Deploys", text, Vec::new()))
}

fn calls(of: &CandidateReport, shown: usize) -> Option<Fact> {
    let by_name = match of.crossing_by_name {
        0 => String::new(),
        more => format!(" {} more may, as far as names go.", u64::from(more)),
    };
    if of.crossing.is_empty() {
        return Some(fact("Calls", format!("None that was found would cross.{by_name}"), Vec::new()));
    }
    let references: u32 = of.crossing.iter().map(|of| of.references).sum();
    let mut called: Vec<&str> = of.crossing.iter().map(|of| of.to.as_str()).collect();
    called.sort_unstable();
    called.dedup();
    let unless = if of.own_process { ", unless both keep working on the same tables" } else { "" };
    let text = format!(
        "{} of {} would become requests{unless}.{by_name}",
        counted(references, "call"),
        counted(called.len() as u64, "function")
    );
    Some(fact("Calls", text, cut(of.crossing.iter().map(call).collect(), shown)))
}

fn call(of: &CrossingReport) -> (String, String) {
    let times = if of.references > 1 { format!(" ({}×)", of.references) } else { String::new() };
    let obstacles: Vec<String> = of.obstacles.iter().map(|own| obstacle(own.kind, &own.what)).collect();
    let obstacles = if obstacles.is_empty() {
        String::new()
    } else {
        format!("; its signature has {}", listed(&obstacles, 3))
    };
    (place(&of.file, of.line), format!("{} → {}{times}{obstacles}", of.from, of.to))
}

fn obstacle(kind: ObstacleKind, what: &str) -> String {
    match kind {
        ObstacleKind::Closure => format!("a closure ({what})"),
        ObstacleKind::Dyn => what.to_owned(),
        ObstacleKind::Handle => format!("a handle ({what})"),
        ObstacleKind::Borrow => format!("something borrowed ({what})"),
        ObstacleKind::Generic => format!("a type that callers choose ({what})"),
        _ => format!("an address ({what})"),
    }
}

fn types(of: &CandidateReport, shown: usize) -> Option<Fact> {
    let can_not = |of: &&CrossingTypeReport| !of.serializes || !of.obstacles.is_empty();
    let not: Vec<&CrossingTypeReport> = of.crossing_types.iter().filter(can_not).collect();
    if of.crossing_types.is_empty() {
        return None;
    }
    let text = format!(
        "{} in these signatures; {} can be sent as they are.",
        counted(of.crossing_types.len() as u64, "type"),
        of.crossing_types.len() - not.len()
    );
    let line = |of: &&CrossingTypeReport| {
        let mut reasons = Vec::new();
        if !of.serializes {
            reasons.push("derives no Serialize and Deserialize".to_owned());
        }
        let parts: Vec<String> = of.obstacles.iter().map(|own| obstacle(own.kind, &own.what)).collect();
        if !parts.is_empty() {
            reasons.push(format!("has {}", listed(&parts, 3)));
        }
        (place(&of.at.file, of.at.line), format!("{} {}", of.at.item, reasons.join("; ")))
    };
    Some(fact("Types", text, cut(not.iter().map(line).collect(), shown)))
}

fn tables(of: &CandidateReport, shown: usize) -> Option<Fact> {
    let tables = &of.tables;
    if tables.uses.is_empty() {
        return None;
    }
    let own = match &tables.own[..] {
        [] => "None of its own".to_owned(),
        own => format!("Its own: {}", listed(own, NAMED)),
    };
    let shared = match &tables.shared[..] {
        [] => "none shared".to_owned(),
        shared => format!("shared: {}", listed(shared, NAMED)),
    };
    let line = |of: &TableReport| {
        let rest = of.rest.as_ref()?;
        let verb = |writes: bool| if writes { "writes" } else { "reads" };
        let text = format!(
            "{}: {} here, the rest {} at {}",
            of.name,
            verb(of.own.writes),
            verb(rest.writes),
            place(&rest.file, rest.line)
        );
        Some((place(&of.own.file, of.own.line), text))
    };
    Some(fact(
        "Tables",
        format!("{own}; {shared}."),
        cut(tables.uses.iter().filter_map(line).collect(), shown),
    ))
}

fn transactions(of: &CandidateReport, shown: usize) -> Option<Fact> {
    let all = of.scores.transactions;
    if all == 0 {
        return None;
    }
    let text =
        format!("{} of {} would span tables of both.", of.transactions.len(), counted(all, "transaction"));
    let lines = of.transactions.iter().map(|of| {
        let text = format!("{}: {} with {} of the rest", of.item, listed(&of.own, 3), listed(&of.rest, 3));
        (place(&of.file, of.line), text)
    });
    Some(fact("Transactions", text, cut(lines.collect(), shown)))
}

fn blockers(of: &CandidateReport, shown: usize) -> Option<Fact> {
    let found: Vec<&CandidateBlockerReport> = in_the_way(of).collect();
    let copied =
        of.blockers.iter().filter(|own| matches!(own.kind, BlockerKind::Static | BlockerKind::Once)).count();
    let text = match (found.len(), of.own_process && copied > 0) {
        (0, false) => return Some(fact("In the way", "Nothing that was found.".to_owned(), Vec::new())),
        (n, false) => format!("{}.", counted(n as u64, "thing")),
        (n, true) => format!(
            "{}; {} in memory that each process has a copy of already.",
            counted(n as u64, "thing"),
            counted(copied as u64, "static")
        ),
    };
    let line = |of: &&CandidateBlockerReport| {
        let detail = if of.detail.is_empty() { String::new() } else { format!(" ({})", of.detail) };
        (place(&of.file, of.line), format!("{} {}{detail}", kind(of.kind), of.what))
    };
    let mut lines: Vec<(String, String)> = found.iter().map(line).collect();
    if of.own_process {
        let copies =
            of.blockers.iter().filter(|own| matches!(own.kind, BlockerKind::Static | BlockerKind::Once));
        lines.extend(
            copies.map(|own| (place(&own.file, own.line), format!("copied: {} ({})", own.what, own.detail))),
        );
    }
    Some(fact("In the way", text, cut(lines, shown)))
}

/// What kind of thing is in the way.
fn kind(kind: BlockerKind) -> &'static str {
    match kind {
        BlockerKind::Transaction => "transaction",
        BlockerKind::Static => "static",
        BlockerKind::Lock => "shared state",
        BlockerKind::Channel => "channel",
        BlockerKind::Closure => "closure in",
        BlockerKind::Handle => "handle in",
        BlockerKind::Dyn => "dyn in",
        BlockerKind::Borrow => "borrow in",
        BlockerKind::Generic => "generic in",
        BlockerKind::Table => "table of both:",
        BlockerKind::Once => "set once:",
        BlockerKind::Pool => "pool",
        _ => "in the way:",
    }
}

fn around(of: &CandidateReport, shown: usize) -> Option<Fact> {
    if of.middleware.is_empty() {
        return None;
    }
    let text = "Both run:".to_owned();
    let lines = of.middleware.iter().map(|of| (place(&of.file, of.line), of.what.clone()));
    Some(fact("Around handlers", text, cut(lines.collect(), shown)))
}

fn needs(of: &CandidateReport) -> Option<Fact> {
    let variable = |shared: bool| {
        let found = of.variables.iter().filter(|of| of.shared == shared).map(|of| of.name.as_str());
        found.collect::<Vec<_>>()
    };
    let (own, both) = (variable(false), variable(true));
    let parts = [
        (!own.is_empty()).then(|| format!("variables of its own: {}", listed(&own, NAMED))),
        (!both.is_empty()).then(|| format!("variables that the rest reads, too: {}", listed(&both, NAMED))),
        (!of.features.is_empty()).then(|| format!("features: {}", listed(&of.features, NAMED))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty())
        .then(|| fact("Needs", format!("{}.", super::words::capitalized(&parts.join("; "))), Vec::new()))
}

fn steps(of: &CandidateReport) -> Fact {
    let lines = of.steps.iter().map(|own| (place(&own.file, own.line), step(of, own)));
    fact("First steps", "In this order:".to_owned(), lines.collect())
}

fn step(of: &CandidateReport, step: &StepReport) -> String {
    let what = &step.what;
    match step.kind {
        StepKind::PartTransaction => {
            format!("end the transaction of {what} before it comes to the other's tables")
        }
        StepKind::MoveState => format!("keep {what} on one side, or where both can ask for it"),
        StepKind::PlainSignature => format!("give {what} a signature of values that can be sent"),
        StepKind::OneWriter => format!("let only one side write table {what}"),
        StepKind::Interface => {
            format!("put {what} and what else crosses behind a trait, to be called over the network later")
        }
        StepKind::Package => {
            let (moved, own) = (step.files.len() as u64, of.own_files.len() as u64);
            let rest = match own.saturating_sub(moved) {
                0 => String::new(),
                rest => format!("; {rest} more lie in packages that are mostly its own"),
            };
            format!("move the {} that `{}` alone runs into a package{rest}", counted(moved, "file"), of.name)
        }
        StepKind::Binary => format!("give it a binary of its own that begins with {what}"),
        _ => what.clone(),
    }
}

fn scores(of: &CandidateReport) -> Fact {
    let scores = of.scores;
    let text = format!(
        "Structural modularity {:.3}, {:.1} interfaces, {} of the calls cross, {} of the files in a partition of extreme size, {} of \
         the transactions across. Proposed at {} of {} other sets of prices; its files are {} the same there.",
        scores.structural_modularity,
        scores.interface_number,
        share(scores.inter_partition_calls),
        share(scores.non_extreme_distribution),
        share(scores.transactions_across),
        of.stability.proposed,
        of.stability.tried,
        share(of.stability.least_overlap)
    );
    fact("Scores", text, Vec::new())
}

/// What says where it begins: its roles, or its routes.
pub(crate) fn made_of(of: &CandidateReport) -> String {
    match &of.roles[..] {
        [] => {
            let mut paths: Vec<&str> = of.routes.iter().map(|route| route.path.as_str()).collect();
            paths.sort_unstable();
            paths.dedup();
            format!(
                "{} of `{}`: {}",
                counted(of.routes.len() as u64, "route"),
                of.program,
                listed(&paths, NAMED)
            )
        }
        roles => format!("Role {}", listed(roles, NAMED)),
    }
}
