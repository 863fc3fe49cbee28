//! A plan's work in sentences, made from its edits: what to do, and why that is the least.

use std::collections::BTreeSet;

use super::manifests::{manifest_edit, table};
use crate::base::words::{and_more, counted};
use crate::discover::{DependencyKind, Repository, TargetKind};
use crate::ids::{CrateId, EditId, FileId, ItemId, MemberId, ModuleId, PackageId};
use crate::plan::{BoundaryEdit, BoundaryEditKind, Edit, EditKind, Move, Plan, TestMoveCause, UserManifest};
use crate::resolve::{Item, ItemKind, Resolution};

/// Names and lines that a sentence shows: the rest is counted. A choice.
pub(super) const NAMED: usize = 3;

/// One sentence, without a full stop, that begins small.
pub(crate) fn sentence(
    (repository, resolution): (&Repository, &Resolution),
    plan: &Plan,
    edit: EditId,
) -> String {
    Sentences { repository, resolution, plan }.of(&plan.edits[edit])
}

/// The same of what a boundary asks for.
pub(crate) fn boundary_sentence(
    (repository, resolution): (&Repository, &Resolution),
    plan: &Plan,
    edit: &BoundaryEdit,
) -> String {
    Sentences { repository, resolution, plan }.of_boundary(edit)
}

pub(super) struct Sentences<'a> {
    repository: &'a Repository,
    pub(super) resolution: &'a Resolution,
    pub(super) plan: &'a Plan,
}

