//! The whole pipeline.

use super::codebase::{Codebase, discovered, ended_by, go_on, release};
use super::find::{find_package, find_target};
use super::gather::{Gathered, Past, gather, plan_input};
use super::options::Options;
use super::past_commits::{PastCommits, Wanted, past_commits};
use super::progress::Stage;
use super::standing::standing;
use crate::budget::Watch;
use crate::bug::caught_anywhere;
use crate::cost::Costs;
use crate::cost::import::TestTimes;
use crate::deploy::{
    Candidate, DeploySplit, Deployable, FoundSplit, ReplayedDeploys, ServicesInput, Standing,
    add_deploy_splits, call_as_deployed, candidates, deploy_splits, deployables, keep_services,
    replay_deploys,
};
use crate::diagnostic::Diagnostic;
use crate::discover::Repository;
use crate::error::Result;
use crate::gate::MANY_JOBS;
use crate::history::History;
use crate::ids::PackageId;
use crate::plan::{Lever, PackageAdvice, PlanInput, PlanOptions, advise, levers};
use crate::replay::{Input, Replay, add_reasons, replay};
use crate::report::{
    Code, PageInput, ReplayedHistory, Report, ReportInput, Settings, StructureReport, add_built,
    add_pipeline, build, place_programs,
};

/// A finished analysis: what every stage found.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The code and its references.
    pub codebase: Codebase,
    /// What git remembers; empty without git.
    pub history: History,
    /// Costs, one entry per mode of [`Options::modes`].
    pub costs: Vec<Costs>,
    /// One piece of advice per package that has a library or binary.
    pub advice: Vec<PackageAdvice>,
    /// The binaries and what they need.
    pub deployables: Vec<Deployable>,
    /// Which of them are deployed, and what says so.
    pub standing: Standing,
    /// Parts of them that could be services of their own.
    pub candidate_services: Vec<Candidate>,
    /// What the latest commits deploy again; `None` without any, or without a program.
    pub deploys: Option<ReplayedDeploys>,
    /// Packages whose split saves deploys, those first that save most.
    pub deploy_splits: Vec<DeploySplit>,
    /// What the latest commits compile again; `None` without any that concerns a build.
    pub replay: Option<Replay>,
    /// What was looked at for it.
    looked_at: ReplayedHistory,
    /// Settings that save time without a split.
    pub levers: Vec<Lever>,
    /// What could not be read or understood, by any stage.
    pub diagnostics: Vec<Diagnostic>,
    /// The options that it was made with.
    pub settings: Settings,
    /// Whether files with seconds were given.
    pub(super) files: bool,
    /// How long tests ran, if that is known.
    pub(super) test_times: Option<TestTimes>,
}

