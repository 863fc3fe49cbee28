//! Limits of the receivers, at their edge.

use serde_json::Value;
use split_analyzer::config::{Lint, LintLevel};
use split_analyzer::gate::Finding;
use split_analyzer::report::Tool;

use super::sarif::{MOST_BYTES, MOST_RESULTS};
use super::*;

fn finding(number: usize, level: LintLevel, text: &str) -> Finding {
    Finding {
        lint: Lint::BackEdge,
        level,
        accepted: false,
        from: format!("a{number}"),
        to: Some("b".to_owned()),
        file: "src/lib.rs".to_owned(),
        line: 1,
        references: None,
        value: None,
        limit: None,
        message: text.to_owned(),
        reason: None,
    }
}

fn results(findings: &[Finding]) -> (usize, usize) {
    let tool = Tool { name: "split-advisor".to_owned(), version: "0".to_owned() };
    let mut out = Vec::new();
    sarif(&tool, findings, &mut out).unwrap();
    let log: Value = serde_json::from_slice(&out).unwrap();
    (log["runs"][0]["results"].as_array().unwrap().len(), out.len())
}

#[test]
fn sarif_has_no_more_results_and_bytes_than_are_taken() {
    let many = |count: usize, text: &str| -> Vec<Finding> {
        (0..count).map(|number| finding(number, LintLevel::Warn, text)).collect()
    };
    assert_eq!(results(&many(MOST_RESULTS, "m")).0, MOST_RESULTS);
    assert_eq!(results(&many(MOST_RESULTS + 1, "m")).0, MOST_RESULTS);
    let (count, bytes) = results(&many(3000, &"x{".repeat(2000)));
    assert!(count < 3000 && bytes < 10_000_000 && bytes > MOST_BYTES - 20_000, "{count} {bytes}");
}

#[test]
fn annotations_are_ten_of_each_kind() {
    for (errors, warnings, expected) in
        [(0, 0, (0, 0, 0)), (10, 3, (10, 3, 0)), (11, 10, (10, 10, 1)), (500, 12, (10, 10, 2))]
    {
        let mut findings: Vec<Finding> = (0..errors).map(|n| finding(n, LintLevel::Deny, "m")).collect();
        findings.extend((0..warnings).map(|n| finding(n, LintLevel::Warn, "m")));
        let mut out = Vec::new();
        annotations(&findings, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let count = |word: &str| text.lines().filter(|line| line.contains(word)).count();
        assert_eq!((count("::error "), count("::warning "), count(" more findings")), expected);
    }
}

#[test]
fn a_fingerprint_is_of_items_alone() {
    let issue = |finding: Finding| -> Value {
        let mut out = Vec::new();
        code_quality(&[finding], &mut out).unwrap();
        let issues: Value = serde_json::from_slice(&out).unwrap();
        issues[0]["fingerprint"].clone()
    };
    let one = finding(1, LintLevel::Deny, "m");
    let moved = Finding { line: 99, file: "src/other.rs".to_owned(), message: "n".to_owned(), ..one.clone() };
    assert_eq!(issue(one.clone()), issue(moved));
    assert_ne!(issue(one.clone()), issue(finding(2, LintLevel::Deny, "m")));
    assert_ne!(issue(one.clone()), issue(Finding { lint: Lint::Layer, ..one }));
}
