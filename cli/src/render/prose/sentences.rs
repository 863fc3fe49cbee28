//! Sentences that the terminal and Markdown share. Plain text: the format escapes them.

use std::collections::BTreeSet;

use split_analyzer::diagnostic::Severity;
use split_analyzer::plan::{Candidate, Interval, Saving, VerdictKind};
use split_analyzer::report::{
    DeployableKind, DeployableReport, ExplainReport, PackageReport, PlanReport, Report, WorkCounts,
    best_saving, deploy_split, holding_crates, useful_levers,
};

use super::kept;
use super::words::{
    capitalized, change_percent, change_s, counted, in_turn, listed, percent, percent_range, seconds,
    sentence, share,
};

/// How many packages a sentence names.
const NAMED: usize = 3;
/// How many binaries.
const BINARIES: usize = 2;

/// The answer in one or two sentences that an engineer would act on.
pub(crate) fn headline(report: &Report) -> String {
    let Some(first) = report.packages.first() else {
        return "Nothing to split: no package here has a library or binary of its own.".to_owned();
    };
    match first.verdict.kind {
        VerdictKind::Split => {
            format!("Split `{}`{}. {}", first.name, into_crates(first), gain(report, first))
        }
        VerdictKind::UntangleFirst => {
            format!("Untangle `{}` before you split it{}. {}", first.name, work(first), gain(report, first))
        }
        VerdictKind::MeasureFirst => format!("Measure before you split `{}`. {}", first.name, settle(first)),
        VerdictKind::Keep => kept::headline(report, first),
    }
}

/// What makes an open answer sure, and what each outcome means.
pub(crate) fn settle(package: &PackageReport) -> String {
    let share = package.verdict.pays_share.unwrap_or_default();
    let odds = format!(
        "It pays in {} % of the cases that the errors of the figures allow.",
        (100.0 * share).round()
    );
    let Some(settle) = &package.verdict.settle else { return odds };
    let commands = in_turn(&settle.commands);
    let build = settle.scenario.build_name(settle.mode);
    let plan = package.plan.as_ref().map_or(0, holding_crates);
    let split = format!("split it into {}", counted(plan as u64, "crate"));
    match (commands.is_empty(), settle.above_s) {
        (true, _) => format!(
            "{odds} Everything is measured that can be: {split} on a branch, and time {build} ({} today).",
            seconds(settle.predicted_s)
        ),
        (false, Some(above_s)) => format!(
            "{odds} Run {commands}: if {build} of the crates here takes more than {} ({} predicted), {split}, else keep it.",
            seconds(above_s),
            seconds(settle.predicted_s)
        ),
        (false, None) => format!(
            "{odds} Run {commands}: how the seconds fall on its modules decides, and the answer will be to {split} or to \
             keep it."
        ),
    }
}

fn into_crates(package: &PackageReport) -> String {
    let Some(plan) = &package.plan else { return String::new() };
    let holding = holding_crates(plan);
    let facade = if holding < plan.crates.len() { " behind a facade" } else { "" };
    let crates = format!(" into {}{facade}", counted(holding as u64, "crate"));
    match first_work(plan) {
        None => format!("{crates}; nothing has to be cut first"),
        Some(work) => format!("{crates}; to do first: {work}"),
    }
}

fn work(package: &PackageReport) -> String {
    let Some(plan) = &package.plan else { return String::new() };
    let work = first_work(plan).unwrap_or_else(|| "nothing has to be cut".to_owned());
    match plan.blockers.len() {
        0 => format!(": {work}"),
        n => format!(": {work}, and {} to resolve by hand", counted(n as u64, "blocker")),
    }
}

/// What has to come before the split: the work that removes dependencies against the order.
fn first_work(plan: &PlanReport) -> Option<String> {
    (!plan.cuts.is_empty()).then(|| cutting_work(plan).join(", "))
}

/// The parts of a plan's work, dependencies removed beside what removes them.
pub(crate) fn cutting_work(plan: &PlanReport) -> Vec<String> {
    let counts = WorkCounts::of(plan);
    let cuts = |verb: &str, n: u32| match n {
        0 => String::new(),
        n => format!(" ({verb} {})", counted(n, "dependency")),
    };
    let mut parts = Vec::new();
    if counts.moves > 0 {
        let verb = if counts.moves == 1 { "cuts" } else { "cut" };
        parts.push(format!("{} to move{}", counted(counts.moves, "item"), cuts(verb, counts.cut_by_moves)));
    }
    if counts.changes > 0 {
        let verb = if counts.changes == 1 { "cuts" } else { "cut" };
        let changes = counted(counts.changes, "change");
        parts.push(format!("{changes} of code{}", cuts(verb, counts.cut_by_changes)));
    }
    if counts.re_exports > 0 {
        parts.push(format!("{} to drop", counted(counts.re_exports, "re-export")));
    }
    parts
}

