//! A crate in a few lines of text, down to the tables that planning reads.
//!
//! ```text
//! mod a                        modules by path, parents first; the root is there
//! struct T 120                 kind, name, lines (10 unless told)
//! pub(crate) fn f 30 -> b::g*3 T test:b::h    references: module::item or an item of this module, how often
//! impl T 20 / impl b::Tr for T / impl From<b::U> for T
//! test fn t -> …
//! fn f -> shown:b::U           a type that its users get to see
//! fn f -> mod:b                a path to what is not to be seen in a module
//! use b::T                     an import that nothing follows
//! pub use b::T                 a re-export; `b::*` of all that is in a module; also `pub(crate) use`
//! private mod a::b             a module that only the one around it sees; `pub(crate) mod`: the crate
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::cost::{Cost, CostSource, Costs, Mode, Overhead};
use crate::discover::{Edition, Overrides, Package, Profile, Repository, Target, TargetKind, Workspace};
use crate::graph::{ItemGraph, item_graph};
use crate::ids::{
    CrateId, DefinitionId, FileId, Id, IdVec, ItemId, ModuleId, PackageId, TargetId, WorkspaceId,
};
use crate::parse::ItemFeatures;
use crate::plan::advise;
use crate::plan::{PackageAdvice, Plan, PlanInput, PlanOptions};
use crate::resolve::{
    Confidence, Crate, Definition, DefinitionKind, File, ImplHeader, Item, ItemKind, Module, ReExport,
    RefKind, Reference, Resolution, Signature, Use, Uses, Visibility,
};

/// One package `app` with a library.
pub(crate) struct World {
    pub(crate) repository: Repository,
    pub(crate) resolution: Resolution,
    pub(crate) graph: ItemGraph,
    pub(crate) costs: Vec<Costs>,
}

/// Seconds of front end and of code generation per line of the worlds here.
const SECONDS_PER_LINE: f64 = 0.001;

impl World {
    pub(crate) fn new(text: &str) -> Self {
        let resolution = Builder::default().read(text);
        let graph = item_graph(&resolution);
        let costs = [Mode::Check, Mode::Dev].map(|mode| costs(&resolution, mode)).to_vec();
        Self { repository: repository(), resolution, graph, costs }
    }

    pub(crate) fn input(&self) -> PlanInput<'_> {
        PlanInput {
            repository: &self.repository,
            resolution: &self.resolution,
            graph: &self.graph,
            costs: &self.costs,
            history: None,
        }
    }

    pub(crate) fn advise(&self, options: &PlanOptions) -> PackageAdvice {
        let (mut advice, problems) = advise(&self.input(), options);
        assert_eq!(problems, []);
        assert_eq!(advice.len(), 1);
        advice.remove(0)
    }

    /// The plan, asked for by name.
    pub(crate) fn plan(&self, crates: Option<u32>) -> Plan {
        let options = PlanOptions { package: Some(PackageId(0)), crates, ..PlanOptions::default() };
        self.advise(&options).plan.unwrap_or_default()
    }

    pub(crate) fn path(&self, item: ItemId) -> &str {
        self.resolution.items[item].path.trim_start_matches("app::")
    }

    /// `name: module item … -> dependencies`, a line per crate; `module` stands for all below it.
    pub(crate) fn show(&self, plan: &Plan) -> String {
        let mut text = String::new();
        for krate in &plan.crates {
            let modules = krate.modules.iter().map(|&m| {
                let path = &self.resolution.modules[m].path;
                path.strip_prefix("app::").unwrap_or("crate").to_owned()
            });
            let items = krate.items.iter().map(|&item| format!("+{}", self.path(item)));
            let held: Vec<String> = modules.chain(items).collect();
            let needs: Vec<&str> = krate.depends_on.iter().map(|&id| plan.crates[id].name.as_str()).collect();
            text += &format!("{}: {} -> {}\n", krate.name, held.join(" "), needs.join(" "));
        }
        text
    }

    /// `from -> to: fix`, a line per cut.
    pub(crate) fn show_cuts(&self, plan: &Plan) -> String {
        let cut = |cut: &crate::plan::Cut| {
            let fix = plan.edits[cut.edit].kind.fix();
            format!("{} -> {}: {fix:?}\n", self.path(cut.from), self.path(cut.to))
        };
        plan.cuts.iter().map(cut).collect()
    }
}

