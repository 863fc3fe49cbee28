//! The shapes of a workbench. Numbers of long lists are whole ones: seconds are tenths of microseconds there.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cost::Mode;

/// What moving modules of one package by hand needs. Modules are numbered as in
/// [`Resolution::modules`](crate::resolve::Resolution::modules), units as in the unit graph of the workspace and mode.
#[derive(Debug, Clone, Serialize)]
pub struct Workbench {
    /// The manifest of the package.
    pub manifest: String,
    /// Its name.
    pub package: String,
    /// Its workspace, by position.
    pub workspace: u32,
    /// The root module of the crate that is split.
    pub root: u32,
    /// Whether the verdict counts on users that depend on the crates that they use.
    pub direct_users: bool,
    /// Where each candidate of the frontier puts what, in its order.
    pub layouts: Vec<Layout>,
    /// The recommended one, by position.
    pub chosen: Option<u32>,
    /// What is placed as one.
    pub pieces: Vec<Piece>,
    /// How likely a change of the package is one of each piece, in parts of 10⁹.
    pub weights: Vec<u64>,
    /// Packages of the repository that each piece needs.
    pub needs: Vec<Vec<u32>>,
    /// The piece of each group of items.
    pub groups: Vec<u32>,
    /// Lines of each group, tests aside.
    pub group_lines: Vec<u32>,
    /// For each group: how many others it refers to, then each of them with the number of references and of pairs of items.
    pub arcs: Vec<u32>,
    /// References of the package's binaries, by piece.
    pub binaries: Vec<(u32, u32)>,
    /// Crates outside that use it.
    pub users: Vec<User>,
    /// Items that lie in another module than what they are placed with.
    pub strays: Vec<Stray>,
    /// What it costs in each mode whose build compiles it.
    pub modes: Vec<BenchMode>,
}

/// Where a candidate puts what; crates by position, the one that keeps the package's name behind the last.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Layout {
    /// Names of the new crates.
    pub names: Vec<String>,
    /// The crate of each module that is named: with everything below it that isn't.
    pub modules: BTreeMap<u32, u32>,
    /// The crate of each piece that is named item by item.
    pub apart: BTreeMap<u32, u32>,
    /// [`Candidate::effort`](crate::plan::Candidate::effort), in edits by hand.
    pub effort: f64,
}

/// Items of one module that no plan of the frontier parts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Piece {
    /// The module that it lies in.
    pub module: u32,
    /// Lines, tests aside.
    pub lines: u32,
    /// Of an `impl` with a choice: the pieces of which it needs one in its crate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<u32>,
    /// Of an `impl`: the piece that it goes along with where that is named item by item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<u32>,
    /// Names of its items where a plan names them: paths below the module.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
}

/// An item outside of the module that it is placed with.
#[derive(Debug, Clone, Serialize)]
pub struct Stray {
    /// The piece.
    pub piece: u32,
    /// The module that the item lies in.
    pub module: u32,
    /// Its path.
    pub item: String,
}

/// A crate that uses the package.
#[derive(Debug, Clone, Serialize)]
pub struct User {
    /// The crate, by position in [`Resolution::crates`](crate::resolve::Resolution::crates).
    pub krate: u32,
    /// What it refers to outside of tests.
    pub pieces: Vec<u32>,
    /// Likewise, imports that other references follow aside.
    pub structural: Vec<u32>,
}

/// One mode.
#[derive(Debug, Clone, Serialize)]
pub struct BenchMode {
    /// Which.
    pub mode: Mode,
    /// The units to be split: for the target, then for the host.
    pub parts: Vec<Parts>,
    /// The test harness beside them.
    pub harness: Option<Parts>,
    /// The units of each of the users.
    pub users: Vec<Vec<u32>>,
    /// The package that a unit compiles: pairs.
    pub packages: Vec<(u32, u32)>,
    /// Seconds per crate.
    pub crate_s: f64,
    /// Seconds per crate that one depends on.
    pub per_dependency_s: f64,
    /// How much longer front ends take above another crate of the plan, as a factor.
    pub parted: f64,
    /// The power of its share of the code that a part's code generation takes.
    pub codegen_exponent: f64,
}

/// One unit that is split.
#[derive(Debug, Clone, Serialize)]
pub struct Parts {
    /// The unit.
    pub unit: u32,
    /// Its seconds of front end and code generation.
    pub whole_s: (f64, f64),
    /// Of each piece, one after the other: front end and code generation in tenths of microseconds. Of the one for the host
    /// none: it is shared out as the first one's front end is.
    pub own: Vec<u64>,
}
