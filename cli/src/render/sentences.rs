//! Sentences that the terminal and Markdown share. Plain text: the format escapes them.

use split_analyzer::cost::measured::BuildMode;
use split_analyzer::cost::{Basis, CostSource, Mode};
use split_analyzer::diagnostic::Severity;
use split_analyzer::plan::{Candidate, Interval, Saving, Scenario, VerdictKind, Week};
use split_analyzer::report::{
    BuiltReport, CostsReport, CriticalUnit, DeployableReport, ExplainReport, ModeCost, PackageReport,
    PackageTests, Report, SimulatedBuild, SimulationReport, best_saving, nearest, real_seconds,
};
use split_analyzer::simulate::Cache;

use super::words::{
    change_percent, change_s, command, counted, listed, minutes, percent, percent_range, seconds, sentence,
    share,
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
            format!("Split `{}`{}. {}", first.name, into_crates(first), gain(first))
        }
        VerdictKind::UntangleFirst => {
            format!("Untangle `{}` before you split it{}. {}", first.name, work(first), gain(first))
        }
        VerdictKind::MeasureFirst => format!("Measure before you split `{}`. {}", first.name, settle(first)),
        VerdictKind::Keep => keep(report, first),
    }
}

fn keep(report: &Report, first: &PackageReport) -> String {
    if report.packages.len() == 1 {
        let reason = first.verdict.causes.first().map(|c| sentence(&c.detail)).unwrap_or_default();
        return format!("Keep `{}` in one piece. {reason}", first.name);
    }
    // What would pay comes first, but for what lies among tests, fixtures and examples.
    let others_pay = report.packages.iter().any(|p| p.verdict.kind != VerdictKind::Keep);
    let all = report.packages.iter().filter(|p| !others_pay || !p.auxiliary).count();
    let aside = if others_pay { ", tests, fixtures and examples aside" } else { "" };
    let near = nearest(report).map_or_else(String::new, near);
    format!(
        "Keep it as it is: no split of any of the {} would pay{aside}.{near}",
        counted(all as u64, "package")
    )
}

/// How near a package that is kept came to being split.
fn near(package: &PackageReport) -> String {
    let week = |week: &Week| {
        format!(
            " The nearest is `{}`: {} a week to save, of the {} that its work asks for.",
            package.name,
            minutes(week.before_min - week.after_min),
            minutes(week.asked_min)
        )
    };
    package.verdict.week.as_ref().map_or_else(String::new, week)
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
    let build = match settle.scenario {
        Scenario::Cold => format!("a cold `{}`", command(settle.mode)),
        Scenario::Clean => format!("a clean `{}`", command(settle.mode)),
        Scenario::Edit => format!("`{}` after an edit", command(settle.mode)),
    };
    let plan = package.plan.as_ref().map_or(0, |plan| plan.crates.len());
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
    let holding = plan.crates.iter().filter(|krate| !krate.residual || krate.lines > 0).count();
    // The package that stays may hold nothing of its own: it goes on under its name and re-exports the others.
    let facade = if holding < plan.crates.len() { " behind a facade" } else { "" };
    let crates = format!(" into {}{facade}", counted(holding as u64, "crate"));
    match plan.cuts.len() {
        0 => format!("{crates}; nothing has to be cut first"),
        n => format!("{crates}; {} must be cut first", counted(n as u64, "dependency")),
    }
}

fn work(package: &PackageReport) -> String {
    let Some(plan) = &package.plan else { return String::new() };
    let cuts = counted(plan.cuts.len() as u64, "dependency");
    match plan.blockers.len() {
        0 => format!(": {cuts} must be cut first"),
        n => {
            format!(": {cuts} must be cut first, and {} resolved by hand", counted(n as u64, "blocker"))
        }
    }
}

