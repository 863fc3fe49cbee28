//! Prints a fit: as the Rust table that the analyzer compiles in, or for people.

use split_analyzer::cost::{Correction, EXPLANATORY_NAMES, Mode, TRAIT_NAMES};

use crate::fit::crates::measure::Data;
use crate::fit::solve::fit::{Errors, Fit, LONG_S, MANY_PACKAGES};
use crate::fit::solve::samples::Sample;
use crate::fit::solve::statistics::median;

/// For people: errors, coefficients, what is furthest off.
pub(crate) fn summary(fits: &[Fit]) -> String {
    let mut text = errors(fits);
    text += &applications(fits);
    for fit in fits {
        let (frontend, codegen) = (&fit.frontend.solution, &fit.codegen.solution);
        text += &format!("\n{}, microseconds (front end, code generation):\n", name(fit.mode));
        for (i, variable) in EXPLANATORY_NAMES.iter().enumerate() {
            let (f, c) = (frontend.coefficients[i] * 1e6, codegen.coefficients[i] * 1e6);
            text += &format!("  {variable:23} {f:9.2} {c:9.2}\n");
        }
        text += "  weights of the correction:\n";
        for (i, trait_) in TRAIT_NAMES.iter().enumerate() {
            let (f, c) = (frontend.correction.weights[i], codegen.correction.weights[i]);
            text += &format!("  {trait_:23} {f:9.3} {c:9.3}\n");
        }
        text += "  predicted / measured, furthest off of the long ones:\n";
        let mut long: Vec<_> = fit.totals().into_iter().filter(|t| t.2 >= LONG_S / 3.0).collect();
        long.sort_by(|a, b| {
            let off = |t: &(&Sample, f64, f64)| (t.1 / t.2).ln().abs();
            off(b).total_cmp(&off(a)).then_with(|| a.0.name.cmp(&b.0.name))
        });
        for (sample, predicted, measured) in long.into_iter().take(12) {
            text += &format!("  {:23} {:9.2} of {measured:.1} s\n", sample.name, predicted / measured);
        }
    }
    text
}

/// Which samples count.
type Class<'a> = &'a dyn Fn(&Sample) -> bool;

/// Cross-validated errors as a Markdown table, by class of crates.
fn errors(fits: &[Fit]) -> String {
    let mut text = String::from(
        "| mode | which crates | crates | front end | code generation | total | within 2.5 | too high by | rank correlation |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    let of = |e: &Errors| {
        if e.crates == 0 { "–".to_owned() } else { format!("×{:.2}, ×{:.2}", e.median, e.factor) }
    };
    for fit in fits {
        let seconds = |s: &Sample| s.frontend_s.unwrap_or_default() + s.codegen_s.unwrap_or_default();
        let classes: [(&str, Class<'_>); 4] = [
            ("few packages", &|s| s.dependencies < MANY_PACKAGES),
            ("many packages", &|s| s.dependencies >= MANY_PACKAGES),
            ("3 s and more", &|s| seconds(s) >= LONG_S),
            ("of applications", &|s| s.member),
        ];
        for (class, counts) in classes {
            let total = fit.errors(counts);
            let frontend = fit.errors_of(&fit.frontend, &|s| s.frontend_s, counts);
            let codegen = fit.errors_of(&fit.codegen, &|s| s.codegen_s, counts);
            text += &format!(
                "| {} | {class} | {} | {} | {} | {} | {:.0} % | ×{:.2} | {:.2} |\n",
                name(fit.mode).to_lowercase(),
                frontend.crates.max(total.crates),
                of(&frontend),
                if fit.mode == Mode::Check { "–".into() } else { of(&codegen) },
                of(&total),
                total.within * 100.0,
                total.bias,
                total.rank,
            );
        }
    }
    text
}

/// Sums over the own crates of each application, by the fit without it.
fn applications(fits: &[Fit]) -> String {
    let mut text = String::from(
        "\n| application | mode | own crates | predicted | measured | factor |\n|---|---|---|---|---|---|\n",
    );
    for fit in fits {
        let mut sums = std::collections::BTreeMap::<String, (usize, f64, f64)>::new();
        for (sample, predicted, measured) in fit.totals().into_iter().filter(|t| t.0.member) {
            let sum = sums.entry(sample.group.clone()).or_default();
            *sum = (sum.0 + 1, sum.1 + predicted, sum.2 + measured);
        }
        for (app, (crates, predicted, measured)) in sums {
            text += &format!(
                "| {app} | {} | {crates} | {predicted:.1} s | {measured:.1} s | ×{:.2} |\n",
                name(fit.mode).to_lowercase(),
                predicted / measured
            );
        }
    }
    text
}

fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "CHECK",
        Mode::Dev | Mode::Test => "DEV",
        Mode::Release => "RELEASE",
    }
}

