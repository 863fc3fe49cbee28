//! What the file may say, and what is said of the rest.

use super::*;

fn problems(text: &str) -> Vec<String> {
    let (_, problems) = Configuration::parse(FILE_NAME, text);
    problems.iter().map(|problem| format!("{}: {}", problem.line.unwrap_or(0), problem.message)).collect()
}

#[test]
fn everything_is_read_with_its_line() {
    let text = "[budgets]\nmode = \"check\"\ncritical-path-seconds = 120\nrebuild-p90-seconds = 1_0.5\n\
                largest-cycle = 0x10\n[layers]\norder = [\n  [\"a\", \"b\"],\n  \"c\",\n]\n[[forbidden]]\n\
                from = \"a\"\nto = \"b::c\"\nreason = \"so\"\nexcept = [{ from = \"a::x\", to = \"b::c\", reason = \
                \"old\" }]\n[lints]\nback-edge = \"warn\"\n[check]\nmin-followed = 0.9\n";
    let (read, found) = Configuration::parse(FILE_NAME, text);
    assert_eq!(found, []);
    assert_eq!(read.budgets.critical_path_s, Some(At { value: 120.0, line: 3 }));
    assert_eq!(read.budgets.rebuild_p90_s, Some(At { value: 10.5, line: 4 }));
    assert_eq!(read.budgets.largest_cycle, Some(At { value: 16, line: 5 }));
    let layers: Vec<_> = read.layers.order.iter().map(|layer| (layer.line, layer.value.len())).collect();
    assert_eq!(layers, [(8, 2), (9, 1)]);
    assert_eq!((read.forbidden[0].line, read.forbidden[0].to.line), (11, 13));
    assert_eq!(read.forbidden[0].except[0].reason, "old");
    assert_eq!(read.level(Lint::BackEdge), LintLevel::Warn);
    assert_eq!(read.level(Lint::Layer), LintLevel::Deny);
    assert_eq!(read.check.min_followed, Some(At { value: 0.9, line: 19 }));
}

#[test]
fn what_means_nothing_is_said_at_its_line() {
    for (text, expected) in [
        ("x\n", "1: not used: "),
        ("[budget]\n", "1: unknown key `budget`; did you mean `budgets`?"),
        (
            "[budgets]\n\nrebuild-p90-second = 1\n",
            "3: unknown key `budgets.rebuild-p90-second`; did you mean `rebuild-p90-seconds`?",
        ),
        ("[zzz]\n", "1: unknown key `zzz`; known are services, budgets, layers, forbidden, lints, check"),
        ("[budgets]\nlargest-cycle = -1\n", "2: `budgets.largest-cycle` has to be a whole number"),
        ("[budgets]\nlargest-cycle = 1.5\n", "2: `budgets.largest-cycle` has to be a whole number"),
        ("[budgets]\ncritical-path-seconds = nan\n", "2: `budgets.critical-path-seconds` has to be a number"),
        (
            "[budgets]\ncritical-path-seconds = \"1\"\n",
            "2: `budgets.critical-path-seconds` has to be a number",
        ),
        ("budgets = 1\n", "1: `budgets` has to be a table"),
        (
            "[lints]\nlayer = \"den\"\n",
            "2: `lints.layer` has to be one of allow, warn, deny, not `den`; did you",
        ),
        ("[lints]\nlayers = \"deny\"\n", "2: unknown key `lints.layers`; did you mean `layer`?"),
        ("[check]\nmin-followed = 90\n", "2: `check.min-followed` has to be a number from 0 to 1"),
        ("[check]\nbaseline = \"../x.toml\"\n", "2: `check.baseline` has to be the path of a .toml file"),
        ("[check]\nbaseline = \"/x.toml\"\n", "2: `check.baseline` has to be the path of a .toml file"),
        ("[[forbidden]]\nfrom = \"a\"\nto = \"b\"\n", "1: `forbidden.reason` is missing"),
        ("[[forbidden]]\nfrom = \"a\"\nto = \"\"\nreason = \"x\"\n", "3: `forbidden.to` has to be a text"),
        ("[layers]\nexcept = []\n", "1: `layers.order` is missing"),
        ("[services]\n\nunknown = 1\n", "3: unknown key `services.unknown`; known are add, drop, rename"),
        ("[services]\nadd = [{ name = \"x\" }]\n", "2: `services.add.binary` is missing"),
        ("[services.rename]\na = 1\n", "2: `services.rename.a` has to be a text"),
    ] {
        let found = problems(text);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{text}: {found:?}");
    }
}

#[test]
fn all_problems_are_said_and_the_rest_is_used() {
    let text = "[budgets]\nlargest-cycle = 3\npackage-line = 1\n[lint]\n[services]\ndrop = [1, \"x\"]\n";
    let (read, found) = Configuration::parse(FILE_NAME, text);
    assert_eq!(found.iter().map(|problem| problem.line).collect::<Vec<_>>(), [Some(3), Some(4), Some(6)]);
    assert_eq!(read.budgets.largest_cycle.map(|at| at.value), Some(3));
    assert_eq!(read.services.drop.len(), 1);
}

/// What `init` writes is right as it is, and each line of it once the mark of a comment is gone.
#[test]
fn the_template_is_right() {
    let (read, found) = Configuration::parse(FILE_NAME, template());
    assert_eq!((read, found), (Configuration::default(), Vec::new()));
    let is_key = |line: &str| {
        !line.starts_with("# ----") && !line.starts_with("# What split") && !line.starts_with("# Names")
    };
    let used: Vec<String> = template()
        .lines()
        .map(|line| match line.strip_prefix("# ").filter(|_| is_key(line)) {
            Some(rest) => rest.to_owned(),
            None => line.to_owned(),
        })
        .collect();
    let (read, found) = Configuration::parse(FILE_NAME, &used.join("\n"));
    assert_eq!(found, []);
    assert_eq!((read.layers.order.len(), read.forbidden.len(), read.lints.len()), (3, 2, Lint::ALL.len()));
    assert!(read.budgets.new_back_edges.is_some() && read.check.baseline.is_some());
    assert_eq!(read.services.add.len(), 1);
}
