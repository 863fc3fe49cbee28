//! From the working tables to a [`Resolution`]: ids for items, references sorted.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::commands::commands;
use super::definitions::definitions;
use super::passed::passed_names;
use super::print::{Paths, impl_name};
use super::re_exports::re_exports;
use super::shapes::shapes;
use super::unused_imports::mark_unfollowed;
use crate::budget::Watch;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::TargetKind;
use crate::ids::{CrateId, DefinitionId, FileId, Id as _, IdVec, ItemId, ModuleId, TargetId};
use crate::parse::tree::{Name, NodeKind, PathId, TypeId, TypeRef};
use crate::parse::{ItemFeatures, reruns_after_any};
use crate::resolve::bodies::members::members;
use crate::resolve::bodies::state::OpenCall;
use crate::resolve::bodies::walked::{Walked, walk};
use crate::resolve::model::{
    Crate, File, ImplHeader, Item, ItemKind, Module, OpenMethod, RefKind, Reference, Resolution, Signature,
};
use crate::resolve::names::def::{Def, DefId, DefKind, ModData, TreeId, TreeRef, World};
use crate::resolve::names::path::NAMES;
use crate::resolve::types::open::MayBe;
use crate::resolve::types::table::Types;
use crate::resolve::types::ty::{TraitRef, Ty};
use crate::resolve::uses::{Use, Uses};

/// Walks everything and assembles the result.
pub(in crate::resolve) fn finish(
    types: &Types<'_, '_>,
    files: IdVec<FileId, File>,
    watch: &Watch,
) -> (Resolution, Vec<Diagnostic>) {
    let world = types.world;
    let mut resolution = Resolution { crates: crates(world), files, ..Default::default() };
    let ids = items(types, &mut resolution);
    let (list, members) = members(world, &ids);
    resolution.members = list;
    resolution.commands = commands(world, &ids);
    let (definitions, numbers) = definitions(types, &ids, &resolution);
    (resolution.shapes, resolution.states) = shapes(world, &ids, &numbers);
    let found: Vec<Walked> = walk(types, (&ids, &numbers), (&resolution, &members), watch);
    let mut diagnostics = Vec::new();
    let (mut references, mut unresolved, mut open, mut external) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut passed = Vec::new();
    let (mut uses, mut made) = (Vec::new(), Vec::new());
    let mut problems = types.problems.clone();
    references.reserve(found.iter().map(|w| w.references.len()).sum());
    for walked in found {
        diagnostics.extend(walked.ended.into_iter().map(|at| too_much(world, at)));
        references.extend(walked.references);
        uses.extend(walked.uses);
        made.extend(walked.made);
        unresolved.extend(walked.unresolved);
        open.extend(walked.open);
        passed.extend(walked.passed);
        external += walked.external;
        problems.extend(walked.problems);
    }
    references.par_sort_unstable();
    unresolved.sort_unstable();
    resolution.re_exports = re_exports(world, &ids, &resolution);
    (resolution.passed_names, resolution.borrowed_names) = passed_names(world, &ids, &resolution, passed);
    mark_unfollowed(&resolution, &mut references);
    uses.extend(unfollowed_imports(&references));
    resolution.references = references;
    resolution.uses = Uses::new(resolution.items.len(), definitions, uses);
    resolution.unresolved = unresolved;
    made.sort_unstable();
    made.dedup();
    resolution.makings = made;
    resolution.made_unseen = made_unseen(world, &ids);
    resolution.open_methods = open_methods(types, world, &numbers, open);
    resolution.external_references = external;
    problems.extend(diagnostics);
    problems.sort();
    (resolution, problems)
}

fn too_much(world: &World<'_>, (file, line): (FileId, u32)) -> Diagnostic {
    let message = "takes too many steps to read to its end: references that come later in it are missing";
    let problem = Diagnostic::new(Severity::Warning, Code::LimitReached, message);
    problem.at(world.sources.files[file].path.clone()).line(line)
}

fn crates(world: &World<'_>) -> IdVec<crate::ids::CrateId, Crate> {
    let crates = world.crates.iter_enumerated().map(|(id, krate)| Crate {
        target: TargetId::from_index(id.index()),
        name: world.modules[krate.root].name.as_str().to_owned(),
        root: krate.root,
        reruns: reruns(world, id),
    });
    crates.collect()
}

