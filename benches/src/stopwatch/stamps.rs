//! `stamps`: what builds have left in target directories, compared with cargo's own pages of the same builds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use split_analyzer::cost::built::{Built, built};
use split_analyzer::cost::import::CostInput;
use split_analyzer::cost::measured::{CostsFile, UnitCost, UnitMode};
use split_analyzer::discover::{
    BuiltOptions, DiscoverOptions, Repository, TimingsPage, built_dirs, discover,
};

/// Arguments of `stamps`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Workspaces that were built with `--timings`.
    #[arg(required = true, value_name = "DIR")]
    workspaces: Vec<PathBuf>,
    /// Where they were built, if not in `target`.
    #[arg(long, value_name = "DIR")]
    target_dir: Option<PathBuf>,
}

/// What makes a unit the same on a page and in a directory.
type Key = (String, String, String, Vec<String>, UnitMode);

/// Prints a row for each page, and what reading took.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    println!(
        "| workspace | build | units | found | front end: median, 90 % | duration: median, 90 % | known edges |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut times = Vec::new();
    for workspace in &args.workspaces {
        let (repository, _) = discover(workspace, &DiscoverOptions::default())?;
        let target_dir = args.target_dir.as_ref().map(std::path::absolute).transpose()?;
        let options = BuiltOptions { target_dir, pages: 100, ..BuiltOptions::default() };
        let name = repository.root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let start = Instant::now();
        let mut dirs = built_dirs(&repository, &options);
        let read_ms = start.elapsed().as_secs_f64() * 1e3;
        // A page would take the place of the stamps that it is to be compared with.
        let all_pages = std::mem::take(&mut dirs.pages);
        let found = built(&dirs, &repository);
        let all_ms = start.elapsed().as_secs_f64() * 1e3;
        let units: usize = dirs.dirs.iter().map(|dir| dir.units.len()).sum();
        times.push(format!("{name}: {units} units in {all_ms:.0} ms, of these {read_ms:.0} ms for files"));
        pages(&name, &repository, all_pages, &found)?;
        for refusal in &found.refused {
            times.push(format!("{name}, {}: {refusal}", refusal.directory));
        }
    }
    println!("\n{}", times.join("\n"));
    Ok(())
}

/// A row for each page, the newest first: a unit has the times of its last run only.
fn pages(
    name: &str,
    repository: &Repository,
    mut pages: Vec<TimingsPage>,
    found: &Built,
) -> anyhow::Result<()> {
    pages.sort_by_key(|page| std::cmp::Reverse(page.written));
    let mut left = stamped(found);
    for page in pages {
        let input = CostInput::Timings { path: page.path, bytes: page.bytes, log: None };
        let file = input.read(repository)?;
        let pairs: Vec<(&UnitCost, UnitCost)> = file
            .units
            .iter()
            .filter_map(|unit| {
                let same = left.get_mut(&(file.build.profile.clone(), key(unit)))?;
                Some((unit, same.pop()?))
            })
            .collect();
        row(name, &file, &pairs, found);
    }
    Ok(())
}

/// Every unit of a directory once, by profile.
fn stamped(found: &Built) -> BTreeMap<(String, Key), Vec<UnitCost>> {
    let builds = found.builds.iter().map(|build| (&build.place, &build.costs));
    let files = builds.chain(found.edits.iter().map(|edit| (&edit.place, &edit.costs)));
    let mut all: BTreeMap<(String, Key), Vec<UnitCost>> = BTreeMap::new();
    for (place, file) in files {
        for unit in &file.units {
            let same = all.entry((place.profile.clone(), key(unit))).or_default();
            if !same.iter().any(|known| known.hash == unit.hash) {
                same.push(unit.clone());
            }
        }
    }
    all
}

fn key(unit: &UnitCost) -> Key {
    // Of runs of build scripts cargo records no features.
    let run = unit.mode == UnitMode::Run;
    let mut features = unit.features.clone().filter(|_| !run).unwrap_or_default();
    features.sort_unstable();
    // Pages call procedural macros from elsewhere libraries.
    let title = unit.title().replace("(proc macro)", "(lib)");
    (unit.package.clone(), unit.version.clone(), title, features, unit.mode)
}

fn row(name: &str, file: &CostsFile, pairs: &[(&UnitCost, UnitCost)], found: &Built) {
    let of = |seconds: fn(&UnitCost) -> Option<f64>| {
        let error = |(page, stamps): &(&UnitCost, UnitCost)| {
            let (page, stamps) = (seconds(page)?, seconds(stamps)?);
            // Pages have hundredths of a second.
            (page >= 0.1).then(|| (stamps / page - 1.0).abs() * 100.0)
        };
        let mut errors: Vec<f64> = pairs.iter().filter_map(error).collect();
        errors.sort_by(f64::total_cmp);
        let at = |share: f64| {
            errors.get(((errors.len() as f64 * share) as usize).min(errors.len().saturating_sub(1)))
        };
        match (at(0.5), at(0.9)) {
            (Some(median), Some(most)) => format!("{median:.2} %, {most:.2} % of {}", errors.len()),
            _ => "–".to_owned(),
        }
    };
    let missing: Vec<String> = file
        .units
        .iter()
        .filter(|unit| !pairs.iter().any(|(page, _)| std::ptr::eq(*page, *unit)))
        .map(UnitCost::title)
        .collect();
    let edges = found
        .builds
        .iter()
        .find(|build| build.place.profile == file.build.profile && build.costs.build.mode == file.build.mode)
        .map_or_else(String::new, |build| format!("{} of {}", build.counts.known_edges, build.counts.edges));
    println!(
        "| {name} | {:?} {} | {} | {} | {} | {} | {edges} |",
        file.build.mode,
        file.build.profile,
        file.units.len(),
        pairs.len(),
        of(UnitCost::frontend_s),
        of(UnitCost::duration_s),
    );
    if !missing.is_empty() {
        let shown: Vec<&str> = missing.iter().take(5).map(String::as_str).collect();
        println!("missing: {} of which {}", missing.len(), shown.join(", "));
    }
}