pub(crate) fn costs(resolution: &Resolution, mode: Mode) -> Costs {
    let codegen = if mode == Mode::Check { 0.0 } else { 1.0 };
    let item = |item: &Item| {
        let lines = f64::from(item.end_line + 1 - item.line);
        let real = if item.test || item.kind == ItemKind::Module { 0.0 } else { lines };
        Cost { frontend_s: real * SECONDS_PER_LINE, codegen_s: real * SECONDS_PER_LINE * codegen }
    };
    let items: IdVec<ItemId, Cost> = resolution.items.iter().map(item).collect();
    let mut krate = Cost { frontend_s: 0.1, codegen_s: 0.0 };
    items.iter().for_each(|&cost| krate += cost);
    Costs {
        mode,
        source: CostSource::Modelled,
        crate_sources: vec![CostSource::Modelled].into(),
        calibration: None,
        machine: 1.0,
        measured_modules: 0,
        items,
        crates: vec![krate].into(),
        host_crates: vec![krate].into(),
        twice_in_dev: Vec::new(),
        test_items: IdVec::new(),
        harnesses: IdVec::new(),
        overhead: Overhead { crate_s: 0.1, per_dependency_s: 0.01, ..Overhead::default() },
        loaded: IdVec::new(),
        known: Default::default(),
        error_factor: 1.5,
        build_factor: 1.5,
    }
}

fn repository() -> Repository {
    let profile = Profile {
        opt_level: "0".into(),
        debug: "2".into(),
        lto: "false".into(),
        codegen_units: 16,
        incremental: true,
        panic: "unwind".into(),
        split_debuginfo: None,
        overrides: Overrides::default(),
    };
    let mut repository = Repository::default();
    repository.workspaces.push(Workspace {
        dir: String::new(),
        members: vec![PackageId(0)],
        locked: IdVec::new(),
        profiles: BTreeMap::from([("dev".to_owned(), profile.clone()), ("release".to_owned(), profile)]),
    });
    repository.packages.push(Package {
        name: "app".into(),
        version: "0.1.0".into(),
        manifest: "Cargo.toml".into(),
        dir: String::new(),
        workspace: WorkspaceId(0),
        edition: Edition::E2024,
        features: BTreeMap::new(),
        enabled_features: Default::default(),
        dependencies: Vec::new(),
        targets: vec![TargetId(0)],
        publishable: true,
        links: None,
    });
    repository.targets.push(Target {
        package: PackageId(0),
        name: "app".into(),
        crate_name: "app".into(),
        kind: TargetKind::Lib,
        src: "src/lib.rs".into(),
        edition: Edition::E2024,
        required_features: Vec::new(),
        enabled: true,
        tested: true,
        doctested: true,
    });
    repository
}

/// An item's line of the text, before names are looked up.
struct Draft {
    kind: ItemKind,
    name: String,
    lines: u32,
    public: bool,
    test: bool,
    targets: Vec<String>,
}

#[derive(Default)]
struct Builder {
    modules: Vec<(String, Vec<Draft>)>,
    /// Re-exports: the module that each stands in, what it names, whether it is for tests.
    uses: Vec<(String, String, bool)>,
    /// Paths of modules and, with `use `, of re-exports that not everybody sees.
    hidden: BTreeSet<String>,
    /// Paths of modules that only the crate sees.
    within_crate: BTreeSet<String>,
    /// Imports that nothing follows: the module that each stands in, what it names.
    imports: Vec<(String, String)>,
}

