//! The page: one file that needs no network, opens from disk and lets nothing of the repository run.
//!
//! Here data goes in ([`data`]); what is shown of it and how is said by plain scripts and style sheets beside, one concern a
//! file, joined without a build step. The page's policy names the hashes of exactly these two texts, so that a browser runs
//! nothing else, whatever a name in the repository says.

mod data;
mod hash;
mod trend;
mod words;

use std::io::{self, Write};

use split_analyzer::report::{PageInput, Report};

use super::prose::sentences;
pub(crate) use trend::trend;

/// The scripts, lowest first: a file uses what stands in those before it.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("script/schedule.js"),
    include_str!("script/order.js"),
    include_str!("script/split.js"),
    include_str!("script/dom.js"),
    include_str!("script/format.js"),
    include_str!("script/data.js"),
    include_str!("script/state.js"),
    include_str!("script/table.js"),
    include_str!("script/verdict.js"),
    include_str!("script/timeline.js"),
    include_str!("script/frontier.js"),
    include_str!("script/result.js"),
    include_str!("script/graph.js"),
    include_str!("script/moving.js"),
    include_str!("script/plan.js"),
    include_str!("script/treemap.js"),
    include_str!("script/matrix.js"),
    include_str!("script/services.js"),
    include_str!("script/tables.js"),
    include_str!("script/figures.js"),
    include_str!("script/main.js"),
    "})();\n",
);

const STYLE: &str = concat!(
    include_str!("style/base.css"),
    include_str!("style/verdict.css"),
    include_str!("style/charts.css"),
    include_str!("style/plan.css"),
    include_str!("style/modules.css"),
    include_str!("style/tables.css"),
    include_str!("style/print.css"),
);

/// How a page begins, up to its body: a policy by which nothing but its own script runs, its title, its style.
fn opening(title: &str, script: &str, style: &str) -> String {
    let [script_source, style_source] = [script, style].map(hash::source);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {script_source}; style-src \
         {style_source}; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )
}

/// Writes the page of a report.
pub(super) fn page(report: &Report, input: &PageInput, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(opening(&text(&sentences::headline(report)), SCRIPT, STYLE).as_bytes())?;
    out.write_all(
        b"<noscript>This page is drawn by its own script: allow it to run, or read report.md.</noscript>\n\
         <script type=\"application/json\" id=\"data\">",
    )?;
    data::write(report, input, out)?;
    write!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// Text between tags, on one line.
fn text(text: &str) -> String {
    let text = super::prose::words::clean(text);
    let text = text.replace('`', "");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
