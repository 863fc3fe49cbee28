//! What holds for every repository: here, for those of `fixtures/`.

use std::path::{Path, PathBuf};

use super::super::{Resolution, resolve};
use crate::discover::{DiscoverOptions, Repository, discover};
use crate::ids::{Id as _, TargetId};
use crate::parse;

/// Directories below `fixtures/` that hold a repository, sorted.
fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let below = |dir: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect()
    };
    let mut all = below(&root);
    all.extend(below(&root.join("invalid")));
    all.sort();
    all
}

/// `None` where nothing can be discovered, as some of `fixtures/invalid` mean it.
fn analysed(dir: &Path, threads: usize) -> Option<Resolution> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let (repository, _) = discover(dir, &DiscoverOptions::default()).ok()?;
        let (sources, _) = parse::load(&repository);
        Some(resolve(&repository, &sources).0)
    })
}

#[test]
fn references_join_items_that_exist() {
    let mut checked = 0;
    for resolution in fixtures().iter().filter_map(|dir| analysed(dir, 2)) {
        for reference in &resolution.references {
            let (from, to) = (resolution.items.get(reference.from), resolution.items.get(reference.to));
            let from = from.expect("the dependent exists");
            to.expect("the dependency exists");
            assert_ne!(reference.from, reference.to);
            assert!((1..=resolution.files[from.file].lines).contains(&reference.line), "{reference:?}");
            checked += 1;
        }
        for miss in &resolution.unresolved {
            assert!((1..=resolution.files[miss.file].lines).contains(&miss.line), "{miss:?}");
        }
    }
    assert!(checked > 100, "{checked} references");
}

#[test]
fn items_and_modules_know_each_other() {
    for resolution in fixtures().iter().filter_map(|dir| analysed(dir, 2)) {
        for (id, module) in resolution.modules.iter_enumerated() {
            assert_eq!(resolution.items[module.item].module, id);
            assert!(module.items.iter().all(|item| resolution.items[*item].module == id));
            assert!(module.children.iter().all(|child| resolution.modules[*child].parent == Some(id)));
            assert!(module.parent.is_none_or(|parent| parent < id), "parents come first");
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for dir in fixtures() {
        let (one, three) = (analysed(&dir, 1), analysed(&dir, 3));
        assert_eq!(one.is_some(), three.is_some(), "{}", dir.display());
        if let (Some(one), Some(three)) = (one, three) {
            assert_eq!(one.references, three.references, "{}", dir.display());
            assert_eq!(one.unresolved, three.unresolved, "{}", dir.display());
            assert_eq!(paths(&one), paths(&three), "{}", dir.display());
        }
    }
}

#[test]
fn the_order_of_targets_changes_nothing() {
    for dir in fixtures() {
        let Ok((repository, _)) = discover(&dir, &DiscoverOptions::default()) else { continue };
        let backwards = reversed(&repository);
        let lines = |repository: &Repository| {
            let resolution = resolve(repository, &parse::load(repository).0).0;
            let lines = resolution.references.iter().map(|r| (super::line(&resolution, r), r.line));
            let mut lines: Vec<_> = lines.collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&repository), lines(&backwards), "{}", dir.display());
    }
}

/// The same repository with its targets in the opposite order.
fn reversed(repository: &Repository) -> Repository {
    let mut repository = repository.clone();
    let mut targets = std::mem::take(&mut repository.targets).into_vec();
    targets.reverse();
    let len = targets.len();
    repository.targets = targets.into();
    for package in repository.packages.iter_mut() {
        for target in &mut package.targets {
            *target = TargetId::from_index(len - 1 - target.index());
        }
    }
    repository
}

fn paths(resolution: &Resolution) -> Vec<&str> {
    resolution.items.iter().map(|item| item.path.as_str()).collect()
}
