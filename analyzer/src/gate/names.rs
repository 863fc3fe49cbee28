//! What a name in the configuration means: a package, a module with everything below it, or an item.

use crate::base::likeness::{did_you_mean, nearest};
use crate::config::At;
use crate::report::{Code, Crossing};

/// A name of the configuration, as paths spell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    path: String,
    below: String,
}

impl Name {
    pub(super) fn new(written: &str) -> Self {
        let path = written.trim().replace('-', "_");
        Self { below: format!("{path}::"), path }
    }

    /// Whether it means a module.
    pub(super) fn means_module(&self, code: &Code<'_>, module: u32) -> bool {
        let module = &code.modules[module as usize];
        self.means_path(module.path) || self.is_package(module.package)
    }

    /// Whether it means either end of a reference: a module that the item is in, or the item.
    pub(super) fn means_from(&self, code: &Code<'_>, crossing: &Crossing<'_>) -> bool {
        self.means_module(code, crossing.from_module) || self.means_path(crossing.from)
    }

    /// Likewise of what is referred to.
    pub(super) fn means_to(&self, code: &Code<'_>, crossing: &Crossing<'_>) -> bool {
        self.means_module(code, crossing.to_module) || self.means_path(crossing.to)
    }

    /// Whether it means a path.
    pub(super) fn means_path(&self, path: &str) -> bool {
        path == self.path || path.starts_with(&self.below)
    }

    fn is_package(&self, package: &str) -> bool {
        package.len() == self.path.len() && package.replace('-', "_") == self.path
    }

    /// Whether it means anything: a module, or an end of a reference between two.
    fn means_something(&self, code: &Code<'_>) -> bool {
        (0..code.modules.len()).any(|module| self.means_module(code, module as u32))
            || code.crossings.iter().any(|c| self.means_path(c.from) || self.means_path(c.to))
    }
}

/// What is wrong with a name, if it means nothing; `elsewhere`: it may be in a package that is not of this repository.
pub(super) fn meaningless(written: &At<String>, code: &Code<'_>, elsewhere: bool) -> Option<String> {
    let name = Name::new(&written.value);
    let package = name.path.split("::").next().unwrap_or_default();
    if name.means_something(code) || (elsewhere && code.outside.packages.contains(package)) {
        return None;
    }
    let packages = code.modules.iter().map(|module| module.package);
    let others = code.outside.packages.iter().filter(|_| elsewhere).map(String::as_str);
    let all = packages.chain(code.modules.iter().map(|module| module.path)).chain(others);
    let near = nearest(&written.value, all);
    let (said, or) = (&written.value, if elsewhere { ", no package that one here depends on" } else { "" });
    Some(format!(
        "`{said}` is no package or module here{or}, and no item that modules share{}",
        did_you_mean(&near)
    ))
}
