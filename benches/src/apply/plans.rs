//! `apply`: whether a plan compiles once it is carried out, by carrying it out on a copy.
//!
//! Nothing of the sources is rewritten but what the plan says: each new crate shows the modules that it depends on at the
//! paths that they had, so that `crate::a::B` means what it meant.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use split_analyzer::report::{PlanReport, Report};
use split_analyzer::resolve::ItemKind;
use split_analyzer::{Options, read};

use super::causes::{Judge, Verdict};
use super::check::{Cargo, CompileError};
use super::copy::{copy_tree, link_data, write_changed};
use super::errors::Cause;
use super::facts::DeclKind;
use super::layout::{ItemPlace, Layout};
use super::manifest::{Package, add_members, manifests};
use super::metadata::{LocatedPackage, find};
use super::tree::Tree;
use super::write::{Changes, write};

/// Arguments of `apply`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The repository; it is only read
    repository: PathBuf,
    /// What `analyze --format json` says of it
    plan: PathBuf,
    /// Where the copy goes: a directory that is empty or not there yet
    #[arg(long)]
    into: PathBuf,
    /// The package whose plan is carried out; the first one with a plan when left out
    #[arg(long)]
    package: Option<String>,
    /// Where cargo builds
    #[arg(long)]
    target_dir: Option<PathBuf>,
    /// Make everything `pub` that is not private to its module's own code: what is left are missed references
    #[arg(long)]
    widen_all: bool,
    /// Don't check the untouched copy first
    #[arg(long)]
    no_baseline: bool,
    /// Checks until what mends itself is mended
    #[arg(long, default_value_t = 40)]
    rounds: u32,
    /// More arguments for `cargo check`
    #[arg(last = true)]
    cargo_arguments: Vec<String>,
}

/// Prints the errors by cause, each with its place.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let text = fs::read_to_string(&args.plan).with_context(|| args.plan.display().to_string())?;
    let report: Report = serde_json::from_str(&text).with_context(|| args.plan.display().to_string())?;
    let wanted = |name: &str| args.package.as_deref().is_none_or(|wanted| wanted == name);
    let package = report.packages.iter().find(|p| wanted(&p.name) && p.plan.is_some());
    let package = package.context("no package with a plan")?;
    let plan = package.plan.as_ref().context("a plan")?;
    let copy = std::path::absolute(&args.into)?;
    copy_tree(&args.repository, &copy)?;
    let found = find(&copy.join(&package.manifest))?;
    let cargo = Cargo {
        manifest: found.manifest.clone(),
        workspace: found.workspace.clone(),
        target_directory: args.target_dir.as_deref(),
        arguments: &args.cargo_arguments,
    };
    if !args.no_baseline
        && let Some(error) = cargo.check(false)?.first()
    {
        bail!("the untouched copy does not compile: {error:?}");
    }
    let carried = Carried::new(args, plan, found, &copy)?;
    println!(
        "{}: {} crates ({} in the plan), {} items to make pub, {} cuts",
        package.name,
        carried.layout.crates.len(),
        plan.crates.len(),
        plan.visibility.len(),
        plan.cuts.len()
    );
    carried.left.iter().chain(&carried.layout.left).for_each(|line| println!("  not carried out: {line}"));
    carried.check(&cargo, args)
}

/// A plan with all that is needed to carry it out.
struct Carried<'a> {
    plan: &'a PlanReport,
    found: LocatedPackage,
    copy: &'a Path,
    tree: Tree,
    layout: Layout,
    directories: Vec<PathBuf>,
    changes: Changes,
    left: Vec<String>,
}

impl<'a> Carried<'a> {
    fn new(args: &Args, plan: &'a PlanReport, found: LocatedPackage, copy: &'a Path) -> anyhow::Result<Self> {
        let first = plan.crates.iter().flat_map(|k| &k.modules).next().context("a module")?;
        let name = first.split("::").next().unwrap_or(first);
        let root = found.root_of(name).with_context(|| format!("no target `{name}`"))?;
        let tree = Tree::read(root, name)?;
        let any_item = plan.crates.iter().any(|krate| !krate.items.is_empty());
        let items = if any_item { item_places(&args.repository)? } else { BTreeMap::new() };
        let layout = Layout::new(plan, &tree, &items)?;
        let directory = found.directory();
        let beside = if directory == copy { copy } else { directory.parent().unwrap_or(copy) };
        let place = |krate: &super::layout::NewCrate| {
            if krate.residual { directory.to_owned() } else { beside.join(&krate.package) }
        };
        let directories = layout.crates.iter().map(place).collect();
        let mut changes = Changes::default();
        let mut left: Vec<String> = tree.unread.iter().map(|file| format!("{file} (not read)")).collect();
        if args.widen_all {
            widen_all(&tree, &mut changes);
        }
        for listed in &plan.visibility {
            if !widen_listed(&tree, &copy.join(&listed.file), listed.line, &listed.item, &mut changes) {
                left.push(format!("{} ({}:{}) was not found", listed.item, listed.file, listed.line));
            }
        }
        Ok(Self { plan, found, copy, tree, layout, directories, changes, left })
    }