impl Builder {
    fn read(mut self, text: &str) -> Resolution {
        self.modules.push((String::new(), Vec::new()));
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let around = self.modules.last().unwrap().0.clone();
            let line = if let Some(path) = line.strip_prefix("private mod ") {
                self.hidden.insert(path.to_owned());
                &line["private ".len()..]
            } else if let Some(path) = line.strip_prefix("pub(crate) mod ") {
                self.within_crate.insert(path.to_owned());
                &line["pub(crate) ".len()..]
            } else if let Some(path) = line.strip_prefix("pub(crate) use ") {
                self.hidden.insert(format!("use {path}"));
                self.uses.push((around, path.to_owned(), false));
                continue;
            } else {
                line
            };
            if let Some(path) = line.strip_prefix("mod ") {
                self.modules.push((path.to_owned(), Vec::new()));
            } else if let Some(path) = line.strip_prefix("pub use ") {
                self.uses.push((around, path.to_owned(), false));
            } else if let Some(path) = line.strip_prefix("test pub use ") {
                self.uses.push((around, path.to_owned(), true));
            } else if let Some(path) = line.strip_prefix("use ") {
                self.imports.push((around, path.to_owned()));
            } else {
                self.modules.last_mut().unwrap().1.push(draft(line));
            }
        }
        self.build()
    }

    fn build(self) -> Resolution {
        let mut resolution = Resolution::default();
        let mut by_path: BTreeMap<String, ItemId> = BTreeMap::new();
        let mut modules: BTreeMap<String, ModuleId> = BTreeMap::new();
        for (path, drafts) in &self.modules {
            let id = push_module(&mut resolution, path, &modules);
            modules.insert(path.clone(), id);
            if let Some(around) = resolution.modules[id].parent.filter(|_| self.hidden.contains(path)) {
                resolution.modules[id].visibility = Visibility::Within(around);
            }
            if self.within_crate.contains(path) {
                resolution.modules[id].visibility = Visibility::Within(ModuleId(0));
            }
            let mut line = 1;
            for draft in drafts {
                let item = push_item(&mut resolution, id, draft, line);
                line += draft.lines;
                let local = resolution.items[item].path.trim_start_matches("app::").to_owned();
                by_path.insert(local, item);
            }
        }
        resolution.crates.push(Crate {
            target: TargetId(0),
            name: "app".into(),
            root: ModuleId(0),
            reruns: false,
        });
        self.refer(&mut resolution, &modules, &by_path);
        for (module, path) in &self.imports {
            let (from, to) = (resolution.modules[modules[module]].item, by_path[path]);
            let reference = reference(&resolution, from, to, RefKind::Import);
            resolution.references.push(Reference { structural: true, ..reference });
        }
        resolution.references.sort_unstable();
        resolution.uses = uses(&resolution);
        for (line, (module, path, test)) in (1..).zip(&self.uses) {
            let glob = path.strip_suffix("::*");
            let of_module = modules.get(glob.unwrap_or(path)).map(|&module| resolution.modules[module].item);
            let to = of_module.or_else(|| by_path.get(path).copied()).unwrap_or_else(|| panic!("no {path}"));
            let (module, glob, test) = (modules[module], glob.is_some(), *test);
            let hidden = self.hidden.contains(&format!("use {path}"));
            let visibility = if hidden { Visibility::Within(ModuleId(0)) } else { Visibility::Public };
            resolution.re_exports.push(ReExport { module, line, to, glob, visibility, test });
        }
        resolution.re_exports.sort_unstable();
        resolution
    }

    fn refer(
        &self,
        resolution: &mut Resolution,
        modules: &BTreeMap<String, ModuleId>,
        by_path: &BTreeMap<String, ItemId>,
    ) {
        for (path, drafts) in &self.modules {
            let items = resolution.modules[modules[path]].items.clone();
            let find = |name: &str| {
                let own = if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") };
                by_path.get(&own).or_else(|| by_path.get(name)).copied()
            };
            for (draft, &from) in drafts.iter().zip(&items) {
                if draft.kind == ItemKind::Impl {
                    let header = header(&draft.name, find);
                    for to in header
                        .trait_item
                        .into_iter()
                        .chain(header.self_item)
                        .chain(header.argument_items.clone())
                    {
                        push_references(resolution, from, to, 1, RefKind::Impl, draft.test);
                    }
                    resolution.items[from].imp = Some(header);
                }
                for target in &draft.targets {
                    let (test, target) = match target.strip_prefix("test:") {
                        Some(target) => (true, target),
                        None => (draft.test, target.as_str()),
                    };
                    if let Some(module) = target.strip_prefix("mod:") {
                        let to = resolution.modules[modules[module]].item;
                        let reference = reference(resolution, from, to, RefKind::Value);
                        let confidence = Confidence::Unseen;
                        resolution.references.push(Reference { confidence, test, ..reference });
                        continue;
                    }
                    let (shown, target) = match target.strip_prefix("shown:") {
                        Some(target) => (true, target),
                        None => (false, target),
                    };
                    let (name, count) = target.split_once('*').unwrap_or((target, "1"));
                    let to = find(name).unwrap_or_else(|| panic!("no item {name}"));
                    let kind = match resolution.items[to].kind {
                        ItemKind::Fn => RefKind::Call,
                        ItemKind::Const | ItemKind::Static => RefKind::Value,
                        ItemKind::Macro => RefKind::Macro,
                        ItemKind::Impl => RefKind::Method,
                        _ => RefKind::Type,
                    };
                    let first = resolution.references.len();
                    push_references(resolution, from, to, count.parse().unwrap(), kind, test);
                    resolution.references[first..].iter_mut().for_each(|r| r.shown = shown);
                }
            }
        }
    }
}

