//! What an incremental rebuild does again: a part that every crate has, and a share of the rest.
//!
//! Fitted to `benches/data/crates.json` and `benches/data/rebuilds.json` by `cargo run --release -p split-benches --
//! rebuilds`: crates of 0.1 to 9 s of front end, one function added to the crate itself or to one below it, processor
//! time with rustc 1.95. Mean error 8 to 9 % of the front end, 18 % of code generation. A crate that was edited and
//! one that only depends on it differ by less than that; one fixed part serves both modes.
//!
//! How much code a statement more makes again was measured file by file on applications (`benches/data/edits.json`, `split-benches
//! rebuilds`): mostly next to nothing, and now and then nearly half of a library or all of a program, where the body belongs to a
//! future that other crates' generics were instantiated for. The shares are means, so that sums over many edits are right.

use super::{Costs, CrateKind, Mode};
use crate::ids::CrateId;

/// How much of a unit's full time an incremental rebuild takes: some seconds, and a share from 0 to 1 of the full time;
/// never more than the full time.
///
/// Linking is always done in full.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IncrementalShares {
    /// Seconds of front end that any unit takes again: the process, the metadata of its dependencies, the graph of the
    /// session before.
    pub frontend_s: f64,
    /// Seconds of code generation that any unit takes again.
    pub codegen_s: f64,
    /// Of the front end of a unit whose own sources changed.
    pub changed_frontend: f64,
    /// Of the code generation of a unit whose own sources changed.
    pub changed_codegen: f64,
    /// Of the front end of a unit that only depends on a changed one.
    pub dependent_frontend: f64,
    /// Of the code generation of a unit that only depends on a changed one.
    pub dependent_codegen: f64,
}

/// A check generates code too: for procedural macros, build scripts and what these need, which cargo compiles
/// incrementally as in a `dev` build.
const CHECK: IncrementalShares =
    IncrementalShares { changed_frontend: 0.24, dependent_frontend: 0.25, ..DEV };

const DEV: IncrementalShares = IncrementalShares {
    frontend_s: 0.025,
    codegen_s: 0.036,
    changed_frontend: 0.26,
    changed_codegen: 0.10,
    dependent_frontend: 0.24,
    dependent_codegen: 0.05,
};

/// How much more of its code than a library a program makes again: its own edits, and those below.
const PROGRAM_CODEGEN: f64 = 5.0;

impl IncrementalShares {
    /// These, of a library, for a program.
    pub fn of_program(self) -> Self {
        let share = |share: f64| (share * PROGRAM_CODEGEN).min(1.0);
        Self {
            changed_codegen: share(self.changed_codegen),
            dependent_codegen: share(self.dependent_codegen),
            ..self
        }
    }

    /// No incremental compilation (`cargo build --release`, most CI): everything is done in full.
    pub const NONE: Self = Self {
        frontend_s: 0.0,
        codegen_s: 0.0,
        changed_frontend: 1.0,
        changed_codegen: 1.0,
        dependent_frontend: 1.0,
        dependent_codegen: 1.0,
    };

    /// Seconds of front end and code generation of a rebuild, of those of the full build. `changed`: whether its own
    /// sources did.
    pub fn again(&self, (frontend_s, codegen_s): (f64, f64), changed: bool) -> (f64, f64) {
        let (frontend, codegen) = if changed {
            (self.changed_frontend, self.changed_codegen)
        } else {
            (self.dependent_frontend, self.dependent_codegen)
        };
        let part = |full_s: f64, fixed_s: f64, share: f64| (fixed_s + share * full_s).min(full_s);
        (part(frontend_s, self.frontend_s, frontend), part(codegen_s, self.codegen_s, codegen))
    }
}

/// Which part of a full build a rebuild takes where the profile is incremental, in seconds of the reference machine. Release
/// builds are not, unless the profile says so; then they take the share of `dev` builds (`fixtures/shop`, a function added to
/// `src/lib.rs`: 0.8 of 10.9 s of processor time, `benches/README.md`, "Settings").
pub fn incremental_shares(mode: Mode) -> IncrementalShares {
    match mode {
        Mode::Check => CHECK,
        Mode::Dev | Mode::Release | Mode::Test => DEV,
    }
}

impl Costs {
    /// What a rebuild of a library takes in this mode, in seconds of the machine that these costs are of: as rebuilds that were
    /// seen say, else the [`incremental_shares`] of this mode.
    pub fn incremental(&self) -> IncrementalShares {
        let shares = incremental_shares(self.mode);
        self.known.rebuilds.unwrap_or(IncrementalShares {
            frontend_s: shares.frontend_s * self.machine,
            codegen_s: shares.codegen_s * self.machine,
            ..shares
        })
    }

    /// What a rebuild of this crate takes: as was seen of it, else as of any program or library.
    pub fn incremental_of(&self, krate: CrateId, kind: CrateKind) -> IncrementalShares {
        let usual = || match kind {
            CrateKind::Binary => self.incremental().of_program(),
            _ => self.incremental(),
        };
        self.known.crate_rebuilds.get(&krate).copied().unwrap_or_else(usual)
    }

    /// What a rebuild of this crate with its tests takes.
    pub fn incremental_of_harness(&self, krate: CrateId) -> IncrementalShares {
        let known = self.known.crate_harness_rebuilds.get(&krate).copied().or(self.known.harness_rebuilds);
        known.unwrap_or_else(|| self.incremental())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rebuild_takes_a_fixed_part_and_a_share() {
        let shares = IncrementalShares {
            frontend_s: 0.1,
            codegen_s: 0.2,
            changed_frontend: 0.25,
            dependent_frontend: 0.125,
            ..IncrementalShares::NONE
        };
        let cases = [
            ((8.0, 0.0), true, (2.1, 0.0)),
            ((8.0, 0.0), false, (1.1, 0.0)),
            // Never more than the full time.
            ((0.05, 0.1), true, (0.05, 0.1)),
            ((0.0, 0.0), true, (0.0, 0.0)),
        ];
        for (full, changed, expected) in cases {
            assert_eq!(shares.again(full, changed), expected, "{full:?} {changed}");
        }
        assert_eq!(IncrementalShares::NONE.again((3.0, 4.0), true), (3.0, 4.0));
    }

    #[test]
    fn small_crates_do_a_larger_share_again() {
        for mode in [Mode::Check, Mode::Dev, Mode::Release, Mode::Test] {
            let again = |full_s: f64| incremental_shares(mode).again((full_s, full_s), true);
            let (small, large) = (again(0.2), again(10.0));
            assert!(small.0 / 0.2 > large.0 / 10.0 && small.1 / 0.2 > large.1 / 10.0, "{mode:?}");
            assert!(large.0 < 4.0 && large.1 < 2.0, "{mode:?}");
        }
    }
}