/// Analyses a directory: discovers, parses, resolves, models costs, plans and predicts.
///
/// Reads only: nothing of the analysed repository is run, and nothing is written. For one input and seed the
/// result is always the same.
///
/// # Errors
/// Those of [`discover`](crate::discover::discover) and [`Codebase::costs_from`], [`Error::UnknownPackage`](crate::Error::UnknownPackage) for
/// [`Options::package`], [`Error::InvalidOption`](crate::Error::InvalidOption) for numbers out of their range, and [`Error::Stopped`](crate::Error::Stopped) by
/// [`Options::budget`].
pub fn analyze(options: &Options) -> Result<Analysis> {
    options.check()?;
    let watch = Watch::begin(&options.budget);
    let past = Past::begin(options, &watch);
    let discovered = discovered(options, &watch)?;
    let repository = &discovered.repository;
    let package = match &options.package {
        Some(name) => Some(find_package(repository, name, &options.path)?),
        // A number of crates can only mean the one package there is.
        None if options.crates.is_some() && repository.packages.len() == 1 => {
            repository.packages.ids().next()
        }
        None => None,
    };
    let target = options.target.as_ref();
    let target = target.map(|wanted| find_target(repository, package, wanted)).transpose()?;
    let package = package.or(target.map(|(package, _)| package));
    let settings = settings(repository, options);
    let (standing, found_deployed) = standing(repository);
    let Gathered { codebase, history, costs, mut diagnostics, sources } =
        gather(discovered, past, options, &watch)?;
    let settings = Settings { commit: history.head.clone(), ..settings };
    diagnostics.extend(found_deployed);
    let _span = options.on_stage.begin(Stage::Plan);
    let input = plan_input(&codebase, &history, &costs);
    let tools = ended_by(&options.history.tools, &watch);
    let plan = PlanOptions {
        cancel: watch.token(),
        krate: target.map(|(_, krate)| krate),
        ..plan_options(options, package)
    };
    let wanted = Wanted::of(options);
    let git_root = options.history.of.as_ref().map_or(&codebase.repository.root, |of| &of.root);
    let past = || past_commits(&codebase.repository, &sources, &history, (git_root, &tools), &wanted);
    let (advised, (others, past)) = rayon::join(
        || caught_anywhere(|| advise(&input, &plan)),
        || {
            rayon::join(
                || caught_anywhere(|| (programs(&input, &standing), levers(&input, &plan))),
                || caught_anywhere(past),
            )
        },
    );
    let (mut advice, found) =
        advised.unwrap_or_else(|bug| (Vec::new(), vec![bug.diagnostic("preparing plans")]));
    diagnostics.extend(found);
    let ((mut deployables, mut candidate_services), levers) = others.unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("looking at binaries and settings"));
        Default::default()
    });
    release(sources);
    let past = past.unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("placing commits"));
        Default::default()
    });
    diagnostics.extend(past.diagnostics.iter().cloned());
    go_on(&watch, options, Stage::Plan)?;
    let deployed = standing.deployed.iter().map(|program| program.target).collect();
    let deploy_splits = caught_anywhere(|| {
        let services = past.services(input, &deployed, &[]);
        split_for_deploys(&services, (&deployables, &standing), &plan, &mut advice)
    });
    let deploy_splits = deploy_splits.unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("looking for splits that save deploys"));
        Vec::new()
    });
    go_on(&watch, options, Stage::Plan)?;
    let replay = caught_anywhere(|| replayed(&past, &input, &advice, options)).unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("replaying commits"));
        None
    });
    let deploys = caught_anywhere(|| {
        let services = past.services(input, &deployed, &advice);
        replay_deploys(&services, &mut deployables, &mut candidate_services)
    });
    let deploys = deploys.unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("replaying deploys"));
        None
    });
    if let Some(replay) = &replay {
        add_reasons(replay, &mut advice);
    }
    go_on(&watch, options, Stage::Plan)?;
    let looked_at = past.looked_at();
    let files = !options.costs.is_empty();
    Ok(Analysis {
        codebase,
        history,
        costs,
        advice,
        deployables,
        candidate_services,
        standing,
        deploys,
        deploy_splits,
        replay,
        looked_at,
        levers,
        diagnostics,
        settings,
        files,
        test_times: options.test_times.clone(),
    })
}

/// The binaries, and what of those that are deployed could be a service of its own.
fn programs(input: &PlanInput<'_>, standing: &Standing) -> (Vec<Deployable>, Vec<Candidate>) {
    let mut programs = deployables(input);
    call_as_deployed(&mut programs, standing);
    let found = candidates(input.repository, input.resolution, &programs, standing);
    keep_services(&mut programs, standing);
    (programs, found)
}

/// Packages whose split saves deploys; where that alone pays it becomes what is advised. Whoever asks for a number of crates gets
/// that plan.
fn split_for_deploys(
    services: &ServicesInput<'_>,
    (programs, standing): (&[Deployable], &Standing),
    options: &PlanOptions,
    advice: &mut [PackageAdvice],
) -> Vec<DeploySplit> {
    if options.crates.is_some() {
        return Vec::new();
    }
    let repository = services.plan.repository;
    let mut advise = |found: &FoundSplit<'_>| add_deploy_splits(repository, found, advice);
    deploy_splits(services, programs, standing, options, &mut advise)
}

fn replayed(
    past: &PastCommits,
    plan: &PlanInput<'_>,
    advice: &[PackageAdvice],
    options: &Options,
) -> Option<Replay> {
    replay(&Input {
        plan: *plan,
        advice,
        commits: &past.commits,
        code_owners: past.code_owners.as_ref(),
        uses: &past.uses,
        mentions: &past.mentions,
        jobs: options.jobs,
        pace: past.pace,
        cache: options.cache,
    })
}

