//! Who takes what: a plan's crates over the modules of the package that is split.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use split_analyzer::plan::Fix;
use split_analyzer::report::PlanReport;

use super::tree::Tree;

/// A crate of the plan as it is carried out.
#[derive(Debug, Clone)]
pub(crate) struct NewCrate {
    pub(crate) package: String,
    pub(crate) residual: bool,
    /// Crates that the plan says it depends on.
    pub(crate) deps: BTreeSet<usize>,
    /// Entries of the plan: more than one where a cut has been left in and its crates stay together.
    pub(crate) entries: Vec<usize>,
}

impl NewCrate {
    pub(crate) fn lib_name(&self) -> String {
        self.package.replace('-', "_")
    }
}

/// An item that leaves the module it is written in.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub(crate) module: usize,
    /// `None` of what nobody imports by name: an `impl`, a macro.
    pub(crate) name: Option<String>,
    /// First and last line in the module's file.
    pub(crate) lines: (u32, u32),
    pub(crate) krate: usize,
}

/// A plan over a module tree.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) crates: Vec<NewCrate>,
    /// The crate of each module's own contents.
    pub(crate) home: Vec<usize>,
    /// Crates that hold something in or below each module.
    pub(crate) holders: Vec<BTreeSet<usize>>,
    pub(crate) moved: Vec<Moved>,
    /// What is not carried out, and what that leads to.
    pub(crate) left: Vec<String>,
}

/// Where a single item is written: its module's path, its name and lines.
pub(crate) struct ItemPlace {
    pub(crate) module: String,
    pub(crate) name: Option<String>,
    pub(crate) lines: (u32, u32),
}

impl Layout {
    /// `items` finds single items by the paths that the plan gives them.
    pub(crate) fn new(
        plan: &PlanReport,
        tree: &Tree,
        items: &BTreeMap<String, Vec<ItemPlace>>,
    ) -> anyhow::Result<Self> {
        let (crates, of_entry, mut left) = crates(plan)?;
        let named: BTreeMap<&str, usize> = plan
            .crates
            .iter()
            .enumerate()
            .flat_map(|(at, krate)| krate.modules.iter().map(move |m| (m.as_str(), at)))
            .map(|(module, at)| (module, of_entry[at]))
            .collect();
        let residual = crates.iter().position(|krate| krate.residual).context("a crate that stays")?;
        let named = known_modules(named, tree, &mut left);
        let mut home: Vec<usize> = Vec::new();
        for module in &tree.modules {
            let above = module.parent.map_or(residual, |parent| home[parent]);
            home.push(named.get(module.path.as_str()).copied().unwrap_or(above));
        }
        let mut moved = Vec::new();
        for (at, path) in
            plan.crates.iter().enumerate().flat_map(|(at, k)| k.items.iter().map(move |item| (at, item)))
        {
            let places = items.get(path).map(Vec::as_slice).unwrap_or_default();
            if places.is_empty() {
                left.push(format!("{path} was not found"));
            }
            for place in places {
                let Some(module) = tree.modules.iter().position(|m| m.path == place.module) else { continue };
                let krate = of_entry[at];
                if home[module] != krate {
                    moved.push(Moved { module, name: place.name.clone(), lines: place.lines, krate });
                }
            }
        }
        // What one macro call makes is at one place.
        moved.sort_by_key(|m| (m.module, m.lines, m.name.clone()));
        let mut holders: Vec<BTreeSet<usize>> = home.iter().map(|&krate| BTreeSet::from([krate])).collect();
        for item in &moved {
            holders[item.module].insert(item.krate);
        }
        for at in (1..holders.len()).rev() {
            if let Some(parent) = tree.modules[at].parent {
                let below = holders[at].clone();
                holders[parent].extend(below);
            }
        }
        Ok(Self { crates, home, holders, moved, left })
    }

    /// Where `krate` finds a module that it doesn't hold: the crates among its dependencies that hold something of it.
    pub(crate) fn providers(&self, module: usize, krate: usize) -> Vec<usize> {
        self.crates[krate].deps.intersection(&self.holders[module]).copied().collect()
    }
}

