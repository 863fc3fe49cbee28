//! Which tables a text of SQL names: by the words that stand before a table's name. Texts are read as they are written in code, whole or
//! as the pieces that a query is put together from; what comes in by `{}` or `$1` is no name.

use super::tree::TableAccess;

/// Words that a statement, or a piece of one, begins with.
const BEGINNINGS: [&str; 13] = [
    "ALTER", "CREATE", "DELETE", "FROM", "INNER", "INSERT", "JOIN", "LEFT", "MERGE", "REPLACE", "SELECT",
    "TRUNCATE", "UPDATE",
];

/// Words that stand where a name may, and are none. The last ones make prose of what looks like SQL.
const NO_NAMES: [&str; 25] = [
    "SELECT",
    "SET",
    "WHERE",
    "LATERAL",
    "ONLY",
    "OF",
    "SKIP",
    "NOWAIT",
    "VALUES",
    "DUAL",
    "UNNEST",
    "JSON_EACH",
    "AS",
    "ON",
    "USING",
    "IF",
    "NOT",
    "EXISTS",
    "A",
    "AN",
    "ALL",
    "THE",
    "THIS",
    "THAT",
    "YOUR",
];

/// Functions with a `FROM` among their arguments.
const WITH_FROM: [&str; 5] = ["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION"];

/// The tables of a text, each with what is done to it; none where it doesn't look like SQL.
pub(super) fn tables(text: &str) -> Vec<(String, TableAccess)> {
    let text = text.replace("\\n", " ").replace("\\t", " ").replace("\\r", " ").replace("\\\"", "\"");
    let words = words(&text);
    if !looks_like_sql(&words) {
        return Vec::new();
    }
    let mut found =
        Reader { upper: words.iter().map(|word| word.to_ascii_uppercase()).collect(), words }.read();
    found.sort();
    found.dedup();
    found
}

/// Names with their dots and quotes, and single signs.
fn words(text: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '`' | '$');
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        if is_name(c) {
            start.get_or_insert(at);
            continue;
        }
        words.extend(start.take().map(|start| &text[start..at]));
        if !c.is_whitespace() {
            words.push(&text[at..at + c.len_utf8()]);
        }
    }
    words.extend(start.map(|start| &text[start..]));
    words
}

/// Prose may begin with "select" and go on with "from": but not in capitals, or with signs of SQL.
fn looks_like_sql(words: &[&str]) -> bool {
    let Some(first) = words.first() else { return false };
    let begins = first.eq_ignore_ascii_case("WITH") || BEGINNINGS.contains(&&*first.to_ascii_uppercase());
    let signs = || words.iter().any(|word| matches!(*word, "*" | "=" | "?" | "(") || word.starts_with('$'));
    begins && (first.chars().all(|c| c.is_ascii_uppercase()) || (words.len() > 3 && signs()))
}

struct Reader<'a> {
    words: Vec<&'a str>,
    upper: Vec<String>,
}

