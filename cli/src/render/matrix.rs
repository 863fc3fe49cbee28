//! What a change affects, for pipelines: names, a matrix for GitHub, a child pipeline for GitLab.

use std::io::{self, Write};

use serde::Serialize;
use split_analyzer::report::{AffectedJob, AffectedReport, DeployableReport, ServicesReport};

/// "The total of all outputs in a workflow run can be a maximum of 50 MB", of one job "a maximum of 1 MB" (GitHub, "Workflow
/// syntax: jobs.<job_id>.outputs").
const MOST_BYTES: usize = 1 << 20;

/// A matrix for `strategy.matrix: ${{ fromJSON(…) }}`.
#[derive(Serialize)]
struct Matrix {
    include: Vec<Entry>,
}

/// One job.
#[derive(Serialize)]
struct Entry {
    /// What the job is called.
    name: String,
    /// Arguments for cargo: `-p a -p b`.
    packages: String,
    /// Predicted core seconds.
    seconds: f64,
}

/// "A matrix will generate a maximum of 256 jobs per workflow run" (GitHub, "Running variations of jobs in a workflow").
const MOST_JOBS: usize = 256;

#[derive(Serialize)]
struct Services<'a> {
    include: Vec<Service<'a>>,
}

/// One deployable; what it lacks is empty, since a workflow can't tell absent from empty.
#[derive(Serialize)]
struct Service<'a> {
    name: &'a str,
    package: &'a str,
    binary: &'a str,
    role: &'a str,
    dockerfile: &'a str,
}

/// One name a line.
pub(crate) fn names(report: &AffectedReport, out: &mut dyn Write) -> io::Result<()> {
    report.concerned().iter().try_for_each(|name| writeln!(out, "{name}"))
}

/// One line of JSON; without anything to do `{"include":[]}`, which a workflow has to skip.
pub(crate) fn github(report: &AffectedReport, out: &mut dyn Write) -> io::Result<()> {
    let jobs = report.jobs.as_deref().unwrap_or_default();
    let include = jobs.iter().enumerate().map(|(i, job)| entry(i, job)).collect();
    let mut text = serde_json::to_string(&Matrix { include })?;
    if text.len() > MOST_BYTES {
        text = serde_json::to_string(&Matrix { include: vec![whole(jobs)] })?;
    }
    writeln!(out, "{text}")
}

/// A child pipeline of one job for each part, or of one that does nothing: GitLab refuses an empty one.
pub(crate) fn gitlab(report: &AffectedReport, out: &mut dyn Write) -> io::Result<()> {
    let jobs = report.jobs.as_deref().unwrap_or_default();
    if jobs.is_empty() {
        return writeln!(out, "nothing-affected:\n  script:\n    - \"true\"");
    }
    writeln!(out, "affected:\n  extends: .affected\n  parallel:\n    matrix:")?;
    for job in jobs {
        // JSON's strings are YAML's.
        writeln!(out, "      - PACKAGES: {}", serde_json::to_string(&arguments(job))?)?;
    }
    Ok(())
}

/// What is deployed, or of a change what it affects: one job each. Without anything `{"include":[]}`, which a workflow has to skip.
pub(crate) fn services(report: &ServicesReport, out: &mut dyn Write) -> io::Result<()> {
    let include: Vec<Service<'_>> = report.units().into_iter().take(MOST_JOBS).map(Service::of).collect();
    writeln!(out, "{}", serde_json::to_string(&Services { include })?)
}

impl<'a> Service<'a> {
    fn of(of: &'a DeployableReport) -> Self {
        let recipe = of.evidence.iter().find(|evidence| {
            let name = evidence.file.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            name.contains("dockerfile") || name.contains("containerfile")
        });
        Self {
            name: &of.name,
            package: &of.package,
            binary: &of.target,
            role: of.role.as_deref().unwrap_or_default(),
            dockerfile: recipe.map_or("", |evidence| &evidence.file),
        }
    }
}

fn entry(index: usize, job: &AffectedJob) -> Entry {
    let name = match job.packages.as_slice() {
        [only] => only.clone(),
        [first, ..] => format!("{} {first} (+{})", index + 1, job.packages.len() - 1),
        [] => String::new(),
    };
    Entry { name, packages: arguments(job), seconds: job.seconds }
}

/// Everything in one job: where a list of names would be too long.
fn whole(jobs: &[AffectedJob]) -> Entry {
    let seconds = jobs.iter().map(|job| job.seconds).sum();
    Entry { name: "workspace".to_owned(), packages: "--workspace".to_owned(), seconds }
}

fn arguments(job: &AffectedJob) -> String {
    let arguments: Vec<String> = job.packages.iter().map(|name| format!("-p {name}")).collect();
    arguments.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(jobs: Vec<AffectedJob>) -> AffectedReport {
        AffectedReport {
            schema_version: 1,
            base: "a".into(),
            head: "b".into(),
            everything: false,
            because: None,
            changed_files: Vec::new(),
            packages_in_all: 3,
            packages: Vec::new(),
            tests: Vec::new(),
            deployables: Vec::new(),
            jobs: Some(jobs),
            diagnostics: Vec::new(),
        }
    }

    fn job(packages: &[&str], seconds: f64) -> AffectedJob {
        AffectedJob { packages: packages.iter().map(|p| (*p).to_owned()).collect(), seconds }
    }

    fn text(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn jobs_for_github() {
        let two = report(vec![job(&["a", "b"], 1.5), job(&["c"], 2.0)]);
        assert_eq!(
            text(|out| github(&two, out)),
            "{\"include\":[{\"name\":\"1 a (+1)\",\"packages\":\"-p a -p b\",\"seconds\":1.5},\
             {\"name\":\"c\",\"packages\":\"-p c\",\"seconds\":2.0}]}\n"
        );
        assert_eq!(text(|out| github(&report(Vec::new()), out)), "{\"include\":[]}\n");
        // At the edge of what GitHub takes: one list of names fits, the next does not.
        let long =
            |count: usize| report(vec![AffectedJob { packages: vec!["x".repeat(60); count], seconds: 1.0 }]);
        let fits = (1..).take_while(|n| n * 64 + 200 < MOST_BYTES).last().unwrap();
        let found = text(|out| github(&long(fits), out));
        assert!(found.len() <= MOST_BYTES + 1 && found.contains("-p x"), "{}", found.len());
        assert!(text(|out| github(&long(fits + 10), out)).contains("--workspace"));
    }

    #[test]
    fn jobs_for_gitlab() {
        let two = report(vec![job(&["a", "b"], 1.5), job(&["c"], 2.0)]);
        let expected = "affected:\n  extends: .affected\n  parallel:\n    matrix:\n      - PACKAGES: \"-p a -p b\"\n      \
                        - PACKAGES: \"-p c\"\n";
        assert_eq!(text(|out| gitlab(&two, out)), expected);
        assert!(text(|out| gitlab(&report(Vec::new()), out)).starts_with("nothing-affected:"));
    }
}
