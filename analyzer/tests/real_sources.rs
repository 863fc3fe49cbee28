//! Sources that nobody here wrote: this project's own dependencies, found through cargo and analysed whole, in place.

use std::path::PathBuf;
use std::sync::LazyLock;

use split_analyzer::diagnostic::{Code, Diagnostic};
use split_analyzer::discover::{DiscoverOptions, discover};
use split_analyzer::parse;

/// Packages by name, and where cargo keeps their sources.
static PACKAGES: LazyLock<Vec<(String, PathBuf)>> = LazyLock::new(|| {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .exec()
        .unwrap();
    let place = |p: &cargo_metadata::Package| p.manifest_path.parent().unwrap().to_owned().into_std_path_buf();
    metadata.packages.iter().filter(|p| p.source.is_some()).map(|p| (p.name.to_string(), place(p))).collect()
});

fn directory_of(name: &str) -> &'static PathBuf {
    let found = PACKAGES.iter().find(|(package, _)| package == name);
    &found.unwrap_or_else(|| panic!("{name} is no dependency")).1
}

fn facts(name: &str) -> (usize, Vec<Diagnostic>) {
    let (repository, mut problems) = discover(directory_of(name), &DiscoverOptions::default()).unwrap();
    let (sources, more) = parse::load(&repository);
    problems.extend(more);
    (sources.files.len(), problems)
}

#[test]
fn every_file_parses() {
    for (name, least) in
        [("syn", 40), ("petgraph", 40), ("rayon", 50), ("clap_builder", 40), ("regex-automata", 60), ("tokio", 300)]
    {
        let (files, problems) = facts(name);
        let broken: Vec<_> =
            problems.iter().filter(|p| matches!(p.code, Code::SyntaxError | Code::TooDeep | Code::Unreadable)).collect();
        assert!(broken.is_empty(), "{name}: {broken:#?}");
        assert!(files >= least, "{name}: only {files} files");
    }
}
