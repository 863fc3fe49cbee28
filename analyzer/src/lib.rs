//! Says whether, where and how a Rust workspace should be split into more crates, and what that gains.
//!
//! [`analyze`] answers for a directory in one call:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # let path = dir.path();
//! # std::fs::create_dir(path.join("src"))?;
//! # std::fs::write(path.join("Cargo.toml"), "[package]\nname = \"shop\"\nedition = \"2024\"\n")?;
//! # std::fs::write(path.join("src/lib.rs"), "pub mod cart;\npub mod price;\n")?;
//! # std::fs::write(path.join("src/cart.rs"), "pub struct Cart(pub Vec<crate::price::Cents>);\n")?;
//! # std::fs::write(path.join("src/price.rs"), "pub struct Cents(pub u64);\n")?;
//! use split_analyzer::{Options, analyze};
//!
//! let analysis = analyze(&Options::new(path))?;
//! for package in analysis.report().packages {
//!     println!("{}: {:?}", package.name, package.verdict.kind);
//! }
//! # assert_eq!(analysis.report().packages[0].name, "shop");
//!
//! // Why one module of it needs another.
//! let why = analysis.codebase.explain("shop::cart", "shop::price")?;
//! assert_eq!(why.references[0].file, "src/cart.rs");
//! assert_eq!(why.references[0].line, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # The pipeline
//!
//! Each stage is a module with one main function, data in and data out. What goes wrong with part of the
//! input is a [`Diagnostic`] beside the result; an [`Error`] means that there is no result.
//!
//! | stage | takes | gives |
//! |---|---|---|
//! | [`discover`](discover::discover) | a directory | [`Repository`](discover::Repository): workspaces, packages, targets |
//! | [`history`](history::history) | a directory | [`History`](history::History): which commits changed which files |
//! | [`parse`](parse::load) | the targets' root files | [`SourceTree`](parse::SourceTree): facts of each file |
//! | [`resolve`](resolve::resolve) | facts | [`Resolution`](resolve::Resolution): modules, items, references between items |
//! | [`graph`](graph::item_graph) | references | graphs of items, modules, files or crates; cycles; atoms |
//! | [`cluster`](cluster::cluster) | any weighted graph | a partition with an order |
//! | [`cost`](cost::model) | items | [`Costs`](cost::Costs): core seconds of items and crates |
//! | [`measure`](measure::measure) | a directory | [`CostsFile`](cost::measured::CostsFile): what one real build took; only on request |
//! | [`simulate`](simulate::simulate) | units with costs | [`Schedule`](simulate::Schedule): when each unit runs |
//! | [`plan`](plan::advise) | all of these | [`PackageAdvice`](plan::PackageAdvice): verdict, plan, predictions |
//! | [`replay`] | the past's commits, plans | [`Replay`](replay::Replay): what each commit compiles again, today and after |
//! | [`affected`](affected()) | a directory, two commits | [`AffectedReport`](report::AffectedReport): packages, tests and programs of a change |
//! | [`deploy`](deploy::deployables) | references, costs | [`Deployable`](deploy::Deployable): each program with what it needs |
//! | [`services`](services()) | a directory | [`ServicesReport`](report::ServicesReport): what is deployed, and what says so |
//! | [`report`](report::build) | all of these | [`Report`](report::Report): the versioned JSON contract |
//!
//! [`analyze`] runs them all, and [`Analysis::what_if`] answers questions about what it has read; [`read`] stops at the references, for questions that need no plan:
//! [`Codebase::graph_report`], [`Codebase::explain`], [`Codebase::simulate`]. To replace a stage, call the
//! others yourself.
//!
//! # What to rely on
//!
//! - Nothing of the analysed repository is run: cargo is called for metadata only, git for its log. Nothing is
//!   written. The exceptions are [`measure`](measure::measure), which builds it, into the directory that it is given, and
//!   [`apply`](apply()) and [`verify`](verify()), which carry a plan out and build that.
//! - Files are read and programs run through [`base`] alone, within limits: [`base::ReadOptions`], [`base::ToolOptions`].
//! - One input and one seed always give the same result, to the byte in JSON.
//! - Edges point from the dependent to the dependency, in every graph.
//! - Seconds are core seconds in costs and wall seconds in schedules; [`Costs::source`](cost::Costs::source)
//!   says where they come from.
//! - Nothing is printed. Stages open [`tracing`] spans, and [`OnStage`] reports each stage as it begins.
#![forbid(unsafe_code)]

pub mod base;
mod pipeline;

pub mod affected;
pub mod apply;
pub mod cluster;
pub mod config;
pub mod cost;
pub mod deploy;
pub mod discover;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
pub mod gate;
pub mod graph;
pub mod history;
pub mod measure;
pub mod parse;
pub mod plan;
pub mod replay;
pub mod report;
pub mod resolve;
pub mod simulate;

pub use base::budget::{Budget, CancelToken};
pub use base::bug::{catch_bugs, keep_panics};
pub use base::diagnostic::Diagnostic;
pub use base::error::{Error, Result};
pub use base::{budget, diagnostic, error, ids};
pub use pipeline::affected::{AffectedOptions, affected};
pub use pipeline::analyze::{Analysis, analyze};
pub use pipeline::apply::{apply, verify};
pub use pipeline::check::Checked;
pub use pipeline::codebase::{Codebase, read};
pub use pipeline::commit::{common_commit_at, files_at, history_of};
pub use pipeline::options::{Options, WantedTarget};
pub use pipeline::progress::{OnStage, Stage};
pub use pipeline::services::services;
pub use pipeline::simulate::SimulateOptions;
pub use pipeline::what_if::what_if;

pub(crate) use base::bug;
