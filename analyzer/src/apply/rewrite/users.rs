//! Other packages that depend on the one that is split: what of their code and manifests changes where they name the new crates
//! themselves.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use syn::visit::Visit;
use toml_edit::{DocumentMut, InlineTable, Item, TableLike, value};

use super::lead::{Lead, Leads};
use super::manifest::{parsed, published_version, relative, table_of};
use super::statements::{Import, named, statements};
use super::text::indent_at;
use crate::apply::Done;
use crate::apply::planned::{Planned, User};
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::{Leaf, Use, import};
use crate::apply::source::test_only::test_code;
use crate::apply::source::tokens::{flat, paths_into};
use crate::apply::source::tree::ROOT;
use crate::ids::{IdVec, PlanCrateId};

/// A package as it becomes; nothing of it is written yet.
#[derive(Debug, Default)]
pub(in crate::apply) struct RewrittenUser {
    pub(in crate::apply) name: String,
    pub(in crate::apply) directory: PathBuf,
    /// Sources that change.
    pub(in crate::apply) files: BTreeMap<PathBuf, String>,
    /// New crates that they name.
    pub(in crate::apply) crates: Vec<String>,
    pub(in crate::apply) manifest: String,
    /// The manifest without the package that is split, where nothing names that any more.
    pub(in crate::apply) parted: Option<String>,
    /// Why it stays as it is.
    pub(in crate::apply) why: Option<String>,
}

/// Every user whose code names something that is in a new crate.
pub(in crate::apply) fn rewritten(
    target: &Planned,
    leads: &Leads<'_>,
    directories: &IdVec<PlanCrateId, PathBuf>,
    read: &dyn Fn(&Path) -> Done<String>,
) -> Done<Vec<RewrittenUser>> {
    if target.users.is_empty() {
        return Ok(Vec::new());
    }
    let of_crates = leads.layout.crates.iter_enumerated().filter(|(_, krate)| !krate.residual);
    let names = of_crates.map(|(id, krate)| (krate.lib_name(), id)).collect();
    let version = published_version(&parsed(&read(&target.manifest)?)?);
    let plan = Rewriting { target, leads, directories, names, version, read };
    target.users.iter().filter_map(|user| plan.user(user).transpose()).collect()
}

struct Rewriting<'a> {
    target: &'a Planned,
    leads: &'a Leads<'a>,
    directories: &'a IdVec<PlanCrateId, PathBuf>,
    /// The new crates by their names in code.
    names: BTreeMap<String, PlanCrateId>,
    version: Option<String>,
    read: &'a dyn Fn(&Path) -> Done<String>,
}

/// How a manifest depends on the package.
struct Dependency {
    key: String,
    /// Its name in code.
    name: String,
    /// Whether tests, examples and benches alone have it.
    dev: bool,
    /// Whether nothing but the place is said of it.
    plain: bool,
}

