//! From a report's plan to the file that describes it, and back to a question.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use crate::plan::{DescribedCrate, Named, PlanFile};
use crate::report::model::{PackageReport, Report};

/// The package whose plan comes first in a report: the one that its headline is about, if that has a plan.
pub fn recommended(report: &Report) -> Option<&PackageReport> {
    report.packages.iter().find(|package| package.plan.is_some())
}

/// A package's plan as a question for [`what_if`](crate::what_if()); `path` is only for messages, and all lines are 1.
pub fn plan_file(path: &Path, package: &PackageReport) -> Option<PlanFile> {
    let plan = package.plan.as_ref()?;
    let named = |text: &str| Named { text: text.to_owned(), line: 1 };
    let all = |texts: &mut dyn Iterator<Item = &String>| {
        let mut seen = BTreeSet::new();
        texts.filter(|text| seen.insert(*text)).map(|text| named(text)).collect::<Vec<_>>()
    };
    // The crate's root stays without being named.
    let is_root = |module: &Named| !module.text.contains("::");
    let crates = plan.crates.iter().map(|krate| DescribedCrate {
        name: named(&krate.name),
        from: named(&package.name),
        modules: all(&mut krate.modules.iter()).into_iter().filter(|module| !is_root(module)).collect(),
        items: all(&mut krate.items.iter().chain(&krate.impls)),
    });
    let takes = |krate: &DescribedCrate| !krate.modules.is_empty() || !krate.items.is_empty();
    let crates: Vec<DescribedCrate> = crates.filter(takes).collect();
    // A plan from modules has the package above all of its crates.
    let on_top = plan.cuts.iter().any(|cut| cut.to_crate.as_ref() == Some(&package.name));
    (!crates.is_empty()).then(|| PlanFile { path: path.to_owned(), on_top, crates })
}

/// The text of `plan.toml` for a package's plan; `None` without one.
pub fn plan_toml(report: &Report, package: &PackageReport) -> Option<String> {
    let file = plan_file(Path::new("plan.toml"), package)?;
    let mut text = format!(
        "# A split of `{}`, by {} {}. To ask what it does: split-advisor what-if --plan plan.toml\n",
        package.name, report.tool.name, report.tool.version
    );
    if let Some(plan) = &package.plan
        && !plan.cuts.is_empty()
    {
        let _ = writeln!(
            text,
            "# {} dependencies run against the order of these crates: add --assume-cuts; report.json lists the work.",
            plan.cuts.len()
        );
    }
    if file.on_top {
        text.push_str("on-top = true\n");
    }
    for krate in &file.crates {
        let _ = write!(text, "\n[[crate]]\nname = {}\nfrom = {}\n", word(&krate.name), word(&krate.from));
        for (key, names) in [("modules", &krate.modules), ("items", &krate.items)] {
            if names.is_empty() {
                continue;
            }
            let _ = writeln!(text, "{key} = [");
            for name in names {
                let _ = writeln!(text, "  {},", word(name));
            }
            text.push_str("]\n");
        }
    }
    Some(text)
}

/// A string of TOML: its escapes are those of JSON, but for the one control character that JSON lets through.
fn word(named: &Named) -> String {
    serde_json::Value::from(named.text.as_str()).to_string().replace('\u{7f}', "\\u007f")
}
