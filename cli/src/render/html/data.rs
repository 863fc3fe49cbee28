//! The data of a page, as JSON that can't end the element that it stands in.

use std::io::{self, Write};

use serde::Serialize;
use split_analyzer::report::{PageInput, Report};

use super::words::Words;
use crate::render::json;

/// Bytes that a page has for workbenches; what has no room is left out whole, and said so. With the report and the map a
/// page of a large workspace stays below 2 MB.
const WORKBENCHES: usize = 450_000;

/// All of it.
#[derive(Serialize)]
struct Data<'a> {
    report: &'a Report,
    words: Words,
    page: Page<'a>,
}

#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    input: &'a PageInput,
    /// How many packages have a workbench that had no room.
    workbenches_left_out: usize,
}

/// Writes it.
pub(super) fn write(report: &Report, input: &PageInput, out: &mut dyn Write) -> io::Result<()> {
    let mut input = input.clone();
    let mut room = WORKBENCHES;
    let all = input.workbenches.len();
    input.workbenches.retain(|bench| {
        let size = serde_json::to_vec(bench).map_or(usize::MAX, |text| text.len());
        let fits = size <= room;
        room -= if fits { size } else { 0 };
        fits
    });
    let left_out = all - input.workbenches.len();
    let page = Page { input: &input, workbenches_left_out: left_out };
    let words = Words::new(report);
    let report = &shown(report);
    let mut text = Vec::new();
    json::write_compact(&Data { report, words, page }, &mut text)?;
    escape(&text, out)
}

/// The report without lists that no part of the page shows.
fn shown(report: &Report) -> Report {
    let mut report = report.clone();
    report.structure = None;
    for deployable in &mut report.deployables {
        (deployable.modules, deployable.files) = Default::default();
    }
    for plan in report.packages.iter_mut().filter_map(|package| package.plan.as_mut()) {
        // The work on them is listed.
        (plan.other_paths, plan.test_moves, plan.facade) = Default::default();
    }
    report
}

/// In JSON these characters are found in texts alone, where an escape means the same.
pub(super) fn escape(json: &[u8], out: &mut dyn Write) -> io::Result<()> {
    for part in json.split_inclusive(|byte| matches!(byte, b'<' | b'>' | b'&')) {
        let (last, rest) = match part.split_last() {
            Some((last @ (b'<' | b'>' | b'&'), rest)) => (Some(*last), rest),
            _ => (None, part),
        };
        out.write_all(rest)?;
        if let Some(last) = last {
            write!(out, "\\u{last:04x}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_ends_its_element() {
        let value =
            serde_json::json!({"a": "</script><!--<script>&amp;", "b<": [">", "&"], "c": "ü\u{2028}\\"});
        let mut text = Vec::new();
        escape(&serde_json::to_vec(&value).unwrap(), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