    fn check(mut self, cargo: &Cargo<'_>, args: &Args) -> anyhow::Result<()> {
        let root = self.found.workspace.join("Cargo.toml");
        let root_table: toml::Table = fs::read_to_string(&root)?.parse()?;
        let inherited = root_table.get("workspace").and_then(|w| w.get("dependencies")?.as_table());
        let package = Package {
            directory: self.found.directory().to_owned(),
            manifest: self.found.table()?,
            inherited: inherited.cloned().unwrap_or_default(),
        };
        let of_crate = |at: usize| self.directories[at].join("src");
        let sources: Vec<PathBuf> = (0..self.directories.len())
            .map(|at| if self.layout.crates[at].residual { self.tree.source.clone() } else { of_crate(at) })
            .collect();
        let modules: BTreeSet<&Path> = self.tree.files.iter().map(|file| file.path.as_path()).collect();
        for (krate, directory) in
            self.layout.crates.iter().zip(&self.directories).filter(|(k, _)| !k.residual)
        {
            fs::create_dir_all(directory)?;
            let package = self.found.directory();
            link_data(package, directory, &modules)
                .and_then(|()| link_data(&self.tree.source, &directory.join("src"), &modules))
                .with_context(|| format!("the files of {}", krate.package))?;
        }
        let mut findings: Vec<(Cause, String)> = Vec::new();
        for round in 1..=args.rounds {
            let output = write(&self.tree, &self.layout, &self.changes, &sources);
            for (path, file) in &output {
                write_changed(path, &file.text)?;
            }
            let tables = manifests(&package, self.plan, &self.layout, &self.changes, &self.directories)?;
            self.write_manifests(tables, &root, &root_table)?;
            let errors = cargo.check(true)?;
            let mut judge = Judge {
                tree: &self.tree,
                layout: &self.layout,
                output: &output,
                externs: &self.found.externs,
                changes: self.changes.clone(),
            };
            let judged: Vec<(CompileError, Verdict)> =
                errors.into_iter().map(|error| (error.clone(), judge.judge(&error))).collect();
            let progress = judged.iter().any(|(_, verdict)| !matches!(verdict, Verdict::Left(_)));
            let mut last = Vec::new();
            for (error, verdict) in &judged {
                match verdict {
                    Verdict::Dropped => {}
                    Verdict::Mended(cause, names) => {
                        findings
                            .extend(names.iter().map(|name| (*cause, self.line(&judge, error, Some(name)))));
                    }
                    Verdict::Left(cause) => last.push((*cause, self.line(&judge, error, None))),
                }
            }
            let changes = judge.changes;
            self.changes = changes;
            if !progress {
                print_findings(round, findings, last);
                return Ok(());
            }
        }
        bail!("after {} rounds something still mends itself", args.rounds)
    }

    fn line(&self, judge: &Judge<'_>, error: &CompileError, mended: Option<&str>) -> String {
        let place = error.primary.first().map(|spot| {
            let (file, line) = judge.original(spot).unwrap_or((spot.file.clone(), spot.line));
            format!("{}:{line}", self.relative(&file))
        });
        let krate =
            error.primary.iter().find_map(|spot| judge.output.get(&spot.file)).map(|output| output.krate);
        let krate = krate.map_or("", |at| &self.layout.crates[at].package);
        let mended =
            mended.map_or(String::new(), |name| format!(" -> not in the plan: {}", self.short(name)));
        format!("{} [{krate}] {} {}{mended}", place.unwrap_or_default(), error.code, error.message)
    }

    fn relative(&self, file: &Path) -> String {
        file.strip_prefix(self.copy).unwrap_or(file).display().to_string()
    }

