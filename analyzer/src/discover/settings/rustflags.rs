//! `build.rustflags` and `target.….rustflags` of cargo's configuration: settings of all profiles, since rustc takes its last
//! option of a name and these come after the profile's.
//!
//! Flags for the platform replace those for all (the Cargo Book, "Configuration: build.rustflags").

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::cfg::eval_cfg;
use super::configuration::Configuration;
use super::profiles::debug_level;
use crate::discover::model::{CfgSet, RustFlags};

/// A word of a setting, and the setting.
type Word = (String, String);

/// What the configuration sets by flags for a platform.
pub(in crate::discover) fn rust_flags(configuration: &Configuration, cfg: &CfgSet) -> RustFlags {
    let platform = of_platform(configuration, cfg);
    let words = if platform.is_empty() { words(configuration, &["build", "rustflags"]) } else { platform };
    // Where a platform is chosen, what runs while building goes without.
    let host = configuration.values(&["build", "target"]).next().is_none();
    let mut flags = RustFlags { host, ..RustFlags::default() };
    let mut words = words.into_iter();
    while let Some((flag, place)) = words.next() {
        let option = match flag.as_str() {
            "-C" | "--codegen" => words.next().map(|(option, _)| option),
            _ => flag.strip_prefix("-C").or_else(|| flag.strip_prefix("--codegen=")).map(str::to_owned),
        };
        if let Some((name, value)) = option.as_deref().and_then(|option| option.split_once('=')) {
            take(&mut flags, &name.replace('_', "-"), value, place);
        }
    }
    flags
}

fn take(flags: &mut RustFlags, name: &str, value: &str, place: String) {
    let settings = &mut flags.settings;
    match name {
        "opt-level" => settings.opt_level = Some(value.to_owned()),
        "debuginfo" => settings.debug = Some(debug_level(value.to_owned())),
        "codegen-units" => settings.codegen_units = value.parse().ok(),
        _ => return,
    }
    flags.places.insert(name.to_owned(), (format!("-C {name}={value}"), place));
}

/// Those of the triple, then those of each `cfg` that holds.
fn of_platform(configuration: &Configuration, cfg: &CfgSet) -> Vec<Word> {
    let tables = configuration.values(&["target"]).filter_map(Value::as_table);
    let names: BTreeSet<&str> = tables.flat_map(Table::keys).map(String::as_str).collect();
    let holds = |name: &&str| {
        name.starts_with("cfg(") && eval_cfg(name, cfg, &BTreeSet::new(), Some(false)) == Some(true)
    };
    let all = [cfg.triple.as_str()].into_iter().chain(names.into_iter().filter(holds));
    all.flat_map(|name| words(configuration, &["target", name, "rustflags"])).collect()
}

/// A list or a text of words. Lists of several files are joined, the nearest last; a text is replaced by a nearer one (the
/// Cargo Book, "Configuration: Hierarchical structure").
fn words(configuration: &Configuration, keys: &[&str]) -> Vec<Word> {
    let key = keys.iter().map(|key| if key.contains('(') { format!("'{key}'") } else { (*key).to_owned() });
    let key = key.collect::<Vec<_>>().join(".");
    let mut files = Vec::new();
    for (file, value) in configuration.values_of_files(keys) {
        let place = format!("`{key}` of `{file}`");
        let with_place = |word: &str| (word.to_owned(), place.clone());
        match value {
            Value::Array(list) => {
                files.push(list.iter().filter_map(Value::as_str).map(with_place).collect::<Vec<_>>());
            }
            Value::String(text) => {
                files.push(text.split_whitespace().map(with_place).collect());
                break;
            }
            _ => {}
        }
    }
    files.into_iter().rev().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The settings that a configuration's flags make on Linux: optimisation, debug information, units, host.
    fn shown(text: &str) -> String {
        let configuration = Configuration::of(Path::new("/r/.cargo"), text.parse().unwrap());
        let flags = rust_flags(&configuration, &CfgSet::for_triple("x86_64-unknown-linux-gnu"));
        let settings = &flags.settings;
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let units = settings.codegen_units.map(|units| units.to_string());
        let host = if flags.host { "" } else { " target only" };
        format!("{} {} {}{host}", text(&settings.opt_level), text(&settings.debug), text(&units))
    }

    #[test]
    fn flags_are_read_in_every_spelling_and_the_last_one_counts() {
        let cases = [
            ("", "- - -"),
            ("build.rustflags = ['-Ccodegen-units=1']", "- - 1"),
            ("build.rustflags = ['-C', 'codegen-units=1', '--cfg', 'tokio_unstable']", "- - 1"),
            ("build.rustflags = '-C opt-level=3 -Cdebuginfo=line-tables-only'", "3 line-tables-only -"),
            ("build.rustflags = ['-Copt-level=1', '-Copt-level=s', '-Cdebuginfo=full']", "s 2 -"),
            ("build.rustflags = ['--codegen=codegen_units=4', '--codegen', 'debuginfo=0']", "- 0 4"),
            ("build.rustflags = ['-Ctarget-cpu=native', '-C', '-Ccodegen-units=x', 7]", "- - -"),
            ("build.rustflags = 3\ntarget = 4", "- - -"),
            // The triple's, then the platform's; those for all don't count beside them.
            (
                "build.rustflags = '-Cdebuginfo=1'\n[target.x86_64-unknown-linux-gnu]\nrustflags = '-Copt-level=1'\n\
                 [target.'cfg(unix)']\nrustflags = ['-Copt-level=2']\n[target.'cfg(windows)']\nrustflags = ['-Copt-level=3']",
                "2 - -",
            ),
            ("build = { target = 'wasm32-wasip1', rustflags = '-Copt-level=z' }", "z - - target only"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn each_flag_has_its_place() {
        let text = "[target.'cfg(unix)']\nrustflags = ['-Ccodegen-units=1']";
        let configuration = Configuration::of(Path::new("/r/.cargo"), text.parse().unwrap());
        let flags = rust_flags(&configuration, &CfgSet::for_triple("x86_64-unknown-linux-gnu"));
        let expected = "`-C codegen-units=1` (`target.'cfg(unix)'.rustflags` of `.cargo/config.toml`)";
        assert_eq!(flags.written("codegen-units").as_deref(), Some(expected));
        assert_eq!(flags.written("opt-level"), None);
    }
}