/// What the plan gains where it gains most.
fn gain(package: &PackageReport) -> String {
    let Some(best) = best_saving(package) else {
        return "No build gets faster by more than the noise.".to_owned();
    };
    let what = match best.scenario {
        Scenario::Cold => format!("A cold `{}`", command(best.mode)),
        Scenario::Clean => format!("A clean `{}`", command(best.mode)),
        Scenario::Edit => format!("`{}` after an edit", command(best.mode)),
    };
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
    let what = |s: &Saving| match s.scenario {
        Scenario::Cold => format!("a cold `{}`", command(s.mode)),
        Scenario::Clean => format!("a clean `{}`", command(s.mode)),
        Scenario::Edit => format!("`{}` after an edit", command(s.mode)),
    };
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
    report
        .levers
        .iter()
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
    let cuts = match candidate.cuts {
        0 => "nothing to cut".to_owned(),
        n => format!("{} to cut", counted(n, "dependency")),
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
    let (auxiliary, real): (Vec<_>, Vec<_>) = report.deployables.iter().partition(|d| d.auxiliary);
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

/// Where the numbers come from and how far to trust them.
pub(crate) fn provenance(report: &Report) -> Vec<String> {
    let references = &report.repository.references;
    let all = references.resolved + references.external + references.unresolved;
    let lines = counted(report.repository.lines, "line");
    let files = counted(report.repository.files, "file");
    let packages = counted(report.repository.packages, "package");
    let mut sentences = vec![format!(
        "Read {lines} in {files} of {packages}; followed {} of {}.",
        exact_share(references.followed_share),
        counted(all, "reference"),
    )];
    sentences.push(source_of_seconds(&report.costs));
    sentences
}

/// Where the seconds come from.
pub(crate) fn source_of_seconds(costs: &CostsReport) -> String {
    let (known, modelled): (Vec<_>, Vec<_>) = costs.modes.iter().partition(|m| m.calibration.is_some());
    let mut sentences: Vec<String> = known.iter().map(|mode| known_seconds(mode, &costs.built)).collect();
    let factor = modelled.iter().map(|m| m.error_factor).fold(1.0, f64::max);
    // What the fit's table shows, and no more: crates that it had not seen (`benches/README.md`, "fit").
    let crates = format!(
        "8 in 10 crates that the model had not seen took between 1/{factor:.1} and {factor:.1} times as long."
    );
    if known.is_empty() {
        sentences.push(format!(
            "Seconds are modelled from the source, not measured: {crates} Shares and orders are more reliable."
        ));
    } else if !modelled.is_empty() {
        let names: Vec<_> = modelled.iter().map(|m| format!("`{}`", command(m.mode))).collect();
        sentences.push(format!("Those of {} are modelled, not measured: {crates}", names.join(" and ")));
    }
    sentences.join(" ")
}

/// Of a mode whose seconds are not all the model's as it is.
fn known_seconds(mode: &ModeCost, built: &[BuiltReport]) -> String {
    let all = mode.crates.len() as u64;
    let left = mode.crates.iter().filter(|c| c.source == CostSource::Modelled).count() as u64;
    if left == all {
        return scaled_seconds(mode);
    }
    let imported = mode.crates.iter().any(|c| c.source == CostSource::Imported);
    let from = match (left_by_builds(mode.mode, built), imported) {
        (Some(left), _) => format!("those that earlier builds have left in {left}"),
        (None, true) => "those of cargo's own records".to_owned(),
        (None, false) => "measured".to_owned(),
    };
    let rest = match left {
        0 => String::new(),
        left => format!(
            " for {} of {}; the rest is modelled, times {:.2} to fit them",
            all - left,
            counted(all, "crate"),
            mode.calibration.unwrap_or(1.0)
        ),
    };
    let modules = match mode.measured_modules {
        0 => String::new(),
        modules => format!(" Within crates they fall on {} as measured.", counted(modules, "module")),
    };
    format!("Seconds of `{}` are {from}{rest}.{modules}", command(mode.mode))
}

/// How the seconds become this machine's, where they are not and the answer hasn't said so.
pub(crate) fn real(report: &Report) -> Option<String> {
    let open = report.packages.first().is_some_and(|p| p.verdict.kind == VerdictKind::MeasureFirst);
    let commands = real_seconds(&report.costs).filter(|_| !open)?;
    Some(format!("run {} to have this machine's.", in_turn(commands)))
}

/// `split-advisor measure`, then `analyze --costs costs.json`
fn in_turn<S: AsRef<str>>(commands: &[S]) -> String {
    let name = |(at, command): (usize, &S)| match command.as_ref().strip_prefix("split-advisor ") {
        Some(rest) if at > 0 => format!("`{rest}`"),
        _ => format!("`{}`", command.as_ref()),
    };
    commands.iter().enumerate().map(name).collect::<Vec<_>>().join(", then ")
}

/// Builds that happened anyway, of which seconds are used: where, when, and how much of them is there.
fn left_by_builds(mode: Mode, built: &[BuiltReport]) -> Option<String> {
    let of_mode =
        |build: &&BuiltReport| build.used && of_profile(mode) == (build.mode, build.profile.as_str());
    let named: Vec<String> = built
        .iter()
        .filter(|build| build.used)
        .filter(|build| mode == Mode::Check && build.mode == BuildMode::Check || of_mode(build))
        .map(|build| {
            let day = build.ended.split('T').next().unwrap_or_default();
            let units = counted(build.units.whole, "unit");
            format!("{} ({units}, the last of {day})", build.directory)
        })
        .collect();
    (!named.is_empty()).then(|| named.join(" and "))
}

fn of_profile(mode: Mode) -> (BuildMode, &'static str) {
    match mode {
        Mode::Check => (BuildMode::Check, "dev"),
        // What is known of a `dev` build is known of tests.
        Mode::Dev | Mode::Test => (BuildMode::Build, "dev"),
        Mode::Release => (BuildMode::Build, "release"),
    }
}

/// Of a mode in which no crate's seconds are known, but something is that says how far the model is off.
fn scaled_seconds(mode: &ModeCost) -> String {
    let fitted = match mode.crates.iter().map(|c| c.basis).min() {
        Some(Basis::Known | Basis::OtherBuilds) => "other builds of the same crates",
        Some(Basis::OtherCrates) => "other crates",
        Some(Basis::Machine | Basis::Model) | None => {
            "the speed of this machine, as packages from elsewhere show it"
        }
    };
    let (times, factor) = (mode.calibration.unwrap_or(1.0), mode.error_factor);
    format!(
        "Seconds of `{}` are modelled, times {times:.2} to fit {fitted}: 8 in 10 builds take between 1/{factor:.1} and \
         {factor:.1} times as long.",
        command(mode.mode)
    )
}

/// A share close to 1 with enough digits not to become 100 %.
fn exact_share(share: f64) -> String {
    if share >= 1.0 { "all".to_owned() } else { format!("{:.1} %", (share * 1000.0).floor() / 10.0) }
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
    match (all, report.chain.len() as u64) {
        (0, 0) => format!("`{from}` does not depend on `{to}`: no chain of references leads there."),
        (0, hops) => {
            let hops = counted(hops, "reference");
            format!("`{from}` doesn't refer to `{to}`, but depends on it by a chain of {hops}:")
        }
        (all, _) if tests == all => {
            format!("`{from}` depends on `{to}` in tests only, by {}.", counted(all, "reference"))
        }
        (all, _) => {
            let of_tests = if tests > 0 { format!(", {tests} of them in tests") } else { String::new() };
            format!("`{from}` depends on `{to}` by {}{of_tests}.", counted(all, "reference"))
        }
    }
}

/// The answer of `simulate` in one sentence: what more jobs bring.
pub(crate) fn simulation_headline(report: &SimulationReport) -> String {
    let Some(most) = largest(report) else {
        return "There is no build to predict.".to_owned();
    };
    let what = |b: &SimulatedBuild| match b.scenario {
        Scenario::Cold => format!("A cold `{}`", command(b.mode)),
        Scenario::Clean => format!("A clean `{}`", command(b.mode)),
        Scenario::Edit => format!("`{}` after an edit", command(b.mode)),
    };
    format!(
        "{} with {} takes about {} ({} to {}) and keeps {:.1} cores busy.",
        what(most),
        counted(most.jobs, "job"),
        seconds(most.makespan_s.p50),
        seconds(most.makespan_s.p10),
        seconds(most.makespan_s.p90),
        most.parallelism,
    )
}

/// The build with most jobs, and of these with most work.
fn largest(report: &SimulationReport) -> Option<&SimulatedBuild> {
    report.builds.iter().max_by(|a, b| a.jobs.cmp(&b.jobs).then(a.work_s.total_cmp(&b.work_s)))
}

/// What the build of the headline waits for, in order; the longest units.
pub(crate) fn critical_path(report: &SimulationReport) -> Option<String> {
    longest_units(&largest(report)?.critical_path)
}

/// The longest units of a critical path, in order.
pub(crate) fn longest_units(path: &[CriticalUnit]) -> Option<String> {
    const UNITS: usize = 6;
    let mut longest: Vec<(usize, f64)> =
        path.iter().enumerate().map(|(i, u)| (i, u.end_s - u.start_s)).collect();
    longest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    longest.truncate(UNITS);
    longest.sort_unstable_by_key(|&(i, _)| i);
    let names: Vec<_> = longest.iter().map(|&(i, s)| format!("{} {}", path[i].name, seconds(s))).collect();
    let more = path.len() - names.len();
    let rest = if more > 0 { format!(" (and {more} shorter)") } else { String::new() };
    (!names.is_empty()).then(|| format!("{}{rest}", names.join(" → ")))
}

/// Where a simulation's seconds come from.
pub(crate) fn simulation_source(report: &SimulationReport) -> String {
    format!("{} Medians; the 80 % intervals are in --format json.", source_of_seconds(&report.costs))
}

/// How long tests run, all of them and after an edit.
pub(crate) fn running_tests(report: &SimulationReport) -> Option<String> {
    const PACKAGES: usize = 3;
    let tests = report.tests.as_ref()?;
    let of = |p: &PackageTests| {
        format!("`{}` {} ({} after an edit of it)", p.package, seconds(p.seconds), seconds(p.after_edit_s))
    };
    let shown: Vec<String> = tests.packages.iter().take(PACKAGES).map(of).collect();
    let unknown = if tests.unknown_s > 0.0 {
        format!("; {} are of tests whose crate was not found", seconds(tests.unknown_s))
    } else {
        String::new()
    };
    Some(format!(
        "all run for {} in sum, those that an edit compiles again for {}: {}{unknown}",
        seconds(tests.total_s),
        seconds(tests.after_edit_s),
        shown.join(", ")
    ))
}

/// What an edit is, and what is cached, where that plays a part.
pub(crate) fn simulation_terms(report: &SimulationReport) -> Option<String> {
    let edits = report.builds.iter().any(|b| b.scenario == Scenario::Edit) || report.cache != Cache::None;
    let weights = if report.edits_by_history { "the commits that touched each" } else { "their lines" };
    let edit = format!("A change is one of one crate: the mean over the crates, weighted by {weights}.");
    let cached = match report.cache {
        Cache::None => "",
        Cache::Crate => " A clean build finds every crate cached that the change doesn't reach.",
        Cache::Relink => {
            " What the change doesn't touch is cached; what depends on it is only linked again, which cargo can't do today."
        }
    };
    edits.then(|| format!("{edit}{cached}"))
}

/// From how many jobs on more of them gain nothing, for the build that people wait for most: a clean one.
pub(crate) fn enough_jobs(report: &SimulationReport) -> Option<String> {
    /// A gain of less is none: it is below what repeating a build shows.
    const SAME: f64 = 1.05;
    let most = largest(report)?;
    let mut row: Vec<&SimulatedBuild> = report
        .builds
        .iter()
        .filter(|b| (&b.workspace, b.scenario, b.mode) == (&most.workspace, most.scenario, most.mode))
        .collect();
    row.sort_by_key(|b| b.jobs);
    let (first, last) = (row.first()?, row.last()?);
    let enough = row.iter().find(|b| b.makespan_s.p50 <= SAME * last.makespan_s.p50)?;
    if first.jobs == last.jobs {
        return None;
    }
    Some(if enough.jobs < last.jobs {
        format!(
            "more than {} gain nothing ({} with {}, {} with {}): what waits for each other sets the pace.",
            counted(enough.jobs, "job"),
            seconds(enough.makespan_s.p50),
            enough.jobs,
            seconds(last.makespan_s.p50),
            last.jobs
        )
    } else {
        format!(
            "every step up to {} still gains: {} with {}.",
            counted(last.jobs, "job"),
            change_s(first.makespan_s.p50, last.makespan_s.p50),
            last.jobs
        )
    })
}
