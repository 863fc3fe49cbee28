//! The output of `cargo build -v` beside a page of timings: how rustc was called for each unit.
//!
//! A line ``Running `…rustc --crate-name x …` `` has the crate types, profile, features, and by `--extern` and
//! `-C extra-filename` which unit needs which, of what was built. Lines and units are matched by crate name, version and
//! whether tests are compiled; several alike (for the host and for the target) in order of start.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::cost::Artifact;
use crate::error::{Error, Result};

use super::super::measured::{
    CostsFile, Origin, RustcArguments, UnitCost, UnitDependency, UnitMode, UnitTargetKind,
};
use super::units::crate_name;

/// A call of rustc in the log.
#[derive(Debug, Default, Clone, PartialEq)]
struct Call {
    name: String,
    /// Of a package out of a registry or git: the version that its directory names.
    version: Option<String>,
    test: bool,
    features: Vec<String>,
    arguments: RustcArguments,
    /// `-C extra-filename`.
    suffix: String,
    /// File names of `--extern`s.
    externs: Vec<String>,
    /// Whether `--target` is given.
    target: bool,
}

/// Adds what the log has to the units of a page.
pub(super) fn add(path: &Path, bytes: &[u8], file: &mut CostsFile) -> Result<()> {
    let text = String::from_utf8_lossy(bytes);
    let calls: Vec<Call> = text.lines().filter_map(call).collect();
    if calls.is_empty() {
        let message = "no call of rustc in it: is it the stderr of `cargo build -v`?".to_owned();
        return Err(Error::InvalidInput { path: path.to_owned(), line: 0, message });
    }
    let matched = matched(&calls, &file.units);
    let cross = calls.iter().any(|call| call.target);
    let optimised = calls.iter().any(|call| call.arguments.opt_level != "0");
    let by_suffix: BTreeMap<String, u32> = matched
        .iter()
        .filter(|(_, call)| !call.suffix.is_empty())
        .map(|&(unit, call)| (format!("{}{}", call.name, call.suffix), unit as u32))
        .collect();
    for &(unit, call) in &matched {
        let unit = &mut file.units[unit];
        let proc_macro = call.arguments.crate_types.iter().any(|kind| kind == "proc-macro");
        if proc_macro {
            unit.target.kind = UnitTargetKind::ProcMacro;
        }
        // Without `--target` the two differ by profile only, and in `dev` cargo shares them.
        if cross {
            unit.host = Some(!call.target);
        } else if optimised {
            unit.host = Some(call.arguments.opt_level == "0");
        }
        unit.features = Some(call.features.clone());
        unit.rustc = Some(call.arguments.clone());
        unit.dependencies = Some(dependencies(call, &by_suffix));
        unit.origins.dependencies = Some(Origin::VerboseLog);
    }
    Ok(())
}

/// Units with their calls, in the order of units.
fn matched<'a>(calls: &'a [Call], units: &[UnitCost]) -> Vec<(usize, &'a Call)> {
    let mut free: BTreeSet<usize> = (0..calls.len()).collect();
    let mut found = Vec::new();
    for (position, unit) in units.iter().enumerate().filter(|(_, unit)| unit.mode != UnitMode::Run) {
        let test = matches!(unit.mode, UnitMode::Test | UnitMode::CheckTest);
        let fits = |&&at: &&usize| {
            let call = &calls[at];
            let script = unit.target.kind == UnitTargetKind::BuildScript
                && call.name.starts_with("build_script_")
                && call.version.as_ref().is_none_or(|v| *v == format!("{}-{}", unit.package, unit.version));
            let named = call.name == crate_name(&unit.target.name)
                && call.version.as_ref().is_none_or(|v| v.ends_with(&format!("-{}", unit.version)));
            (script || named)
                && call.test == test
                && (unit.features.is_none() || unit.features.as_ref() == Some(&call.features))
        };
        if let Some(&at) = free.iter().find(fits) {
            free.remove(&at);
            found.push((position, &calls[at]));
        }
    }
    found
}

