//! `fit modules`: how well the model orders the modules of a crate that it was not fitted to.

use std::path::Path;

use split_analyzer::cost::Mode;

use crate::fit::apps::build;
use crate::fit::crates::modules_measure::{MeasuredModules, read};
use crate::fit::features::{Explained, Published, explain_all};
use crate::fit::solve::fit;
use crate::fit::solve::fit::Fit;
use crate::fit::solve::statistics::{correlation, dot, median, quantile, ranks};

/// Modules that take less say more about the order in which rustc happens to ask than about themselves.
const LEAST_S: f64 = 0.001;

/// A rank correlation of fewer modules says little.
const LEAST_MODULES: usize = 5;

/// Worst modules that are shown of each mode.
const WORST: usize = 40;

/// One module below the root, which the crate's own work is hard to tell from: seconds as measured and as the model says, and its lines.
struct Row {
    path: String,
    measured_s: f64,
    modelled_s: f64,
    lines: f64,
}

/// One crate.
struct Compared {
    name: String,
    rows: Vec<Row>,
}

/// Prints the comparison.
pub(crate) fn compare(data: &Path, apps: &Path, modules: &Path, worst: bool) -> anyhow::Result<()> {
    let data = fit::read(data)?;
    let modules = read(modules)?;
    let fits = fit::solve(&data, &build::read(apps)?)?;
    let explained = explain_all(&modules.crates.iter().map(published).collect::<Vec<_>>());
    println!(
        "| what | crates | modules | rank correlation | a quarter is below | lines of code | shares off by | lines of code |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for fit in fits.iter().filter(|fit| fit.mode != Mode::Release) {
        let of_mode = modules.crates.iter().zip(&explained).filter(|(krate, _)| krate.mode == fit.mode);
        let rows = |part| -> Vec<Compared> {
            let all = of_mode.clone().filter_map(|(krate, explained)| Some((krate, explained.as_ref()?)));
            all.map(|(krate, explained)| rows(krate, explained, fit, part))
                .filter(|compared| compared.rows.len() >= LEAST_MODULES)
                .collect()
        };
        let parts: &[(&str, Part)] = match fit.mode {
            Mode::Check => &[("check", Part::All)],
            Mode::Dev | Mode::Release | Mode::Test => &[
                ("dev, front end", Part::Frontend),
                ("dev, code generation", Part::Codegen),
                ("dev", Part::All),
            ],
        };
        for &(name, part) in parts {
            let compared = rows(part);
            println!("{}", line(name, &compared));
            if worst {
                print_crates(&compared);
                print_worst(&compared);
            }
        }
    }
    Ok(())
}

fn published(krate: &MeasuredModules) -> Published<'_> {
    Published { name: &krate.name, version: &krate.version, features: &krate.features }
}

/// What is compared.
#[derive(Clone, Copy)]
enum Part {
    Frontend,
    Codegen,
    All,
}

impl Part {
    fn of(self, frontend: f64, codegen: f64) -> f64 {
        match self {
            Part::Frontend => frontend,
            Part::Codegen => codegen,
            Part::All => frontend + codegen,
        }
    }
}

fn rows(krate: &MeasuredModules, explained: &Explained, fit: &Fit, part: Part) -> Compared {
    let (frontend, codegen) = fit.without(&krate.name);
    let row = |(path, &(frontend_s, codegen_s)): (&String, &(f64, f64))| {
        let own = explained.modules.get(path).cloned().unwrap_or_default();
        Row {
            path: path.clone(),
            measured_s: part.of(frontend_s, codegen_s),
            modelled_s: part
                .of(dot(&frontend.coefficients, &own.variables), dot(&codegen.coefficients, &own.variables)),
            lines: f64::from(own.lines),
        }
    };
    let rows = krate.modules.iter().filter(|(path, _)| path.contains("::")).map(row);
    let rows = rows.filter(|row| row.measured_s >= LEAST_S).collect();
    Compared { name: krate.name.clone(), rows }
}

impl Compared {
    /// Spearman's rank correlation of something with what was measured.
    fn rank(&self, of: fn(&Row) -> f64) -> f64 {
        correlation(&ranks(self.rows.iter().map(of)), &ranks(self.rows.iter().map(|r| r.measured_s)))
    }

    /// The share of the crate that something puts into wrong modules.
    fn misplaced(&self, of: fn(&Row) -> f64) -> f64 {
        let sum = |of: fn(&Row) -> f64| self.rows.iter().map(of).sum::<f64>();
        let (all, measured) = (sum(of), sum(|r| r.measured_s));
        self.rows.iter().map(|r| (of(r) / all - r.measured_s / measured).abs()).sum::<f64>() / 2.0
    }
}

fn line(name: &str, compared: &[Compared]) -> String {
    let modules: usize = compared.iter().map(|c| c.rows.len()).sum();
    let of = |of: &dyn Fn(&Compared) -> f64| compared.iter().map(of).collect::<Vec<f64>>();
    let model = of(&|c| c.rank(|r| r.modelled_s));
    format!(
        "| {name} | {} | {modules} | {:.2} | {:.2} | {:.2} | {:.0} % | {:.0} % |",
        compared.len(),
        median(model.iter().copied()),
        quantile(model.iter().copied(), 0.25),
        median(of(&|c| c.rank(|r| r.lines)).into_iter()),
        100.0 * median(of(&|c| c.misplaced(|r| r.modelled_s)).into_iter()),
        100.0 * median(of(&|c| c.misplaced(|r| r.lines)).into_iter()),
    )
}

fn print_crates(compared: &[Compared]) {
    for c in compared {
        let (model, lines) = (c.rank(|r| r.modelled_s), c.rank(|r| r.lines));
        println!("  {:20} {:4} modules, rank {model:5.2}, by lines {lines:5.2}", c.name, c.rows.len());
    }
}

/// The modules whose shares are furthest off, weighted by how much they take.
fn print_worst(compared: &[Compared]) {
    let mut all: Vec<(f64, String)> = Vec::new();
    for krate in compared {
        let sum = |of: fn(&Row) -> f64| krate.rows.iter().map(of).sum::<f64>();
        let (modelled, measured) = (sum(|r| r.modelled_s), sum(|r| r.measured_s));
        for row in &krate.rows {
            let (is, should) = (row.modelled_s / modelled, row.measured_s / measured);
            let text = format!(
                "{} {:.1} ms: {:.1} % in place of {:.1} %, {} lines",
                row.path,
                row.measured_s * 1e3,
                is * 100.0,
                should * 100.0,
                row.lines
            );
            all.push(((is - should).abs(), text));
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    all.iter().take(WORST).for_each(|(_, text)| println!("  {text}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_crate() {
        let row = |measured_s: f64, modelled_s: f64, lines: f64| Row {
            path: String::new(),
            measured_s,
            modelled_s,
            lines,
        };
        let compared = Compared {
            name: "a".into(),
            rows: vec![row(1.0, 10.0, 3.0), row(2.0, 20.0, 2.0), row(5.0, 50.0, 1.0)],
        };
        assert!((compared.rank(|r| r.modelled_s) - 1.0).abs() < 1e-9);
        assert!((compared.rank(|r| r.lines) + 1.0).abs() < 1e-9);
        assert!(compared.misplaced(|r| r.modelled_s) < 1e-9);
        // 1/8, 2/8, 5/8 against 3/6, 2/6, 1/6.
        assert!((compared.misplaced(|r| r.lines) - (5.0 / 8.0 - 1.0 / 6.0)).abs() < 1e-9);
    }
}