impl Analysis {
    /// The analysis as the versioned report.
    pub fn report(&self) -> Report {
        let mut report = build(&ReportInput {
            repository: &self.codebase.repository,
            resolution: &self.codebase.resolution,
            costs: &self.costs,
            advice: &self.advice,
            deployables: &self.deployables,
            candidate_services: &self.candidate_services,
            deploys: self.deploys.as_ref(),
            deploy_splits: &self.deploy_splits,
            replay: self.replay.as_ref().map(|replay| (replay, self.looked_at)),
            levers: &self.levers,
            diagnostics: &self.diagnostics,
            settings: &self.settings,
        });
        report.other_binaries =
            place_programs(&self.codebase.repository, &self.standing, &mut report.deployables);
        add_pipeline(&mut report, &self.standing);
        add_built(&mut report.costs, &self.codebase.built, &self.codebase.repository, self.files);
        let Codebase { repository, resolution, .. } = &self.codebase;
        let drawn = caught_anywhere(|| {
            let jobs = [self.settings.jobs, MANY_JOBS];
            let structure = StructureReport::new(&Code::new(repository, resolution));
            (structure, self.codebase.clean_builds(&self.costs, &jobs))
        });
        match drawn {
            Ok((structure, builds)) => (report.structure, report.builds) = (Some(structure), builds),
            Err(bug) => report.diagnostics.push(bug.diagnostic("looking at the structure")),
        }
        report
    }
}

impl Analysis {
    /// What a page shows beside its report.
    pub fn page(&self, report: &Report) -> PageInput {
        let _span = tracing::info_span!("page").entered();
        PageInput::new(&plan_input(&self.codebase, &self.history, &self.costs), &self.advice, report)
    }
}

pub(super) fn plan_options(options: &Options, package: Option<PackageId>) -> PlanOptions {
    PlanOptions {
        package,
        crates: options.crates,
        max_effort: options.max_effort,
        noise_floor_s: options.min_saving_s,
        commits_per_week: options.commits_per_week,
        edits_per_commit: options.edits_per_commit,
        payback_weeks: options.payback_weeks,
        jobs: options.jobs,
        seed: options.seed,
        ..PlanOptions::default()
    }
}

fn settings(repository: &Repository, options: &Options) -> Settings {
    Settings {
        target: repository.cfg.triple.clone(),
        jobs: options.jobs,
        seed: options.seed,
        package: options.package.clone(),
        crates: options.crates,
        features: options.discover.features.clone(),
        all_features: options.discover.all_features,
        no_default_features: options.discover.no_default_features,
        cfgs: options.discover.cfgs.clone(),
        exclude: options.discover.exclude.clone(),
        max_effort: options.max_effort,
        commit: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn a_bug_in_any_stage_costs_no_more_than_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let members = ["fine", "read", "follow", "collect", "plan"];
        write("Cargo.toml", &format!("[workspace]\nmembers = {members:?}\nresolver = \"3\"\n"));
        for (member, name, text) in [
            ("fine", "fine", "pub fn f() {}"),
            ("read", "read", "mod deep;\n// trip_parse"),
            ("follow", "follow", "fn a() { b(); }\nfn b() {}\nfn trip_walk() {}"),
            ("collect", "trip_collect", "fn f() {}"),
            ("plan", "trip_plan", "fn f() {}"),
        ] {
            let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
            write(&format!("{member}/Cargo.toml"), &manifest);
            write(&format!("{member}/src/lib.rs"), text);
        }
        write("read/src/deep.rs", "pub fn kept() {}");
        let report = analyze(&Options::new(dir.path())).unwrap().report();
        let mut found: Vec<(String, Option<u32>)> = Vec::new();
        for problem in report.diagnostics.iter().filter(|problem| problem.code == Code::Bug) {
            assert!(problem.message.contains("tripped in"), "{problem}");
            found.push((problem.path.clone().unwrap_or_default(), problem.line));
        }
        found.sort();
        let expected = [
            ("collect/src/lib.rs", None),
            ("follow/src/lib.rs", Some(3)),
            ("plan/Cargo.toml", None),
            ("read/src/lib.rs", None),
        ];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
        let advised: Vec<&str> = report.packages.iter().map(|package| package.name.as_str()).collect();
        for name in ["fine", "follow", "read", "trip_collect"] {
            assert!(advised.contains(&name), "{advised:?}");
        }
        assert!(!advised.contains(&"trip_plan"));
    }
}