impl Rewriting<'_> {
    /// `None` for a package that doesn't depend on the one that is split, or names nothing that has moved.
    fn user(&self, user: &User) -> Done<Option<RewrittenUser>> {
        let path = user.directory.join("Cargo.toml");
        let mut manifest = parsed(&(self.read)(&path)?)?;
        let dependency = match self.dependency(&manifest) {
            Ok(Some(dependency)) => dependency,
            Ok(None) => return Ok(None),
            Err(why) => return Ok(Some(as_it_is(user, why))),
        };
        let mut found = RewrittenUser {
            name: user.name.clone(),
            directory: user.directory.clone(),
            ..RewrittenUser::default()
        };
        // Each crate, and whether tests, examples and benches alone name it.
        let mut crates: BTreeMap<PlanCrateId, bool> = BTreeMap::new();
        let mut still_named = false;
        for file in &user.files {
            // What isn't read may name the package.
            let text = match (self.read)(file) {
                Ok(text) => text,
                Err(why) => return Ok(Some(as_it_is(user, why))),
            };
            let inner = file.strip_prefix(&user.directory).unwrap_or(file);
            let for_tests = ["tests", "benches", "examples"].iter().any(|dir| inner.starts_with(dir));
            match self.file(&text, &dependency.name) {
                Ok(Some(File { text, named })) => {
                    for (krate, in_tests) in named {
                        *crates.entry(krate).or_insert(true) &= in_tests || for_tests;
                    }
                    still_named |= has_word(&text, &dependency.name);
                    found.files.insert(file.clone(), text);
                }
                Ok(None) => still_named |= has_word(&text, &dependency.name),
                Err(why) => return Ok(Some(as_it_is(user, why))),
            }
        }
        if crates.is_empty() {
            return Ok(None);
        }
        for (&krate, &in_tests) in &crates {
            self.depend(&mut manifest, &user.directory, krate, in_tests || dependency.dev);
        }
        found.crates = crates.keys().map(|&krate| self.leads.layout.crates[krate].package.clone()).collect();
        found.manifest = manifest.to_string();
        if !still_named && dependency.plain {
            for section in SECTIONS {
                if manifest.contains_key(section) {
                    table_of(&mut manifest, section).remove(&dependency.key);
                }
            }
            found.parted = Some(manifest.to_string());
        }
        Ok(Some(found))
    }

    /// `Err` with a reason where it isn't one that can be taken over.
    fn dependency(&self, manifest: &DocumentMut) -> Result<Option<Dependency>, String> {
        let package = self.target.package.as_str();
        let is_it = |(key, item): (&str, &Item)| {
            let table = item.as_table_like();
            let of = |key: &str| table.and_then(|table| table.get(key));
            let local = of("path").is_some() || of("workspace").is_some();
            local && of("package").and_then(Item::as_str).unwrap_or(key) == package
        };
        let within = |item: Option<&Item>| -> Option<String> {
            let table = item.and_then(Item::as_table_like)?;
            table.iter().find(|&entry| is_it(entry)).map(|(key, _)| key.to_owned())
        };
        let [normal, dev] = SECTIONS.map(|section| within(manifest.get(section)));
        let of_targets = manifest.get("target").and_then(Item::as_table_like);
        let on_targets = of_targets.into_iter().flat_map(TableLike::iter).any(|(_, table)| {
            let of = |section: &str| within(table.get(section)).is_some();
            SECTIONS.into_iter().chain(["build-dependencies"]).any(of)
        });
        if on_targets || within(manifest.get("build-dependencies")).is_some() {
            return Err(format!(
                "its dependency on `{package}` is one of a platform, or of its build script"
            ));
        }
        let Some(key) = normal.clone().or(dev.clone()) else { return Ok(None) };
        let of_section = |section: &str| manifest.get(section).and_then(|table| table.get(&key));
        let said = |section: &str| {
            let table = of_section(section).and_then(Item::as_table_like);
            table.into_iter().flat_map(TableLike::iter).map(|(key, _)| key.to_owned()).collect::<Vec<_>>()
        };
        let said: Vec<String> = SECTIONS.into_iter().flat_map(said).collect();
        if said.iter().any(|key| key == "optional") {
            return Err(format!("its dependency on `{package}` is optional"));
        }
        let plain =
            said.iter().all(|key| ["path", "version", "workspace", "package"].contains(&key.as_str()));
        let name =
            if key == package { self.leads.tree.modules[ROOT].path.clone() } else { key.replace('-', "_") };
        Ok(Some(Dependency { key, name, dev: normal.is_none(), plain }))
    }

    /// A file's text as it becomes; `None` where it names nothing that has moved.
    fn file(&self, text: &str, krate: &str) -> Result<Option<File>, String> {
        if !has_word(text, krate) {
            return Ok(None);
        }
        let unread = |error: syn::Error| format!("a source that names `{krate}` can't be read: {error}");
        let parsed = syn::parse_file(text).map_err(unread)?;
        let tokens = flat(text.parse().map_err(|error| unread(syn::Error::from(error)))?);
        let mut all = Names { krate, uses: Vec::new(), hidden: false };
        all.visit_file(&parsed);
        if all.hidden {
            return Err(format!("in its code `{krate}` means something else, or has another name"));
        }
        let tests = test_code(&parsed);
        let in_tests = |at: usize| tests.iter().any(|bytes| bytes.contains(&at));
        let mut edits = Vec::new();
        let mut named: BTreeMap<PlanCrateId, bool> = BTreeMap::new();
        let mut note = |path: &str, at: usize| {
            let first = path.split("::").next().unwrap_or(path);
            let known = self.names.get(first).copied();
            known.inspect(|&krate| *named.entry(krate).or_insert(true) &= in_tests(at)).is_some()
        };
        for statement in &all.uses {
            if let Some(splice) = self.import(statement, krate, text, &mut note) {
                edits.push(splice);
            }
        }
        let of_uses: Vec<Range<usize>> = all.uses.iter().map(|statement| statement.bytes.clone()).collect();
        for segments in paths_into(&tokens, krate) {
            let start = segments[0].bytes.start;
            if of_uses.iter().any(|bytes| bytes.contains(&start)) {
                continue;
            }
            let names: Vec<&str> = segments[1..].iter().map(|segment| segment.name.as_str()).collect();
            if let Lead::Write { segments: replaced, path } = self.leads.of_user(&names)
                && note(&path, start)
            {
                let end = segments[replaced.min(names.len())].bytes.end;
                edits.push(Splice::new(start..end, path));
            }
        }
        Ok((!edits.is_empty()).then(|| File { text: edited(text, &edits), named }))
    }

    /// The change of a `use` statement, if something that it names has moved.
    fn import(
        &self,
        statement: &Use,
        krate: &str,
        text: &str,
        note: &mut impl FnMut(&str, usize) -> bool,
    ) -> Option<Splice> {
        let mut moved = false;
        let mut path = |leaf: &Leaf| {
            let names: Vec<&str> = leaf.segments.iter().map(|segment| segment.name.as_str()).collect();
            if names[0] == krate
                && names.len() > 1
                && let Lead::Write { segments, path } = self.leads.of_user(&names[1..])
                && note(&path, statement.bytes.start)
            {
                moved = true;
                return named(statement, leaf, Some((segments + 1, &path)));
            }
            named(statement, leaf, None)
        };
        let paths: Vec<Import> = statement.leaves.iter().map(&mut path).collect();
        if !moved {
            return None;
        }
        let indent = indent_at(text, statement.whole.start);
        let cfgs = statement.cfgs.replace('\n', &format!("\n{indent}"));
        let lines = statements(&statement.vis, &paths);
        Some(Splice::new(statement.bytes.clone(), lines.join(&format!("\n{indent}{cfgs}"))))
    }

    fn depend(&self, manifest: &mut DocumentMut, directory: &Path, krate: PlanCrateId, dev: bool) {
        let mut entry = InlineTable::new();
        entry.insert("path", relative(directory, &self.directories[krate]).into());
        if let Some(version) = self.version.as_deref().filter(|_| !dev) {
            entry.insert("version", version.into());
        }
        let table = table_of(manifest, SECTIONS[usize::from(dev)]);
        table.insert(&self.leads.layout.crates[krate].package, value(entry));
    }
}

