//! Prints a fit: as the Rust table that the analyzer compiles in, or for people.

use std::collections::BTreeMap;

use split_analyzer::cost::{Correction, EXPLANATORY_NAMES, Mode, TRAIT_NAMES};

use crate::fit::apps::build::{Apps, Kind};
use crate::fit::crates::measure::Data;
use crate::fit::solve::fit::{Errors, Fit, LONG_S, MANY_PACKAGES};
use crate::fit::solve::machines::{on_any_day, spread};
use crate::fit::solve::part::LEAST_S;
use crate::fit::solve::samples::{Sample, default_debuginfo};
use crate::fit::solve::statistics::{bound, median};

/// For people: errors, coefficients, what is furthest off.
pub(crate) fn summary(fits: &[Fit]) -> String {
    let mut text = errors(fits);
    text += &applications(fits);
    text += &coverage(fits);
    for fit in fits {
        let (frontend, codegen) = (&fit.frontend.solution, &fit.codegen.solution);
        text += &format!("\n{}, microseconds (front end, code generation):\n", name(fit.mode));
        for (i, variable) in EXPLANATORY_NAMES.iter().enumerate() {
            let (f, c) = (frontend.coefficients[i] * 1e6, codegen.coefficients[i] * 1e6);
            text += &format!("  {variable:23} {f:9.2} {c:9.2}\n");
        }
        let (f, c) = (frontend.per_package_s * 1e6, codegen.per_package_s * 1e6);
        text += &format!("  {:23} {f:9.2} {c:9.2}\n", "packages loaded");
        let (f, c) = (frontend.polled_s * 1e6, codegen.polled_s * 1e6);
        text += &format!("  {:23} {f:9.2} {c:9.2}\n", "polled (programs)");
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
        for (app, Sum { crates, predicted_s: predicted, measured_s: measured }) in sums(fit) {
            text += &format!(
                "| {app} | {} | {crates} | {predicted:.1} s | {measured:.1} s | ×{:.2} |\n",
                name(fit.mode).to_lowercase(),
                predicted / measured
            );
        }
    }
    if let Some(power) = check_by_dev(fits) {
        text += &format!(
            "\nWhere an application's `dev` build takes x times what is predicted, its check takes x to the power of {power:.2}.\n"
        );
    }
    text
}

/// The slope, through the origin, of the logarithm of measured / predicted of applications' checks on that of their `dev` builds.
fn check_by_dev(fits: &[Fit]) -> Option<f64> {
    let logs = |mode: Mode| {
        let fit = fits.iter().find(|fit| fit.mode == mode)?;
        let log = |sum: Sum| (sum.measured_s / sum.predicted_s).ln();
        Some(sums(fit).into_iter().map(|(app, sum)| (app, log(sum))).collect::<BTreeMap<_, _>>())
    };
    let (checks, devs) = (logs(Mode::Check)?, logs(Mode::Dev)?);
    let pairs = devs.iter().filter_map(|(app, dev)| Some((*dev, *checks.get(app)?)));
    let (products, squares) =
        pairs.fold((0.0, 0.0), |(xy, xx), (dev, check)| (xy + dev * check, xx + dev * dev));
    (squares > 0.0).then(|| products / squares)
}

fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "CHECK",
        Mode::Dev | Mode::Test => "DEV",
        Mode::Release => "RELEASE",
    }
}

