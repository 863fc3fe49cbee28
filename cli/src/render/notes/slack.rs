//! Slack's Block Kit: the body of a message.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::brief::{Brief, Part, pieces};
use crate::render::json;
use crate::render::prose::words::end_cut;

/// "You can include up to 50 blocks in each message" (Slack's reference, "Blocks").
pub(super) const MOST_BLOCKS: usize = 50;
/// "Maximum length for the text in this field is 3000 characters" (Slack's reference, "Section block").
pub(super) const MOST_TEXT: usize = 3_000;
/// Slack documents no limit of all blocks together, and refuses messages of more than some 13,200 characters with
/// `msg_blocks_too_long` (slackapi/bolt-js, issue 2509).
pub(super) const MOST_IN_ALL: usize = 12_000;

/// Writes the note.
pub(crate) fn slack(brief: &Brief, out: &mut dyn Write) -> io::Result<()> {
    let mut blocks = vec![section(&format!("*{}*", mrkdwn(&brief.headline)))];
    for part in &brief.parts {
        match part {
            Part::Heading(title) => blocks.push(section(&format!("*{}*", mrkdwn(title)))),
            Part::Text(text) => blocks.push(section(&mrkdwn(text))),
            Part::List(items) => lines(&mut blocks, items.iter().map(|item| format!("• {}", mrkdwn(item)))),
            Part::Table(header, rows) => lines(&mut blocks, rows.iter().map(|row| line(header, row))),
        }
    }
    let fits = how_many_fit(&blocks);
    if blocks.len() > fits {
        blocks.truncate(fits);
        // A title alone says nothing.
        while blocks.len() > 1 && blocks.last().is_some_and(is_title) {
            blocks.pop();
        }
        blocks.push(section(MORE));
    }
    json::write(&json!({ "text": end_cut(&mrkdwn(&brief.headline), MOST_TEXT), "blocks": blocks }), out)
}

const MORE: &str = "… and more in the report.";

/// How many of the blocks there is room for; one less where more would follow, for the block that says so.
fn how_many_fit(blocks: &[Value]) -> usize {
    let lengths = blocks.iter().map(|block| text_of(block).chars().count());
    let sums = lengths.scan(MORE.chars().count(), |sum, length| {
        *sum += length;
        Some(*sum)
    });
    let fit = sums.take_while(|sum| *sum <= MOST_IN_ALL).count();
    if fit == blocks.len() && fit <= MOST_BLOCKS { fit } else { fit.min(MOST_BLOCKS - 1) }
}

fn text_of(block: &Value) -> &str {
    block["text"]["text"].as_str().unwrap_or_default()
}

fn is_title(block: &Value) -> bool {
    let text = text_of(block);
    text.starts_with('*') && text.ends_with('*') && !text.contains('\n')
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

/// Lines in as few blocks as have room for them; none is torn apart.
fn lines(blocks: &mut Vec<Value>, lines: impl Iterator<Item = String>) {
    let mut text = String::new();
    for line in lines {
        let line = if line.chars().count() > MOST_TEXT { "…".to_owned() } else { line };
        if text.chars().count() + line.chars().count() + 1 > MOST_TEXT {
            blocks.push(section(&std::mem::take(&mut text)));
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&line);
    }
    if !text.is_empty() {
        blocks.push(section(&text));
    }
}

/// A row without columns: the first cell, then the others with what they are.
fn line(header: &[&str], row: &[String]) -> String {
    let mut cells = header.iter().zip(row);
    let first = cells.next().map(|(_, cell)| format!("• {}", mrkdwn(cell))).unwrap_or_default();
    cells.fold(first, |line, (name, cell)| format!("{line} · {name} {}", mrkdwn(cell)))
}

/// Text in Slack's markup: the three characters that it escapes ("Escaping text") can then begin no mention and no link. What is
/// outside of code gets no emphasis from a name's own marks.
fn mrkdwn(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for (piece, is_code) in pieces(text) {
        let escaped = piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        match is_code {
            true => written.push_str(&format!("`{escaped}`")),
            // A space of no width parts a mark from its word.
            false => escaped.chars().for_each(|c| match c {
                '*' | '_' | '~' | '`' => written.extend([c, '\u{200b}']),
                c => written.push(c),
            }),
        }
    }
    written
}
