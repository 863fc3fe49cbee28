//! How long tests ran: a JUnit file, as cargo-nextest writes it, or the lines of libtest's `--format json`.
//!
//! Numbers are checked where they enter: a time is finite and not negative, or the file is refused with the line.

use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde::Deserialize;

use crate::error::{Error, Result};

/// A larger file is refused: a million tests fit.
const MOST_BYTES: usize = 256 << 20;

/// The tests of a run, by the binary that they are in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestTimes {
    /// The binaries, as they come in the file.
    pub suites: Vec<TestSuite>,
}

/// The tests of one binary.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSuite {
    /// What is known of the binary.
    pub binary: TestBinary,
    /// Its tests.
    pub tests: Vec<TestTime>,
}

/// What a file says of the binary that tests are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestBinary {
    /// Nextest's name for it: `package`, `package::integration_test`, `package::bin/program`.
    Id(String),
    /// What cargo prints before it runs it: `Running tests/it.rs (target/debug/deps/it-0123)`.
    Run {
        /// Its root file, as it is below the package.
        root: String,
        /// Its name as a crate.
        crate_name: String,
    },
    /// Nothing: the names of the tests have to say it.
    Unknown,
}

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestTime {
    /// Path below the crate: `orders::tests::totals`.
    pub name: String,
    /// Seconds that it ran, by the clock.
    pub seconds: f64,
}

/// Reads either; `path` is for messages.
///
/// # Errors
/// [`Error::InvalidInput`] with path and line where it is neither, holds no test, or a time is no time.
pub fn parse_test_times(path: &Path, bytes: &[u8]) -> Result<TestTimes> {
    let file = File { path, bytes };
    if bytes.len() > MOST_BYTES {
        return Err(file.error(0, format!("more than {MOST_BYTES} bytes")));
    }
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
    let times = if first == Some(&b'<') { file.junit()? } else { file.libtest()? };
    if times.suites.iter().all(|suite| suite.tests.is_empty()) {
        return Err(file.error(
            0,
            "no test with a time: a JUnit file or lines of `--format json --report-time` are read".to_owned(),
        ));
    }
    Ok(times)
}

struct File<'a> {
    path: &'a Path,
    bytes: &'a [u8],
}

