//! `check`: a gate for CI.

use split_analyzer::config::FILE_NAME;
use split_analyzer::diagnostic::{Code, Severity};
use split_analyzer::gate::{Baseline, CheckReport};
use split_analyzer::history::HistoryOptions;
use split_analyzer::report::Report;
use split_analyzer::{Analysis, Checked, Options};

use super::{built, cost_inputs, options, say};
use crate::args::{CheckArgs, CheckFormat, Input};
use crate::output::OutDir;
use crate::progress::Progress;
use crate::render::answer::Analysed;
use crate::render::terminal::{Screen, columns};
use crate::render::{findings, json, markdown, openmetrics, terminal};
use crate::{Exit, diagnostics};

/// Analyses, checks and answers.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let out_dir = args.out.as_ref().map(|dir| OutDir::new(dir, Some(&args.input.path))).transpose()?;
    let progress = Progress::start();
    let common = options(&args.input, progress.on_stage());
    let options = Options {
        history: HistoryOptions {
            max_commits: common.history.max_commits.max(2 * args.commits as usize),
            ..common.history
        },
        commits: args.commits as usize,
        jobs: args.jobs.get(),
        costs: cost_inputs(&args.seconds, &args.input.limits)?,
        built: built(&args.seconds)?,
        ..common
    };
    let analysis = split_analyzer::analyze(&options)?;
    let report = analysis.report();
    let checked = analysis.check(&report)?;
    drop(progress);
    let checked = match is_misconfigured(&checked.report) {
        true => checked,
        false => update(args, &analysis, &report, checked)?,
    };
    let page = out_dir.is_some().then(|| analysis.page(&report));
    std::mem::forget(analysis);
    if let Some(dir) = &out_dir {
        Analysed { report: &report, page: page.as_ref(), check: Some(&checked.report) }.write_files(dir)?;
        write_files(args, &checked.report, dir)?;
    }
    let said =
        say(&args.input, &checked.report.diagnostics, |out| write(args, &report, &checked.report, out))?;
    Ok(exit(args, &checked.report, said))
}

/// A bad configuration and unread input come before what the gates say.
fn exit(args: &CheckArgs, report: &CheckReport, said: Exit) -> Exit {
    if is_misconfigured(report) {
        diagnostics::error(&anyhow::anyhow!("{FILE_NAME} has errors: see above"));
        return Exit::Failed;
    }
    match said {
        Exit::Done if !report.passed(args.allow_degraded) => Exit::Unmet,
        other => other,
    }
}

/// A gate with a rule that means nothing would hold for ever.
fn is_misconfigured(report: &CheckReport) -> bool {
    report
        .diagnostics
        .iter()
        .any(|found| found.code == Code::InvalidConfig && found.severity == Severity::Error)
}

/// Writes the baseline anew, if that was asked.
fn update(
    args: &CheckArgs,
    analysis: &Analysis,
    report: &Report,
    checked: Checked,
) -> anyhow::Result<Checked> {
    let mut checked = checked;
    let mut baseline = None;
    if args.prune {
        let (again, pruned) = analysis.prune(report, &checked)?;
        (checked, baseline) = (again, Some(pruned));
    }
    if let Some(reason) = &args.accept {
        let (again, accepted) = analysis.accept(report, &checked, reason)?;
        (checked, baseline) = (again, Some(accepted));
    }
    if let Some(baseline) = baseline {
        write_baseline(&args.input, &checked, &baseline)?;
    }
    Ok(checked)
}

fn write_baseline(input: &Input, checked: &Checked, baseline: &Baseline) -> anyhow::Result<()> {
    let (dir, name) = OutDir::of_file(&checked.file, Some(&input.path))?;
    dir.write(name, |out| out.write_all(baseline.to_toml().as_bytes()))?;
    diagnostics::note(&format!("{} entries in {}", baseline.len(), checked.file.display()));
    Ok(())
}

fn write(
    args: &CheckArgs,
    report: &Report,
    check: &CheckReport,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    match args.format {
        CheckFormat::Terminal if is_misconfigured(check) => {
            writeln!(out, "Not checked: {FILE_NAME} has errors.")
        }
        CheckFormat::Terminal => {
            terminal::check(check, args.allow_degraded, &mut Screen::new(out, columns()))
        }
        CheckFormat::Json => json::write(check, out),
        CheckFormat::Markdown => markdown::check(check, args.allow_degraded, out),
        CheckFormat::Sarif => findings::sarif(&check.tool, &check.findings, out),
        CheckFormat::Junit => findings::junit(check, args.allow_degraded, out),
        CheckFormat::Github => findings::annotations(&check.findings, out),
        CheckFormat::Gitlab => findings::code_quality(&check.findings, out),
        CheckFormat::Openmetrics => openmetrics::openmetrics(report, Some(check), out),
    }
}

/// What the check says beside the report's own files.
fn write_files(args: &CheckArgs, check: &CheckReport, dir: &OutDir) -> anyhow::Result<()> {
    dir.write("check.json", |out| json::write(check, out))?;
    dir.write("check.md", |out| markdown::check(check, args.allow_degraded, out))?;
    dir.write("junit.xml", |out| findings::junit(check, args.allow_degraded, out))
}
