//! JUnit XML of a check: each gate is a test, and so is each new finding of one that failed.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use split_analyzer::config::LintLevel;
use split_analyzer::gate::{CheckReport, CheckStatus, Finding, GateReport, GateStatus};

use crate::render::prose::words::clean;

/// How a test ended.
enum Outcome<'a> {
    Passed,
    Skipped(&'a str),
    Failed(&'a str, String),
    /// It could not be run.
    Broken(&'a str),
}

struct Case<'a> {
    class: &'a str,
    name: String,
    file: Option<&'a str>,
    outcome: Outcome<'a>,
}

/// Writes the check.
pub(crate) fn junit(report: &CheckReport, allow_degraded: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut cases: Vec<Case<'_>> = report.gates.iter().flat_map(|gate| of_gate(report, gate)).collect();
    let degraded = report.status != CheckStatus::Passed && !allow_degraded;
    cases.extend(report.degraded.iter().map(|lack| Case {
        class: "data",
        name: "what was read is enough".to_owned(),
        file: None,
        outcome: if degraded { Outcome::Broken(&lack.message) } else { Outcome::Skipped(&lack.message) },
    }));
    let count =
        |is: fn(&Outcome<'_>) -> bool| cases.iter().filter(|case| is(&case.outcome)).count().to_string();
    let counts = [
        ("tests", cases.len().to_string()),
        ("failures", count(|outcome| matches!(outcome, Outcome::Failed(..)))),
        ("errors", count(|outcome| matches!(outcome, Outcome::Broken(_)))),
        ("skipped", count(|outcome| matches!(outcome, Outcome::Skipped(_)))),
    ];
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    writeln!(xml.get_mut(), r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let with = |name: &'static str, all: bool| {
        let mut start = BytesStart::new(name);
        start.push_attribute(("name", "split-advisor check"));
        for (key, value) in counts.iter().take(if all { 4 } else { 3 }) {
            start.push_attribute((*key, value.as_str()));
        }
        Event::Start(start)
    };
    xml.write_event(with("testsuites", false))?;
    xml.write_event(with("testsuite", true))?;
    for case in &cases {
        write_case(&mut xml, case)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    writeln!(out)
}

fn of_gate<'a>(report: &'a CheckReport, gate: &'a GateReport) -> Vec<Case<'a>> {
    let class = gate.lint.name();
    let whole = |outcome| vec![Case { class, name: gate.lint.about().to_owned(), file: None, outcome }];
    match gate.status {
        GateStatus::Off => whole(Outcome::Skipped("not asked for")),
        GateStatus::Unknown => whole(Outcome::Skipped("what it needs is not known")),
        GateStatus::Passed | GateStatus::Warned => whole(Outcome::Passed),
        GateStatus::Failed => {
            let mine = |finding: &&Finding| finding.lint == gate.lint && finding.level == LintLevel::Deny;
            report.new_findings().filter(mine).map(|finding| of_finding(class, finding)).collect()
        }
    }
}

fn of_finding<'a>(class: &'a str, finding: &'a Finding) -> Case<'a> {
    let name = match &finding.to {
        Some(to) => format!("{} → {to}", finding.from),
        None if finding.from.is_empty() => finding.lint.about().to_owned(),
        None => finding.from.clone(),
    };
    let place = format!("{}:{}: {}", finding.file, finding.line, finding.message);
    Case { class, name, file: Some(&finding.file), outcome: Outcome::Failed(&finding.message, place) }
}

fn write_case(xml: &mut Writer<&mut (dyn Write + '_)>, case: &Case<'_>) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("classname", format!("split-advisor.{}", case.class).as_str()));
    start.push_attribute(("name", &*clean(&case.name)));
    if let Some(file) = case.file {
        start.push_attribute(("file", &*clean(file)));
    }
    if matches!(case.outcome, Outcome::Passed) {
        return xml.write_event(Event::Empty(start));
    }
    let (tag, message, text) = match &case.outcome {
        Outcome::Skipped(message) => ("skipped", *message, None),
        Outcome::Broken(message) => ("error", *message, None),
        Outcome::Failed(message, text) => ("failure", *message, Some(text)),
        Outcome::Passed => return Ok(()),
    };
    xml.write_event(Event::Start(start))?;
    let mut inner = BytesStart::new(tag);
    inner.push_attribute(("message", &*clean(message)));
    match text {
        None => xml.write_event(Event::Empty(inner))?,
        Some(text) => {
            xml.write_event(Event::Start(inner))?;
            xml.write_event(Event::Text(BytesText::new(&clean(text))))?;
            xml.write_event(Event::End(BytesEnd::new(tag)))?;
        }
    }
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}
