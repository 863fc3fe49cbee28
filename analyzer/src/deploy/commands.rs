//! Commands of a command line that nobody deploys: a tool's.
//!
//! A command is a service if a deployment file starts it, or if it starts a server, a consumer or a lambda. What it does by the
//! clock says so only beside a command that is one: many a tool reaches a loop of what it shares with its server. Where no command is
//! one, the program is a tool, and so it is where few are: then only these are roles. A service's other commands (a
//! migration, a worker with a loop of its own) stay: they run on the same machines.

use std::collections::BTreeSet;

use super::deployed::Standing;
use super::model::{Deployable, RunningRole};
use super::roles::RoleKind;

/// A program of which fewer commands are services is a tool with a service in it. A choice.
const SERVICES: f64 = 1.0 / 3.0;

/// Leaves the roles that are services, and notes the other commands by name.
pub(crate) fn keep_services(programs: &mut [Deployable], standing: &Standing) {
    for program in programs {
        let started: BTreeSet<&str> = standing
            .deployed
            .iter()
            .filter(|of| of.target == program.target)
            .filter_map(|of| of.role.as_deref())
            .collect();
        let is_command = |of: &RunningRole| of.role.kind == RoleKind::Subcommand;
        let serves_in_earnest = |of: &RunningRole| {
            let is_started = of.role.name.split('|').any(|name| started.contains(name));
            is_started || of.role.activity.serves()
        };
        let commands = program.roles.iter().filter(|of| is_command(of));
        let is_service = commands.clone().any(serves_in_earnest);
        let serves =
            |of: &RunningRole| serves_in_earnest(of) || (is_service && !of.role.activity.kinds.is_empty());
        let services = commands.clone().filter(|of| serves(of)).count();
        if services > 0 && services as f64 >= SERVICES * commands.count() as f64 {
            continue;
        }
        let (kept, dropped): (Vec<RunningRole>, Vec<RunningRole>) =
            std::mem::take(&mut program.roles).into_iter().partition(|of| !is_command(of) || serves(of));
        program.roles = kept;
        program.commands = dropped.into_iter().map(|of| of.role.name).collect();
    }
}
