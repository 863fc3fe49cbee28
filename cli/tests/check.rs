//! `check`, `init`, `diff` and `trend` by the real binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fs;
use std::process::Command;

use run::{Answer, Fixture};
use serde_json::Value;

const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// `orders` needs `money`, and `money` a bit of `orders`: a cycle that was there before.
fn shop() -> Fixture {
    let fixture = Fixture::empty();
    for (path, text) in [
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "pub mod billing;\npub mod money;\npub mod orders;\n"),
        (
            "src/money.rs",
            "pub struct Cents(pub u64);\n\npub fn tax(o: &crate::orders::Order) -> u64 {\n    o.0.0 / 5\n}\n",
        ),
        (
            "src/orders.rs",
            "use crate::money::Cents;\n\npub struct Order(pub Cents);\n\npub fn place(c: Cents) -> Order {\n    Order(c)\n}\n\n\
             pub fn free() -> Cents {\n    Cents(0)\n}\n",
        ),
        ("src/billing.rs", "pub fn bill(o: &crate::orders::Order) -> u64 {\n    crate::money::tax(o)\n}\n"),
    ] {
        write(&fixture, path, text);
    }
    fixture
}

fn write(fixture: &Fixture, path: &str, text: &str) {
    let path = fixture.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn append(fixture: &Fixture, path: &str, text: &str) {
    let old = fs::read_to_string(fixture.path(path)).unwrap();
    write(fixture, path, &(old + text));
}

fn check(fixture: &Fixture, arguments: &[&str]) -> Answer {
    fixture.run(&[&["check", ".", "--no-built"], arguments].concat())
}

/// New findings as `file:line lint`, with the exit code.
fn found(fixture: &Fixture) -> (i32, Vec<String>) {
    let answer = check(fixture, &["--format", "json"]);
    let report: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{answer:?}"));
    let new = report["findings"].as_array().unwrap().iter().filter(|finding| finding["accepted"] == false);
    let shown = new.map(|finding| {
        let field = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        format!("{}:{} {}", field("file"), finding["line"], field("lint"))
    });
    (answer.code, shown.collect())
}

#[test]
fn a_regression_fails_at_its_line_and_what_was_there_passes() {
    let fixture = shop();
    assert_eq!(found(&fixture), (1, vec!["src/money.rs:3 back-edge".to_owned()]));
    let accepted = check(&fixture, &["--accept", "was there before the gate"]);
    assert_eq!(accepted.code, 0, "{accepted:?}");
    assert_eq!(found(&fixture), (0, vec![]));
    let baseline = fs::read_to_string(fixture.path("split-advisor-baseline.toml")).unwrap();
    assert!(
        baseline.contains("reason = \"was there before the gate\"") && baseline.contains("shop::money::tax"),
        "{baseline}"
    );

    // Reformatted and moved: the same debt.
    let money = fs::read_to_string(fixture.path("src/money.rs")).unwrap();
    write(
        &fixture,
        "src/money.rs",
        &format!(
            "//! Money.\n\n\n{}",
            money.replace("(o: &", "(\n    o: &").replace(") -> u64", ",\n) -> u64")
        ),
    );
    assert_eq!(found(&fixture), (0, vec![]));

    // Another item against the order.
    append(
        &fixture,
        "src/money.rs",
        "\npub fn none() -> crate::orders::Order {\n    crate::orders::place(Cents(0))\n}\n",
    );
    let (code, new) = found(&fixture);
    assert_eq!((code, new.len()), (1, 2), "{new:?}");
    assert!(
        new.iter().all(|found| found.starts_with("src/money.rs:1") && found.ends_with("back-edge")),
        "{new:?}"
    );
    write(&fixture, "src/money.rs", &money);

    // A module that closes a new cycle.
    append(&fixture, "src/orders.rs", "pub fn bill(o: &Order) -> u64 {\n    crate::billing::bill(o)\n}\n");
    assert_eq!(found(&fixture), (1, vec!["src/orders.rs:13 back-edge".to_owned()]));
    let terminal = check(&fixture, &[]);
    assert!(
        terminal.stdout.starts_with("Failed: 1 new finding") && terminal.stdout.contains("src/orders.rs:13"),
        "{terminal:?}"
    );
    let github = check(&fixture, &["--format", "github"]).stdout;
    assert!(github.starts_with("::error file=src/orders.rs,line=13,title=back-edge::"), "{github}");
    assert_eq!(check(&fixture, &["--accept", "until spring"]).code, 0);
    assert_eq!(found(&fixture).0, 0);

    // Paid debt is pruned, and can't come back.
    write(
        &fixture,
        "src/money.rs",
        "pub struct Cents(pub u64);\n\npub fn tax(_: &Cents) -> u64 {\n    0\n}\n",
    );
    write(
        &fixture,
        "src/billing.rs",
        "pub fn bill(o: &crate::orders::Order) -> u64 {\n    crate::money::tax(&o.0)\n}\n",
    );
    assert!(check(&fixture, &[]).stdout.contains("`--prune` takes it out"), "{:?}", check(&fixture, &[]));
    assert_eq!(check(&fixture, &["--prune"]).code, 0);
    write(&fixture, "src/money.rs", &money);
    assert_eq!(found(&fixture).0, 1);
}

#[test]
fn renamed_and_moved_code_is_no_new_debt() {
    let fixture = shop();
    assert_eq!(check(&fixture, &["--accept", "old"]).code, 0);
    let read = |path: &str| fs::read_to_string(fixture.path(path)).unwrap();
    let replace = |path: &str, from: &str, to: &str| write(&fixture, path, &read(path).replace(from, to));
    // A function gets another name.
    replace("src/money.rs", "fn tax", "fn levy");
    replace("src/billing.rs", "money::tax", "money::levy");
    assert_eq!(found(&fixture), (0, vec![]));
    let said = check(&fixture, &[]).stdout;
    assert!(
        said.contains("1 finding of the baseline has another name by now: `--prune` writes it."),
        "{said}"
    );
    // So does its module, and the type that it refers to.
    fs::rename(fixture.path("src/money.rs"), fixture.path("src/cash.rs")).unwrap();
    for path in ["src/lib.rs", "src/orders.rs", "src/billing.rs"] {
        replace(path, "money", "cash");
    }
    assert_eq!(found(&fixture), (0, vec![]));
    assert_eq!(check(&fixture, &["--prune"]).code, 0);
    assert!(read("split-advisor-baseline.toml").contains("from = \"shop::cash::levy\""));
    for path in ["src/cash.rs", "src/orders.rs", "src/billing.rs"] {
        replace(path, "Order", "Purchase");
    }
    assert_eq!(found(&fixture), (0, vec![]));
    // The package.
    replace("Cargo.toml", "shop", "store");
    assert_eq!(found(&fixture), (0, vec![]));
    assert_eq!(check(&fixture, &["--prune"]).code, 0);
    assert!(read("split-advisor-baseline.toml").contains("from = \"store::cash::levy\""));
    // A second one of the same kind is new.
    append(
        &fixture,
        "src/cash.rs",
        "\npub fn duty(o: &crate::orders::Purchase) -> u64 {\n    o.0.0 / 5\n}\n",
    );
    assert_eq!(found(&fixture), (1, vec!["src/cash.rs:7 back-edge".to_owned()]));
}

#[test]
fn packages_from_elsewhere_can_be_forbidden() {
    let fixture = shop();
    write(
        &fixture,
        "Cargo.toml",
        &format!(
            "{MANIFEST}[dependencies]\nsql = {{ package = \"sqlx\", version = \"0.8\" }}\n[dev-dependencies]\ninsta = \"1\"\n"
        ),
    );
    append(
        &fixture,
        "src/billing.rs",
        "pub fn load() -> Option<sql::Pool> {\n    None\n}\n\n#[cfg(test)]\nmod tests {\n    use sql::query;\n}\n",
    );
    assert_eq!(check(&fixture, &["--accept", "r"]).code, 0);
    let rule = |from: &str, to: &str| {
        write(
            &fixture,
            "split-advisor.toml",
            &format!(
                "[[forbidden]]\nfrom = \"{from}\"\nto = \"{to}\"\nreason = \"only storage has queries\"\n"
            ),
        );
    };
    rule("shop::billing", "sqlx");
    assert_eq!(found(&fixture), (1, vec!["src/billing.rs:4 forbidden".to_owned()]));
    let said = check(&fixture, &[]).stdout;
    assert!(said.contains("`shop::billing::load` names `sqlx::Pool`"), "{said}");
    rule("shop::orders", "sqlx");
    assert_eq!(found(&fixture), (0, vec![]));
    // A module that imports it is a way around.
    append(&fixture, "src/lib.rs", "\npub mod prelude {\n    pub use sql::Pool;\n}\n");
    append(&fixture, "src/money.rs", "\npub fn till() -> Option<crate::prelude::Pool> {\n    None\n}\n");
    rule("shop::money", "sqlx");
    assert_eq!(found(&fixture), (1, vec!["src/money.rs:7 forbidden".to_owned()]));
    // A dependency of tests is none that a rule is about.
    rule("shop", "insta");
    let answer = check(&fixture, &[]);
    assert!(answer.code == 2 && answer.stderr.contains("`insta` is no package or module here"), "{answer:?}");
}

#[test]
fn rules_and_budgets_hold_at_the_right_place() {
    let fixture = shop();
    assert_eq!(check(&fixture, &["--accept", "r"]).code, 0);
    for (configuration, expected) in [
        (
            "[layers]\norder = [\"shop::billing\", \"shop::orders\", \"shop::money\"]\n",
            "src/money.rs:3 layer",
        ),
        (
            "[[forbidden]]\nfrom = \"shop::billing\"\nto = \"shop::money\"\nreason = \"through orders\"\n",
            "src/billing.rs:2 forbidden",
        ),
        ("[budgets]\n\nlargest-cycle = 1\n", "src/money.rs:3 largest-cycle"),
        ("[budgets]\npackage-lines = 3\n", "Cargo.toml:1 package-lines"),
        ("[budgets]\n\n\ncritical-path-seconds = 0\n", "split-advisor.toml:4 critical-path"),
    ] {
        write(&fixture, "split-advisor.toml", configuration);
        assert_eq!(found(&fixture), (1, vec![expected.to_owned()]), "{configuration}");
        let lint = expected.rsplit(' ').next().unwrap();
        write(&fixture, "split-advisor.toml", &format!("{configuration}[lints]\n{lint} = \"warn\"\n"));
        assert_eq!(found(&fixture), (0, vec![expected.to_owned()]), "{configuration}");
    }
}

#[test]
fn what_can_not_be_checked_does_not_pass() {
    let fixture = shop();
    assert_eq!(check(&fixture, &["--accept", "r"]).code, 0);
    for (configuration, said) in [
        ("[budget]\n", "split-advisor.toml:1: unknown key `budget`; did you mean `budgets`?"),
        ("[layers]\norder = [\"shop::order\"]\n", "did you mean `shop::orders`"),
        ("[check]\nbaseline = \"../other.toml\"\n", "has to be the path of a .toml file in this directory"),
    ] {
        write(&fixture, "split-advisor.toml", configuration);
        let answer = check(&fixture, &[]);
        assert!(answer.code == 2 && answer.stderr.contains(said), "{answer:?}");
    }
    // No history: nothing is known of rebuilds.
    write(&fixture, "split-advisor.toml", "[budgets]\nrebuild-p90-seconds = 100\n");
    let answer = check(&fixture, &[]);
    assert!(
        answer.code == 1 && answer.stdout.contains("Degraded: no commit could be replayed"),
        "{answer:?}"
    );
    assert_eq!(check(&fixture, &["--allow-degraded"]).code, 0);
    // Another file of the repository is no baseline, and is not written over.
    write(&fixture, "split-advisor.toml", "[check]\nbaseline = \"Cargo.toml\"\n");
    assert_eq!(check(&fixture, &["--accept", "r"]).code, 2);
    assert_eq!(fs::read_to_string(fixture.path("Cargo.toml")).unwrap(), MANIFEST);
}

#[test]
fn init_writes_what_check_reads_and_replaces_nothing() {
    let fixture = shop();
    assert_eq!(fixture.run(&["init"]).code, 0);
    assert_eq!(check(&fixture, &["--accept", "r"]).code, 0);
    write(&fixture, "split-advisor.toml", "# mine\n");
    let refused = fixture.run(&["init"]);
    assert!(refused.code == 2 && refused.stderr.contains("--force"), "{refused:?}");
    assert_eq!(fs::read_to_string(fixture.path("split-advisor.toml")).unwrap(), "# mine\n");
    assert_eq!(fixture.run(&["init", "--force"]).code, 0);
    assert!(fs::read_to_string(fixture.path("split-advisor.toml")).unwrap().contains("[budgets]"));
}

fn git(fixture: &Fixture, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let ran = Command::new("git").current_dir(fixture.path("")).args(who).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

#[test]
fn two_commits_differ_by_what_changed_and_nothing_of_them_is_run() {
    let fixture = shop();
    git(&fixture, &["init", "-q", "-b", "main"]);
    // What a checkout would run.
    write(&fixture, ".gitattributes", "*.rs filter=trap\n");
    git(&fixture, &["add", "."]);
    git(&fixture, &["commit", "-q", "-m", "one"]);
    append(&fixture, "src/orders.rs", "pub fn bill(o: &Order) -> u64 {\n    crate::billing::bill(o)\n}\n");
    git(&fixture, &["commit", "-q", "-a", "-m", "two"]);
    git(&fixture, &["config", "filter.trap.smudge", "touch trapped; cat"]);
    git(&fixture, &["config", "core.hooksPath", "hooks"]);
    write(&fixture, "hooks/post-checkout", "#!/bin/sh\ntouch trapped\n");
    write(&fixture, "src/lib.rs", "not checked out\n");
    let report = fixture.run(&["diff", "HEAD~1", "HEAD", "--format", "json"]).json();
    let needs = report["needs"].as_array().unwrap();
    assert_eq!(needs.len(), 1, "{needs:?}");
    assert_eq!((&needs[0]["from"], &needs[0]["to"]), (&"shop::orders".into(), &"shop::billing".into()));
    assert_eq!((&needs[0]["change"], &needs[0]["closes_cycle"]), (&"gained".into(), &true.into()));
    assert!(!fixture.path("trapped").exists());
    let same = fixture.run(&["diff", "HEAD", "HEAD"]).success().stdout;
    assert!(same.starts_with("Nothing that a report says is different."), "{same}");
    let unknown = fixture.run(&["diff", "HEAD", "nothing"]);
    assert!(
        unknown.code == 2 && unknown.stderr.contains("`nothing` is no file, and no commit"),
        "{unknown:?}"
    );
    let markdown = fixture.run(&["diff", "HEAD~1", "HEAD", "--format", "markdown"]).success().stdout;
    assert!(markdown.contains("`shop::orders` → `shop::billing`, which closes a cycle"), "{markdown}");
}

#[test]
fn two_commits_are_compared_by_the_commits_that_both_have() {
    let fixture = shop();
    git(&fixture, &["init", "-q", "-b", "main"]);
    write(&fixture, "src/main.rs", "fn main() {\n    shop::orders::free();\n}\n");
    write(&fixture, "Dockerfile", "FROM scratch\nCOPY target/release/shop /shop\nENTRYPOINT [\"/shop\"]\n");
    git(&fixture, &["add", "."]);
    git(&fixture, &["commit", "-q", "-m", "first"]);
    for at in 0..6 {
        append(&fixture, "src/money.rs", &format!("pub fn more{at}() {{}}\n"));
        git(&fixture, &["commit", "-q", "-a", "-m", "money"]);
    }
    git(&fixture, &["tag", "before"]);
    // The code that these commits changed moves into a package of its own, which the program doesn't need.
    write(&fixture, "Cargo.toml", &format!("{MANIFEST}\n[workspace]\nmembers = [\"cash\"]\n"));
    write(&fixture, "cash/Cargo.toml", &MANIFEST.replace("shop", "cash"));
    fs::create_dir_all(fixture.path("cash/src")).unwrap();
    git(&fixture, &["mv", "src/money.rs", "cash/src/money.rs"]);
    let text = fs::read_to_string(fixture.path("cash/src/money.rs")).unwrap();
    let own = text.replace("o: &crate::orders::Order", "o: &Cents").replace("o.0.0", "o.0");
    write(&fixture, "cash/src/money.rs", &own);
    write(&fixture, "cash/src/lib.rs", "pub mod money;\n");
    write(&fixture, "src/lib.rs", "pub mod orders;\n");
    write(
        &fixture,
        "src/orders.rs",
        "pub struct Order(pub u64);\n\npub fn free() -> Order {\n    Order(0)\n}\n",
    );
    git(&fixture, &["add", "-A"]);
    git(&fixture, &["commit", "-q", "-m", "split"]);
    let report = fixture.run(&["diff", "before", "HEAD", "--format", "json"]).json();
    let figures = report["figures"].as_array().unwrap();
    let deploys = figures.iter().find(|figure| figure["figure"] == "redeploys_per_commit").unwrap();
    assert_eq!(
        (deploys["before"].as_f64(), deploys["after"].as_f64()),
        (Some(1.0), Some(0.14)),
        "{report:#}"
    );
    assert!(
        deploys["because"][0].as_str().unwrap().starts_with("`shop` is deployed again by 1 of 7 commits"),
        "{deploys}"
    );
    assert_eq!(report["common_commit"].as_str().map(str::len), Some(40));
    let said = fixture.run(&["diff", "before", "HEAD"]).success().stdout;
    assert!(said.contains("are of the same commits"), "{said}");
    let without = fixture.run(&["diff", "before", "HEAD", "--commits", "0", "--format", "json"]).json();
    assert!(without["common_commit"].is_null() && without["new"]["redeploys_per_commit"].is_null());
}

#[test]
fn reports_are_compared_and_put_side_by_side() {
    let fixture = shop();
    fixture.run(&["analyze", ".", "--no-built", "--out", "one"]).success();
    append(&fixture, "src/orders.rs", "pub fn bill(o: &Order) -> u64 {\n    crate::billing::bill(o)\n}\n");
    fixture.run(&["analyze", ".", "--no-built", "--out", "two"]).success();
    let said = fixture.run(&["diff", "one/report.json", "two/report.json"]).success().stdout;
    assert!(said.contains("+ shop::orders → shop::billing (closes a cycle)"), "{said}");
    let table = fixture.run(&["trend", "one/report.json", "two/report.json"]).success().stdout;
    assert!(table.lines().count() > 3 && table.contains("\none") && table.contains("\ntwo"), "{table}");
    let trend = fixture.run(&["trend", "one/report.json", "two/report.json", "--format", "json"]).json();
    assert_eq!(
        (&trend["points"][0]["largest_cycle"], &trend["points"][1]["largest_cycle"]),
        (&2.into(), &3.into())
    );
    let html =
        fixture.run(&["trend", "one/report.json", "two/report.json", "--format", "html"]).success().stdout;
    assert!(html.starts_with("<!doctype html>") && html.matches("<svg").count() == 9, "{html}");
    assert!(
        html.contains("aria-label=\"modules of the largest cycle: from 2 to 3; least 2, most 3\""),
        "{html}"
    );
    write(&fixture, "bad.json", "{}");
    let bad = fixture.run(&["trend", "bad.json"]);
    assert!(bad.code == 2 && bad.stderr.contains("no report of `analyze`"), "{bad:?}");
}

#[test]
fn help_says_what_exit_codes_mean() {
    let help = Fixture::empty().run(&["--help"]).success().stdout;
    assert!(help.replace('\n', " ").contains("1 a gate failed (check)"), "{help}");
}
