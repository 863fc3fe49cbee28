//! What a change affects: two commits compared, and what that means for today's packages.

use std::collections::BTreeMap;
use std::thread::JoinHandle;

use super::codebase::{Codebase, discovered, ended_by, go_on, release, sources};
use super::options::Options;
use super::progress::Stage;
use super::standing::standing;
use super::versions::{Versions, versions};
use crate::affected::{Depth, Input, OutsideDependency, Rules, Strays, VARIABLES, pack, touched, unlinked};
use crate::budget::Watch;
use crate::bug::caught;
use crate::cost::{self, Mode};
use crate::deploy::{Code, Standing, mark_reach};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::discover::{Repository, directory, outside_dependencies};
use crate::error::Result;
use crate::history::{Changes, ChangesOptions, GitObject, changes};
use crate::ids::{CrateId, Id, IdVec, TargetId};
use crate::parse::{FileUse, Lines, SourceTree, WholeScripts, file_uses, mentions, parts_of};
use crate::report::AffectedReport;
use crate::resolve::Resolution;

/// Which change, and what is to be known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedOptions {
    /// Which commits are compared.
    pub changes: ChangesOptions,
    /// How far it spreads along dependencies.
    pub depth: Depth,
    /// Paths that concern nobody, in `.gitignore`'s syntax, relative to the analysed directory.
    pub ignore: Vec<String>,
    /// Say of each affected package and program whether it can run code that changed.
    pub reach: bool,
    /// Spread what is affected over at most so many jobs of about equal predicted seconds.
    pub jobs: Option<usize>,
}

impl AffectedOptions {
    /// Everything that the changes of `HEAD` since it parted from `since` affect.
    pub fn since(since: impl Into<String>) -> Self {
        Self {
            changes: ChangesOptions::since(since),
            depth: Depth::default(),
            ignore: Vec::new(),
            reach: false,
            jobs: None,
        }
    }
}

/// Says what a change compiles, tests and deploys again.
///
/// The packages are those of the directory as it is; the change is what differs between two commits. Of `options`, those of
/// discovery and the budget count.
///
/// ```no_run
/// use split_analyzer::{AffectedOptions, Options, affected};
///
/// let report = affected(&Options::new("."), &AffectedOptions::since("origin/main"))?;
/// for package in &report.packages {
///     println!("cargo test -p {}", package.name);
/// }
/// # Ok::<(), split_analyzer::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoComparison`](crate::Error::NoComparison) where there is nothing to compare: it says what to fetch. Those of
/// [`discover`](crate::discover::discover), and [`Error::InvalidOption`](crate::Error::InvalidOption) for what is no pattern.
pub fn affected(options: &Options, asked: &AffectedOptions) -> Result<AffectedReport> {
    let watch = Watch::begin(&options.budget);
    let rules = Rules::new(&asked.ignore)?;
    let past = Past::begin(options, asked, &watch);
    let discovered = discovered(options, &watch)?;
    let (standing, found) = standing(&discovered.repository);
    let mut read = if asked.jobs.is_none() && !asked.reach {
        let (repository, sources, diagnostics) = sources(discovered, options, &watch)?;
        Read { repository, sources, diagnostics, standing, names: None }
    } else {
        let (codebase, sources) = Codebase::new(discovered, options, &watch)?;
        let Codebase { repository, resolution, diagnostics, .. } = codebase;
        Read { repository, sources, diagnostics, standing, names: Some(resolution) }
    };
    read.diagnostics.extend(found);
    let changes = past.end();
    go_on(&watch, options, Stage::Plan)?;
    let changes = changes?;
    let report = caught(|| report(&read, &changes, &rules, options, asked))
        .map_err(|bug| bug.error("looking for what is affected"))?;
    release(read.sources);
    go_on(&watch, options, Stage::Plan)?;
    Ok(report)
}

/// What was read of the repository; names are resolved if jobs or reach are asked for.
pub(super) struct Read {
    pub(super) repository: Repository,
    pub(super) sources: SourceTree,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Which programs are deployed.
    pub(super) standing: Standing,
    pub(super) names: Option<Resolution>,
}

/// The comparison, which git works on beside cargo.
pub(super) struct Past(JoinHandle<Result<Changes>>);

impl Past {
    pub(super) fn begin(options: &Options, asked: &AffectedOptions, watch: &Watch) -> Self {
        let tools = ended_by(&asked.changes.tools, watch);
        let (path, asked) = (options.path.clone(), ChangesOptions { tools, ..asked.changes.clone() });
        Self(std::thread::spawn(move || changes(&directory(&path)?, &asked)))
    }

