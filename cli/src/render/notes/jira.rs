//! Jira's wiki markup: a comment or a description.

use std::io::{self, Write};

use super::brief::{Brief, Part, pieces};

/// "The entered text is too long. It exceeds the allowed limit of 32,767 characters" (Jira, comments and descriptions; JRACLOUD-78553),
/// after a conversion that may make it longer (mozilla/jira-bugzilla-integration, issue 1030): so a part is left free.
pub(super) const MOST: usize = 30_000;

/// Writes the note; parts that have no room are left out.
pub(crate) fn jira(brief: &Brief, out: &mut dyn Write) -> io::Result<()> {
    const CUT: &str = "… and more in the report.\n";
    let mut page = format!("h3. {}\n\n", markup(&brief.headline));
    let mut length = page.chars().count();
    for part in &brief.parts {
        let text = match part {
            Part::Heading(title) => format!("h4. {}\n", markup(title)),
            Part::Text(text) => format!("{}\n\n", markup(text)),
            Part::List(items) => {
                items.iter().map(|item| format!("* {}\n", markup(item))).collect::<String>() + "\n"
            }
            Part::Table(header, rows) => {
                let head = header.iter().map(|cell| format!("||{}", markup(cell))).collect::<String>();
                let row = |row: &Vec<String>| {
                    // An empty cell would be a header's border.
                    let cell = |cell: &String| format!("|{} ", markup(cell));
                    row.iter().map(cell).collect::<String>() + "|\n"
                };
                format!("{head}||\n{}\n", rows.iter().map(row).collect::<String>())
            }
        };
        let more = text.chars().count();
        if length + more + CUT.chars().count() > MOST {
            page.push_str(CUT);
            break;
        }
        length += more;
        page.push_str(&text);
    }
    out.write_all(page.as_bytes())
}

/// Every character that is markup gets a backslash before it, within names too.
fn markup(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let escape = |written: &mut String, piece: &str| {
        for c in piece.chars() {
            match c {
                '{' | '}' | '[' | ']' | '|' | '*' | '_' | '-' | '+' | '^' | '~' | '!' | '?' | '@' | '#'
                | '\\' => {
                    written.extend(['\\', c]);
                }
                c => written.push(c),
            }
        }
    };
    for (piece, is_code) in pieces(text) {
        if is_code {
            written.push_str("{{");
            escape(&mut written, piece);
            written.push_str("}}");
        } else {
            // A bare address would become a link, to who knows where.
            escape(&mut written, &piece.replace("://", ":/\u{200b}/"));
        }
    }
    written
}