    fn short(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.copy.display()), "")
    }

    fn write_manifests(
        &self,
        tables: Vec<toml::Table>,
        root: &Path,
        root_table: &toml::Table,
    ) -> anyhow::Result<()> {
        let members: Vec<String> = self
            .layout
            .crates
            .iter()
            .zip(&self.directories)
            .filter(|(krate, _)| !krate.residual)
            .map(|(_, directory)| {
                directory.strip_prefix(&self.found.workspace).unwrap_or(directory).display().to_string()
            })
            .collect();
        let mut root_table = root_table.clone();
        for (mut table, directory) in tables.into_iter().zip(&self.directories) {
            let path = directory.join("Cargo.toml");
            if path == root {
                add_members(&mut table, &members);
                root_table = table;
                continue;
            }
            write_changed(&path, &toml::to_string(&table)?)?;
        }
        if root != self.found.manifest {
            add_members(&mut root_table, &members);
        }
        write_changed(root, &toml::to_string(&root_table)?)
    }
}

/// Makes public what the plan lists at a line: the item, the fields of a type, the members of an `impl`.
fn widen_listed(tree: &Tree, file: &Path, line: u32, path: &str, changes: &mut Changes) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    let modules = tree.modules.iter().filter(|m| tree.files[m.file].path == file);
    let decls: Vec<_> = modules.flat_map(|m| &m.body.decls).collect();
    // Of a re-export the line of its name counts, of a module its declaration.
    let exact = |d: &&&super::facts::Decl| match d.kind {
        DeclKind::Import => {
            d.line == line && (d.name == name || d.owner.as_deref() == Some(name) || name == "*")
        }
        DeclKind::Module => false,
        _ => d.item_line == line,
    };
    // What a macro call holds is listed at the call.
    let named = |d: &&&super::facts::Decl| d.name == name && d.kind != DeclKind::Import;
    let mut chosen: Vec<_> = decls.iter().filter(exact).collect();
    if chosen.is_empty()
        && let Some(module) = tree.modules.iter().find(|m| m.path == path)
        && let Some(parent) = module.parent.map(|parent| &tree.modules[parent])
    {
        let of_module = parent.body.decls.iter().filter(|d| d.kind == DeclKind::Module && d.name == name);
        changes.widened.extend(
            of_module.filter(|d| !d.public).map(|d| (tree.files[parent.file].path.clone(), d.vis.start)),
        );
        return true;
    }
    if chosen.is_empty() {
        chosen = decls.iter().filter(named).collect();
    }
    let hidden: Vec<_> = chosen.iter().filter(|d| !d.public).collect();
    changes.widened.extend(hidden.iter().map(|d| (file.to_owned(), d.vis.start)));
    !chosen.is_empty()
}

/// Everything but imports that are private to their module.
fn widen_all(tree: &Tree, changes: &mut Changes) {
    for module in &tree.modules {
        for decl in module.body.decls.iter().filter(|d| !d.public && d.kind != DeclKind::Macro) {
            if decl.kind != DeclKind::Import || !decl.vis.is_empty() {
                changes.widened.insert((tree.files[module.file].path.clone(), decl.vis.start));
            }
        }
    }
}

/// Where the repository's items are written, by path.
fn item_places(repository: &Path) -> anyhow::Result<BTreeMap<String, Vec<ItemPlace>>> {
    let codebase = read(&Options::new(repository))?;
    let mut places: BTreeMap<String, Vec<ItemPlace>> = BTreeMap::new();
    for item in &codebase.resolution.items {
        places.entry(item.path.clone()).or_default().push(ItemPlace {
            module: codebase.resolution.modules[item.module].path.clone(),
            name: (item.kind != ItemKind::Impl && item.kind != ItemKind::Macro).then(|| item.name.clone()),
            lines: (item.line, item.end_line),
        });
    }
    Ok(places)
}

fn print_findings(round: u32, mut mended: Vec<(Cause, String)>, mut left: Vec<(Cause, String)>) {
    mended.sort();
    left.sort();
    let verdict = match (mended.is_empty(), left.is_empty()) {
        (true, true) => "compiles as planned",
        (false, true) => "compiles after what the plan has missed",
        _ => "does not compile",
    };
    println!("{verdict} (check {round})");
    let mut counts: BTreeMap<Cause, (usize, usize)> = BTreeMap::new();
    mended.iter().for_each(|(cause, _)| counts.entry(*cause).or_default().0 += 1);
    left.iter().for_each(|(cause, _)| counts.entry(*cause).or_default().1 += 1);
    for (cause, (mended, left)) in counts {
        println!("{}: {mended} missed, {left} errors left", cause.name());
    }
    for (word, list) in [("missed", mended), ("left", left)] {
        list.iter().for_each(|(cause, line)| println!("  {word} {}: {line}", cause.name()));
    }
}