/// Where dependencies stand that code of the package itself, and then of its tests, has.
const SECTIONS: [&str; 2] = ["dependencies", "dev-dependencies"];

/// A source as it becomes.
struct File {
    text: String,
    /// New crates that it names, and whether for tests alone.
    named: BTreeMap<PlanCrateId, bool>,
}

fn as_it_is(user: &User, why: String) -> RewrittenUser {
    RewrittenUser { name: user.name.clone(), why: Some(why), ..RewrittenUser::default() }
}

/// Imports of a file, wherever they stand.
struct Names<'a> {
    krate: &'a str,
    uses: Vec<Use>,
    /// Whether the crate's name is that of something else, or has another name.
    hidden: bool,
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_use(&mut self, statement: &'ast syn::ItemUse) {
        let statement = import(statement);
        let leaves = || statement.leaves.iter();
        let renamed = |leaf: &Leaf| leaf.segments[0].name == self.krate && leaf.segments.len() == 1;
        self.hidden |= leaves().any(|leaf| renamed(leaf) && leaf.rename.is_some());
        let takes = |leaf: &Leaf| leaf.name() == self.krate && leaf.segments[0].name != self.krate;
        self.hidden |= leaves().any(takes);
        if leaves().any(|leaf| leaf.segments[0].name == self.krate) {
            self.uses.push(statement);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.hidden |= module.ident == self.krate;
        syn::visit::visit_item_mod(self, module);
    }

    fn visit_item_extern_crate(&mut self, krate: &'ast syn::ItemExternCrate) {
        self.hidden |= krate.ident == self.krate && krate.rename.is_some();
    }
}

/// Whether a text has a word, in code or beside it.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}
