//! Sources that nobody here wrote: this project's own dependencies, found through cargo and analysed whole, in place.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

use std::path::PathBuf;
use std::sync::LazyLock;

use split_analyzer::diagnostic::{Code, Diagnostic};
use split_analyzer::discover::{DiscoverOptions, discover};
use split_analyzer::parse;
use split_analyzer::resolve::{Resolution, resolve};

/// What is analysed, the least number of its files, and the least share of its references that must be followed.
///
/// The shares are about a percent below what was reached when this was written: they may only grow.
const PACKAGES: [(&str, usize, f64); 6] = [
    ("clap_builder", 40, 0.98),
    ("petgraph", 40, 0.97),
    ("rayon", 50, 0.97),
    ("regex-automata", 60, 0.98),
    ("syn", 40, 0.98),
    ("tokio", 300, 0.96),
];

/// Packages of the dependency graph by name, and where cargo keeps their sources.
static SOURCES: LazyLock<Vec<(String, PathBuf)>> = LazyLock::new(|| {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .exec()
        .unwrap();
    let place =
        |p: &cargo_metadata::Package| p.manifest_path.parent().unwrap().to_owned().into_std_path_buf();
    metadata.packages.iter().filter(|p| p.source.is_some()).map(|p| (p.name.to_string(), place(p))).collect()
});

fn directory_of(name: &str) -> &'static PathBuf {
    let found = SOURCES.iter().find(|(package, _)| package == name);
    &found.unwrap_or_else(|| panic!("{name} is no dependency")).1
}

/// Everything up to the references.
fn read(name: &str) -> (Resolution, Vec<Diagnostic>) {
    // Every feature: the packages' tests need more than the default ones.
    let options = DiscoverOptions { all_features: true, ..DiscoverOptions::default() };
    let (repository, mut problems) = discover(directory_of(name), &options).unwrap();
    let (sources, more) = parse::load(&repository);
    problems.extend(more);
    let (resolution, more) = resolve(&repository, &sources);
    problems.extend(more);
    (resolution, problems)
}

fn read_with_threads(name: &str, threads: usize) -> (Resolution, Vec<Diagnostic>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| read(name))
}

#[test]
fn real_sources_are_read_whole_and_their_references_followed() {
    for (name, files, share) in PACKAGES {
        let (resolution, problems) = read(name);
        let broken = |p: &&Diagnostic| matches!(p.code, Code::SyntaxError | Code::TooDeep | Code::Unreadable);
        let broken: Vec<_> = problems.iter().filter(broken).collect();
        assert!(broken.is_empty(), "{name}: {broken:#?}");
        assert!(resolution.files.len() >= files, "{name}: only {} files", resolution.files.len());
        let followed = resolution.references.len() + resolution.external_references;
        let all = followed + resolution.unresolved.len();
        let reached = followed as f64 / all as f64;
        assert!(reached >= share, "{name}: {:.2} % of {all} references were followed", 100.0 * reached);
        println!(
            "{name}: {} files, {all} references, {:.2} % followed",
            resolution.files.len(),
            100.0 * reached
        );
    }
}

#[test]
fn references_do_not_depend_on_threads() {
    for name in ["petgraph", "regex-automata", "tokio"] {
        let (one, first) = read_with_threads(name, 1);
        let (two, second) = read_with_threads(name, 2);
        assert!(one.references == two.references, "{name}: references differ");
        assert!(one.unresolved == two.unresolved, "{name}: unresolved references differ");
        assert_eq!(first, second, "{name}: diagnostics differ");
        let paths = |r: &Resolution| r.items.iter().map(|item| item.path.clone()).collect::<Vec<_>>();
        assert!(paths(&one) == paths(&two), "{name}: items differ");
    }
}
