//! Roles as deployment files call them. Code may have another name for one: an alias of the command, or the variant behind a parser
//! that makes its own names.

use std::collections::BTreeSet;

use super::deployed::Standing;
use super::model::Deployable;

/// Gives each role the name that deployment files start it by, where exactly one role fits a name: with `_` for `-`, or with more words
/// behind it (`compute-node` for `compute`).
pub(crate) fn call_as_deployed(programs: &mut [Deployable], standing: &Standing) {
    for program in programs {
        let own = standing.deployed.iter().filter(|of| of.target == program.target);
        let started: BTreeSet<&str> = own.filter_map(|of| of.role.as_deref()).collect();
        let names: Vec<String> = program.roles.iter().map(|of| of.role.name.clone()).collect();
        for called in started.into_iter().filter(|called| !names.iter().any(|name| name == called)) {
            let chosen = |at: &usize| program.roles[*at].role.kind.is_chosen();
            let of = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
                let all = (0..names.len()).filter(chosen);
                all.filter(|&at| names[at].split('|').any(|name| fits(&alike(name)))).collect()
            };
            let called_alike = alike(called);
            let same = of(&|name| name == called_alike);
            let longer =
                || of(&|name| called_alike.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')));
            let found = if same.is_empty() { longer() } else { same };
            if let [only] = found[..]
                && program.roles[only].role.name == names[only]
            {
                called.clone_into(&mut program.roles[only].role.name);
            }
        }
    }
}

fn alike(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}
