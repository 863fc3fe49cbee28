//! What is deployed, what says so, what commits deploy again, and which of it a change affects.

#[cfg(test)]
mod tests;

use super::affected::{AffectedOptions, Past, Read, report};
use super::analyze::plan_options;
use super::codebase::{Codebase, discovered, ended_by, go_on, release};
use super::gather::{self, plan_input};
use super::options::Options;
use super::past_commits::{Wanted, past_commits};
use super::progress::Stage;
use super::standing::standing;
use crate::affected::Rules;
use crate::budget::Watch;
use crate::bug::{caught, caught_anywhere};
use crate::cost::{Costs, Mode};
use crate::deploy::{
    Candidate, DeploySplit, Deployable, ReplayedDeploys, Standing, call_as_deployed, candidates,
    deploy_splits, deployables, keep_services, replay_deploys,
};
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::history::History;
use crate::parse::SourceTree;
use crate::plan::PlanInput;
use crate::report::{
    FoundServices, ServicesReport, candidate_reports, deployable_reports, deploys_report, place_programs,
};

/// Says which programs are deployed, with the lines that say so, what each needs of the repository, and what the latest commits
/// deploy again.
///
/// With `change`, which of them it affects, in the place of what commits deploy.
///
/// ```no_run
/// use split_analyzer::{Options, services};
///
/// for deployable in services(&Options::new("."), None)?.deployables {
///     println!("{}: {} lines say so", deployable.name, deployable.evidence.len());
/// }
/// # Ok::<(), split_analyzer::Error>(())
/// ```
///
/// # Errors
/// Those of [`discover`](crate::discover::discover); with a change those of [`affected`](crate::affected()).
pub fn services(options: &Options, change: Option<&AffectedOptions>) -> Result<ServicesReport> {
    let watch = Watch::begin(&options.budget);
    let rules = change.map(|change| Rules::new(&change.ignore)).transpose()?;
    let past = change.map(|change| Past::begin(options, change, &watch));
    let log = change.is_none().then(|| gather::Past::begin(options, &watch));
    let discovered = discovered(options, &watch)?;
    let (standing, found) = standing(&discovered.repository);
    let (codebase, sources) = Codebase::new(discovered, options, &watch)?;
    let (history, of_log) = log.map_or_else(Default::default, gather::Past::end);
    let costs =
        caught_anywhere(|| codebase.costs(&[Mode::Check])).map_err(|bug| bug.error("estimating costs"))?;
    let mut diagnostics = codebase.diagnostics.clone();
    diagnostics.extend(found.into_iter().chain(of_log));
    let world = World {
        options,
        watch: &watch,
        standing: &standing,
        codebase: &codebase,
        sources: &sources,
        history: &history,
        costs: &costs,
    };
    let found = world.found(&mut diagnostics);
    go_on(&watch, options, Stage::Plan)?;
    let affected = match change.zip(past).zip(rules) {
        None => {
            release(sources);
            None
        }
        Some(((change, past), rules)) => {
            let changes = past.end()?;
            let Codebase { repository, resolution, .. } = codebase;
            let read =
                Read { repository, sources, diagnostics: Vec::new(), standing, names: Some(resolution) };
            let report = caught(|| report(&read, &changes, &rules, options, change))
                .map_err(|bug| bug.error("looking for what is affected"))?;
            release(read.sources);
            Some(report)
        }
    };
    go_on(&watch, options, Stage::Plan)?;
    Ok(ServicesReport::new(found, affected.as_ref(), diagnostics))
}

/// All that programs are looked at with.
struct World<'a> {
    options: &'a Options,
    watch: &'a Watch,
    standing: &'a Standing,
    codebase: &'a Codebase,
    sources: &'a SourceTree,
    history: &'a History,
    costs: &'a [Costs],
}

impl World<'_> {
    fn found(&self, diagnostics: &mut Vec<Diagnostic>) -> FoundServices {
        let Codebase { repository, resolution, .. } = self.codebase;
        let input = plan_input(self.codebase, self.history, self.costs);
        let mut or_none = |bug: crate::bug::Bug, doing: &str| diagnostics.push(bug.diagnostic(doing));
        let mut programs = caught_anywhere(|| deployables(&input)).unwrap_or_else(|bug| {
            or_none(bug, "looking at binaries");
            Vec::new()
        });
        call_as_deployed(&mut programs, self.standing);
        let proposed = caught_anywhere(|| candidates(repository, resolution, &programs, self.standing));
        let mut proposed = proposed.unwrap_or_else(|bug| {
            or_none(bug, "looking for services");
            Vec::new()
        });
        keep_services(&mut programs, self.standing);
        let replayed = caught_anywhere(|| self.replayed(input, &mut programs, &mut proposed));
        let (deploys, splits, found) = replayed.unwrap_or_else(|bug| {
            or_none(bug, "replaying deploys");
            Default::default()
        });
        diagnostics.extend(found);
        let names = (repository, resolution);
        let replayed = deploys.as_ref().map_or(0, |deploys| deploys.replayed);
        let mut deployables = deployable_reports(names, replayed, &programs);
        FoundServices {
            other_binaries: place_programs(repository, self.standing, &mut deployables),
            deployables,
            candidates: candidate_reports(names, replayed, &proposed),
            deploys: deploys.map(|deploys| deploys_report(names, &deploys, &splits)),
        }
    }

    /// What the latest commits deploy again, and the packages whose split saves deploys.
    fn replayed(
        &self,
        input: PlanInput<'_>,
        programs: &mut [Deployable],
        candidates: &mut [Candidate],
    ) -> (Option<ReplayedDeploys>, Vec<DeploySplit>, Vec<Diagnostic>) {
        let tools = ended_by(&self.options.history.tools, self.watch);
        let wanted = Wanted::of(self.options);
        let repository = &self.codebase.repository;
        let git_root = self.options.history.of.as_ref().map_or(&repository.root, |of| &of.root);
        let past = past_commits(repository, self.sources, self.history, (git_root, &tools), &wanted);
        let deployed = self.standing.deployed.iter().map(|program| program.target).collect();
        let services = past.services(input, &deployed, &[]);
        let plan = plan_options(self.options, None);
        let splits = deploy_splits(&services, programs, self.standing, &plan, &mut |_| ());
        let deploys = replay_deploys(&services, programs, candidates);
        (deploys, splits, past.diagnostics)
    }
}
