//! Confluence's storage format: XHTML for the body of a page.

use std::io::{self, Write};

use super::brief::{Brief, Part, pieces};

/// Writes the note.
pub(crate) fn confluence(brief: &Brief, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<h2>{}</h2>", inline(&brief.headline))?;
    for part in &brief.parts {
        match part {
            Part::Heading(title) => writeln!(out, "<h3>{}</h3>", inline(title))?,
            Part::Text(text) => writeln!(out, "<p>{}</p>", inline(text))?,
            Part::List(items) => {
                let items: String = items.iter().map(|item| format!("<li>{}</li>", inline(item))).collect();
                writeln!(out, "<ul>{items}</ul>")?;
            }
            Part::Table(header, rows) => {
                let head: String = header.iter().map(|cell| format!("<th>{}</th>", inline(cell))).collect();
                writeln!(out, "<table><tbody><tr>{head}</tr>")?;
                for row in rows {
                    let cells: String = row.iter().map(|cell| format!("<td>{}</td>", inline(cell))).collect();
                    writeln!(out, "<tr>{cells}</tr>")?;
                }
                writeln!(out, "</tbody></table>")?;
            }
        }
    }
    Ok(())
}

fn inline(text: &str) -> String {
    let escape = |piece: &str| {
        piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let piece = |(piece, is_code)| match is_code {
        true => format!("<code>{}</code>", escape(piece)),
        false => escape(piece),
    };
    pieces(text).map(piece).collect()
}
