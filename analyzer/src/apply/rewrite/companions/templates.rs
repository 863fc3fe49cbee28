//! Templates that a derive compiles: they go along with the code that names them, with those that they extend or include. Where crates
//! share them they stay, and the new crates look for them there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use crate::apply::Done;
use crate::apply::planned::Planned;
use crate::apply::rewrite::layout::Layout;
use crate::apply::rewrite::manifest::relative;
use crate::apply::source::tokens::TokenKind;
use crate::apply::source::tree::Tree;
use crate::discover::normalize;
use crate::ids::{IdVec, PlanCrateId};

/// Where askama looks beside the manifest if nothing else is said, what says it, and the former name of both (its documentation).
const DIRECTORY: &str = "templates";
const CONFIGURATIONS: [&str; 2] = ["askama.toml", "rinja.toml"];

/// What names another template in one (the same).
const LEADS_ON: [&str; 3] = ["extends", "include", "import"];

/// More templates than these are not one package's.
const MOST_TEMPLATES: usize = 10_000;

/// What becomes of them.
#[derive(Debug, Default)]
pub(super) struct Templates {
    pub(super) renames: Vec<(PathBuf, PathBuf)>,
    /// Configurations of new crates.
    pub(super) files: Vec<(PathBuf, String)>,
    /// Crates whose templates stay, and whether a configuration leads to them.
    staying: BTreeMap<PlanCrateId, bool>,
    /// Names of which there is no file.
    missing: BTreeSet<(PlanCrateId, String)>,
}

impl Templates {
    /// Why what an attribute of a crate's code names didn't go along with it.
    pub(super) fn left(&self, krate: PlanCrateId, call: &str) -> Option<String> {
        let name = call.split('"').nth(1).unwrap_or_default();
        if self.missing.contains(&(krate, name.to_owned())) {
            return Some(format!("there is no template `{name}`"));
        }
        self.staying.get(&krate).map(|led| {
            let lacks =
                if *led { "a crate that is published does not have them" } else { "nothing leads to them" };
            format!("the templates stay with the package, and {lacks}")
        })
    }
}

pub(super) fn templates(
    target: &Planned,
    tree: &Tree,
    layout: &Layout,
    sources: &IdVec<PlanCrateId, PathBuf>,
    read: &dyn Fn(&Path) -> Done<String>,
) -> Templates {
    let directory = target.manifest.parent().unwrap_or(&target.root);
    let configured = CONFIGURATIONS.iter().map(|name| directory.join(name)).find(|path| path.is_file());
    // What can't be read or parsed can't be written otherwise either.
    let configuration: Option<DocumentMut> = match &configured {
        Some(path) => read(path).ok().and_then(|text| text.parse().ok()),
        None => Some(DocumentMut::new()),
    };
    let roots = directories(directory, configuration.as_ref());
    let mut out = Templates::default();
    let mut of_crate: BTreeMap<PlanCrateId, BTreeSet<PathBuf>> = BTreeMap::new();
    for (krate, name) in named(tree, layout) {
        if !with_others(&roots, &name, read, of_crate.entry(krate).or_default()) {
            out.missing.insert((krate, name));
        }
    }
    for (&krate, files) in of_crate.iter().filter(|(krate, _)| !layout.crates[**krate].residual) {
        let Some(home) = sources[krate].parent().filter(|_| !files.is_empty()) else { continue };
        let shared = of_crate.iter().any(|(other, its)| *other != krate && !its.is_disjoint(files));
        let inside = files.iter().all(|file| file.starts_with(directory.join(DIRECTORY)));
        if configured.is_none() && !shared && inside {
            let moved = files.iter().filter_map(|file| Some((file, file.strip_prefix(directory).ok()?)));
            out.renames.extend(moved.map(|(file, inner)| (file.clone(), home.join(inner))));
            continue;
        }
        out.staying.insert(krate, false);
        let written = configured.as_ref().and_then(|path| path.file_name()?.to_str());
        let has = |start: &str| target.externs.keys().any(|name| name.starts_with(start));
        let named = || CONFIGURATIONS.into_iter().find(|name| name.strip_suffix(".toml").is_some_and(has));
        // Other engines have no such file.
        let Some((name, mut own)) = written.or_else(named).zip(configuration.clone()) else { continue };
        let dirs: Array = roots.iter().map(|root| Value::from(relative(home, root))).collect();
        own.entry("general").or_insert(Item::Table(Table::new()))["dirs"] = value(dirs);
        out.files.push((home.join(name), own.to_string()));
        out.staying.insert(krate, true);
    }
    out
}