fn reruns(world: &World<'_>, krate: CrateId) -> bool {
    let is_script =
        world.repository.targets[TargetId::from_index(krate.index())].kind == TargetKind::BuildScript;
    is_script && {
        let files = world.modules.iter().filter(|module| module.krate == krate).map(|module| module.file);
        let files: BTreeSet<FileId> = files.collect();
        reruns_after_any(world.repository, files.iter().map(|&file| world.sources.files[file].path.as_str()))
    }
}

/// The item of each definition; an associated item's is the `impl` or trait around it.
fn items(types: &Types<'_, '_>, resolution: &mut Resolution) -> IdVec<DefId, ItemId> {
    let world = types.world;
    let mut ids = IdVec::from_elem(ItemId(u32::MAX), world.defs.len());
    let paths = module_paths(world);
    let modules: Vec<(ModuleId, &ModData)> = world.modules.iter_enumerated().collect();
    let made: Vec<Vec<Item>> = modules
        .into_par_iter()
        .map(|(id, module)| {
            let mut defs: Vec<Item> = module.defs.iter().map(|&def| item(types, def, &paths[id])).collect();
            tell_apart(world, &module.defs, &paths[id], &mut defs);
            std::iter::once(module_item(world, id, &paths[id])).chain(defs).collect()
        })
        .collect();
    for ((module, path), made) in world.modules.iter().zip(paths.into_vec()).zip(made) {
        let mut made = made.into_iter().map(|item| resolution.items.push(item));
        let own = made.next().expect("the module's own");
        let items: Vec<ItemId> = made.collect();
        module.defs.iter().zip(&items).for_each(|(&def, &item)| ids[def] = item);
        resolution.modules.push(Module {
            krate: module.krate,
            parent: module.parent,
            name: module.name.as_str().to_owned(),
            path,
            file: module.file,
            inline: module.inline,
            test: module.test,
            visibility: module.vis,
            item: own,
            children: module.children.clone(),
            items,
        });
    }
    for (def, data) in world.defs.iter_enumerated() {
        if let Some(parent) = data.parent {
            ids[def] = ids[parent];
        }
    }
    for def in world.defs.ids() {
        if world.defs[def].kind == DefKind::Impl {
            let unseen =
                unseen_homes(types, def).into_iter().map(|home| resolution.modules[home].item).collect();
            resolution.items[ids[def]].imp = header(types, def, &ids, unseen);
        }
    }
    ids
}

/// Blocks of a module that would have one name are called by their whole paths, where these differ: `impl From<a::Error> for E`.
fn tell_apart(world: &World<'_>, defs: &[DefId], module: &str, items: &mut [Item]) {
    let mut of_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.kind == ItemKind::Impl) {
        of_name.entry(item.name.clone()).or_default().push(at);
    }
    for alike in of_name.into_values().filter(|all| all.len() > 1) {
        let whole = |&at: &usize| {
            let NodeKind::Impl(imp) = &world.node(defs[at]).kind else { return items[at].name.clone() };
            impl_name(world.tree(world.defs[defs[at]].tree), imp, Paths::Whole)
        };
        let names: Vec<String> = alike.iter().map(whole).collect();
        if names.windows(2).all(|pair| pair[0] == pair[1]) {
            continue;
        }
        for (at, name) in alike.into_iter().zip(names) {
            items[at].path = format!("{module}::<{name}>");
            items[at].name = name;
        }
    }
}

/// Parents come before their children.
fn module_paths(world: &World<'_>) -> IdVec<ModuleId, String> {
    let mut paths: IdVec<ModuleId, String> = IdVec::new();
    for module in &world.modules {
        paths.push(match module.parent {
            None => module.name.as_str().to_owned(),
            Some(parent) => format!("{}::{}", paths[parent], module.name),
        });
    }
    paths
}

fn is_expanded(world: &World<'_>, tree: TreeId) -> bool {
    matches!(world.trees[tree.0 as usize], TreeRef::Expanded(_))
}

fn module_item(world: &World<'_>, id: ModuleId, path: &str) -> Item {
    let module = &world.modules[id];
    Item {
        module: id,
        file: module.file,
        kind: ItemKind::Module,
        name: module.name.as_str().to_owned(),
        path: path.to_owned(),
        line: module.line,
        end_line: module.end_line,
        by_macro: module.inline && is_expanded(world, module.tree),
        visibility: module.vis,
        test: module.test,
        imp: None,
        macro_export: false,
        signature: None,
        generic: false,
        features: ItemFeatures::default(),
        compiled: !world.crates[module.krate].inactive,
    }
}