/// The units that a call names by `--extern`: their metadata (`.rmeta`), or everything.
fn dependencies(call: &Call, by_suffix: &BTreeMap<String, u32>) -> Vec<UnitDependency> {
    let mut found: Vec<UnitDependency> = call
        .externs
        .iter()
        .filter_map(|file| {
            let (stem, extension) = file.rsplit_once('.')?;
            let unit = *by_suffix.get(stem.strip_prefix("lib").unwrap_or(stem))?;
            let artifact = if extension == "rmeta" { Artifact::Metadata } else { Artifact::All };
            Some(UnitDependency { unit, artifact })
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The call in a line, if there is one.
fn call(line: &str) -> Option<Call> {
    let (_, command) = line.trim_start().strip_prefix("Running `")?.split_once("--crate-name ")?;
    let words = words(command.trim_end().trim_end_matches('`'));
    let mut call = Call::default();
    call.name.clone_from(words.first()?);
    call.arguments.opt_level = "0".to_owned();
    call.arguments.debuginfo = "0".to_owned();
    let mut rest = words[1..].iter().map(String::as_str).peekable();
    while let Some(word) = rest.next() {
        let (key, value) = match word.split_once('=') {
            Some((key, value)) if key.starts_with("--") => (key, Some(value)),
            _ => (word, None),
        };
        let mut next = || value.or_else(|| rest.next());
        match key {
            "--edition" => call.arguments.edition = next()?.to_owned(),
            "--crate-type" => call.arguments.crate_types.push(next()?.to_owned()),
            "--emit" => call.arguments.emit = next()?.split(',').map(str::to_owned).collect(),
            "--test" => call.test = true,
            "--target" => call.target = next().is_some(),
            "--cfg" => call.features.extend(feature(next()?)),
            "--extern" => call.externs.extend(extern_file(next()?)),
            "-C" => codegen_option(&mut call, next()?),
            _ if word.ends_with(".rs") => call.version = version(word),
            _ => {}
        }
    }
    call.features.sort();
    Some(call)
}

/// `feature="x"` of a `--cfg`.
fn feature(cfg: &str) -> Option<String> {
    Some(cfg.strip_prefix("feature=")?.trim_matches('"').to_owned())
}

/// The file's name of an `--extern`, modifiers like `priv:` or `noprelude:` left out.
fn extern_file(word: &str) -> Option<String> {
    let (_, file) = word.split_once('=')?;
    Some(file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned())
}

fn codegen_option(call: &mut Call, option: &str) {
    let (key, value) = option.split_once('=').unwrap_or((option, ""));
    match key {
        "opt-level" => call.arguments.opt_level = value.to_owned(),
        "debuginfo" => call.arguments.debuginfo = value.to_owned(),
        "codegen-units" => call.arguments.codegen_units = value.parse().ok(),
        "incremental" => call.arguments.incremental = true,
        "extra-filename" => call.suffix = value.to_owned(),
        "lto" | "panic" | "embed-bitcode" | "strip" => call.arguments.flags.push(format!("-C{option}")),
        _ => {}
    }
}

/// The directory `NAME-VERSION` of a source out of cargo's cache.
fn version(source: &str) -> Option<String> {
    let mut parts = source.split(['/', '\\']);
    let registry = parts.by_ref().position(|part| part == "registry");
    registry?;
    // registry/src/INDEX/NAME-VERSION/…
    parts.nth(2).map(str::to_owned)
}

/// Words as a shell would take them apart: quotes of both kinds, and backslashes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(q)) if c == q => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(chars.next()),
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell() {
        let cases = [
            ("a b  c", vec!["a", "b", "c"]),
            (r#"--cfg 'feature="x"' "y z" q\ r"#, vec!["--cfg", "feature=\"x\"", "y z", "q r"]),
            ("''", vec![""]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_line_is_a_call_or_nothing() {
        assert_eq!(call("   Compiling a v0.1.0"), None);
        assert_eq!(call("     Running `/t/build/a-1/build-script-build`"), None);
        let line = "     Running `CARGO=x /bin/rustc --crate-name serde --edition=2021 \
                    /c/registry/src/index-0/serde-1.0.2/src/lib.rs --crate-type lib --emit=dep-info,metadata \
                    -C opt-level=3 --cfg 'feature=\"std\"' -C extra-filename=-ab --extern \
                    core=/t/deps/libcore-cd.rmeta --extern proc_macro`";
        let found = call(line).unwrap();
        assert_eq!(found.name, "serde");
        assert_eq!(found.version.as_deref(), Some("serde-1.0.2"));
        assert_eq!(
            (found.suffix.as_str(), found.externs.as_slice()),
            ("-ab", &["libcore-cd.rmeta".to_owned()][..])
        );
        assert_eq!(found.features, ["std"]);
        assert_eq!(found.arguments.opt_level, "3");
    }
}