/// The crates, the one that takes each entry of the plan, and what was left together. Cuts are work for people: crates that
/// a cut ties into a cycle stay one, but for re-exports, which are only dropped.
fn crates(plan: &PlanReport) -> anyhow::Result<(Vec<NewCrate>, Vec<usize>, Vec<String>)> {
    let count = plan.crates.len();
    let at = |name: &str| plan.crates.iter().position(|krate| krate.name == name);
    let mut arcs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for (from, krate) in plan.crates.iter().enumerate() {
        for name in &krate.depends_on {
            arcs[from].insert(at(name).with_context(|| format!("`{name}` is no crate of the plan"))?);
        }
    }
    if has_cycle(&arcs) {
        bail!("the plan's crates depend on each other in a circle");
    }
    let planned = arcs.clone();
    for cut in plan.cuts.iter().filter(|cut| cut.fix != Fix::ReExport) {
        if let (Some(from), Some(to)) =
            (cut.from_crate.as_deref().and_then(at), cut.to_crate.as_deref().and_then(at))
        {
            arcs[from].insert(to);
        }
    }
    let reach = reach(&arcs);
    // A crate stays with those that it reaches and that reach it.
    let together = |a: usize, b: usize| a == b || (reach[a].contains(&b) && reach[b].contains(&a));
    let mut of_entry = vec![0; count];
    let mut crates: Vec<NewCrate> = Vec::new();
    for entry in 0..count {
        if let Some(first) = (0..entry).find(|&other| together(entry, other)) {
            of_entry[entry] = of_entry[first];
            crates[of_entry[first]].entries.push(entry);
            continue;
        }
        of_entry[entry] = crates.len();
        crates.push(NewCrate {
            package: String::new(),
            residual: false,
            deps: BTreeSet::new(),
            entries: vec![entry],
        });
    }
    let mut left = Vec::new();
    for krate in &mut crates {
        let stays = krate.entries.iter().find(|&&entry| plan.crates[entry].residual);
        krate.residual = stays.is_some();
        krate.package = plan.crates[*stays.unwrap_or(&krate.entries[0])].name.clone();
        krate.deps = krate.entries.iter().flat_map(|&e| &planned[e]).map(|&e| of_entry[e]).collect();
        if krate.entries.len() > 1 {
            let names: Vec<&str> = krate.entries.iter().map(|&e| plan.crates[e].name.as_str()).collect();
            left.push(format!("{} stay together: cuts lie between them", names.join(", ")));
        }
    }
    for (at, krate) in crates.iter_mut().enumerate() {
        krate.deps.remove(&at);
    }
    Ok((crates, of_entry, left))
}

/// A module that only `include!` brings in moves with the one around it, unless several crates want that.
fn known_modules<'a>(
    named: BTreeMap<&'a str, usize>,
    tree: &Tree,
    left: &mut Vec<String>,
) -> BTreeMap<&'a str, usize> {
    let known = |path: &str| tree.modules.iter().any(|m| m.path == path);
    let (mut found, unknown): (BTreeMap<_, _>, BTreeMap<_, _>) =
        named.into_iter().partition(|(path, _)| known(path));
    for (path, krate) in unknown {
        let mut around = path;
        while !known(around) {
            let Some((above, _)) = around.rsplit_once("::") else { break };
            around = above;
        }
        if *found.entry(around).or_insert(krate) != krate || !around.contains("::") {
            left.push(format!("{path} has no file of its own"));
        }
    }
    found
}

fn reach(arcs: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let from = |start: usize| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
        while let Some(at) = next.pop() {
            next.extend(arcs[at].iter().copied().filter(|&to| seen.insert(to)));
        }
        seen
    };
    (0..arcs.len()).map(from).collect()
}

fn has_cycle(arcs: &[BTreeSet<usize>]) -> bool {
    reach(arcs).iter().enumerate().any(|(at, reached)| reached.contains(&at))
}