/// The Rust source of the table that the analyzer compiles in.
pub(crate) fn table(fits: &[Fit], data: &Data) -> String {
    let mut text = format!(
        "//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.\n\
         //!\n\
         //! Measured with {} on {} cores (`fit measure`, `fit apps`). Cross-validated over crates and applications left\n\
         //! out of the fit: the median factor by which predictions are off, and the one that four of five keep.\n//!\n",
        data.rustc, data.cores
    );
    for line in errors(fits).lines() {
        text += &format!("//! {line}\n");
    }
    text += "\nuse crate::Cost;\nuse crate::coefficients::{Coefficients, ErrorFactors};\nuse crate::correction::Correction;\n";
    let build_script = median(data.build_scripts_s.iter().copied());
    text += &format!("\n/// Median of {} build scripts.\n", data.build_scripts_s.len());
    text += &format!("pub(crate) const BUILD_SCRIPT_S: f64 = {build_script:?};\n");
    text += "\n/// From this many packages loaded a crate counts as one that loads many.\n";
    text += &format!("pub(crate) const MANY_PACKAGES: usize = {MANY_PACKAGES};\n");
    for fit in fits {
        text += &row(fit, data);
    }
    text
}

fn list(values: &[f64], digits: usize) -> String {
    let list: Vec<String> = values.iter().map(|v| format!("{v:.digits$}")).collect();
    format!("[{}]", list.join(", "))
}

fn correction(correction: &Correction) -> String {
    format!(
        "Correction {{ constant: {:.3}, weights: {}, least: {}, most: {} }}",
        correction.constant,
        list(&correction.weights, 4),
        list(&correction.least, 3),
        list(&correction.most, 3)
    )
}

fn row(fit: &Fit, data: &Data) -> String {
    let micro = |v: &[f64]| list(&v.iter().map(|s| s * 1e6).collect::<Vec<_>>(), 2);
    let (crate_s, crate_codegen_s, per_dependency_s, link_s) = fixed(fit.mode, data);
    let published = || fit.samples.iter().filter(|s| !s.member);
    let (few, many) = (
        fit.errors(&|s| s.dependencies < MANY_PACKAGES).factor,
        fit.errors(&|s| s.dependencies >= MANY_PACKAGES),
    );
    // No better than applications that were left out; where too few load many packages to tell, than the rest.
    let least = if many.crates < 10 { few } else { 1.0 };
    let many = many.factor.max(fit.errors(&|s| s.member).factor).max(least);
    let none = Correction {
        constant: 0.0,
        weights: Default::default(),
        least: Default::default(),
        most: Default::default(),
    };
    let is_check = fit.mode == Mode::Check;
    format!(
        "\n/// For [`Mode::{:?}`](crate::Mode).\npub(crate) static {}: Coefficients = Coefficients {{\n\
         frontend_us: {},\ncodegen_us: {},\nfrontend_correction: {},\ncodegen_correction: {},\n\
         crate_s: {crate_s:.3},\ncrate_codegen_s: {crate_codegen_s:.3},\n\
         per_dependency_s: {per_dependency_s:.5},\nlink_s: {link_s:.3},\n\
         external: Cost {{ frontend_s: {:.2}, codegen_s: {:.2} }},\n\
         errors: ErrorFactors {{ few: {few:.2}, many: {many:.2} }},\n}};\n",
        fit.mode,
        name(fit.mode),
        micro(&fit.frontend.solution.coefficients),
        if is_check {
            list(&[0.0; EXPLANATORY_NAMES.len()], 2)
        } else {
            micro(&fit.codegen.solution.coefficients)
        },
        correction(&fit.frontend.solution.correction),
        correction(if is_check { &none } else { &fit.codegen.solution.correction }),
        median(published().filter_map(|s| s.frontend_s)),
        if is_check { 0.0 } else { median(published().filter_map(|s| s.codegen_s)) },
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
        Mode::Dev | Mode::Test | Mode::Release => {
            of(true).max_by_key(|t| t.dependencies).map_or(0.0, |t| (t.total_s - most.total_s).max(0.0))
        }
    };
    let (frontend_s, codegen_s) = least.parts();
    (frontend_s, codegen_s, per_dependency_s, link_s)
}
