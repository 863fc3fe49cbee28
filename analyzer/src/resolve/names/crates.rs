//! Crates: their roots, and the names that they know other crates by.

use rustc_hash::FxHashMap;
use ustr::ustr;

use super::collector::{Collector, Site};
use super::def::{CrateData, Def, Entry, ModData, PerNs, TreeId};
use super::path::NAMES;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{DependencyKind, Package, Repository, Target, TargetKind};
use crate::ids::{CrateId, Id as _, PackageId};
use crate::parse::Location;
use crate::parse::tree::{Name, Node};
use crate::resolve::model::Visibility;

impl Collector<'_> {
    pub(in crate::resolve) fn declare_crate(
        &mut self,
        id: CrateId,
        target: &Target,
        libs: &FxHashMap<PackageId, CrateId>,
    ) {
        let repository = self.world.repository;
        let package = &repository.packages[target.package];
        let test = matches!(target.kind, TargetKind::Test | TargetKind::Bench | TargetKind::Example);
        let file = self.world.sources.root(&target.src).expect("the root of every target is a file");
        let root = self.world.modules.push(ModData {
            krate: id,
            parent: None,
            name: ustr(&target.crate_name),
            file,
            tree: TreeId(file.0),
            inline: false,
            test,
            vis: Visibility::Public,
            line: 1,
            end_line: self.world.sources.files[file].lines.max(1),
            scope: FxHashMap::default(),
            version: 1,
            children: Vec::new(),
            defs: Vec::new(),
            imports: Vec::new(),
            globs: Vec::new(),
            calls: Vec::new(),
            ext_glob: None,
            unnamed: Vec::new(),
            made_in_part: false,
        });
        self.world.crates.push(CrateData {
            root,
            edition: target.edition,
            externs: extern_names(repository, package, target, libs),
            macro_use: Vec::new(),
            inactive: false,
        });
    }

    pub(in crate::resolve) fn krate(&mut self, id: CrateId, target: &Target) {
        #[cfg(test)]
        crate::bug::trip(&target.crate_name, "collect");
        let root = self.world.crates[id].root;
        let (tree, test) = (self.world.modules[root].tree, self.world.modules[root].test);
        let file = self.world.sources.file(&target.src);
        let Some(file) = file else {
            // Of a file that is there and may not be read something else is said.
            if !self.world.sources.is_refused(&target.src) {
                let message = "the target's root file is missing";
                let problem = Diagnostic::new(Severity::Error, Code::MissingModule, message);
                self.diagnostics.push(problem.at(target.src.clone()));
            }
            return;
        };
        let cfgs = self.world.tree(tree).cfgs.clone();
        let (active, test_only) = self.cfg(target.package, &cfgs);
        // Nothing of it is compiled here, so that nothing is in its scope. It is somebody's code all the same: what it names
        // of other crates is followed.
        self.world.crates[id].inactive = !active;
        let test = test || test_only;
        let location = Location::of_file(&self.world.sources.files[file].path, true);
        let mut place = Site {
            module: root,
            tree,
            location,
            test,
            legacy: 0,
            depth: 0,
            expansions: 0,
            origin: None,
            copied: self.hang(id, file),
            compiled: active,
        };
        let top = self.world.tree(tree).top.clone();
        self.items(&mut place, &top);
    }

    pub(in crate::resolve) fn extern_crate(&mut self, place: &Site, node: &Node, name: Name, test: bool) {
        let n = &*NAMES;
        let krate = self.world.modules[place.module].krate;
        let def = if name == n.this {
            Some(Def::Module(self.world.crates[krate].root))
        } else {
            self.world.extern_crate(krate, name)
        };
        let local = match def {
            Some(Def::Module(root)) => Some(self.world.modules[root].krate),
            _ => None,
        };
        if node.flags.macro_use
            && let Some(local) = local
        {
            self.world.crates[krate].macro_use.push(local);
            self.world.epoch += 1;
        }
        if node.name == n.underscore {
            return;
        }
        let vis = self.world.visibility(place.module, &node.vis);
        let entry = Entry { def: def.unwrap_or(Def::Ext(name)), vis, glob: false, test };
        self.define(place.module, node.name, PerNs { types: Some(entry), ..PerNs::default() });
        if self.world.modules[place.module].parent.is_none() {
            self.world.crates[krate].externs.entry(node.name).or_insert(local);
            self.world.epoch += 1;
        }
    }
}

/// The library crate of each package that has one.
pub(in crate::resolve) fn library_crates(repository: &Repository) -> FxHashMap<PackageId, CrateId> {
    let libs = repository
        .targets
        .iter_enumerated()
        .filter(|(_, t)| matches!(t.kind, TargetKind::Lib | TargetKind::ProcMacro));
    libs.map(|(id, t)| (t.package, CrateId(id.0))).collect()
}

/// The crates that a target's code can name.
fn extern_names(
    repository: &Repository,
    package: &Package,
    target: &Target,
    libs: &FxHashMap<PackageId, CrateId>,
) -> FxHashMap<Name, Option<CrateId>> {
    let build = target.kind == TargetKind::BuildScript;
    let crate_name = |krate: CrateId| ustr(&repository.targets.as_slice()[krate.index()].crate_name);
    let mut names = FxHashMap::default();
    for dependency in &package.dependencies {
        let usable = match dependency.kind {
            DependencyKind::Build => build,
            DependencyKind::Normal | DependencyKind::Dev => !build,
        };
        if usable {
            let local = dependency.local.and_then(|p| libs.get(&p).copied());
            let renamed = dependency.extern_name != dependency.package.replace('-', "_");
            // `[lib] name` decides what code calls the crate, unless the dependency renames it.
            let name = local.filter(|_| !renamed).map_or_else(|| ustr(&dependency.extern_name), crate_name);
            let slot = names.entry(name).or_insert(local);
            *slot = slot.or(local);
        }
    }
    let beside = !matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::BuildScript);
    if let (true, Some(lib)) = (beside, libs.get(&target.package)) {
        names.entry(crate_name(*lib)).or_insert(Some(*lib));
    }
    names
}