/// Where a package's templates are looked for.
fn directories(package: &Path, configuration: Option<&DocumentMut>) -> Vec<PathBuf> {
    let general = configuration.and_then(|configuration| configuration.get("general"));
    let given = general.and_then(|general| general.get("dirs")).and_then(Item::as_array);
    match given {
        Some(given) => {
            given.iter().filter_map(Value::as_str).map(|dir| normalize(&package.join(dir))).collect()
        }
        None => vec![package.join(DIRECTORY)],
    }
}

/// The templates that attributes name, by the crate whose code that is.
fn named(tree: &Tree, layout: &Layout) -> Vec<(PlanCrateId, String)> {
    let mut found = Vec::new();
    for (id, source) in tree.files.iter_enumerated() {
        let is = |at: usize, kind: TokenKind| source.tokens.get(at).is_some_and(|token| token.kind == kind);
        let ident = |at: usize, name: &str| is(at, TokenKind::Ident(name.to_owned()));
        for at in (0..source.tokens.len()).filter(|&at| ident(at, "template")) {
            let opens =
                |at: usize| matches!(source.tokens.get(at), Some(t) if matches!(t.kind, TokenKind::Open(_)));
            if at < 2 || !is(at - 2, TokenKind::Punct('#')) || !opens(at - 1) || !opens(at + 1) {
                continue;
            }
            let inside = (at + 2..source.tokens.len())
                .take_while(|&at| !matches!(source.tokens[at].kind, TokenKind::Close));
            let mut paths = inside.filter(|&at| ident(at, "path") && is(at + 1, TokenKind::Punct('=')));
            let literal = paths.next().and_then(|at| source.tokens.get(at + 2));
            let test = |at: usize| layout.moved_test_at(tree, id, at).map(|test| test.krate);
            if let Some(literal) = literal
                && let Some(krate) =
                    test(literal.bytes.start).or_else(|| layout.owner_at(tree, id, literal.bytes.start))
            {
                found.push((krate, source.text[literal.bytes.clone()].trim_matches('"').to_owned()));
            }
        }
    }
    found
}

/// A template's file, and those of all that it extends, includes and imports. Whether there is a file.
fn with_others(
    roots: &[PathBuf],
    name: &str,
    read: &dyn Fn(&Path) -> Done<String>,
    found: &mut BTreeSet<PathBuf>,
) -> bool {
    let mut is_there = false;
    let mut next = vec![(None::<PathBuf>, name.to_owned())];
    while let Some((around, name)) = next.pop() {
        let beside = around.iter().map(|file| file.with_file_name(&name));
        let mut places = beside.chain(roots.iter().map(|root| root.join(&name))).map(|path| normalize(&path));
        let Some(file) = places.find(|path| path.is_file()) else { continue };
        is_there |= around.is_none();
        if found.len() >= MOST_TEMPLATES || !found.insert(file.clone()) {
            continue;
        }
        let text = read(&file).unwrap_or_default();
        next.extend(others(&text).map(|name| (Some(file.clone()), name.to_owned())));
    }
    is_there
}

/// The templates that a template names.
fn others(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).filter_map(|rest| {
        let inside = rest.split("%}").next()?.trim_start_matches(['-', '+', '~']).trim_start();
        let leads = LEADS_ON
            .iter()
            .any(|word| inside.strip_prefix(word).is_some_and(|rest| rest.trim_start().starts_with('"')));
        inside.split('"').nth(1).filter(|_| leads)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_name_others() {
        let text = "{% extends \"base.html\" %}{%- import \"macros.html\" as m -%}\n{% include \"a/b.html\" %}{% if x == \"c.html\" %}{% endif %}";
        assert_eq!(others(text).collect::<Vec<_>>(), ["base.html", "macros.html", "a/b.html"]);
    }

    #[test]
    fn directories_are_those_of_the_configuration() {
        let of = |text: &str| directories(Path::new("/w/a"), Some(&text.parse().unwrap()));
        assert_eq!(of(""), [Path::new("/w/a/templates")]);
        assert_eq!(
            of("[general]\ndirs = [\"ui\", \"../shared\"]"),
            [Path::new("/w/a/ui"), Path::new("/w/shared")]
        );
        assert_eq!(of("[general]\nwhitespace = \"suppress\""), [Path::new("/w/a/templates")]);
    }
}