/// Function by function: an `impl` has a method of one line wherever it refers to something, and whoever refers to it calls all of
/// them.
pub(super) fn uses(resolution: &Resolution) -> Uses {
    let mut definitions: IdVec<DefinitionId, Definition> = IdVec::new();
    for (id, item) in resolution.items.iter_enumerated() {
        definitions.push(Definition {
            item: id,
            name: item.name.as_str().into(),
            kind: DefinitionKind::Item,
            line: item.line,
            end_line: item.end_line,
            test: item.test,
            takes_self: false,
        });
    }
    let is_impl = |item: ItemId| resolution.items[item].kind == ItemKind::Impl;
    let counts = |r: &&Reference| !r.test && r.kind != RefKind::Impl;
    let mut methods: BTreeMap<(ItemId, u32), DefinitionId> = BTreeMap::new();
    for reference in resolution.references.iter().filter(counts).filter(|r| is_impl(r.from)) {
        let Reference { from: item, line, .. } = *reference;
        methods.entry((item, line)).or_insert_with(|| {
            definitions.push(Definition {
                item,
                name: format!("m{line}").as_str().into(),
                kind: DefinitionKind::Function,
                line,
                end_line: line,
                test: false,
                takes_self: true,
            })
        });
    }
    let mut found = Vec::new();
    for r in resolution.references.iter().filter(counts) {
        let from = methods.get(&(r.from, r.line)).copied().unwrap_or(Uses::of_item(r.from));
        let of_target = methods.range((r.to, 0)..=(r.to, u32::MAX)).map(|(_, &method)| method);
        let targets = std::iter::once(Uses::of_item(r.to)).chain(of_target);
        found.extend(targets.map(|to| (from, Use { to, line: r.line })));
    }
    Uses::new(resolution.items.len(), definitions, found)
}

fn draft(line: &str) -> Draft {
    let (head, targets) = line.split_once("->").unwrap_or((line, ""));
    let mut words: Vec<&str> = head.split_whitespace().collect();
    let test = words[0] == "test";
    words.drain(..usize::from(test));
    let public = words[0] != "pub(crate)";
    words.drain(..usize::from(!public));
    let lines = words.last().and_then(|word| word.parse().ok());
    words.truncate(words.len() - usize::from(lines.is_some()));
    let kind = match words[0] {
        "fn" => ItemKind::Fn,
        "struct" => ItemKind::Struct,
        "enum" => ItemKind::Enum,
        "trait" => ItemKind::Trait,
        "impl" => ItemKind::Impl,
        "const" => ItemKind::Const,
        "static" => ItemKind::Static,
        "macro" => ItemKind::Macro,
        other => panic!("unknown kind {other}"),
    };
    let name = if kind == ItemKind::Impl { words.join(" ") } else { words[1].to_owned() };
    Draft {
        kind,
        name,
        lines: lines.unwrap_or(10),
        public,
        test,
        targets: targets.split_whitespace().map(str::to_owned).collect(),
    }
}

