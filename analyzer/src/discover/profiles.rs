//! `[profile.*]` with cargo's defaults (the Cargo book, "Profiles: Default profiles", "Custom profiles").

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::model::Profile;

/// The default number of code-generation units: 256 with incremental compilation, 16 without (the Cargo book,
/// "Profiles: codegen-units").
const INCREMENTAL_UNITS: u32 = 256;
const OTHER_UNITS: u32 = 16;

/// A profile as written; what is `None` comes from its parent or from cargo.
#[derive(Clone, Default)]
struct Layer {
    opt_level: Option<String>,
    debug: Option<String>,
    lto: Option<String>,
    codegen_units: Option<u32>,
    incremental: Option<bool>,
    panic: Option<String>,
}

/// All profiles of a root manifest; `dev` and `release` are always there.
pub(super) fn profiles(manifest: Option<&Table>) -> BTreeMap<String, Profile> {
    let empty = Table::new();
    let tables = manifest.and_then(|m| m.get("profile")).and_then(Value::as_table).unwrap_or(&empty);
    let names = ["dev", "release"].into_iter().chain(tables.keys().map(String::as_str));
    names.collect::<BTreeSet<_>>().into_iter().map(|n| (n.to_owned(), profile(tables, n))).collect()
}

fn profile(tables: &Table, name: &str) -> Profile {
    let mut layer = Layer::default();
    let mut base = name;
    // Parents may form a circle in a broken manifest: no chain is longer than there are tables.
    for _ in 0..=tables.len() + 1 {
        let table = tables.get(base).and_then(Value::as_table);
        layer.fill_from(table);
        let parent = table.and_then(|t| t.get("inherits")).and_then(Value::as_str);
        match (base, parent) {
            ("dev" | "release", _) => break,
            (_, Some(parent)) => base = parent,
            ("bench", None) => base = "release",
            (_, None) => base = "dev",
        }
    }
    layer.finish(base == "release")
}

impl Layer {
    fn fill_from(&mut self, table: Option<&Table>) {
        let get = |key: &str| table.and_then(|t| t.get(key).or_else(|| t.get(&key.replace('-', "_"))));
        let text =
            |value: Option<&Value>| value.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        fill(&mut self.opt_level, || text(get("opt-level")));
        fill(&mut self.debug, || text(get("debug")).map(debug_level));
        fill(&mut self.lto, || text(get("lto")).map(lto_kind));
        fill(&mut self.codegen_units, || get("codegen-units")?.as_integer()?.try_into().ok());
        fill(&mut self.incremental, || get("incremental")?.as_bool());
        fill(&mut self.panic, || text(get("panic")));
    }

    fn finish(self, release: bool) -> Profile {
        let incremental = self.incremental.unwrap_or(!release);
        let units = if incremental { INCREMENTAL_UNITS } else { OTHER_UNITS };
        Profile {
            opt_level: self.opt_level.unwrap_or_else(|| if release { "3" } else { "0" }.to_owned()),
            debug: self.debug.unwrap_or_else(|| if release { "0" } else { "2" }.to_owned()),
            lto: self.lto.unwrap_or_else(|| "false".to_owned()),
            codegen_units: self.codegen_units.unwrap_or(units),
            incremental,
            panic: self.panic.unwrap_or_else(|| "unwind".to_owned()),
        }
    }
}

fn fill<T>(slot: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if slot.is_none() {
        *slot = value();
    }
}

/// `debug` under the one name each level has: `true` is `full` is 2.
fn debug_level(value: String) -> String {
    match value.as_str() {
        "true" | "full" => "2".to_owned(),
        "false" | "none" => "0".to_owned(),
        "limited" => "1".to_owned(),
        _ => value,
    }
}

/// `lto` likewise: `true` is `fat`, `no` and `n` are `off`.
fn lto_kind(value: String) -> String {
    match value.as_str() {
        "true" => "fat".to_owned(),
        "no" | "n" => "off".to_owned(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, name: &str) -> String {
        let table = text.parse::<Table>().unwrap();
        let p = &profiles(Some(&table))[name];
        format!("{} {} {} {} {} {}", p.opt_level, p.debug, p.lto, p.codegen_units, p.incremental, p.panic)
    }

    #[test]
    fn defaults_and_inheritance() {
        let cases = [
            ("", "dev", "0 2 false 256 true unwind"),
            ("", "release", "3 0 false 16 false unwind"),
            (
                "[profile.dev]\ndebug = 'line-tables-only'\nincremental = false",
                "dev",
                "0 line-tables-only false 16 false unwind",
            ),
            (
                "[profile.release]\nlto = true\ncodegen-units = 1\npanic = 'abort'\nopt-level = 's'",
                "release",
                "s 0 fat 1 false abort",
            ),
            (
                "[profile.release]\nlto = 'thin'\n[profile.dist]\ninherits = 'release'\ndebug = true",
                "dist",
                "3 2 thin 16 false unwind",
            ),
            ("[profile.test]\nopt-level = 1", "test", "1 2 false 256 true unwind"),
            ("[profile.bench]\ndebug = 1", "bench", "3 1 false 16 false unwind"),
            ("[profile.a]\ninherits = 'b'\n[profile.b]\ninherits = 'a'", "a", "0 2 false 256 true unwind"),
            ("[profile]\ndev = 3", "dev", "0 2 false 256 true unwind"),
        ];
        for (text, name, expected) in cases {
            assert_eq!(shown(text, name), expected, "{text}");
        }
    }
}