impl Reader<'_> {
    fn read(&self) -> Vec<(String, TableAccess)> {
        let (mut found, mut functions) = (Vec::new(), Vec::new());
        let named_here = self.common_tables();
        for at in 0..self.words.len() {
            let before = at.checked_sub(1).map_or("", |at| self.upper[at].as_str());
            match self.upper[at].as_str() {
                "(" => functions.push(before),
                ")" => drop(functions.pop()),
                "FROM"
                    if before != "DISTINCT" && !functions.last().is_some_and(|f| WITH_FROM.contains(f)) =>
                {
                    let access = if before == "DELETE" { TableAccess::Writes } else { TableAccess::Reads };
                    found.extend(self.list(at + 1).into_iter().map(|name| (name, access)));
                }
                "JOIN" => found.extend(self.name(at + 1).map(|name| (name, TableAccess::Reads))),
                "INTO" if self.writes_into(at) => {
                    found.extend(self.name_before_brackets(at + 1).map(|name| (name, TableAccess::Writes)));
                }
                "UPDATE" if !matches!(before, "FOR" | "DO" | "ON" | "KEY" | "AND" | "OR") => {
                    let at = at + 1 + usize::from(self.is(at + 1, "ONLY"));
                    let sets = (at + 1..at + 4).any(|at| self.is(at, "SET"));
                    found.extend(self.name(at).filter(|_| sets).map(|name| (name, TableAccess::Writes)));
                }
                "TRUNCATE" => {
                    let at = at + 1 + usize::from(self.is(at + 1, "TABLE"));
                    found.extend(self.name(at).map(|name| (name, TableAccess::Writes)));
                }
                "TABLE" if self.makes(at) => {
                    let mut at = at + 1;
                    while ["IF", "NOT", "EXISTS", "ONLY"].iter().any(|word| self.is(at, word)) {
                        at += 1;
                    }
                    found.extend(self.name_before_brackets(at).map(|name| (name, TableAccess::Makes)));
                }
                _ => {}
            }
        }
        found.retain(|(name, _)| !named_here.contains(name));
        found
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.upper.get(at).is_some_and(|own| own == word)
    }

    /// `INSERT INTO`, `INSERT OR IGNORE INTO`, `MERGE INTO`; not `SELECT … INTO variable`.
    fn writes_into(&self, at: usize) -> bool {
        let before = &self.upper[at.saturating_sub(3)..at];
        before.iter().any(|word| matches!(word.as_str(), "INSERT" | "REPLACE" | "MERGE"))
    }

    fn makes(&self, at: usize) -> bool {
        let before = &self.upper[at.saturating_sub(2)..at];
        before.iter().any(|word| matches!(word.as_str(), "CREATE" | "ALTER"))
    }

    /// What `WITH name AS (` calls its parts.
    fn common_tables(&self) -> Vec<String> {
        let named = (1..self.words.len()).filter(|&at| self.is(at, "AS") && self.is(at + 1, "("));
        named.filter_map(|at| self.name_before_brackets(at - 1)).collect()
    }

    /// `a, b AS x, c`
    fn list(&self, mut at: usize) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(name) = self.name(at) {
            found.push(name);
            at += 1 + usize::from(self.is(at + 1, "AS"));
            let alias = !self.is(at, ",") && self.is(at + 1, ",");
            at += usize::from(alias);
            if !self.is(at, ",") {
                break;
            }
            at += 1;
        }
        found
    }

    /// A table's name; behind a function's name stand brackets.
    fn name(&self, at: usize) -> Option<String> {
        self.name_before_brackets(at).filter(|_| !self.is(at + 1, "("))
    }

    fn name_before_brackets(&self, at: usize) -> Option<String> {
        let word = self.words.get(at)?;
        let (schema, own) = word.rsplit_once('.').unwrap_or(("", word));
        let own = own.trim_matches(['"', '`']).to_ascii_lowercase();
        let begins = own.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let of_database = matches!(schema, "pg_catalog" | "information_schema")
            || own.starts_with("pg_")
            || own.starts_with("sqlite_");
        let is_name = begins && !of_database && !NO_NAMES.contains(&self.upper[at].as_str());
        is_name.then_some(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_what_is_done_to_them() {
        for (text, expected) in [
            ("SELECT * FROM users WHERE id = $1", "r users"),
            ("select id from users where id = ?", "r users"),
            (
                "SELECT u.id FROM users u, public.orders AS o, \"Items\" JOIN teams t ON t.id = u.team",
                "r items, r orders, r teams, r users",
            ),
            ("INSERT INTO jobs (a) SELECT a FROM staged", "w jobs, r staged"),
            ("INSERT OR IGNORE INTO jobs(a) VALUES (?)", "w jobs"),
            ("UPDATE jobs SET done = TRUE FROM runs WHERE runs.id = jobs.run", "w jobs, r runs"),
            ("UPDATE ONLY jobs AS j SET done = 1", "w jobs"),
            ("DELETE FROM `jobs` WHERE id = ?", "w jobs"),
            (
                "WITH due AS (SELECT id FROM jobs FOR UPDATE SKIP LOCKED) UPDATE runs SET a = 1 FROM due",
                "r jobs, w runs",
            ),
            ("INSERT INTO jobs VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 1", "w jobs"),
            // An article is no name.
            ("UPDATE a row (once) SET in stone", ""),
            ("SELECT EXTRACT(epoch FROM created) FROM users", "r users"),
            ("SELECT 1 FROM users WHERE a IS DISTINCT FROM b", "r users"),
            ("SELECT * FROM unnest($1::text[]) AS x", ""),
            ("SELECT * FROM {table} WHERE id = 1", ""),
            ("CREATE TABLE IF NOT EXISTS users (id INT)", "m users"),
            ("ALTER TABLE users ADD COLUMN a INT", "m users"),
            ("TRUNCATE TABLE users", "w users"),
            (" FROM users WHERE ", "r users"),
            ("SELECT a\\nFROM users\\nWHERE b = \\\"c\\\"", "r users"),
            ("SELECT relname FROM pg_class", ""),
            ("Select a file from the list", ""),
            ("update the cache (again)", ""),
            ("from here on", ""),
            ("insert coins", ""),
            ("", ""),
        ] {
            let mut found: Vec<String> = Vec::new();
            for (name, access) in tables(text) {
                let access = match access {
                    TableAccess::Reads => "r",
                    TableAccess::Writes => "w",
                    TableAccess::Makes | TableAccess::Rows => "m",
                };
                found.push(format!("{access} {name}"));
            }
            assert_eq!(found.join(", "), expected, "{text}");
        }
    }
}