/// What the plan gains where it gains most.
fn gain(report: &Report, package: &PackageReport) -> String {
    if let Some(split) = deploy_split(report, package) {
        let all = report.deploys.as_ref().and_then(|deploys| deploys.week);
        return format!(
            "{:.0} of {:.0} deploys a week then go away, as each program is built from the crates that it uses.",
            split.week.deploys,
            all.map_or(split.week.deploys, |all| all.today),
        );
    }
    let Some(best) = best_saving(package) else {
        return "No build gets faster by more than the noise.".to_owned();
    };
    let what = capitalized(&best.scenario.build_name(best.mode));
    format!(
        "{what} with {} then takes {} less time ({}; 80 % interval {}).",
        counted(best.jobs, "job"),
        percent(best.saved_pct.p50),
        change_s(best.before_s.p50, best.after_s.p50),
        percent_range(best.saved_pct),
    )
}

/// The packages that the headline doesn't name, a sentence for each verdict.
pub(crate) fn others(report: &Report) -> Vec<String> {
    let rest = report.packages.get(1..).unwrap_or_default();
    let of = |kind| rest.iter().filter(move |p| p.verdict.kind == kind);
    let mut sentences = Vec::new();
    for (kind, label) in [
        (VerdictKind::Split, "Also worth splitting"),
        (VerdictKind::UntangleFirst, "To be untangled first"),
        (VerdictKind::MeasureFirst, "To be measured first"),
    ] {
        let place = |p: &PackageReport| match p.manifest.rsplit_once('/') {
            Some((dir, _)) if p.auxiliary => format!(" in `{dir}`"),
            _ => String::new(),
        };
        let names: Vec<_> = of(kind).map(|p| format!("`{}`{}{}", p.name, place(p), brief_gain(p))).collect();
        if !names.is_empty() {
            sentences.push(format!("{label}: {}.", listed(&names, NAMED)));
        }
    }
    let kept = of(VerdictKind::Keep).count() as u64;
    let acted = report.packages.first().is_some_and(|p| p.verdict.kind != VerdictKind::Keep);
    if kept > 0 && acted {
        let as_is = if kept == 1 { "as it is" } else { "as they are" };
        sentences.push(format!("{} to keep {as_is}.", counted(kept, "package")));
    }
    sentences
}

fn brief_gain(package: &PackageReport) -> String {
    let what = |s: &Saving| s.scenario.build_name(s.mode);
    best_saving(package).map_or_else(String::new, |s| format!(" ({} −{})", what(s), percent(s.saved_pct.p50)))
}

/// Settings that cost build time, a sentence each.
pub(crate) fn levers(report: &Report) -> Vec<String> {
    let many = report.repository.workspaces.len() > 1;
    let place = |workspace: &str| {
        if many && workspace != "." { format!("In `{workspace}`: ") } else { String::new() }
    };
    let gain = |clean: Option<Interval>, edit: Option<Interval>| match (
        clean.map(percent_range),
        edit.map(percent_range),
    ) {
        (None, None) => String::new(),
        (Some(clean), None) => format!(" (a clean build saves {clean})"),
        (None, Some(edit)) => format!(" (a rebuild after an edit saves {edit})"),
        (Some(clean), Some(edit)) => {
            format!(" (a clean build saves {clean}, a rebuild after an edit {edit})")
        }
    };
    useful_levers(report)
        .into_iter()
        .map(|l| {
            sentence(&format!("{}{}{}", place(&l.workspace), l.detail, gain(l.saved_pct, l.edit_saved_pct)))
        })
        .collect()
}

/// A plan with fewer crates is worth a word where it gains this share of what the recommended one does. A choice.
const MOST_OF_IT: f64 = 0.8;
/// One with more crates where it gains so many times as much. A choice.
const MUCH_MORE: f64 = 1.05;

/// Other plans that were weighed: the smallest with most of the gain, and one with more crates that gains more.
pub(crate) fn alternatives(package: &PackageReport) -> Option<String> {
    let chosen = package.frontier.iter().find(|c| c.recommended)?;
    let gain = |c: &Candidate| c.clean_saved_pct + c.edit_saved_pct;
    let most = |a: &&Candidate, b: &&Candidate| gain(a).total_cmp(&gain(b)).then(b.crates.cmp(&a.crates));
    let fewer = || package.frontier.iter().filter(|c| c.crates < chosen.crates && gain(c) > 0.0);
    let small = fewer().filter(|c| gain(c) >= MOST_OF_IT * gain(chosen)).min_by_key(|c| c.crates);
    let more = package.frontier.iter().filter(|c| c.crates > chosen.crates).max_by(most);
    let more = more.filter(|c| gain(c) >= MUCH_MORE * gain(chosen).max(0.0) && gain(c) > 0.0);
    let texts: Vec<_> =
        [small.or_else(|| fewer().max_by(most)), more].into_iter().flatten().map(alternative).collect();
    (!texts.is_empty()).then(|| format!("{}.", texts.join("; ")))
}

