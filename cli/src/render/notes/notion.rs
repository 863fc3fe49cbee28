//! Notion's blocks: the body of "Append block children".

use std::io::{self, Write};

use serde_json::{Value, json};

use super::brief::{Brief, Part, pieces};
use crate::render::json;

/// "text.content: 2000 characters", "any array of rich text objects: 100 elements", "an array of block children: 100 elements"
/// (Notion's reference, "Request limits: Size limits").
pub(super) const MOST_TEXT: usize = 2_000;
pub(super) const MOST_PIECES: usize = 100;
pub(super) const MOST_CHILDREN: usize = 100;
/// "a maximum of 1000 block elements and 500KB overall" (the same).
pub(super) const MOST_BLOCKS: usize = 1_000;
pub(super) const MOST_BYTES: usize = 500_000;

/// Writes the note.
pub(crate) fn notion(brief: &Brief, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { children: Vec::new(), blocks: 0, bytes: 0 };
    page.push(block("heading_2", &brief.headline), 1);
    for part in &brief.parts {
        match part {
            Part::Heading(title) => page.push(block("heading_3", title), 1),
            Part::Text(text) => page.push(block("paragraph", text), 1),
            Part::List(items) => {
                items.iter().for_each(|item| page.push(block("bulleted_list_item", item), 1))
            }
            Part::Table(header, rows) => {
                let rows = &rows[..rows.len().min(MOST_CHILDREN - 1)];
                page.push(table(header, rows), rows.len() + 2);
            }
        }
    }
    json::write(&json!({ "children": page.children }), out)
}

/// What is written so far: what has no room is left out.
struct Page {
    children: Vec<Value>,
    blocks: usize,
    bytes: usize,
}

impl Page {
    fn push(&mut self, block: Value, blocks: usize) {
        // Indented and escaped it is no more than three times as long.
        let bytes = 3 * block.to_string().len();
        let fits = self.children.len() < MOST_CHILDREN
            && self.blocks + blocks <= MOST_BLOCKS
            && self.bytes + bytes <= MOST_BYTES;
        if fits {
            self.children.push(block);
            self.blocks += blocks;
            self.bytes += bytes;
        }
    }
}

fn block(kind: &str, text: &str) -> Value {
    json!({ "object": "block", "type": kind, kind: { "rich_text": rich_text(text) } })
}

fn table(header: &[&str], rows: &[Vec<String>]) -> Value {
    let row = |cells: Vec<Value>| json!({ "object": "block", "type": "table_row", "table_row": { "cells": cells } });
    let head = row(header.iter().map(|cell| rich_text(cell)).collect());
    let rows = rows.iter().map(|cells| row(cells.iter().map(|cell| rich_text(cell)).collect()));
    let children: Vec<Value> = std::iter::once(head).chain(rows).collect();
    json!({
        "object": "block",
        "type": "table",
        "table": { "table_width": header.len(), "has_column_header": true, "has_row_header": false, "children": children },
    })
}

/// Names are code; nothing in the text is markup.
fn rich_text(text: &str) -> Value {
    let piece = |(piece, code): (&str, bool)| {
        let content: String = piece.chars().take(MOST_TEXT).collect();
        json!({ "type": "text", "text": { "content": content }, "annotations": { "code": code } })
    };
    pieces(text).take(MOST_PIECES).map(piece).collect()
}
