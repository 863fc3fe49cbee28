//! SARIF 2.1.0 (OASIS), as GitHub's code scanning takes it.

use std::io::{self, Write};

use serde::Serialize;
use split_analyzer::config::{Lint, LintLevel};
use split_analyzer::gate::Finding;
use split_analyzer::report::Tool;

use super::fingerprint::fingerprint;
use crate::render::json;
use crate::render::prose::words::clean;

/// "25,000 results per run, of which the top 5,000 are displayed, prioritised by severity" (GitHub, "SARIF support for code
/// scanning"): what comes first here is gravest.
pub(super) const MOST_RESULTS: usize = 25_000;
/// "a maximum size of 10 MB for the gzip-compressed SARIF file" (the same): this one needs no compression for it. What stands
/// around the results takes less than the rest.
pub(super) const MOST_BYTES: usize = 9_900_000;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
struct Run<'a> {
    tool: Program<'a>,
    results: Vec<SarifResult<'a>>,
    #[serde(rename = "columnKind")]
    column_kind: &'static str,
}

#[derive(Serialize)]
struct Program<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
    default_configuration: Settings,
}

#[derive(Serialize)]
struct Settings {
    level: &'static str,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "betweenItems/v1")]
    between_items: String,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
}

/// Writes findings, which are sorted: those that have no room are the last.
pub(crate) fn sarif(tool: &Tool, findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let mut results = Vec::new();
    let mut bytes = 0;
    for finding in findings.iter().take(MOST_RESULTS) {
        let result = result(finding);
        bytes += written(&result)?;
        if bytes > MOST_BYTES {
            break;
        }
        results.push(result);
    }
    let driver = Driver {
        name: &tool.name,
        version: &tool.version,
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: Lint::ALL.into_iter().map(rule).collect(),
    };
    let run = Run { tool: Program { driver }, results, column_kind: "unicodeCodePoints" };
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    json::write_compact(&Log { schema, version: "2.1.0", runs: [run] }, out)
}

/// Bytes that a result takes.
fn written(result: &SarifResult<'_>) -> io::Result<usize> {
    let mut text = Vec::new();
    json::write_compact(result, &mut text)?;
    Ok(text.len())
}

fn rule(lint: Lint) -> Rule {
    Rule {
        id: lint.name(),
        short_description: Text { text: lint.about().to_owned() },
        default_configuration: Settings { level: level(lint.default_level()) },
    }
}

fn level(level: LintLevel) -> &'static str {
    match level {
        LintLevel::Deny => "error",
        LintLevel::Warn => "warning",
        LintLevel::Allow => "note",
    }
}

fn result(finding: &Finding) -> SarifResult<'_> {
    let suppression = || Suppression { kind: "external", justification: finding.reason.as_deref() };
    SarifResult {
        rule_id: finding.lint.name(),
        rule_index: Lint::ALL.iter().position(|&lint| lint == finding.lint).unwrap_or_default(),
        level: level(finding.level),
        message: Text { text: plain(&finding.message) },
        locations: [Location {
            physical_location: Physical {
                artifact_location: Artifact { uri: uri(&finding.file) },
                region: Region { start_line: finding.line.max(1) },
            },
        }],
        partial_fingerprints: Fingerprints { between_items: fingerprint(finding) },
        suppressions: if finding.accepted { vec![suppression()] } else { Vec::new() },
    }
}

/// Text of a message: brackets would be a link to a place, braces a value to put in (SARIF, "Message string format").
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '[' | ']' => plain.extend(['\\', c]),
            '\\' => plain.push_str("\\\\"),
            '{' => plain.push_str("{{"),
            '}' => plain.push_str("}}"),
            c => plain.push(c),
        }
    }
    plain
}

/// A relative reference (RFC 3986): every byte but the unreserved ones and `/` is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte as char)
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