fn alternative(candidate: &Candidate) -> String {
    let cuts = match (candidate.edits, candidate.cuts) {
        (_, 0) => "nothing to cut".to_owned(),
        (0, n) => format!("{} to cut", counted(n, "dependency")),
        (edits, n) => format!("{} ({} to cut)", counted(edits, "change"), counted(n, "dependency")),
    };
    format!(
        "`--crates {}`, {cuts}: clean build {}, after an edit {}",
        candidate.crates,
        change_percent(candidate.clean_saved_pct),
        change_percent(candidate.edit_saved_pct)
    )
}

/// The binaries and what they need, in one sentence.
pub(crate) fn deployables(report: &Report) -> String {
    let all = report.repository.packages;
    let needs = |d: &DeployableReport| {
        let modules = counted(d.modules.len() as u64, "module");
        let packages =
            if all > 1 { format!("{} of {all} packages and ", d.packages.len()) } else { String::new() };
        format!("`{}` needs {packages}{modules}, {} of the cost", d.name, share(d.cost_share))
    };
    let (auxiliary, real): (Vec<_>, Vec<_>) =
        report.deployables.iter().filter(|d| d.kind == DeployableKind::Binary).partition(|d| d.auxiliary);
    let mut texts: Vec<_> = real.iter().take(BINARIES).map(|d| needs(d)).collect();
    let more = real.len().saturating_sub(BINARIES);
    if more > 0 {
        texts.push(format!("and {more} more"));
    }
    if !auxiliary.is_empty() {
        let count = counted(auxiliary.len() as u64, "program");
        texts.push(format!("left out: {count} for tests, fuzzing or examples"));
    }
    if texts.is_empty() { String::new() } else { format!("{}.", texts.join("; ")) }
}

/// How many diagnostics there are; `None` without any.
pub(crate) fn diagnostics(report: &Report) -> Option<String> {
    let of = |severity| report.diagnostics.iter().filter(|d| d.severity == severity).count() as u64;
    let (errors, warnings, notes) = (of(Severity::Error), of(Severity::Warning), of(Severity::Info));
    let parts: Vec<_> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
        .into_iter()
        .filter(|&(n, _)| n > 0)
        .map(|(n, noun)| counted(n, noun))
        .collect();
    (!parts.is_empty()).then(|| format!("{} on what was read, see --format json.", parts.join(", ")))
}

/// The answer of `explain` in one sentence.
pub(crate) fn explain_headline(report: &ExplainReport) -> String {
    let (from, to) = (&report.from.name, &report.to.name);
    let all = report.references.len() as u64;
    let tests = report.references.iter().filter(|r| r.test).count() as u64;
    let lines = report.names_taken.iter().map(|name| (&name.file, name.line)).collect::<BTreeSet<_>>().len();
    let taken = match lines {
        0 => String::new(),
        1 => format!("1 line takes from `{to}` what is defined elsewhere"),
        _ => format!("{lines} lines take from `{to}` what is defined elsewhere"),
    };
    let beside = if lines > 0 { format!("; {taken}") } else { String::new() };
    match (all, report.chain.len() as u64) {
        (0, 0) if lines > 0 => format!("`{from}` refers to nothing that `{to}` defines, but {taken}."),
        (0, hops) if lines > 0 => {
            let hops = counted(hops, "reference");
            format!(
                "`{from}` refers to nothing that `{to}` defines, but {taken}. It depends on it by a chain of {hops}, too:"
            )
        }
        (0, 0) => format!("`{from}` does not depend on `{to}`: no chain of references leads there."),
        (0, hops) => {
            let hops = counted(hops, "reference");
            format!("`{from}` doesn't refer to `{to}`, but depends on it by a chain of {hops}:")
        }
        (all, _) if tests == all => {
            format!("`{from}` depends on `{to}` in tests only, by {}{beside}.", counted(all, "reference"))
        }
        (all, _) => {
            let of_tests = if tests > 0 { format!(", {tests} of them in tests") } else { String::new() };
            format!("`{from}` depends on `{to}` by {}{of_tests}{beside}.", counted(all, "reference"))
        }
    }
}
