//! The phases whose seconds are compared with the model's: front end and code generation, by mode, and for the host.

use crate::cost::Mode;

/// A phase of compiling a crate in one mode, or for the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Phase {
    CheckFrontend,
    DevFrontend,
    DevCodegen,
    ReleaseFrontend,
    ReleaseCodegen,
    /// Unoptimized whatever the mode is, as in a `dev` build.
    HostFrontend,
    HostCodegen,
}

/// Number of phases.
pub(super) const PHASES: usize = 7;

impl Phase {
    pub(super) const ALL: [Self; PHASES] = [
        Self::CheckFrontend,
        Self::DevFrontend,
        Self::DevCodegen,
        Self::ReleaseFrontend,
        Self::ReleaseCodegen,
        Self::HostFrontend,
        Self::HostCodegen,
    ];

    /// The phase of the table of measured residuals that is the same work.
    pub(super) fn measured(self) -> usize {
        match self {
            Self::CheckFrontend => 0,
            Self::DevFrontend | Self::HostFrontend => 1,
            Self::DevCodegen | Self::HostCodegen => 2,
            Self::ReleaseFrontend => 3,
            Self::ReleaseCodegen => 4,
        }
    }
}

/// What is compiled: a crate in a mode, or for the host in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Compiled {
    Target(Mode),
    Host,
}

impl Compiled {
    /// The mode that is most like it.
    pub(super) fn mode(self) -> Mode {
        match self {
            Self::Target(mode) => mode,
            Self::Host => Mode::Dev,
        }
    }

    /// Front end, and code generation where there is any.
    pub(super) fn phases(self) -> (Phase, Option<Phase>) {
        match self {
            Self::Target(Mode::Check) => (Phase::CheckFrontend, None),
            Self::Target(Mode::Dev | Mode::Test) => (Phase::DevFrontend, Some(Phase::DevCodegen)),
            Self::Target(Mode::Release) => (Phase::ReleaseFrontend, Some(Phase::ReleaseCodegen)),
            Self::Host => (Phase::HostFrontend, Some(Phase::HostCodegen)),
        }
    }
}
