//! Prints a fit: as the Rust table that the analyzer compiles in, or for people.

use split_analyzer::cost::{EXPLANATORY_NAMES, Mode};

use crate::fit_solve::{Errors, Fit};

/// For people: errors and coefficients.
pub(crate) fn summary(fits: &[Fit]) -> String {
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
    for fit in fits {
        text += &format!("\n{}, microseconds (front end, code generation):\n", name(fit.mode));
        for (i, variable) in EXPLANATORY_NAMES.iter().enumerate() {
            text += &format!("  {variable:15} {:9.2} {:9.2}\n", fit.frontend[i] * 1e6, fit.codegen[i] * 1e6);
        }
    }
    text
}

fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "CHECK",
        Mode::Dev => "DEV",
        Mode::Release => "RELEASE",
    }
}