fn item(types: &Types<'_, '_>, def: DefId, module: &str) -> Item {
    let world = types.world;
    let data = &world.defs[def];
    let node = world.node(def);
    let (kind, name) = match &node.kind {
        NodeKind::Impl(imp) => (ItemKind::Impl, impl_name(world.tree(data.tree), imp, Paths::Last)),
        _ => (kind_of(data.kind), data.name.as_str().to_owned()),
    };
    let path =
        if kind == ItemKind::Impl { format!("{module}::<{name}>") } else { format!("{module}::{name}") };
    Item {
        module: data.module,
        file: world.file_of(data.tree),
        kind,
        name,
        path,
        line: node.line,
        end_line: node.end_line,
        by_macro: is_expanded(world, data.tree),
        visibility: data.vis,
        test: data.test,
        imp: None,
        macro_export: node.flags.macro_export,
        signature: match &node.kind {
            NodeKind::Fn(f) => Some(Signature { takes: f.params.len() as u32, returns: f.ret.is_some() }),
            _ => None,
        },
        generic: types.generics(def).is_some_and(|g| !g.types.is_empty() || !g.consts.is_empty()),
        features: if data.compiled { node.features } else { ItemFeatures::default() },
        compiled: data.compiled,
    }
}

fn kind_of(kind: DefKind) -> ItemKind {
    match kind {
        DefKind::Fn => ItemKind::Fn,
        DefKind::Struct => ItemKind::Struct,
        DefKind::Enum => ItemKind::Enum,
        DefKind::Union => ItemKind::Union,
        DefKind::Trait => ItemKind::Trait,
        DefKind::Impl => ItemKind::Impl,
        DefKind::TypeAlias => ItemKind::TypeAlias,
        DefKind::Const => ItemKind::Const,
        DefKind::Static => ItemKind::Static,
        DefKind::Macro => ItemKind::Macro,
    }
}

/// The modules where a build script or a macro writes the trait or the self type of an `impl`, or a type among the trait's
/// arguments where that may hold the `impl`, too.
fn unseen_homes(types: &Types<'_, '_>, def: DefId) -> Vec<ModuleId> {
    let (world, data) = (types.world, &types.world.defs[def]);
    let NodeKind::Impl(imp) = &world.node(def).kind else { return Vec::new() };
    let tree = world.tree(data.tree);
    let named = |mut ty: TypeId| {
        while let TypeRef::Ref(inner) | TypeRef::Ptr(inner) = &tree[ty] {
            ty = *inner;
        }
        if let TypeRef::Path(path) = &tree[ty] { Some(*path) } else { None }
    };
    let covered = types.impl_around(def).is_some_and(|imp| is_covered(&imp.self_ty));
    let arguments =
        imp.trait_path.filter(|_| covered).and_then(|path| tree[path].segments.last().args.as_deref());
    let arguments = arguments.into_iter().flat_map(|args| args.types.iter().filter_map(|&ty| named(ty)));
    let cx = types.cx_of(def);
    let home = |path: PathId| {
        let path = &tree[path];
        let first = path.segments.first().name;
        if path.qself.is_some()
            || path.global
            || first == NAMES.self_type
            || types.param(&cx, first).is_some()
        {
            return None;
        }
        let names: Vec<Name> = path.segments.names();
        let walk = world.walk(data.module, &names, false, false);
        walk.broken.or_else(|| world.unseen_home(data.module, &names).filter(|_| walk.used == 0))
    };
    imp.trait_path.into_iter().chain(named(imp.self_ty)).chain(arguments).filter_map(home).collect()
}

