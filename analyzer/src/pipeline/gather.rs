//! Between discovery and the plan: code, history and costs, as far as several questions need them.

use std::path::Path;
use std::thread::JoinHandle;

use super::codebase::{Codebase, Discovered, ended_by, go_on};
use super::options::Options;
use super::progress::Stage;
use crate::budget::Watch;
use crate::bug::caught;
use crate::cost::Costs;
use crate::diagnostic::Diagnostic;
use crate::discover::directory;
use crate::error::Result;
use crate::history::{History, HistoryOptions, history};
use crate::parse::SourceTree;
use crate::plan::PlanInput;
use crate::resolve::read_in_part;

/// Everything that a plan is judged by.
pub(crate) struct Gathered {
    pub(crate) codebase: Codebase,
    pub(crate) history: History,
    pub(crate) costs: Vec<Costs>,
    /// Of all stages so far.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// To be [released](super::codebase::release).
    pub(crate) sources: SourceTree,
}

/// The history, being read: cargo and the walk leave a core free for git.
pub(crate) struct Past(JoinHandle<(History, Vec<Diagnostic>)>);

impl Past {
    /// Begins; what can't be a root is for `discover` to say.
    pub(crate) fn begin(options: &Options, watch: &Watch) -> Self {
        let tools = ended_by(&options.history.tools, watch);
        let (path, options) = (options.path.clone(), HistoryOptions { tools, ..options.history.clone() });
        Self(std::thread::spawn(move || {
            let found = caught(|| directory(&path).map(|root| past(&root, &options)).unwrap_or_default());
            found.unwrap_or_else(|bug| (History::default(), vec![bug.diagnostic("reading git's log")]))
        }))
    }

    pub(super) fn end(self) -> (History, Vec<Diagnostic>) {
        self.0.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// The stages between discovery and the plan.
pub(crate) fn gather(
    discovered: Discovered,
    past: Past,
    options: &Options,
    watch: &Watch,
) -> Result<Gathered> {
    let (codebase, sources) = Codebase::new(discovered, options, watch)?;
    let (history, found) = past.end();
    let _span = options.on_stage.begin(Stage::Cost);
    let costs = codebase.costs_from(&options.modes, &options.costs)?;
    go_on(watch, options, Stage::Cost)?;
    let part = caught(|| read_in_part(&codebase.repository, &codebase.resolution, &codebase.diagnostics))
        .unwrap_or_else(|bug| vec![bug.diagnostic("looking for files that are left out")]);
    let diagnostics = codebase.diagnostics.iter().cloned().chain(found).chain(part).collect();
    Ok(Gathered { codebase, history, costs, diagnostics, sources })
}

pub(crate) fn plan_input<'a>(
    codebase: &'a Codebase,
    history: &'a History,
    costs: &'a [Costs],
) -> PlanInput<'a> {
    PlanInput {
        repository: &codebase.repository,
        resolution: &codebase.resolution,
        graph: &codebase.graph,
        costs,
        history: Some(history).filter(|h| !h.commits.is_empty()),
    }
}

pub(crate) fn past(root: &Path, options: &HistoryOptions) -> (History, Vec<Diagnostic>) {
    let _span = tracing::info_span!("history").entered();
    history(root, options)
}