impl Sentences<'_> {
    fn of(&self, edit: &Edit) -> String {
        let first = edit.items.first().copied();
        match &edit.kind {
            EditKind::MoveItems(movement) => self.movement(edit, movement),
            EditKind::MoveTrait => self.move_trait(edit),
            EditKind::SplitImpl { lines, along } => self.split_impl(edit, lines, along),
            EditKind::PassValue { value, reads, unseen } => self.pass_value(edit, *value, *reads, unseen),
            EditKind::PassFunction { function, calls } => format!(
                "take `{}` as an argument of {} (a closure or a function pointer, {}) and pass it in from above: too much \
                 hangs on it to move down",
                self.item(*function).name,
                self.names(&edit.items),
                counted(*calls, "call")
            ),
            EditKind::Invert { target, name, exists } => self.invert(edit, *target, (name, *exists)),
            EditKind::KeepTogether { target, by } => self.keep_together(edit, *target, *by),
            EditKind::DevCrate { tests } => format!(
                "make `{}` a crate of its own that others have as a dev-dependency: only tests use it ({}), so it may lie \
                 above everything that it needs",
                first.map_or("it", |item| &self.item(item).name),
                counted(*tests, "reference")
            ),
            EditKind::DropReExport { module, globs, above } => {
                let names = edit.items.iter().map(|item| {
                    let name = &self.item(*item).name;
                    if globs.contains(item) { format!("`{name}::*`") } else { format!("`{name}`") }
                });
                let facade = self.plan.crates.iter().find(|krate| krate.residual);
                let facade = facade.map_or("the package", |krate| &krate.name);
                let above = &self.plan.crates[*above].name;
                if self.plan.crates[edit.krate].residual {
                    return format!(
                        "drop the re-export of {}: `{above}` lies above `{facade}`, and whoever uses it imports it from there",
                        and_more(&names.collect::<Vec<_>>(), NAMED)
                    );
                }
                let users = if above == facade {
                    String::new()
                } else {
                    format!(", code of the new crates imports from `{above}`")
                };
                format!(
                    "drop the re-export of {}, which lie{} above: for its users `{facade}` keeps a module `{}` that \
                     re-exports both{users}",
                    and_more(&names.collect::<Vec<_>>(), NAMED),
                    if edit.items.len() == 1 { "s" } else { "" },
                    self.resolution.modules[*module].path
                )
            }
        }
    }

    fn of_boundary(&self, edit: &BoundaryEdit) -> String {
        let first = edit.items.first().copied();
        match &edit.kind {
            BoundaryEditKind::Widen { re_export, member, references, tests_only } => {
                let glob = re_export.is_some_and(|place| place.glob);
                self.widen(edit, *member, glob, *tests_only, *references)
            }
            BoundaryEditKind::ExportMacro { references } => format!(
                "put `#[macro_export]` on `{}!`, which other crates of the plan call ({}): it is found by its place in the \
                 text, which ends at a crate's border",
                first.map_or("it", |item| &self.item(item).name),
                counted(*references, "call")
            ),
            BoundaryEditKind::MoveTests { from, cause } => format!(
                "move the test `{}` from `{}` to `{}`, or to its `tests/`: {}",
                first.map_or("it", |item| &self.item(item).path),
                self.plan.crates[*from].name,
                self.plan.crates[edit.krate].name,
                match cause {
                    TestMoveCause::TwoCopies =>
                        "it needs that crate, which has a copy of its own of the types that are under test here",
                    TestMoveCause::NoLibrary => "it needs what a package without a library holds",
                    TestMoveCause::AllAbove => "all that it needs lies there",
                }
            ),
            BoundaryEditKind::TestSupport { from, moves: true, references, .. } => format!(
                "move `{}` from `{}` to `{}`, whose tests use it ({})",
                first.map_or("it", |item| &self.item(item).path),
                self.plan.crates[*from].name,
                self.plan.crates[edit.krate].name,
                counted(*references, "reference")
            ),
            BoundaryEditKind::TestSupport { from, moves: false, needs_above: true, references } => format!(
                "make `{}` of `{}` a crate for dev-dependencies, or give it by a feature: tests of other crates use it ({}), and it \
                 needs what lies above them",
                first.map_or("it", |item| &self.item(item).path),
                self.plan.crates[*from].name,
                counted(*references, "reference")
            ),
            BoundaryEditKind::TestSupport { from, moves: false, needs_above: false, references } => format!(
                "write `{}` of `{}` twice, or make it a crate for dev-dependencies: tests of other crates use it ({}), and \
                 they can't see it there",
                first.map_or("it", |item| &self.item(item).path),
                self.plan.crates[*from].name,
                counted(*references, "reference")
            ),
            BoundaryEditKind::TestFeature { member, users, references } => {
                let users: Vec<String> =
                    users.iter().map(|&user| format!("`{}`", self.plan.crates[user].name)).collect();
                let name = first.map_or("it".to_owned(), |item| self.member(item, *member));
                format!(
                    "compile `{name}` of `{}` under a feature as well (`#[cfg(any(test, feature = \"…\"))]`), which the \
                     dev-dependencies of {} ask for: tests there use it ({}), and it can't leave the crate of its type",
                    self.plan.crates[edit.krate].name,
                    and_more(&users, NAMED),
                    counted(*references, "reference")
                )
            }
            BoundaryEditKind::BuildScript { calls, links } => {
                let calls: Vec<String> = calls.iter().map(|call| format!("`{call}`")).collect();
                let links = links.as_ref().map(|links| {
                    let stays = "one package alone may have it, and its build script is the one that others get `DEP_` variables of";
                    format!("; `links = \"{links}\"` stays in one of the two manifests: {stays}")
                });
                format!(
                    "give `{}` the build script, or its part of it, with the build-dependencies: it reads {}{}",
                    self.plan.crates[edit.krate].name,
                    and_more(&calls, NAMED),
                    links.unwrap_or_default()
                )
            }
            BoundaryEditKind::KeepPath { path, users } => {
                let users = users.iter().map(|&user| format!("`{}`", self.repository.packages[user].name));
                format!(
                    "keep `{path}` by a re-export: {} name{} it",
                    and_more(&users.clone().collect::<Vec<_>>(), NAMED),
                    if users.len() == 1 { "s" } else { "" }
                )
            }
            BoundaryEditKind::OtherPath { module, name, write } => {
                self.other_path(edit, *module, name, write.as_deref())
            }
            BoundaryEditKind::UserManifest { user, manifest } => self.user_manifest(*user, manifest),
            BoundaryEditKind::ShareFiles { user, files } => self.share_files(edit, *user, files),
            BoundaryEditKind::MoveFile { call, line } => format!(
                "move the file that `{call}` (line {line}) means to `{}`, or change the path",
                self.plan.crates[edit.krate].name
            ),
        }
    }

    /// Modules that another target declares, too.
    fn share_files(&self, edit: &BoundaryEdit, user: CrateId, files: &[FileId]) -> String {
        let target = &self.repository.targets[self.resolution.crates[user].target];
        let kind = if target.kind == TargetKind::Lib { "library" } else { "binary" };
        let files: Vec<String> =
            files.iter().map(|&file| format!("`{}`", self.resolution.files[file].path)).collect();
        let them = if files.len() == 1 { "it" } else { "them" };
        format!(
            "in the {kind} `{}` take {} from `{}` with `use`, in place of declaring {them} with `mod`",
            target.name,
            and_more(&files, NAMED),
            self.plan.crates[edit.krate].name
        )
    }

    /// What the manifest of a user gets and loses.
    fn user_manifest(&self, user: PackageId, manifest: &UserManifest) -> String {
        let edit = manifest_edit(self.repository, user, manifest);
        let tables = [
            (DependencyKind::Normal, &edit.dependencies),
            (DependencyKind::Dev, &edit.dev_dependencies),
            (DependencyKind::Build, &edit.build_dependencies),
        ];
        let filled = tables.iter().filter(|(_, lines)| !lines.is_empty());
        let added: Vec<String> = filled
            .map(|(kind, lines)| {
                let lines: Vec<String> = lines.iter().map(|line| format!("`{line}`")).collect();
                format!("to `[{}]` {}", table(*kind), lines.join(", "))
            })
            .collect();
        let package = &self.repository.packages[manifest.package].name;
        let rest = match manifest.keeps {
            Some(DependencyKind::Normal) => format!("`{package}` stays"),
            Some(kind) => format!("`{package}` moves to `[{}]`", table(kind)),
            None => format!("`{package}` goes, as far as references tell"),
        };
        format!("in `{}` add {}; {rest}", edit.file, added.join(" and "))
    }

    /// A name that a module of imports no longer passes on.
    fn other_path(&self, edit: &BoundaryEdit, module: ModuleId, name: &str, write: Option<&str>) -> String {
        let module = &self.resolution.modules[module];
        let places = counted(edit.lines, "line");
        let krate = &self.plan.crates[edit.krate].name;
        match write {
            Some(write) if module.parent.is_none() => format!(
                "write `{write}` for `{}::{name}` in `{krate}` ({places}), or import it in the root of that crate too: \
                 the root that does stays elsewhere",
                module.path
            ),
            Some(write) => format!(
                "write `{write}` for `{}::{name}` in `{krate}` ({places}): the module only imports it, and lies in another \
                 crate",
                module.path
            ),
            None => format!(
                "take `{name}` in `{krate}` from where it is defined ({places}): `{}` has it by a glob, and lies in another \
                 crate",
                module.path
            ),
        }
    }

    /// What becomes `pub`, by the name that a reader looks for.
    fn widen(
        &self,
        edit: &BoundaryEdit,
        member: Option<MemberId>,
        glob: bool,
        tests_only: bool,
        n: u32,
    ) -> String {
        let Some(item) = edit.items.first().map(|&item| self.item(item)) else { return String::new() };
        let name = match member.map(|member| &self.resolution.members[member]) {
            Some(member) => format!("`{}` of `{}`", member.name, item.subject()),
            None if glob => format!("what a glob re-exports of `{}`", item.path),
            None => format!("`{}`", item.name),
        };
        let who = if tests_only { "tests of other crates" } else { "other crates" };
        format!("make {name} `pub`: {who} of the plan need it ({})", counted(n, "reference"))
    }

    fn movement(&self, edit: &Edit, movement: &Move) -> String {
        let Some(&first) = edit.items.first() else { return String::new() };
        let (to, from) = (&self.plan.crates[edit.krate].name, &self.plan.crates[movement.from].name);
        let name = moved(self.item(first));
        let along = self.along(&edit.items);
        if edit.cuts.is_empty() {
            let with =
                if along.is_empty() { String::new() } else { format!(", with {}", and_more(&along, NAMED)) };
            return format!("move `{name}` ({}) from `{from}` to `{to}`{with}", counted(edit.lines, "line"));
        }
        let direction = if movement.up { "up" } else { "down" };
        let what = match (along.is_empty(), movement.up) {
            (true, _) => format!("move `{name}` ({}) {direction} to `{to}`", counted(edit.lines, "line")),
            (false, true) => format!(
                "move `{name}` up to `{to}` with what hangs on it ({}; {} together)",
                and_more(&along, NAMED),
                counted(edit.lines, "line")
            ),
            (false, false) => format!(
                "move `{name}` down to `{to}` with what it needs ({}; {} together)",
                and_more(&along, NAMED),
                counted(edit.lines, "line")
            ),
        };
        let why = match (movement.up, along.is_empty()) {
            (false, true) => format!("it uses nothing above `{to}`"),
            (false, false) => format!("none of it uses anything else above `{to}`"),
            (true, false) => "nothing else below uses it".to_owned(),
            (true, true) => match movement.users {
                0 if movement.outside.is_empty() => "nothing uses it".to_owned(),
                0 => "nothing else of the package uses it".to_owned(),
                1 => "its only user is there too".to_owned(),
                n => format!("its {n} users are there too"),
            },
        };
        format!("{what}: {why}{}", self.kept(first, along.is_empty(), movement))
    }

    /// What is said of those who know a moved item by its old path, and of names that nobody sees.
    fn kept(&self, item: ItemId, alone: bool, movement: &Move) -> String {
        let data = self.item(item);
        let module = &self.resolution.modules[data.module].path;
        let mut text = String::new();
        if movement.keeps > 0 {
            let others = counted(movement.keeps, "other reference");
            text += &format!("; a `pub use` in `{module}` keeps the path of {others}");
        }
        if !movement.outside.is_empty() {
            let users: Vec<String> = movement
                .outside
                .iter()
                .map(|&package| format!("`{}`", self.repository.packages[package].name))
                .collect();
            let uses = if users.len() == 1 { "uses" } else { "use" };
            let users = and_more(&users, NAMED);
            // Which of several the users mean is for them to say; an `impl` has no path.
            text += &match alone && data.kind != ItemKind::Impl {
                true => {
                    format!(
                        "; {users} {uses} it as `{}`, which the package has to go on exporting",
                        data.path
                    )
                }
                false => format!(
                    "; {users} {uses} what moves, which the package has to go on exporting where it is"
                ),
            };
        }
        if !movement.unseen.is_empty() {
            let names: Vec<String> = movement.unseen.iter().map(|name| format!("`{name}`")).collect();
            text += &format!(
                "; {} can't be seen: a macro or a build script writes it, or it is off",
                and_more(&names, NAMED)
            );
        }
        text
    }

    /// What moves beside the first item, by name: `impl`s of types that move too are understood.
    fn along(&self, items: &[ItemId]) -> Vec<String> {
        let moving: BTreeSet<ItemId> = items.iter().copied().collect();
        let follows = |item: &Item| {
            let of = item.imp.as_ref().and_then(|header| header.self_item);
            of.is_some_and(|of| moving.contains(&of)) || item.test || item.kind == ItemKind::Module
        };
        let named = items.iter().skip(1).map(|&item| self.item(item)).filter(|item| !follows(item));
        let first = items.first().map(|&item| moved(self.item(item)));
        let mut names: Vec<String> = named
            .filter(|item| first != Some(item.name.as_str()))
            .map(|item| format!("`{}`", item.name))
            .collect();
        names.dedup();
        names
    }

    fn move_trait(&self, edit: &Edit) -> String {
        let target = self.target(edit);
        match target.map(|item| item.kind) {
            Some(ItemKind::Macro) => {
                format!("move the macro `{}` down with what its body names", target.map_or("", |t| &t.name))
            }
            _ => format!(
                "move the trait `{}` down and leave its impls above: what its signatures name there becomes an associated \
                 type",
                target.map_or("", |t| &t.name)
            ),
        }
    }

    /// What the references that an edit removes lead to.
    fn target(&self, edit: &Edit) -> Option<&Item> {
        let cut = edit.cuts.first()?;
        Some(self.item(self.plan.cuts[*cut as usize].to))
    }

    fn keep_together(&self, edit: &Edit, target: ItemId, by: ItemId) -> String {
        let needs = if edit.items.contains(&by) { "needs it" } else { "calls what needs it" };
        format!(
            "keep {} and `{}` in one crate: `{}` {needs}, has to stay with its type, and what it takes is fixed by a trait of \
             another package",
            self.names(&edit.items),
            self.item(target).name,
            self.item(by).name
        )
    }

    fn pass_value(&self, edit: &Edit, value: ItemId, reads: Option<ItemId>, unseen: &[String]) -> String {
        let value = self.item(value);
        if value.kind == ItemKind::Module {
            let names: Vec<String> = unseen.iter().map(|name| format!("`{name}`")).collect();
            let what =
                if names.is_empty() { "what a path names".to_owned() } else { and_more(&names, NAMED) };
            return format!(
                "pass it in from above, or move what writes it down: {what} in the module `{}` can't be seen (a macro or a \
                 build script writes it, or it is switched off)",
                value.path
            );
        }
        match reads {
            None => format!(
                "pass what `{}` holds into {}, as an argument or a field of a configuration: a value needs no path to where \
                 it is defined",
                value.name,
                self.names(&edit.items)
            ),
            Some(read) => format!(
                "pass what `{}` returns in, as an argument or a field of a configuration: all it does is to read `{}`",
                value.name,
                self.item(read).name
            ),
        }
    }

    /// An item, or a member by its type.
    fn member(&self, item: ItemId, member: Option<MemberId>) -> String {
        match member {
            Some(member) => {
                format!("{}::{}", self.item(item).subject(), self.resolution.members[member].name)
            }
            None => self.item(item).path.clone(),
        }
    }

    pub(super) fn names(&self, items: &[ItemId]) -> String {
        let mut names: Vec<String> = Vec::new();
        for &item in items {
            let name = format!("`{}`", self.item(item).name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        and_more(&names, NAMED)
    }

    pub(super) fn item(&self, id: ItemId) -> &Item {
        &self.resolution.items[id]
    }
}

/// What moves: a type, where an inherent `impl` of it is meant.
fn moved(item: &Item) -> &str {
    match &item.imp {
        Some(header) if !header.is_trait => item.subject(),
        _ => &item.name,
    }
}
