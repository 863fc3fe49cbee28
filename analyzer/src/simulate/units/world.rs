//! What the units of a workspace are made from, and what its profiles say.

use crate::cost::{Costs, Mode};
use crate::discover::{Profile, ProfiledPackage, Repository, TargetKind};
use crate::ids::{CrateId, Id, LockedId, PackageId, TargetId};
use crate::resolve::Resolution;

use super::{Key, UnitOptions};

#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    pub(super) repository: &'a Repository,
    pub(super) resolution: &'a Resolution,
    pub(super) costs: &'a Costs,
    pub(super) options: UnitOptions,
}

impl<'a> World<'a> {
    pub(super) fn compile(self, target: TargetId, host: bool) -> Key {
        // Cargo builds a unit once if the profile and features agree. In `dev` the profile mostly does.
        let apart = || {
            self.costs.twice_in_dev.binary_search(&CrateId::from_index(target.index())).is_ok()
                || self.profiles_differ(self.local(self.repository.targets[target].package))
        };
        Key::Compile { target, host: host && (!self.costs.mode.shares_host() || apart()) }
    }

    pub(super) fn local(self, package: PackageId) -> ProfiledPackage<'a> {
        let data = &self.repository.packages[package];
        let member = data.workspace == self.options.workspace;
        ProfiledPackage { name: &data.name, version: &data.version, member }
    }

    pub(super) fn locked(self, package: LockedId) -> ProfiledPackage<'a> {
        let data = &self.repository.workspaces[self.options.workspace].locked[package];
        ProfiledPackage { name: &data.name, version: &data.version, member: false }
    }

    /// What the profile of this mode says of a package; `None` in a repository without profiles.
    pub(super) fn profile(self, package: ProfiledPackage<'_>, host: bool) -> Option<Profile> {
        let profiles = &self.repository.workspaces[self.options.workspace].profiles;
        Some(profiles.get(self.costs.mode.profile())?.for_unit(package, host))
    }

    /// Whether a package's library for the host is another unit than the one for the target, whatever its features: debug
    /// information alone doesn't make it one (the Cargo Book, "Profiles: Build Dependencies").
    pub(super) fn profiles_differ(self, package: ProfiledPackage<'_>) -> bool {
        let of = |host| {
            let profiles = &self.repository.workspaces[self.options.workspace].profiles;
            let profile = profiles.get(self.costs.mode.profile())?.without_flags(package, host);
            Some((profile.opt_level, profile.codegen_units, profile.incremental, profile.panic))
        };
        of(false) != of(true)
    }

    /// Whether a unit ends with a call of the linker.
    pub(super) fn links(self, key: Key) -> bool {
        match key {
            Key::Compile { target, .. } => match self.repository.targets[target].kind {
                TargetKind::ProcMacro | TargetKind::BuildScript => true,
                TargetKind::Lib => false,
                TargetKind::Bin | TargetKind::Test | TargetKind::Example | TargetKind::Bench => {
                    self.costs.mode != Mode::Check
                }
            },
            Key::Harness(_) => true,
            Key::Run(_) | Key::External { .. } => false,
        }
    }

    pub(super) fn target_of_kind(self, package: PackageId, kind: TargetKind) -> Option<TargetId> {
        let targets = &self.repository.packages[package].targets;
        targets.iter().copied().find(|&t| self.repository.targets[t].kind == kind)
    }
}
