//! What a page gets to move modules with adds up to the package.

use super::World;
use crate::ids::PackageId;
use crate::plan::{PlanOptions, Workbench, workbenches};

const SHOP: &str = "
mod cart
struct Cart 900 -> price::Cents
fn total 700 -> Cart price::Cents*2 log::line
mod price
struct Cents 800
fn round 600 -> Cents log::line
mod log
fn line 900 -> price::Cents
mod price::table
fn rows 500 -> price::Cents*3
";

fn bench(text: &str) -> (World, Workbench) {
    let world = World::new(text);
    let options = PlanOptions { package: Some(PackageId(0)), ..PlanOptions::default() };
    let advice = world.advise(&options);
    let bench = workbenches(&world.input(), &[&advice]).remove(0);
    assert_eq!(bench.layouts.len(), advice.frontier.len());
    (world, bench)
}

/// Groups with those they refer to, references and pairs.
fn arcs(bench: &Workbench) -> Vec<(usize, u32, u32, u32)> {
    let mut found = Vec::new();
    let mut numbers = bench.arcs.iter().copied();
    for group in 0..bench.groups.len() {
        for _ in 0..numbers.next().unwrap() {
            let mut next = || numbers.next().unwrap();
            found.push((group, next(), next(), next()));
        }
    }
    assert_eq!(numbers.next(), None);
    found
}

#[test]
fn pieces_are_the_package() {
    let (world, bench) = bench(SHOP);
    let modules = |piece: usize| {
        world.resolution.modules[crate::ids::ModuleId(bench.pieces[piece].module)].path.clone()
    };
    let lines: u32 = bench.pieces.iter().map(|piece| piece.lines).sum();
    assert_eq!(lines, 900 + 700 + 800 + 600 + 900 + 500);
    assert_eq!(lines, bench.group_lines.iter().sum::<u32>());
    assert!(bench.weights.iter().sum::<u64>().abs_diff(1_000_000_000) < 10, "{:?}", bench.weights);
    assert!((0..bench.pieces.len()).any(|piece| modules(piece) == "app::price::table"));
    for mode in &bench.modes {
        let own: u64 = mode.parts[0].own.iter().sum();
        let whole = mode.parts[0].whole_s.0 + mode.parts[0].whole_s.1;
        // What a crate takes beside its items is fixed.
        assert!(own as f64 / 1e7 <= whole + 1e-6, "{own} {whole}");
        assert_eq!(mode.parts[0].own.len(), 2 * bench.pieces.len());
    }
}

#[test]
fn arcs_count_references_and_pairs() {
    let (_, bench) = bench(SHOP);
    let arcs = arcs(&bench);
    let (references, pairs) = arcs.iter().fold((0, 0), |sum, arc| (sum.0 + arc.2, sum.1 + arc.3));
    // As written above: total refers to Cart, twice to Cents and to line; table's rows three times to Cents…
    assert_eq!((references, pairs), (11, 8), "{arcs:?}");
    assert!(arcs.iter().all(|&(from, to, ..)| from as u32 != to));
}
