//! The first half of the pipeline: from a directory to the references between its items.

use rayon::prelude::*;

use super::find::find_package;
use super::options::Options;
use super::progress::Stage;
use crate::base::ToolOptions;
use crate::budget::Watch;
use crate::bug::{caught, caught_anywhere};
use crate::cost::built::{Built, built};
use crate::cost::import::CostInput;
use crate::cost::measured::{BuildMode, CostsFile, KnownSeconds, with_known, with_known_tests};
use crate::cost::{self, Mode};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{BuiltOptions, DiscoverOptions, Repository, built_dirs, discover_telling};
use crate::error::{Error, Result};
use crate::graph::{ItemGraph, Level, item_graph, quotient};
use crate::ids::PackageId;
use crate::parse::{Ahead, SourceTree, load_after};
use crate::report::{
    ExplainReport, GraphPart, GraphReport, SmallerPicture, explain, graph_report, part_report, select,
    smaller_pictures,
};
use crate::resolve::{Resolution, resolve_within};

/// Everything that is known of a repository's code.
#[derive(Debug, Clone)]
pub struct Codebase {
    /// Workspaces, packages, targets.
    pub repository: Repository,
    /// Modules, items, and the references between items.
    pub resolution: Resolution,
    /// The references as a graph over items.
    pub graph: ItemGraph,
    /// What earlier builds have left; empty if [`Options::built`] leaves it out.
    pub built: Built,
    /// What could not be read or understood so far.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the directory of [`Options::path`] and resolves its names.
///
/// # Errors
/// Those of [`discover`](crate::discover::discover), and [`Error::Stopped`]. What is wrong with single files is in
/// [`Codebase::diagnostics`].
pub fn read(options: &Options) -> Result<Codebase> {
    let watch = Watch::begin(&options.budget);
    let (codebase, sources) = Codebase::new(discovered(options, &watch)?, options, &watch)?;
    release(sources);
    Ok(codebase)
}

/// What the first stage alone has found.
pub(crate) struct Discovered {
    pub(crate) repository: Repository,
    diagnostics: Vec<Diagnostic>,
    ahead: Ahead,
}

/// The first stage alone; files are read already.
pub(crate) fn discovered(options: &Options, watch: &Watch) -> Result<Discovered> {
    let _span = options.on_stage.begin(Stage::Discover);
    let discover =
        DiscoverOptions { tools: ended_by(&options.discover.tools, watch), ..options.discover.clone() };
    let mut ahead = Ahead::default();
    let (repository, diagnostics) =
        caught(|| discover_telling(&options.path, &discover, |glimpse| ahead.begin(glimpse)))
            .map_err(|bug| bug.error("finding packages"))??;
    Ok(Discovered { repository, diagnostics, ahead })
}

/// The same options of programs, which end when the analysis does.
pub(crate) fn ended_by(tools: &ToolOptions, watch: &Watch) -> ToolOptions {
    ToolOptions { cancel: watch.token(), ..tools.clone() }
}

/// The sources of what was discovered, names not resolved.
pub(crate) fn sources(
    discovered: Discovered,
    options: &Options,
    watch: &Watch,
) -> Result<(Repository, SourceTree, Vec<Diagnostic>)> {
    let Discovered { repository, mut diagnostics, ahead } = discovered;
    let _span = options.on_stage.begin(Stage::Parse);
    let (sources, found) = load_after(&repository, ahead, watch);
    go_on(watch, options, Stage::Parse)?;
    diagnostics.extend(found);
    Ok((repository, sources, diagnostics))
}

/// An error if the analysis is to stop; what the stage that just ended made may be incomplete then.
pub(crate) fn go_on(watch: &Watch, options: &Options, stage: Stage) -> Result<()> {
    match watch.cause() {
        Some(cause) => Err(Error::Stopped { path: options.path.clone(), doing: stage.to_string(), cause }),
        None => Ok(()),
    }
}

/// Frees facts (millions of small boxes) on a thread of its own. To be called when no stage is left that could use the
/// core; a program that ends first has lost nothing.
pub(crate) fn release(sources: SourceTree) {
    // Without a thread it is freed here.
    let _ = std::thread::Builder::new().name("release".to_owned()).spawn(move || drop(sources));
}

impl Codebase {
    /// Parses and resolves what was discovered. The facts are needed no more, but see [`release`].
    pub(crate) fn new(
        discovered: Discovered,
        options: &Options,
        watch: &Watch,
    ) -> Result<(Self, SourceTree)> {
        let Discovered { repository, mut diagnostics, ahead } = discovered;
        let (code, (built, left)) = std::thread::scope(|scope| {
            // Mostly waiting for the file system, beside stages that compute.
            let left = scope.spawn(|| {
                caught(|| left_by_builds(&repository, options.built.as_ref())).unwrap_or_else(|bug| {
                    (Built::default(), vec![bug.diagnostic("reading what earlier builds have left")])
                })
            });
            let code = code(&repository, ahead, (options, watch), &mut diagnostics);
            (code, left.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (sources, resolution, graph) = code?;
        diagnostics.extend(left);
        Ok((Self { repository, resolution, graph, built, diagnostics }, sources))
    }

    /// The dependency graph at a level; with `unresolved`, also the references that could not be followed.
    pub fn graph_report(&self, level: Level, unresolved: bool) -> GraphReport {
        let quotient = quotient(&self.resolution, &self.graph, level);
        graph_report(&self.repository, &self.resolution, level, &quotient, unresolved)
    }

    /// A part of that graph.
    pub fn part_of_graph(&self, level: Level, part: GraphPart, unresolved: bool) -> GraphReport {
        part_report((&self.repository, &self.resolution), &self.graph, (level, part), unresolved)
    }

    /// Smaller pictures of what a part of the graph shows, each of [`PICTURE_NODES`](crate::report::PICTURE_NODES) nodes at
    /// most.
    pub fn smaller_pictures(&self, level: Level, part: GraphPart) -> Vec<SmallerPicture> {
        smaller_pictures(&self.repository, &self.resolution, (level, part))
    }

    /// The package that a name, a directory or a manifest means.
    ///
    /// # Errors
    /// [`Error::UnknownPackage`] and [`Error::AmbiguousPackage`].
    pub fn package(&self, name: &str) -> Result<PackageId> {
        find_package(&self.repository, name, &self.repository.root)
    }

    /// Why one part depends on another; both by name, see [`select`].
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName) when a name means nothing, or more than one thing.
    pub fn explain(&self, from: &str, to: &str) -> Result<ExplainReport> {
        let find = |name| select(&self.repository, &self.resolution, name);
        Ok(explain(&self.resolution, &find(from)?, &find(to)?))
    }

    /// Modelled costs, one entry per mode.
    pub fn costs(&self, modes: &[Mode]) -> Vec<cost::Costs> {
        modes.par_iter().map(|&mode| cost::model(&self.repository, &self.resolution, mode)).collect()
    }

    /// Costs, one entry per mode. Seconds of the files come first, then those of earlier builds, then the model's, scaled by
    /// what is known; see [`with_known`].
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when a file can't be read, or holds no crate of this
    /// repository.
    pub fn costs_from(&self, modes: &[Mode], inputs: &[CostInput]) -> Result<Vec<cost::Costs>> {
        Ok(self.costs_and_files(modes, inputs)?.0)
    }

    /// Likewise, with what the files hold.
    pub(crate) fn costs_and_files(
        &self,
        modes: &[Mode],
        inputs: &[CostInput],
    ) -> Result<(Vec<cost::Costs>, Vec<CostsFile>)> {
        if inputs.is_empty() && self.built.builds.is_empty() && self.built.edits.is_empty() {
            let costs = caught_anywhere(|| self.costs(modes)).map_err(|bug| bug.error("estimating costs"))?;
            return Ok((costs, Vec::new()));
        }
        let read = |input: &CostInput| {
            caught(|| input.read(&self.repository)).map_err(|bug| bug.error("reading measured seconds"))?
        };
        let mut files = inputs.iter().map(read).collect::<Result<Vec<_>>>()?;
        let given: Vec<Mode> = files.iter().filter_map(CostsFile::cost_mode).collect();
        let tested = files.iter().any(|file| file.build.mode == BuildMode::Test);
        let mut left = self.built.best(&self.repository);
        left.retain(|left| match left.costs.cost_mode() {
            Some(mode) => !given.contains(&mode),
            None => modes.contains(&Mode::Test) && !tested && left.costs.build.mode == BuildMode::Test,
        });
        let edits = self.built.edits.iter();
        let known: Vec<KnownSeconds<'_>> = files
            .iter()
            .chain(left.iter().map(|left| &left.costs))
            .map(KnownSeconds::Build)
            .chain(edits.map(|edit| KnownSeconds::Edit { file: &edit.costs, edited: &edit.edited }))
            .collect();
        let (costs, found) = caught_anywhere(|| {
            // What is known of one mode says something of the others, whether they are wanted or not.
            let modelled = self.costs(&Mode::FITTED);
            with_known(modelled, &known, &self.repository, &self.resolution)
        })
        .map_err(|bug| bug.error("estimating costs"))?;
        for ((input, file), found) in inputs.iter().zip(&files).zip(found) {
            if found == 0 {
                let units = file.units.len();
                let message = format!(
                    "of its {units} units none is a crate of this repository in a profile that is known ({}): fresh \
                     units have no seconds",
                    file.cost_mode().map_or("it is of tests or of another profile", mode_name)
                );
                return Err(Error::InvalidInput { path: input.path().to_owned(), line: 0, message });
            }
        }
        // Tests are compiled as a `dev` build is: what is known of one is known of the other.
        let of_mode = |&mode: &Mode| {
            let of = |mode| costs.iter().find(|costs: &&cost::Costs| costs.mode == mode);
            match mode {
                Mode::Test => of(Mode::Dev).map(|dev| {
                    let costs = cost::for_tests(&self.repository, &self.resolution, dev);
                    with_known_tests(costs, &known, &self.repository, &self.resolution)
                }),
                _ => of(mode).cloned(),
            }
        };
        let wanted = modes.iter().filter_map(of_mode).collect();
        files.extend(left.iter().map(|left| left.costs.clone()));
        Ok((wanted, files))
    }
}

/// Parses, resolves, and sums references up.
fn code(
    repository: &Repository,
    ahead: Ahead,
    (options, watch): (&Options, &Watch),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(SourceTree, Resolution, ItemGraph)> {
    let (sources, found) = {
        let _span = options.on_stage.begin(Stage::Parse);
        load_after(repository, ahead, watch)
    };
    go_on(watch, options, Stage::Parse)?;
    diagnostics.extend(found);
    let (resolution, found) = {
        let _span = options.on_stage.begin(Stage::Resolve);
        resolve_within(repository, &sources, watch)
    };
    go_on(watch, options, Stage::Resolve)?;
    diagnostics.extend(found);
    let _span = options.on_stage.begin(Stage::Graph);
    let graph = caught_anywhere(|| item_graph(&resolution)).unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("counting references"));
        ItemGraph::default()
    });
    Ok((sources, resolution, graph))
}

/// What earlier builds have left, and what of it was not used.
fn left_by_builds(repository: &Repository, options: Option<&BuiltOptions>) -> (Built, Vec<Diagnostic>) {
    let Some(options) = options else { return Default::default() };
    let dirs = built_dirs(repository, options);
    let found = built(&dirs, repository);
    let asked = options.target_dir.is_some();
    let left_out = dirs.left_out.iter().map(|left| {
        let severity = if asked { Severity::Warning } else { Severity::Info };
        Diagnostic::new(severity, Code::BuiltDirectory, left.reason.clone()).at(left.dir.clone())
    });
    let refused = found.refused.iter().map(|refusal| {
        Diagnostic::new(Severity::Info, Code::BuiltDirectory, refusal.to_string())
            .at(refusal.directory.clone())
    });
    let diagnostics = left_out.chain(refused).collect();
    (found, diagnostics)
}

fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "it is of a check",
        Mode::Dev => "it is of a dev build",
        Mode::Release => "it is of a release build",
        Mode::Test => "it is of tests",
    }
}