/// The Rust source of the table that the analyzer compiles in.
pub(crate) fn table(fits: &[Fit], data: &Data, apps: &Apps) -> String {
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
    text += "\nuse super::coefficients::{Coefficients, ErrorFactors};\nuse super::correction::Correction;\nuse crate::cost::Cost;\n";
    let build_script = median(data.build_scripts_s.iter().copied());
    text += &format!("\n/// Median of {} build scripts.\n", data.build_scripts_s.len());
    text += &format!("pub(super) const BUILD_SCRIPT_S: f64 = {build_script:?};\n");
    text += "\n/// From this many packages loaded a crate counts as one that loads many.\n";
    text += &format!("pub(super) const MANY_PACKAGES: usize = {MANY_PACKAGES};\n");
    for fit in fits {
        text += &row(fit, data, apps);
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

fn row(fit: &Fit, data: &Data, apps: &Apps) -> String {
    let micro = |v: &[f64]| list(&v.iter().map(|s| s * 1e6).collect::<Vec<_>>(), 2);
    let (crate_s, crate_codegen_s, link_s) = fixed(fit.mode, data);
    let published = || fit.samples.iter().filter(|s| !s.member);
    let (few, many) = class_errors(fit);
    // A library's build is mostly one crate; an application's was predicted by the fit without it.
    let (few_builds, many_builds) = (few, build_errors(fit).unwrap_or_else(|| many.min(long_errors(fit))));
    let spread = spread(data, apps);
    let [few, many, few_builds, many_builds] =
        [few, many, few_builds, many_builds].map(|factor| on_any_day(factor, spread));
    let link_per_dependency_s = link_per_package_s(fit.mode, link_s, data, apps);
    let none = Correction {
        constant: 0.0,
        weights: Default::default(),
        least: Default::default(),
        most: Default::default(),
    };
    let is_check = fit.mode == Mode::Check;
    format!(
        "\n/// For [`Mode::{:?}`](crate::cost::Mode).\npub(super) static {}: Coefficients = Coefficients {{\n\
         frontend_us: {},\ncodegen_us: {},\nfrontend_correction: {},\ncodegen_correction: {},\n\
         crate_s: {crate_s:.3},\ncrate_codegen_s: {crate_codegen_s:.3},\n\
         per_dependency_s: {:.5},\nper_dependency_codegen_s: {:.5},\npolled_s: {:.4},\npolled_codegen_s: {:.4},\nlink_s: {link_s:.3},\nlink_per_dependency_s: {link_per_dependency_s:.5},\n\
         external: Cost {{ frontend_s: {:.2}, codegen_s: {:.2} }},\n\
         errors: ErrorFactors {{ few: {few:.2}, many: {many:.2} }},\n\
         build_errors: ErrorFactors {{ few: {few_builds:.2}, many: {many_builds:.2} }},\n}};\n",
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
        fit.frontend.solution.per_package_s,
        if is_check { 0.0 } else { fit.codegen.solution.per_package_s },
        fit.frontend.solution.polled_s,
        if is_check { 0.0 } else { fit.codegen.solution.polled_s },
        median(published().filter_map(|s| s.frontend_s)),
        if is_check { 0.0 } else { median(published().filter_map(|s| s.codegen_s)) },
    )
}

/// Four of five crates are off by no more than this, those that load few packages and those that load many.
fn class_errors(fit: &Fit) -> (f64, f64) {
    let (few, many) = (
        fit.errors(&|s| s.dependencies < MANY_PACKAGES).factor,
        fit.errors(&|s| s.dependencies >= MANY_PACKAGES),
    );
    // Too few of a kind say nothing: they are taken to be no better than the rest.
    (few, if many.crates < ENOUGH { many.factor.max(few) } else { many.factor })
}

/// Four of five crates that people wait for are off by no more than this: what a build takes is theirs for the most part.
fn long_errors(fit: &Fit) -> f64 {
    fit.errors(&|s| s.frontend_s.unwrap_or(0.0) + s.codegen_s.unwrap_or(0.0) >= LONG_S).factor
}

/// Crates, or applications, that are enough to tell what four of five keep.
const ENOUGH: usize = 10;
const ENOUGH_BUILDS: usize = 5;

/// By application what the fit without it has for all of its own crates together, and what they took.
pub(crate) fn sums(fit: &Fit) -> BTreeMap<String, Sum> {
    let mut sums = BTreeMap::<String, Sum>::new();
    for (sample, predicted_s, measured_s) in fit.totals().into_iter().filter(|t| t.0.member) {
        let sum = sums.entry(sample.group.clone()).or_default();
        sum.crates += 1;
        sum.predicted_s += predicted_s;
        sum.measured_s += measured_s;
    }
    sums
}

/// The own crates of an application.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    pub(crate) crates: usize,
    pub(crate) predicted_s: f64,
    pub(crate) measured_s: f64,
}

impl Sum {
    fn off(&self) -> f64 {
        (self.predicted_s / self.measured_s).ln().abs()
    }
}

/// Four of five applications are off by no more than this, where there are enough of them.
fn build_errors(fit: &Fit) -> Option<f64> {
    let sums = sums(fit);
    (sums.len() >= ENOUGH_BUILDS).then(|| bound(sums.values().map(Sum::off), 0.8).exp())
}

/// How often nominal 80 % intervals hold what they were not made from: each application, and each of its crates, by what the
/// others kept; libraries by what all of them kept but those of the same name.
fn coverage(fits: &[Fit]) -> String {
    let mut text = String::from("\n| mode | of | intervals | hold |\n|---|---|---|---|\n");
    for fit in fits {
        let mut line = |what: &str, pairs: Vec<(&str, f64)>| {
            let holds = |&(group, off): &(&str, f64)| {
                off <= bound(pairs.iter().filter(|p| p.0 != group).map(|p| p.1), 0.8)
            };
            if pairs.len() >= ENOUGH_BUILDS {
                let held = pairs.iter().filter(|pair| holds(pair)).count();
                let share = 100.0 * held as f64 / pairs.len() as f64;
                text += &format!(
                    "| {} | {what} | {} | {share:.0} % |\n",
                    name(fit.mode).to_lowercase(),
                    pairs.len()
                );
            }
        };
        let sums = sums(fit);
        line("applications", sums.iter().map(|(app, sum)| (app.as_str(), sum.off())).collect());
        let totals = fit.totals();
        let off = |member: bool| -> Vec<(&str, f64)> {
            let of_class = totals.iter().filter(|t| t.0.member == member && t.2 >= LEAST_S);
            of_class.map(|t| (t.0.group.as_str(), (t.1.max(1e-3) / t.2).ln().abs())).collect()
        };
        line("crates of applications", off(true));
        line("libraries", off(false));
    }
    text
}

/// Seconds that each package loaded adds to linking: the median of the applications' programs; where none was linked in this mode, in
/// proportion to `dev`.
fn link_per_package_s(mode: Mode, link_s: f64, data: &Data, apps: &Apps) -> f64 {
    let of = |mode: Mode, link_s: f64| -> Option<f64> {
        let programs = apps.crates.iter().filter(|c| c.kind == Kind::Bin && c.dependencies >= MANY_PACKAGES);
        let runs = programs.filter_map(|c| {
            let linked =
                c.runs.iter().filter(|run| run.mode == mode && run.debuginfo == default_debuginfo(mode));
            let least = linked.filter_map(|run| run.link_s).reduce(f64::min)?;
            Some((least - link_s).max(0.0) / c.dependencies as f64)
        });
        let all: Vec<f64> = runs.collect();
        (!all.is_empty()).then(|| median(all.into_iter()))
    };
    match mode {
        Mode::Check => 0.0,
        _ => of(mode, link_s).unwrap_or_else(|| {
            let (.., dev_link_s) = fixed(Mode::Dev, data);
            of(Mode::Dev, dev_link_s).unwrap_or_default() * link_s / dev_link_s.max(1e-3)
        }),
    }
}

/// Front end and code generation of a crate without items, and linking.
fn fixed(mode: Mode, data: &Data) -> (f64, f64, f64) {
    let of = |bin: bool| data.trivial.iter().filter(move |t| t.mode == mode && t.bin == bin);
    let Some(least) = of(false).min_by_key(|t| t.dependencies) else { return (0.0, 0.0, 0.0) };
    let most = of(false).max_by_key(|t| t.dependencies).unwrap_or(least);
    let link_s = match mode {
        Mode::Check => 0.0,
        Mode::Dev | Mode::Test | Mode::Release => {
            of(true).max_by_key(|t| t.dependencies).map_or(0.0, |t| (t.total_s - most.total_s).max(0.0))
        }
    };
    let (frontend_s, codegen_s) = least.parts();
    (frontend_s, codegen_s, link_s)
}
