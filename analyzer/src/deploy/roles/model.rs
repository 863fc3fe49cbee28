//! What is found of a program's roles.

use serde::{Deserialize, Serialize};

use crate::ids::{DefinitionId, FileId};

/// What a program, or a role of one, does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RoleKind {
    /// A command of the program's command line.
    Subcommand,
    /// A part of the program that its configuration switches on, several of which may run in one process.
    Service,
    /// Answers requests over the network.
    Server,
    /// Takes messages or jobs from a queue.
    Consumer,
    /// Does something again and again, by the clock.
    Scheduler,
    /// Is called by AWS Lambda.
    Lambda,
}

impl RoleKind {
    /// Whether it waits for what comes from outside.
    pub fn serves(self) -> bool {
        matches!(self, Self::Server | Self::Consumer | Self::Lambda)
    }

    /// Whether it is chosen when a process is started, and so is a process of its own where that is wanted.
    pub fn is_chosen(self) -> bool {
        matches!(self, Self::Subcommand | Self::Service)
    }
}

/// A role of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name: a command's own, or that of the function that it begins with.
    pub name: String,
    /// What says that it is one.
    pub kind: RoleKind,
    /// The function that it stands in.
    pub of: DefinitionId,
    /// The function that it is, if it is one; `None` for lines of the function that it stands in.
    pub entry: Option<DefinitionId>,
    /// The file of what says so.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
    /// The last line of what says so.
    pub end_line: u32,
    /// Of the functions that are called there the one that runs most; `None` where there is none.
    pub calls: Option<DefinitionId>,
    /// What says so: an arm's pattern, a call.
    pub evidence: String,
    /// What it does.
    pub activity: Activity,
}

/// What something that runs does, as far as calls say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// What it is, without how it is chosen; sorted.
    pub kinds: Vec<RoleKind>,
    /// What it answers.
    pub routes: Vec<Route>,
    /// How many routes are declared whose path isn't written down, so that they are not among these.
    pub routes_not_understood: u32,
    /// What it takes messages from, or when it runs.
    pub topics: Vec<Topic>,
}

impl Activity {
    /// Whether it waits for what comes from outside.
    pub fn serves(&self) -> bool {
        self.kinds.iter().any(|kind| kind.serves())
    }
}

/// A route of a server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Its path, below those of the routers around it.
    pub path: String,
    /// `GET`; empty where any is meant, or where it isn't known.
    pub method: String,
    /// What handles it; `None` where it isn't known which function.
    pub handler: Option<DefinitionId>,
    /// The file where it is declared.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
}

/// What a consumer listens to, or when a scheduler runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Topic {
    /// As it is written: `orders`, `0 * * * *`.
    pub name: String,
    /// The file where it is named.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
}
