//! From the names of a plan to packages, modules and items.

use std::collections::{BTreeMap, BTreeSet};

use super::super::describe::{DescribedCrate, Named, PlanFile};
use super::super::index::Index;
use super::super::input::PlanInput;
use super::model::{PlanPlace, Refusal, RefusalKind};
use crate::base::likeness::{did_you_mean, nearest};
use crate::ids::{CrateId, ItemId, ModuleId, PackageId};

/// The position that stands for what stays with the package though the module around it leaves.
pub(super) const STAYS: usize = usize::MAX;

/// What a plan says of one package.
#[derive(Debug, Clone, Default)]
pub(super) struct Described {
    /// Names of the new crates, in the plan's order, with the line of each.
    pub(super) crates: Vec<Named>,
    /// The crate of each module that is named, by position in `crates`, or [`STAYS`].
    pub(super) modules: BTreeMap<ModuleId, usize>,
    /// The crate of each item that is named.
    pub(super) items: BTreeMap<ItemId, usize>,
}

/// Everything that a plan names, by package, and the names that mean nothing.
pub(super) fn resolve_names(
    input: &PlanInput<'_>,
    index: &Index,
    file: &PlanFile,
) -> (BTreeMap<(PackageId, CrateId), Described>, Vec<Refusal>) {
    let mut names = Names { input, index, file, refusals: Vec::new(), found: BTreeMap::new() };
    names.crate_names();
    for krate in &file.crates {
        names.add(krate);
    }
    (names.found, names.refusals)
}

struct Names<'a> {
    input: &'a PlanInput<'a>,
    index: &'a Index,
    file: &'a PlanFile,
    refusals: Vec<Refusal>,
    found: BTreeMap<(PackageId, CrateId), Described>,
}

