//! Prints a fit: as the Rust table that the analyzer compiles in, or for people.

use split_analyzer::cost::{EXPLANATORY_NAMES, Mode};

use crate::fit_measure::Data;
use crate::fit_solve::{Errors, Fit, median};

/// For people: errors and coefficients.
pub(crate) fn summary(fits: &[Fit]) -> String {
    let mut text = errors(fits);
    for fit in fits {
        text += &format!("\n{}, microseconds (front end, code generation):\n", name(fit.mode));
        for (i, variable) in EXPLANATORY_NAMES.iter().enumerate() {
            text += &format!("  {variable:23} {:9.2} {:9.2}\n", fit.frontend[i] * 1e6, fit.codegen[i] * 1e6);
        }
        text += "  predicted / measured, furthest off:\n";
        for (krate, ratio) in &fit.worst {
            text += &format!("  {krate:23} {ratio:9.2}\n");
        }
    }
    text
}

/// Cross-validated errors as a Markdown table.
fn errors(fits: &[Fit]) -> String {
    let mut text = String::from(
        "| mode | crates | front end | code generation | total | rank correlation | lines of code alone |\n|---|---|---|---|---|---|---|\n",
    );
    let of = |e: &Errors| format!("{:.0} %, ×{:.2}", e.median * 100.0, e.factor);
    for fit in fits {
        text += &format!(
            "| {} | {} | {} | {} | {} | {:.2} | {} |\n",
            name(fit.mode).to_lowercase(),
            fit.crates,
            of(&fit.frontend_error),
            if fit.mode == Mode::Check { "–".into() } else { of(&fit.codegen_error) },
            of(&fit.total_error),
            fit.total_error.rank,
            of(&fit.lines_error),
        );
    }
    text
}

fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "CHECK",
        Mode::Dev => "DEV",
        Mode::Release => "RELEASE",
        Mode::Test => "TEST",
    }
}

/// The Rust source of the table that the analyzer compiles in.
pub(crate) fn table(fits: &[Fit], data: &Data) -> String {
    let mut text = format!(
        "//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.\n\
         //!\n\
         //! Measured with {} on {} cores (`fit measure`).\n\
         //! Cross-validated over crates left out of the fit: median error, and the factor that four of five\n\
         //! predictions keep.\n//!\n",
        data.rustc, data.cores
    );
    for line in errors(fits).lines() {
        text += &format!("//! {line}\n");
    }
    text += "\nuse super::Cost;\nuse super::coefficients::Coefficients;\n";
    let build_script = median(data.build_scripts_s.iter().copied());
    text += &format!("\n/// Median of {} build scripts.\n", data.build_scripts_s.len());
    text += &format!("pub(super) const BUILD_SCRIPT_S: f64 = {build_script:?};\n");
    for fit in fits {
        text += &row(fit, data);
    }
    text
}

fn row(fit: &Fit, data: &Data) -> String {
    let micro = |v: &[f64]| {
        let list: Vec<String> = v.iter().map(|s| format!("{:.2}", s * 1e6)).collect();
        format!("[{}]", list.join(", "))
    };
    let (crate_s, crate_codegen_s, per_dependency_s, link_s) = fixed(fit.mode, data);
    format!(
        "\n/// For [`Mode::{:?}`](super::Mode).\npub(super) static {}: Coefficients = Coefficients {{\n\
         frontend_us: {},\ncodegen_us: {},\ncrate_s: {crate_s:.3},\ncrate_codegen_s: {crate_codegen_s:.3},\n\
         per_dependency_s: {per_dependency_s:.5},\nlink_s: {link_s:.3},\n\
         external: Cost {{ frontend_s: {:.2}, codegen_s: {:.2} }},\n\
         error_factor: {:.2},\n}};\n",
        fit.mode,
        name(fit.mode),
        micro(&fit.frontend),
        micro(&fit.codegen),
        fit.median.0,
        fit.median.1,
        fit.total_error.factor,
    )
}

/// Front end and code generation of a crate without items, front end per dependency, and linking.
fn fixed(mode: Mode, data: &Data) -> (f64, f64, f64, f64) {
    let of = |bin: bool| data.trivial.iter().filter(move |t| t.mode == mode && t.bin == bin);
    let Some(least) = of(false).min_by_key(|t| t.dependencies) else { return (0.0, 0.0, 0.0, 0.0) };
    let most = of(false).max_by_key(|t| t.dependencies).unwrap_or(least);
    let more = most.dependencies.saturating_sub(least.dependencies).max(1);
    let per_dependency_s = (most.metadata_s - least.metadata_s).max(0.0) / more as f64;
    let link_s = match mode {
        Mode::Check => 0.0,
        Mode::Dev | Mode::Release | Mode::Test => {
            of(true).max_by_key(|t| t.dependencies).map_or(0.0, |t| (t.total_s - most.total_s).max(0.0))
        }
    };
    let (frontend_s, codegen_s) = least.parts();
    (frontend_s, codegen_s, per_dependency_s, link_s)
}