fn header(
    types: &Types<'_, '_>,
    def: DefId,
    ids: &IdVec<DefId, ItemId>,
    unseen_items: Vec<ItemId>,
) -> Option<ImplHeader> {
    let imp = types.impl_around(def)?;
    let item_of = |ty: &Ty| local_type(ty, ids);
    let NodeKind::Impl(node) = &types.world.node(def).kind else { return None };
    let (trait_item, argument_items) = match &imp.trait_ref {
        Some(t) => (item_of_trait(t, ids), t.args.iter().filter_map(item_of).collect()),
        None => (None, Vec::new()),
    };
    Some(ImplHeader {
        is_trait: node.trait_path.is_some(),
        trait_item,
        self_item: item_of(&imp.self_ty),
        unseen_items,
        argument_items,
        covered: is_covered(&imp.self_ty),
        bound_items: match (&imp.self_ty, &imp.trait_ref) {
            (Ty::Param(owner, name), Some(t))
                if of_parameters(&t.args) && is_path(types, def, node.self_ty) =>
            {
                let bounds = types.bounds(*owner, *name);
                let mut found: Vec<ItemId> =
                    bounds.iter().filter_map(|bound| item_of_trait(bound, ids)).collect();
                found.sort_unstable();
                found.dedup();
                found
            }
            _ => Vec::new(),
        },
        argument_bounds: imp.trait_ref.iter().flat_map(|t| argument_bounds(types, t, ids)).collect(),
    })
}

fn argument_bounds(types: &Types<'_, '_>, of: &TraitRef, ids: &IdVec<DefId, ItemId>) -> BTreeSet<ItemId> {
    let parameters = of.args.iter().filter_map(|argument| match argument {
        Ty::Param(owner, name) => Some((*owner, *name)),
        _ => None,
    });
    let bounds = parameters.flat_map(|(owner, name)| types.bounds(owner, name));
    let named = |bound: TraitRef| {
        let of_arguments = bound.args.iter().filter_map(|ty| local_type(ty, ids)).collect::<Vec<_>>();
        item_of_trait(&bound, ids).into_iter().chain(of_arguments)
    };
    bounds.flat_map(named).collect()
}

/// Whether a trait's arguments say nothing of what it is implemented for.
fn of_parameters(arguments: &[Ty]) -> bool {
    arguments.iter().all(|argument| matches!(argument, Ty::Param(..)))
}

/// Whether the self type is written as a name: references to one are told apart.
fn is_path(types: &Types<'_, '_>, def: DefId, ty: TypeId) -> bool {
    let tree = types.world.tree(types.world.defs[def].tree);
    matches!(tree[ty], TypeRef::Path(_))
}

fn item_of_trait(bound: &TraitRef, ids: &IdVec<DefId, ItemId>) -> Option<ItemId> {
    match bound.def {
        Def::Item(def) => Some(ids[def]),
        _ => None,
    }
}

/// The type of this repository that makes a type local to its crate: itself, the trait of a trait object, or what is in a box
/// (the reference's "Orphan rules": fundamental types). References are peeled already.
fn local_type(ty: &Ty, ids: &IdVec<DefId, ItemId>) -> Option<ItemId> {
    match ty {
        Ty::Adt(def, _) => Some(ids[*def]),
        Ty::Bounds(bounds) => bounds.iter().find_map(|bound| item_of_trait(bound, ids)),
        Ty::Ext(name, args) if is_fundamental(*name) => local_type(args.first()?, ids),
        _ => None,
    }
}

fn is_fundamental(name: Name) -> bool {
    matches!(name.as_str(), "Box" | "Pin")
}

/// Whether a type covers its parameters, as the reference's "Orphan rules" say it. References are peeled already.
fn is_covered(ty: &Ty) -> bool {
    match ty {
        Ty::Param(..) | Ty::Bounds(_) | Ty::Proj(_) | Ty::Unknown => false,
        Ty::Ext(name, args) if is_fundamental(*name) => args.first().is_some_and(is_covered),
        _ => true,
    }
}

fn unfollowed_imports(references: &[Reference]) -> impl Iterator<Item = (DefinitionId, Use)> {
    let imports = references.iter().filter(|r| r.kind == RefKind::Import && r.structural && !r.test);
    imports.map(|r| (Uses::of_item(r.from), Use { to: Uses::of_item(r.to), line: r.line }))
}

/// Derives that make no value of the type out of nothing, by their documentation.
const MAKE_NONE: [&str; 9] =
    ["Clone", "Copy", "Debug", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "Serialize"];