impl Names<'_> {
    fn refuse(&mut self, kind: RefusalKind, named: &Named, detail: String) {
        let place = PlanPlace {
            file: self.file.path.display().to_string(),
            line: named.line,
            what: format!("`{}`", named.text),
        };
        self.refusals.push(Refusal { kind, detail, places: vec![place], place_count: 1 });
    }

    /// New names must be new, and such as cargo takes.
    fn crate_names(&mut self) {
        let existing: BTreeSet<String> =
            self.input.repository.packages.iter().map(|p| same_crate(&p.name)).collect();
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for DescribedCrate { name, .. } in self.file.crates.iter().filter(|krate| !krate.stays()) {
            if !is_package_name(&name.text) {
                let detail = format!(
                    "`{}` is no name for a package: letters, digits, `-` and `_`, not a digit first",
                    name.text
                );
                self.refuse(RefusalKind::InvalidName, name, detail);
            } else if existing.contains(&same_crate(&name.text)) {
                let detail = format!("there is a package `{}` already", name.text);
                self.refuse(RefusalKind::NameTaken, name, detail);
            } else if let Some(line) = seen.insert(same_crate(&name.text), name.line) {
                let detail =
                    format!("two crates of the plan are named `{}` (the other in line {line})", name.text);
                self.refuse(RefusalKind::NameTaken, name, detail);
            }
        }
    }

    fn add(&mut self, krate: &DescribedCrate) {
        let Some(of) = self.package(krate) else { return };
        let mut described = self.found.remove(&of).unwrap_or_default();
        let position = if krate.stays() { STAYS } else { described.crates.len() };
        if !krate.stays() {
            described.crates.push(krate.name.clone());
        }
        if krate.modules.is_empty() && krate.items.is_empty() {
            let detail = format!("`{}` takes nothing: name `modules` or `items`", krate.name.text);
            self.refuse(RefusalKind::EmptyCrate, &krate.name, detail);
        }
        for named in &krate.modules {
            self.add_module(of.1, named, position, &mut described);
        }
        for named in &krate.items {
            self.add_item(of.1, named, position, &mut described);
        }
        self.found.insert(of, described);
    }

    /// Packages of the name that the crate is taken from; of several, those that have all that it takes.
    fn of_name(&self, krate: &DescribedCrate) -> Vec<PackageId> {
        let packages = &self.input.repository.packages;
        let own: Vec<PackageId> = packages.ids().filter(|&id| packages[id].name == krate.from.text).collect();
        let holds = |&package: &PackageId| self.holding(package, krate).is_some();
        let fitting: Vec<PackageId> = own.iter().copied().filter(holds).collect();
        if own.len() > 1 && !fitting.is_empty() { fitting } else { own }
    }

    /// The crate of a package that has all that a described one takes, the planned one first: modules of a binary are taken
    /// from there.
    fn holding(&self, package: PackageId, krate: &DescribedCrate) -> Option<CrateId> {
        let (modules, items) = (&self.input.resolution.modules, &self.input.resolution.items);
        let has_module =
            |of: CrateId, path: &str| self.index.modules[of].iter().any(|&m| modules[m].path == path);
        let has_item = |of: CrateId, path: &str| self.index.items[of].iter().any(|&i| items[i].path == path);
        self.index.targets.all(package).iter().copied().find(|&of| {
            krate.modules.iter().all(|named| has_module(of, &named.text))
                && krate.items.iter().all(|named| has_item(of, &named.text))
        })
    }

    fn ambiguous(&mut self, from: &Named, several: &[PackageId]) -> Option<(PackageId, CrateId)> {
        let packages = &self.input.repository.packages;
        let places: Vec<String> = several.iter().map(|&id| format!("`{}`", packages[id].dir)).collect();
        let detail = format!(
            "there are {} packages `{}`: name the directory of one, {}",
            several.len(),
            from.text,
            places.join(" or ")
        );
        self.refuse(RefusalKind::UnknownPackage, from, detail);
        None
    }

    fn package(&mut self, krate: &DescribedCrate) -> Option<(PackageId, CrateId)> {
        let from = &krate.from;
        let packages = &self.input.repository.packages;
        let is = |wanted: &dyn Fn(PackageId) -> bool| packages.ids().find(|&id| wanted(id));
        let found = match self.of_name(krate)[..] {
            [] => is(&|id| packages[id].dir == directory(&from.text)),
            [package] => Some(package),
            ref several => return self.ambiguous(from, several),
        };
        let Some(package) = found else {
            let near = like(&from.text, packages.iter().map(|p| p.name.as_str()));
            self.refuse(
                RefusalKind::UnknownPackage,
                from,
                format!("there is no package `{}`{near}", from.text),
            );
            return None;
        };
        let krate = self.holding(package, krate).or_else(|| self.index.targets.planned(package));
        if krate.is_none() {
            let detail = format!("`{}` has no library or binary to take anything from", from.text);
            self.refuse(RefusalKind::UnknownPackage, from, detail);
        }
        krate.map(|krate| (package, krate))
    }

    fn add_module(&mut self, krate: CrateId, named: &Named, position: usize, described: &mut Described) {
        let modules = &self.input.resolution.modules;
        let own = self.index.modules[krate].iter();
        let found: Vec<ModuleId> = own.copied().filter(|&m| modules[m].path == named.text).collect();
        if found.is_empty() {
            let own = self.index.modules[krate].iter().map(|&m| modules[m].path.as_str());
            let items = &self.input.resolution.items;
            let is_item = self.index.items[krate].iter().any(|&i| items[i].path == named.text);
            let near = if is_item {
                ": it is an item, name it in `items`".to_owned()
            } else {
                like(&named.text, own)
            };
            let detail = format!("there is no module `{}`{near}", named.text);
            return self.refuse(RefusalKind::UnknownModule, named, detail);
        }
        if found.iter().any(|&module| modules[module].parent.is_none()) {
            let detail = format!(
                "`{}` is the whole crate, which stays: name modules below it, or items in it",
                named.text
            );
            return self.refuse(RefusalKind::WholePackage, named, detail);
        }
        // One path may be several modules, each under its own `cfg`.
        let before: Vec<usize> =
            found.into_iter().filter_map(|module| described.modules.insert(module, position)).collect();
        self.named_twice("module", named, (position, before.first()), described);
    }

    fn add_item(&mut self, krate: CrateId, named: &Named, position: usize, described: &mut Described) {
        let items = &self.input.resolution.items;
        let of_path = |&&id: &&ItemId| {
            items[id].path == named.text && items[id].kind != crate::resolve::ItemKind::Module
        };
        let found: Vec<ItemId> = self.index.items[krate].iter().filter(of_path).copied().collect();
        if found.is_empty() {
            let own = self.index.items[krate].iter().map(|&id| items[id].path.as_str());
            let is_module = self.index.modules[krate]
                .iter()
                .any(|&m| self.input.resolution.modules[m].path == named.text);
            let near = if is_module {
                ": it is a module, name it in `modules`".to_owned()
            } else {
                like(&named.text, own)
            };
            let detail = format!("there is no item `{}`{near}", named.text);
            return self.refuse(RefusalKind::UnknownItem, named, detail);
        }
        // One path may mean a type and a function, or several `impl` blocks: all of them go.
        let before: Vec<usize> =
            found.into_iter().filter_map(|item| described.items.insert(item, position)).collect();
        self.named_twice("item", named, (position, before.first()), described);
    }

    fn named_twice(
        &mut self,
        kind: &str,
        named: &Named,
        (position, before): (usize, Option<&usize>),
        described: &Described,
    ) {
        let Some(&before) = before else { return };
        let other = described.crates.get(before).map_or("what stays", |krate| krate.text.as_str());
        let by = if before == position {
            "in the same crate".to_owned()
        } else {
            format!("`{other}` takes it too")
        };
        self.refuse(
            RefusalKind::NamedTwice,
            named,
            format!("the {kind} `{}` is named twice: {by}", named.text),
        );
    }
}

/// The directory of a package, as it or its manifest is named.
fn directory(path: &str) -> &str {
    let path = path.strip_prefix("./").unwrap_or(path);
    path.strip_suffix("/Cargo.toml").unwrap_or(path).trim_end_matches('/')
}

/// Crates are distinguished by their name in code.
fn same_crate(name: &str) -> String {
    name.replace('-', "_")
}

fn is_package_name(name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') && name.chars().all(word)
}

/// `; did you mean …`, or nothing when nothing is like it.
fn like<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    did_you_mean(&nearest(wanted, names))
}
