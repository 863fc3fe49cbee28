//! Text of the repository made harmless for each format: it is untrusted input.

use super::prose::words::clean;

/// Text for Markdown: nothing in it is markup, HTML or a table's border.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // A mention or an issue's number would notify people and link to other places.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped.replace("://", ":&#47;/")
}

/// A name as code in Markdown, also within a table.
pub(crate) fn code(text: &str) -> String {
    let text = clean(text);
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    // A backslash before `|` is taken away by the table, code or not.
    format!("{fence}{space}{}{space}{fence}", text.replace('|', "\\|"))
}

/// Text within `"…"` of Graphviz' language.
pub(crate) fn dot(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// Text within `"…"` of Mermaid, which reads entities but no backslashes, and HTML in labels.
pub(crate) fn mermaid(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' | '"' | '<' | '>' | '#' | ';' | '`' | '\\' | '%' => {
                escaped.push_str(&format!("#{};", u32::from(c)));
            }
            _ => escaped.push(c),
        }
    }
    escaped
}
