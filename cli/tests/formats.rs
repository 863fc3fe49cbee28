//! Every format by the real binary: read again by the rules of who receives it, within its limits, whatever names a repository has.
//! `.ci/formats.py` reads the same with the receivers' own parsers.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use quick_xml::Reader;
use quick_xml::events::Event;
use run::{Fixture, cache, skipped};
use serde_json::{Value, json};

fn write(fixture: &Fixture, path: &str, text: &str) {
    let path = fixture.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What turns text round, controls a terminal, ends a line or begins markup.
const NASTY: &str = "a`b <script>alert(1)</script> [x](http://evil.example) @all *b* | ::error::%0A {0} \u{202e}rtl \u{1b}[31m &amp; <!channel> ]]>";

/// Paths and reasons that hold everything that is markup somewhere.
fn hostile() -> Fixture {
    let fixture = Fixture::empty();
    let (dir, file) = (NASTY.replace('/', "_"), format!("{}.rs", NASTY.replace('/', "_")));
    write(&fixture, "Cargo.toml", "[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n");
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\ndescription = \"<img src=x onerror=alert(1)>\"\n";
    write(&fixture, &format!("{dir}/Cargo.toml"), manifest);
    write(
        &fixture,
        &format!("{dir}/src/lib.rs"),
        &format!("#[path = r##\"{file}\"##]\npub mod a;\npub mod b;\n"),
    );
    write(&fixture, &format!("{dir}/src/{file}"), "pub fn f() {\n    crate::b::g()\n}\npub struct S;\n");
    write(&fixture, &format!("{dir}/src/b.rs"), "pub fn g() {}\npub fn h(_: &crate::a::S) {}\n");
    let reason = NASTY.escape_unicode().to_string().replace("\\u{", "\\U{");
    let reason: String =
        reason.split("\\U{").skip(1).map(|hex| format!("\\U{:0>8}", hex.trim_end_matches('}'))).collect();
    let rule = format!("[[forbidden]]\nfrom = \"app::a\"\nto = \"app::b\"\nreason = \"{reason}\"\n");
    write(&fixture, "split-advisor.toml", &rule);
    fixture
}

/// A thousand packages, each with what the one before it has.
fn thousand() -> Fixture {
    let fixture = Fixture::empty();
    write(&fixture, "Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n");
    for i in 0..1000 {
        let mut manifest = format!(
            "[package]\nname = \"package-with-a-rather-long-name-{i}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n"
        );
        if i > 0 && i % 7 != 0 {
            let before = i - 1;
            writeln!(manifest, "package-with-a-rather-long-name-{before} = {{ path = \"../p{before}\" }}")
                .unwrap();
        }
        write(&fixture, &format!("crates/p{i}/Cargo.toml"), &manifest);
        write(&fixture, &format!("crates/p{i}/src/lib.rs"), "pub mod a;\npub mod b;\n");
        write(
            &fixture,
            &format!("crates/p{i}/src/a.rs"),
            "pub fn f() {\n    crate::b::g()\n}\npub struct S;\n",
        );
        write(&fixture, &format!("crates/p{i}/src/b.rs"), "pub fn g() {}\npub fn h(_: &crate::a::S) {}\n");
    }
    fixture
}

const OF_ANALYZE: [&str; 11] = [
    "terminal",
    "json",
    "markdown",
    "sarif",
    "openmetrics",
    "github",
    "gitlab",
    "slack",
    "jira",
    "confluence",
    "notion",
];
const OF_CHECK: [&str; 8] =
    ["terminal", "json", "markdown", "sarif", "junit", "github", "gitlab", "openmetrics"];

/// Reads an answer as its receiver would.
fn read(format: &str, text: &str) {
    let harmful = |c: char| {
        c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    };
    assert_eq!(text.find(harmful), None, "{format}");
    match format {
        "sarif" => sarif(text),
        "openmetrics" => openmetrics(text),
        "junit" => junit(text),
        "github" => annotations(text),
        "gitlab" => code_quality(text),
        "slack" => slack(text),
        "notion" => notion(text),
        "jira" => assert!(text.chars().count() <= 32_767, "{}", text.chars().count()),
        "confluence" => {
            xml(&format!("<page>{text}</page>"));
            assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
        }
        "json" => drop(serde_json::from_str::<Value>(text).unwrap()),
        "markdown" => {
            let shown = without_code(text);
            assert!(
                !shown.contains("<script") && !shown.contains("<img") && !shown.contains("@all"),
                "{text}"
            );
        }
        "terminal" => {}
        other => panic!("{other} is not read"),
    }
}

/// Markdown outside of code: a run of backquotes ends at the next one of the same length.
fn without_code(text: &str) -> String {
    let run = |text: &str| text.chars().take_while(|&c| c == '`').count();
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('`') {
        kept.push_str(&rest[..at]);
        if kept.ends_with('\\') {
            kept.push('`');
            rest = &rest[at + 1..];
            continue;
        }
        let length = run(&rest[at..]);
        rest = &rest[at + length..];
        let mut from = 0;
        while let Some(end) = rest[from..].find('`').map(|end| from + end) {
            let other = run(&rest[end..]);
            from = end + other;
            if other == length {
                rest = &rest[from..];
                break;
            }
        }
    }
    kept + rest
}

#[test]
fn hostile_names_break_no_format() {
    let fixture = hostile();
    for format in OF_ANALYZE {
        let answer = fixture.run(&[
            "analyze",
            ".",
            "--no-built",
            "--package",
            "app",
            "--crates",
            "2",
            "--format",
            format,
        ]);
        assert_eq!(answer.code, 0, "{format}: {}", answer.stderr);
        read(format, &answer.stdout);
    }
    for format in OF_CHECK {
        let answer = fixture.run(&["check", ".", "--no-built", "--format", format]);
        assert_eq!(answer.code, 1, "{format}: {}", answer.stderr);
        read(format, &answer.stdout);
    }
    let github = fixture.run(&["check", ".", "--no-built", "--format", "github"]).stdout;
    assert!(
        github.lines().count() >= 2 && github.lines().all(|line| line.starts_with("::error ")),
        "{github}"
    );
    // Accepted, it is in the baseline, which is read again.
    assert_eq!(fixture.run(&["check", ".", "--no-built", "--accept", NASTY.trim_matches('a')]).code, 0);
    assert_eq!(fixture.run(&["check", ".", "--no-built"]).code, 0);
    read("sarif", &fixture.run(&["check", ".", "--no-built", "--format", "sarif"]).stdout);
}

#[test]
fn a_thousand_packages_are_within_every_limit() {
    let fixture = thousand();
    let out = fixture.run(&["check", ".", "--no-built", "--out", "report", "--format", "json"]);
    assert_eq!(out.code, 1, "{}", out.stderr);
    let found: Value = serde_json::from_str(&out.stdout).unwrap();
    assert_eq!(found["findings"].as_array().unwrap().len(), 1000);
    let file = |name: &str| fs::read_to_string(fixture.path("report").join(name)).unwrap();
    let names: BTreeSet<String> = fs::read_dir(fixture.path("report"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in [
        "report.json",
        "report.md",
        "summary.md",
        "report.sarif",
        "metrics.txt",
        "check.json",
        "check.md",
        "junit.xml",
    ] {
        assert!(names.contains(name), "{names:?}");
    }
    assert!(file("summary.md").len() < 65_536 && file("check.md").len() < 65_536);
    assert!(file("summary.md").len() + file("check.md").len() < 1 << 20);
    read("sarif", &file("report.sarif"));
    read("openmetrics", &file("metrics.txt"));
    read("junit", &file("junit.xml"));
    for format in ["slack", "notion", "jira", "confluence", "github", "gitlab"] {
        read(format, &fixture.run(&["analyze", ".", "--no-built", "--format", format]).success().stdout);
    }
}

/// OASIS's own schema of SARIF 2.1.0: `.ci/run` installs a package that brings it along; it is no part of this repository.
fn by_the_official_schema(log: &Value) {
    let file =
        cache().map(|dir| dir.join("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));
    let Some(schema) = file.as_ref().and_then(|file| fs::read_to_string(file).ok()) else {
        return skipped(&format!("the schema of SARIF is not where .ci/run puts it ({file:?})"));
    };
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // This pattern has a bracket too many for readers that are strict with expressions; no language is written.
    for of in ["run", "toolComponent"] {
        schema["definitions"][of]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut wrong = log.clone();
    wrong["runs"][0]["results"] = json!([{ "level": "grave" }]);
    assert!(!validator.is_valid(&wrong), "the schema refuses nothing");
}

/// The parts of SARIF 2.1.0 that are written, by the names and types of the standard; nothing else may be there.
fn sarif(text: &str) {
    let of = |properties: Value| {
        let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
        json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
    };
    let level = json!({ "enum": ["none", "note", "warning", "error"] });
    let message = of(json!({ "text": { "type": "string", "minLength": 1 } }));
    let place = of(json!({
        "artifactLocation": of(json!({ "uri": { "type": "string", "pattern": "^[A-Za-z0-9._~%/-]+$" } })),
        "region": of(json!({ "startLine": { "type": "integer", "minimum": 1 } })),
    }));
    let rule = of(json!({
        "id": { "type": "string" }, "shortDescription": message, "defaultConfiguration": of(json!({ "level": level })),
    }));
    let mut result = of(json!({
        "ruleId": { "type": "string" }, "ruleIndex": { "type": "integer", "minimum": 0 }, "level": level,
        "message": message,
        "locations": { "type": "array", "minItems": 1, "items": of(json!({ "physicalLocation": place })) },
        "partialFingerprints": { "type": "object", "additionalProperties": { "type": "string", "pattern": "^[0-9a-f]{32}$" } },
    }));
    let suppression = json!({
        "type": "object", "required": ["kind"], "additionalProperties": false,
        "properties": { "kind": { "enum": ["inSource", "external"] }, "justification": { "type": "string" } },
    });
    result["properties"]["suppressions"] = json!({ "type": "array", "items": suppression });
    let driver = of(json!({
        "name": { "const": "split-advisor" }, "version": { "type": "string" },
        "informationUri": { "type": "string", "pattern": "^https://" }, "rules": { "type": "array", "items": rule },
    }));
    let run = of(json!({
        "tool": of(json!({ "driver": driver })), "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
        "results": { "type": "array", "maxItems": 25_000, "items": result },
    }));
    let schema = of(json!({
        "$schema": { "type": "string" }, "version": { "const": "2.1.0" },
        "runs": { "type": "array", "minItems": 1, "maxItems": 20, "items": run },
    }));
    let log: Value = serde_json::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(text.len() < 10_000_000);
    by_the_official_schema(&log);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let grave = |result: &Value| {
        let accepted = result.get("suppressions").is_some();
        (accepted, ["error", "warning", "note"].iter().position(|level| result["level"] == *level))
    };
    assert!(results.is_sorted_by_key(grave), "the gravest first");
    for result in results {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
    }
}

/// The text format of OpenMetrics 1.0: types before samples, units as suffixes, each series once, an end.
fn openmetrics(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    assert!(text.ends_with("# EOF\n") && lines.iter().filter(|line| **line == "# EOF").count() == 1);
    let is_name = |name: &str| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    let (mut family, mut kinds, mut series) = (String::new(), BTreeMap::new(), BTreeSet::new());
    for line in &lines[..lines.len() - 1] {
        if let Some(rest) = line.strip_prefix("# ") {
            let [word, name, value] = rest.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            match word {
                "TYPE" => {
                    family = name.to_owned();
                    assert!(is_name(name) && matches!(value, "gauge" | "info"), "{line}");
                    assert!(kinds.insert(name.to_owned(), value.to_owned()).is_none(), "{line}");
                }
                "UNIT" => assert!(name == family && name.ends_with(&format!("_{value}")), "{line}"),
                "HELP" => assert!(name == family && !value.contains('"'), "{line}"),
                _ => panic!("{line}"),
            }
            continue;
        }
        let (key, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) =
            key.split_once('{').map_or((key, ""), |(name, labels)| (name, labels.strip_suffix('}').unwrap()));
        let info = kinds[&family] == "info";
        assert_eq!(name, if info { format!("{family}_info") } else { family.clone() }, "{line}");
        assert!(value.parse::<f64>().unwrap().is_finite() && (!info || value == "1"), "{line}");
        assert!(series.insert(key.to_owned()), "{line} is there twice");
        // `name="value"`, quotes and backslashes within escaped.
        let mut rest = labels;
        while !rest.is_empty() {
            let (label, value) = rest.split_once("=\"").unwrap();
            assert!(is_name(label), "{line}");
            let mut end = None;
            let mut escaped = false;
            for (at, c) in value.char_indices() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => {
                        end = Some(at);
                        break;
                    }
                    _ => {}
                }
            }
            rest = &value[end.unwrap() + 1..];
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
    }
}

/// The names of all elements with their attributes.
fn xml(text: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    let mut depth = 0;
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Start(start) | Event::Empty(start) => {
                let attribute = |attribute: quick_xml::events::attributes::Attribute<'_>| {
                    let key = attribute.key.as_ref().to_owned();
                    (key, attribute.value.to_string())
                };
                let name = start.name().as_ref().to_owned();
                found.push((name, start.attributes().map(|a| attribute(a.unwrap())).collect()));
                depth += i32::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    found
}

fn junit(text: &str) {
    let found = xml(text);
    let count = |name: &str| found.iter().filter(|(element, _)| element == name).count().to_string();
    assert_eq!((found[0].0.as_str(), found[1].0.as_str()), ("testsuites", "testsuite"));
    let suite = &found[1].1;
    for (attribute, element) in
        [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
    {
        assert_eq!(suite[attribute], count(element), "{attribute}");
    }
    let case = |(name, attributes): &&(String, BTreeMap<String, String>)| {
        name == "testcase" && attributes.contains_key("name")
    };
    assert_eq!(found.iter().filter(case).count().to_string(), suite["tests"]);
}

fn annotations(text: &str) {
    for command in ["::error ", "::warning "] {
        assert!(text.lines().filter(|line| line.starts_with(command)).count() <= 10, "{text}");
    }
    for line in text.lines() {
        let (properties, message) = line[2..].split_once("::").unwrap();
        assert!(line.starts_with("::error ") || line.starts_with("::warning "), "{line}");
        assert!(
            !message.is_empty()
                && properties.matches('=').count() <= 3 + properties.matches("%3D").count() + 1,
            "{line}"
        );
    }
}

fn code_quality(text: &str) {
    let issues: Vec<Value> = serde_json::from_str(text).unwrap();
    let mut seen = BTreeSet::new();
    for issue in issues {
        assert!(issue["description"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(seen.insert(issue["fingerprint"].as_str().unwrap().to_owned()), "{issue}");
        assert!(
            ["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap())
        );
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(!issue["location"]["path"].as_str().unwrap().starts_with("./"));
    }
}

fn slack(text: &str) {
    let message: Value = serde_json::from_str(text).unwrap();
    let blocks = message["blocks"].as_array().unwrap();
    assert!((1..=50).contains(&blocks.len()), "{}", blocks.len());
    for block in blocks {
        let text = block["text"]["text"].as_str().unwrap();
        assert_eq!((&block["type"], &block["text"]["type"]), (&json!("section"), &json!("mrkdwn")));
        assert!((1..=3000).contains(&text.chars().count()));
        assert!(!text.contains(['<', '>']), "{text}");
    }
    assert!(message["text"].as_str().is_some_and(|text| !text.is_empty() && !text.contains('<')));
}

fn notion(text: &str) {
    let body: Value = serde_json::from_str(text).unwrap();
    assert!(text.len() <= 500_000);
    let mut blocks = 0;
    check_children(&body["children"], &mut blocks);
    assert!((1..=1000).contains(&blocks), "{blocks}");
}

fn check_children(children: &Value, blocks: &mut usize) {
    let children = children.as_array().unwrap();
    assert!((1..=100).contains(&children.len()));
    for block in children {
        *blocks += 1;
        let kind = block["type"].as_str().unwrap();
        let content = &block[kind];
        match kind {
            "table" => {
                let width = content["table_width"].as_u64().unwrap() as usize;
                for row in content["children"].as_array().unwrap() {
                    assert_eq!(row["table_row"]["cells"].as_array().unwrap().len(), width);
                }
                check_children(&content["children"], blocks);
            }
            "table_row" => content["cells"].as_array().unwrap().iter().for_each(rich_text),
            _ => rich_text(&content["rich_text"]),
        }
    }
}

fn rich_text(text: &Value) {
    let pieces = text.as_array().unwrap();
    assert!(pieces.len() <= 100);
    assert!(pieces.iter().all(|piece| piece["text"]["content"].as_str().unwrap().chars().count() <= 2000));
}