fn made_unseen(world: &World<'_>, ids: &IdVec<DefId, ItemId>) -> Vec<ItemId> {
    let makes = |def: &DefId| {
        let (node, tree) = (world.node(*def), world.tree(world.defs[*def].tree));
        let mut names = node.attributes.iter().map(|&path| tree[path].segments.last().name);
        names.any(|name| !MAKE_NONE.contains(&name.as_str()))
    };
    let is_type =
        |def: &DefId| matches!(world.defs[*def].kind, DefKind::Struct | DefKind::Enum | DefKind::Union);
    let mut found: Vec<ItemId> = world.defs.ids().filter(is_type).filter(makes).map(|def| ids[def]).collect();
    found.retain(|item| item.0 != u32::MAX);
    found.sort_unstable();
    found.dedup();
    found
}

fn open_methods(
    types: &Types<'_, '_>,
    world: &World<'_>,
    numbers: &IdVec<DefId, Option<DefinitionId>>,
    mut calls: Vec<(OpenCall, DefinitionId)>,
) -> Vec<OpenMethod> {
    let kind = |call: &OpenCall| (call.name.as_str(), call.arguments, call.may_be);
    calls.sort_unstable_by(|a, b| (kind(&a.0), a.1, a.0.line).cmp(&(kind(&b.0), b.1, b.0.line)));
    calls.dedup();
    let takes = |def: DefId| match &world.node(def).kind {
        NodeKind::Fn(function) => function.params.len().checked_sub(1),
        _ => None,
    };
    let open = |calls: &[(OpenCall, DefinitionId)]| {
        let (first, _) = calls[0];
        let methods = types.methods.get(&first.name)?;
        let is_of_trait = |def: DefId| {
            let around = world.defs[def].parent;
            around.is_some_and(|around| world.defs[around].kind == DefKind::Trait)
        };
        let may = |&&def: &&DefId| {
            let is = match first.may_be {
                MayBe::Nothing => false,
                MayBe::OfTraits => is_of_trait(def),
                MayBe::Only(only) => def == only,
                MayBe::Anything => true,
            };
            is && takes(def).is_none_or(|takes| takes == first.arguments as usize)
        };
        let mut methods: Vec<DefinitionId> =
            methods.iter().filter(may).filter_map(|&def| numbers[def]).collect();
        methods.sort_unstable();
        methods.dedup();
        let callers = calls.iter().map(|&(call, from)| (from, call.line)).collect();
        (!methods.is_empty()).then(|| OpenMethod { name: first.name.as_str().to_owned(), callers, methods })
    };
    calls.chunk_by(|a, b| kind(&a.0) == kind(&b.0)).filter_map(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::names::def::DefId;

    #[test]
    fn what_is_in_a_box_or_behind_a_trait_object_is_local() {
        let ids: IdVec<DefId, ItemId> = vec![ItemId(7)].into();
        let own = || Ty::Adt(DefId(0), Vec::new().into());
        let object = || {
            let bound = |def| TraitRef { def, args: Vec::new().into(), bindings: Vec::new().into() };
            Ty::Bounds(vec![bound(Def::Ext(ustr::ustr("Send"))), bound(Def::Item(DefId(0)))].into())
        };
        let ext = |name: &str, arg: Ty| Ty::Ext(ustr::ustr(name), vec![arg].into());
        let cases = [
            (own(), true),
            (object(), true),
            (ext("Box", own()), true),
            (ext("Box", object()), true),
            (ext("Pin", ext("Box", own())), true),
            (ext("Vec", own()), false),
            (ext("Box", ext("Vec", own())), false),
            (Ty::Tuple(vec![own()].into()), false),
        ];
        for (ty, local) in cases {
            assert_eq!(local_type(&ty, &ids), local.then_some(ItemId(7)), "{ty:?}");
        }
    }

    #[test]
    fn a_type_constructor_covers_its_parameters_but_a_box_or_reference_does_not() {
        let param = || Ty::Param(DefId(0), ustr::ustr("T"));
        let ext = |name: &str, arg: Ty| Ty::Ext(ustr::ustr(name), vec![arg].into());
        let cases = [
            (param(), false),
            (Ty::Unknown, false),
            (ext("Box", param()), false),
            (ext("Pin", ext("Box", param())), false),
            (ext("Box", ext("Vec", param())), true),
            (ext("Vec", param()), true),
            (Ty::Tuple(vec![param()].into()), true),
            (Ty::Ext(ustr::ustr("bool"), Vec::new().into()), true),
        ];
        for (ty, expected) in cases {
            assert_eq!(is_covered(&ty), expected, "{ty:?}");
        }
    }
}