impl File<'_> {
    fn error(&self, line: usize, message: String) -> Error {
        Error::InvalidInput { path: self.path.to_owned(), line, message }
    }

    /// At a byte of the file: lines are counted only where something is wrong.
    fn error_at(&self, offset: u64, message: String) -> Error {
        let end = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        self.error(self.bytes[..end].iter().filter(|byte| **byte == b'\n').count() + 1, message)
    }

    fn junit(&self) -> Result<TestTimes> {
        let mut reader = Reader::from_reader(self.bytes);
        let mut times = TestTimes::default();
        loop {
            let event = reader.read_event();
            let at = reader.buffer_position();
            match event.map_err(|e| self.error_at(reader.error_position(), e.to_string()))? {
                Event::Eof => return Ok(times),
                Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                    "testsuite" => {
                        let name = self.attribute(at, &tag, "name")?;
                        let binary = name.map_or(TestBinary::Unknown, TestBinary::Id);
                        times.suites.push(TestSuite { binary, tests: Vec::new() });
                    }
                    "testcase" => self.junit_case(at, &tag, &mut times)?,
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn junit_case(&self, at: u64, tag: &BytesStart<'_>, times: &mut TestTimes) -> Result<()> {
        let (name, time) = (self.attribute(at, tag, "name")?, self.attribute(at, tag, "time")?);
        // Skipped tests have no time.
        let (Some(name), Some(time)) = (name, time) else { return Ok(()) };
        let seconds = time.trim().parse().ok().filter(|&seconds| is_time(seconds));
        let seconds = seconds.ok_or_else(|| self.error_at(at, no_time(&time)))?;
        let test = TestTime { name, seconds };
        match times.suites.last_mut() {
            Some(suite) => suite.tests.push(test),
            None => times.suites.push(TestSuite { binary: TestBinary::Unknown, tests: vec![test] }),
        }
        Ok(())
    }

    fn attribute(&self, at: u64, tag: &BytesStart<'_>, key: &str) -> Result<Option<String>> {
        let attribute = tag.try_get_attribute(key).map_err(|e| self.error_at(at, e.to_string()))?;
        let Some(attribute) = attribute else { return Ok(None) };
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        value.map(|value| Some(value.into_owned())).map_err(|e| self.error_at(at, e.to_string()))
    }

    fn libtest(&self) -> Result<TestTimes> {
        let mut times = TestTimes::default();
        let mut next = TestBinary::Unknown;
        for (line, text) in (1..).zip(self.bytes.split(|byte| *byte == b'\n')) {
            let text = String::from_utf8_lossy(text);
            let text = text.trim();
            if let Some(run) = text.strip_prefix("Running ").and_then(run_of) {
                next = run;
                continue;
            }
            // What tests and cargo print stands between the lines.
            if !text.starts_with('{') {
                continue;
            }
            let Ok(event) = serde_json::from_str::<Libtest>(text) else { continue };
            match (event.kind.as_str(), event.event.as_str()) {
                ("suite", "started") => {
                    let binary = std::mem::replace(&mut next, TestBinary::Unknown);
                    times.suites.push(TestSuite { binary, tests: Vec::new() });
                }
                ("test", "ok" | "failed" | "timeout") => {
                    let (Some(name), Some(seconds)) = (event.name, event.exec_time) else { continue };
                    if !is_time(seconds) {
                        return Err(self.error(line, no_time(&seconds.to_string())));
                    }
                    let test = TestTime { name, seconds };
                    if let Some(suite) = times.suites.last_mut() {
                        suite.tests.push(test);
                    }
                }
                _ => {}
            }
        }
        Ok(times)
    }
}

fn is_time(seconds: f64) -> bool {
    seconds.is_finite() && seconds >= 0.0
}

fn no_time(written: &str) -> String {
    format!("`{written}` is no time: seconds, zero or more, are needed")
}

#[derive(Deserialize)]
struct Libtest {
    #[serde(rename = "type")]
    kind: String,
    event: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    exec_time: Option<f64>,
}

/// `unittests src/lib.rs (target/debug/deps/shop-0123)`, `tests/it.rs (…/it-0123)`.
fn run_of(text: &str) -> Option<TestBinary> {
    let (root, file) = text.strip_suffix(')')?.split_once(" (")?;
    let root = root.strip_prefix("unittests ").unwrap_or(root).replace('\\', "/");
    let file = file.rsplit(['/', '\\']).next()?;
    let stem = file.strip_suffix(".exe").unwrap_or(file);
    let (crate_name, _) = stem.rsplit_once('-')?;
    Some(TestBinary::Run { root, crate_name: crate_name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<TestTimes> {
        parse_test_times(Path::new("times"), text.as_bytes())
    }

    /// `binary: name seconds, …`.
    fn shown(text: &str) -> Vec<String> {
        let of = |suite: &TestSuite| {
            let tests: Vec<String> =
                suite.tests.iter().map(|t| format!("{} {}", t.name, t.seconds)).collect();
            format!("{:?}: {}", suite.binary, tests.join(", "))
        };
        read(text).unwrap().suites.iter().map(of).collect()
    }

    #[test]
    fn junit_of_nextest() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="nextest-run" tests="4" time="2.5">
              <testsuite name="shop" tests="2">
                <testcase name="orders::tests::a&lt;b&gt;" classname="shop" timestamp="now" time="0.25"/>
                <testcase name="orders::tests::slow" classname="shop" time="1.5"><system-out>x</system-out></testcase>
                <testcase name="ignored"><skipped/></testcase>
              </testsuite>
              <testsuite name="shop::whole"><testcase name="it" time="0"/></testsuite>
            </testsuites>"#;
        let expected = [
            r#"Id("shop"): orders::tests::a<b> 0.25, orders::tests::slow 1.5"#,
            r#"Id("shop::whole"): it 0"#,
        ];
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn lines_of_libtest() {
        let text = r#"   Compiling shop v0.1.0
     Running unittests src/lib.rs (target/debug/deps/shop-01ab)
{ "type": "suite", "event": "started", "test_count": 2 }
{ "type": "test", "event": "started", "name": "a::t" }
printed by a test
{ "type": "test", "name": "a::t", "event": "ok", "exec_time": 0.5 }
{ "type": "test", "name": "a::u", "event": "ignored" }
{ "type": "suite", "event": "ok", "passed": 1, "exec_time": 0.6 }
     Running tests/it.rs (target\debug\deps\it-02.exe)
{ "type": "suite", "event": "started", "test_count": 1 }
{ "type": "test", "name": "t", "event": "failed", "exec_time": 1 }
{ "type": "suite", "event": "started", "test_count": 1 }
{ "type": "test", "name": "u", "event": "ok", "exec_time": 2 }"#;
        let expected = [
            r#"Run { root: "src/lib.rs", crate_name: "shop" }: a::t 0.5"#,
            r#"Run { root: "tests/it.rs", crate_name: "it" }: t 1"#,
            "Unknown: u 2",
        ];
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_line() {
        let case = |time: &str| {
            format!(
                "<testsuites>\n<testsuite name=\"a\">\n<testcase name=\"t\" time=\"{time}\"/>\n</testsuite></testsuites>"
            )
        };
        let json = |time: &str| {
            format!(
                "{{\"type\":\"suite\",\"event\":\"started\"}}\n{{\"type\":\"test\",\"event\":\"ok\",\"name\":\"t\",\"exec_time\":{time}}}"
            )
        };
        for (text, line) in [
            (case("-1"), 3),
            (case("NaN"), 3),
            (case("inf"), 3),
            (case("soon"), 3),
            (json("-0.5"), 2),
            ("<testsuites><testsuite".to_owned(), 1),
            ("<a></b>".to_owned(), 1),
            (String::new(), 0),
            ("test result: ok".to_owned(), 0),
            ("<testsuites/>".to_owned(), 0),
        ] {
            match read(&text) {
                Err(Error::InvalidInput { line: found, .. }) => assert_eq!(found, line, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