fn header(name: &str, find: impl Fn(&str) -> Option<ItemId>) -> ImplHeader {
    let name = name.trim_start_matches("impl ");
    let (trait_name, self_name) = match name.split_once(" for ") {
        Some((trait_name, self_name)) => (Some(trait_name), self_name),
        None => (None, name),
    };
    let argument =
        trait_name.and_then(|name| name.split_once('<')).map(|(_, rest)| rest.trim_end_matches('>'));
    ImplHeader {
        is_trait: trait_name.is_some(),
        trait_item: trait_name.map(|name| name.split('<').next().unwrap()).and_then(&find),
        self_item: find(self_name),
        argument_items: argument.and_then(find).into_iter().collect(),
        unseen_items: Vec::new(),
        covered: false,
        bound_items: Vec::new(),
        argument_bounds: Vec::new(),
    }
}

fn push_module(resolution: &mut Resolution, path: &str, modules: &BTreeMap<String, ModuleId>) -> ModuleId {
    let id = ModuleId::from_index(resolution.modules.len());
    let file = resolution.files.push(File {
        path: if path.is_empty() {
            "src/lib.rs".into()
        } else {
            format!("src/{}.rs", path.replace("::", "/"))
        },
        lines: 1000,
        bytes: 1000,
        ..File::default()
    });
    let parent = (!path.is_empty()).then(|| modules[path.rsplit_once("::").map_or("", |(parent, _)| parent)]);
    if let Some(parent) = parent {
        resolution.modules[parent].children.push(id);
    }
    let full = if path.is_empty() { "app".to_owned() } else { format!("app::{path}") };
    let item = resolution.items.push(item(id, file, ItemKind::Module, &full, full.clone(), (1, 1)));
    resolution.modules.push(Module {
        krate: CrateId(0),
        parent,
        name: path.rsplit("::").next().filter(|name| !name.is_empty()).unwrap_or("app").to_owned(),
        path: full,
        file,
        inline: false,
        test: false,
        visibility: Visibility::Public,
        item,
        children: Vec::new(),
        items: Vec::new(),
    });
    id
}

fn push_item(resolution: &mut Resolution, module: ModuleId, draft: &Draft, line: u32) -> ItemId {
    let around = &resolution.modules[module];
    let (file, path) = (around.file, format!("{}::{}", around.path, draft.name));
    let mut new = item(module, file, draft.kind, &draft.name, path, (line, line + draft.lines - 1));
    new.test = draft.test;
    if !draft.public {
        new.visibility = Visibility::Within(ModuleId(0));
    }
    let id = resolution.items.push(new);
    resolution.modules[module].items.push(id);
    id
}

fn item(
    module: ModuleId,
    file: FileId,
    kind: ItemKind,
    name: &str,
    path: String,
    (line, end_line): (u32, u32),
) -> Item {
    Item {
        module,
        file,
        kind,
        name: name.to_owned(),
        path,
        line,
        end_line,
        visibility: Visibility::Public,
        test: false,
        imp: None,
        macro_export: false,
        signature: (kind == ItemKind::Fn).then_some(Signature { takes: 0, returns: true }),
        by_macro: false,
        compiled: true,
        generic: false,
        features: ItemFeatures { fns: 1, ..ItemFeatures::default() },
    }
}

fn push_references(
    resolution: &mut Resolution,
    from: ItemId,
    to: ItemId,
    count: u32,
    kind: RefKind,
    test: bool,
) {
    if from == to {
        return;
    }
    let first = reference(resolution, from, to, kind);
    for i in 0..count {
        resolution.references.push(Reference { line: first.line + i, test, ..first });
    }
}

/// A reference in the first line of an item.
fn reference(resolution: &Resolution, from: ItemId, to: ItemId, kind: RefKind) -> Reference {
    Reference {
        from,
        line: resolution.items[from].line,
        to,
        kind,
        test: false,
        confidence: Confidence::Exact,
        restricted: resolution.items[to].visibility != Visibility::Public,
        structural: kind != RefKind::Import,
        shown: false,
        member: None,
    }
}