    pub(super) fn end(self) -> Result<Changes> {
        self.0.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// The report of what the changes affect.
pub(super) fn report(
    read: &Read,
    changes: &Changes,
    rules: &Rules,
    options: &Options,
    asked: &AffectedOptions,
) -> AffectedReport {
    let repository = &read.repository;
    let Versions { workspaces, removed, diagnostics } = versions(repository, changes, &options.discover);
    let uses = file_uses(repository, &read.sources);
    let mut wanted = unlinked(&changes.files, &uses);
    wanted.extend(VARIABLES);
    let named = mentions(repository, &read.sources, &wanted);
    let whole_scripts = WholeScripts::new(repository, |target| files_of(&uses, target));
    let programs = read.standing.deployed.iter().map(|program| program.target).collect();
    let (touched, mut affected) = touched(&Input {
        repository,
        uses: &uses,
        mentions: &named,
        whole_scripts: &whole_scripts,
        files: &changes.files,
        workspaces: &workspaces,
        removed: &removed,
        outside: &outside(repository, changes),
        bumps: &[],
        rules,
        strays: Strays::Everybody,
        programs: Some(&programs),
        depth: asked.depth,
    });
    if let Some(resolution) = read.names.as_ref().filter(|_| asked.reach) {
        let parts = changed_parts(repository, changes, &uses);
        let code = Code { repository, resolution, uses: &uses, mentions: &named, parts: Some(&parts) };
        mark_reach(code, &touched, &mut affected);
    }
    let all = read.diagnostics.iter().cloned().chain(diagnostics).chain(not_checked_out(changes));
    let mut report = AffectedReport::new(repository, changes, (&affected, &read.standing), all.collect());
    if let Some((most, resolution)) = asked.jobs.zip(read.names.as_ref()) {
        let names: Vec<String> = report.concerned().into_iter().map(str::to_owned).collect();
        let seconds = seconds(repository, resolution);
        let of_name: Vec<f64> = names.iter().map(|name| seconds.get(name).copied().unwrap_or(0.0)).collect();
        report.set_jobs(&names, &pack(&of_name, most));
    }
    report
}

/// Old sources that are read to compare what is in them: as many as take no more bytes. A choice, above any change that is
/// looked at line by line.
const OLD_SOURCES: u64 = 32 << 20;

/// Of changed sources that are compiled what changed in them, where that is single functions, types and the like.
fn changed_parts(
    repository: &Repository,
    changes: &Changes,
    uses: &BTreeMap<String, Vec<FileUse>>,
) -> BTreeMap<String, Vec<Lines>> {
    let changed = changes.files.iter().filter_map(|file| match &file.before {
        Some(GitObject::Blob(hash)) if file.path.ends_with(".rs") => {
            let used = uses.get(&file.path)?.first()?;
            Some((file.path.as_str(), hash.as_str(), repository.targets[used.target].edition))
        }
        _ => None,
    });
    let changed: Vec<_> = changed.collect();
    let hashes: Vec<&str> = changed.iter().map(|&(_, hash, _)| hash).collect();
    let old = changes.texts(&hashes, OLD_SOURCES);
    let parts = |(path, hash, edition)| {
        let parts = parts_of(repository, path, old.get(hash)?, edition)?;
        Some((path.to_owned(), parts))
    };
    changed.into_iter().filter_map(parts).collect()
}

fn files_of(uses: &BTreeMap<String, Vec<FileUse>>, target: TargetId) -> Vec<String> {
    let of_target = uses.iter().filter(|(_, uses)| uses.iter().any(|used| used.target == target));
    of_target.map(|(file, _)| file.clone()).collect()
}

fn outside(repository: &Repository, changes: &Changes) -> Vec<OutsideDependency> {
    if !changes.files.iter().any(|file| file.path.starts_with("../")) {
        return Vec::new();
    }
    let found = outside_dependencies(repository);
    found.into_iter().map(|(user, dir, dev)| OutsideDependency { dir, user, dev }).collect()
}

/// Packages are read from the directory, whichever commits are compared.
fn not_checked_out(changes: &Changes) -> Option<Diagnostic> {
    let message = format!(
        "{} is not checked out: packages and their dependencies are those of the directory as it is",
        changes.head
    );
    (!changes.checked_out).then(|| Diagnostic::new(Severity::Warning, diagnostic::Code::NoHistory, message))
}

/// Core seconds of compiling each package with its tests, by name.
fn seconds(repository: &Repository, resolution: &Resolution) -> BTreeMap<String, f64> {
    let costs = cost::model(repository, resolution, Mode::Test);
    let mut seconds: BTreeMap<String, f64> = BTreeMap::new();
    for (id, target) in repository.targets.iter_enumerated() {
        let krate = CrateId::from_index(id.index());
        let of = |all: &IdVec<CrateId, cost::Cost>| all.get(krate).map_or(0.0, |cost| cost.total_s());
        let name = repository.packages[target.package].name.clone();
        *seconds.entry(name).or_default() +=
            of(&costs.crates) + of(&costs.harnesses) + costs.overhead.crate_s;
    }
    seconds
}
