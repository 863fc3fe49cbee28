//! One real build under observation, and what its units took: `cargo run --release --example measure -- [PATH]`.
//!
//! This builds the package, and so runs its build scripts and procedural macros.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use split_analyzer::measure::{MeasureOptions, measure, run_as_wrapper};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo calls this program in the place of rustc.
    if let Some(code) = run_as_wrapper() {
        std::process::exit(i32::from(code?));
    }
    let path = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let dir = std::env::temp_dir().join(format!("measured-{}", std::process::id()));
    let options = MeasureOptions { path, ..MeasureOptions::default() };
    let measured = measure(&options, &std::env::current_exe()?, &dir, &AtomicBool::new(false));
    std::fs::remove_dir_all(&dir).ok();
    let mut out = std::io::stdout().lock();
    for unit in &measured?.costs.units {
        writeln!(out, "{:>8.2} s  {}", unit.duration_s().unwrap_or_default(), unit.title())?;
    }
    Ok(())
}
