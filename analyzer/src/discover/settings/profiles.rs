//! `[profile.*]` of manifest and configuration, with cargo's defaults (the Cargo Book, "Profiles": "Default profiles",
//! "Custom profiles", "Overrides"; "Configuration": `[profile]`).

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::configuration::Configuration;
use crate::discover::model::{Overrides, Profile, RustFlags, Settings};

/// The default number of code-generation units: 256 with incremental compilation, 16 without (the Cargo book,
/// "Profiles: codegen-units").
const INCREMENTAL_UNITS: u32 = 256;
const OTHER_UNITS: u32 = 16;

/// Those that are always there.
const ALWAYS: [&str; 3] = ["dev", "release", "test"];

/// All profiles of a root manifest and of cargo's configuration, which comes first, with the flags for rustc.
pub(in crate::discover) fn profiles(
    manifest: Option<&Table>,
    configuration: &Configuration,
    flags: &RustFlags,
) -> BTreeMap<String, Profile> {
    let of_manifest = manifest.and_then(|m| m.get("profile"));
    let tables: Vec<&Table> =
        configuration.values(&["profile"]).chain(of_manifest).filter_map(Value::as_table).collect();
    let names = tables.iter().flat_map(|table| table.keys().map(String::as_str)).chain(ALWAYS);
    // `build.incremental` holds for all of them (cargo's `Profiles::new`).
    let incremental = configuration.values(&["build", "incremental"]).find_map(Value::as_bool);
    let names: BTreeSet<&str> = names.collect();
    let one = |name: &str| {
        let mut profile = profile(&tables, name, incremental);
        profile.overrides.flags = flags.clone();
        (name.to_owned(), profile)
    };
    names.into_iter().map(one).collect()
}

/// A profile with what it inherits. `tables`: of each file with profiles, the first to decide first.
fn profile(tables: &[&Table], name: &str, incremental: Option<bool>) -> Profile {
    let mut settings = Settings { incremental, ..Settings::default() };
    let mut overrides = Overrides::default();
    let mut base = name;
    // Parents may form a circle in a broken manifest: no chain is longer than there are tables.
    let most = 2 + tables.iter().map(|table| table.len()).sum::<usize>();
    for _ in 0..most {
        let own: Vec<&Table> = tables.iter().filter_map(|t| t.get(base)?.as_table()).collect();
        for table in &own {
            settings.fill_from(table);
            overrides.fill_from(table);
        }
        let parent = own.iter().find_map(|table| table.get("inherits")?.as_str());
        match (base, parent) {
            ("dev" | "release", _) => break,
            (_, Some(parent)) => base = parent,
            ("bench", None) => base = "release",
            (_, None) => base = "dev",
        }
    }
    settings.finish(base == "release", overrides)
}

impl Overrides {
    fn fill_from(&mut self, table: &Table) {
        let of = |key: &str| table.get(key).and_then(Value::as_table);
        if let Some(host) = of("build-override").or_else(|| of("build_override")) {
            self.host.fill_from(host);
        }
        for (spec, settings) in of("package").into_iter().flatten() {
            let Some(settings) = settings.as_table() else { continue };
            let into = match spec.as_str() {
                "*" => &mut self.dependencies,
                _ => self.packages.entry(spec.clone()).or_default(),
            };
            into.fill_from(settings);
        }
    }
}

impl Settings {
    /// Takes what is not set yet.
    fn fill_from(&mut self, table: &Table) {
        let get = |key: &str| table.get(key).or_else(|| table.get(&key.replace('-', "_")));
        let text =
            |value: Option<&Value>| value.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        fill(&mut self.opt_level, || text(get("opt-level")));
        fill(&mut self.debug, || text(get("debug")).map(debug_level));
        fill(&mut self.lto, || text(get("lto")).map(lto_kind));
        fill(&mut self.codegen_units, || get("codegen-units")?.as_integer()?.try_into().ok());
        fill(&mut self.incremental, || get("incremental")?.as_bool());
        fill(&mut self.panic, || text(get("panic")));
        fill(&mut self.split_debuginfo, || text(get("split-debuginfo")));
    }

    fn finish(self, release: bool, overrides: Overrides) -> Profile {
        let incremental = self.incremental.unwrap_or(!release);
        Profile {
            opt_level: self.opt_level.unwrap_or_else(|| if release { "3" } else { "0" }.to_owned()),
            debug: self.debug.unwrap_or_else(|| if release { "0" } else { "2" }.to_owned()),
            lto: self.lto.unwrap_or_else(|| "false".to_owned()),
            codegen_units: self.codegen_units.unwrap_or_else(|| default_units(incremental)),
            incremental,
            panic: self.panic.unwrap_or_else(|| "unwind".to_owned()),
            split_debuginfo: self.split_debuginfo,
            overrides,
        }
    }
}

fn fill<T>(slot: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if slot.is_none() {
        *slot = value();
    }
}

fn default_units(incremental: bool) -> u32 {
    if incremental { INCREMENTAL_UNITS } else { OTHER_UNITS }
}

/// A package that a profile is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ProfiledPackage<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Whether it is a member of the workspace.
    pub member: bool,
}

impl Profile {
    /// Whether link-time optimisation runs over all crates.
    pub fn has_lto(&self) -> bool {
        matches!(self.lto.as_str(), "thin" | "fat" | "true")
    }

    /// What holds for a unit of a package, all overrides applied (none are left in the result). `host`: for a build script,
    /// a procedural macro or what these depend on. The order is cargo's: the package's own, then those of all that are no
    /// members, then those for what runs while building, then the profile (the Cargo Book, "Profiles: Overrides"). Flags for
    /// rustc are above all of these.
    #[must_use]
    pub fn for_unit(&self, package: ProfiledPackage<'_>, host: bool) -> Self {
        let mut unit = self.without_flags(package, host);
        let flags = &self.overrides.flags;
        if !host || flags.host {
            unit.overlay(&flags.settings);
        }
        unit
    }

    /// The profile itself with the flags for rustc.
    #[must_use]
    pub fn with_flags(&self) -> Self {
        let mut profile = self.clone();
        profile.overlay(&self.overrides.flags.settings);
        profile
    }

    /// What holds for a unit as cargo sees it, which tells units apart by it: without flags.
    pub(crate) fn without_flags(&self, package: ProfiledPackage<'_>, host: bool) -> Self {
        let mut unit = Self { overrides: Overrides::default(), ..self.clone() };
        if host {
            // Cargo's own `build-override`; what is only run while building carries no debugging information.
            unit.opt_level = "0".to_owned();
            unit.debug = "0".to_owned();
            unit.codegen_units = default_units(unit.incremental);
            unit.lto = "false".to_owned();
            unit.panic = "unwind".to_owned();
            unit.overlay(&self.overrides.host);
        }
        if !package.member {
            // Cargo compiles incrementally what may change: packages by path.
            unit.incremental = false;
            unit.overlay(&self.overrides.dependencies);
        }
        for (spec, settings) in &self.overrides.packages {
            if names(spec, package) {
                unit.overlay(settings);
            }
        }
        unit
    }

    fn overlay(&mut self, over: &Settings) {
        let set = |slot: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                slot.clone_from(value);
            }
        };
        set(&mut self.opt_level, &over.opt_level);
        set(&mut self.debug, &over.debug);
        if let Some(incremental) = over.incremental {
            if self.codegen_units == default_units(self.incremental) {
                self.codegen_units = default_units(incremental);
            }
            self.incremental = incremental;
        }
        self.codegen_units = over.codegen_units.unwrap_or(self.codegen_units);
        self.split_debuginfo = over.split_debuginfo.clone().or(self.split_debuginfo.take());
    }
}

/// Whether a package specification means a package (the Cargo Book, "Package ID Specifications"): its name, and the parts
/// of its version that are written.
fn names(spec: &str, package: ProfiledPackage<'_>) -> bool {
    let fragment = spec.rsplit_once('#').map_or(spec, |(_, fragment)| fragment);
    let (name, version) = match fragment.split_once(['@', ':']) {
        Some((name, version)) if !version.starts_with("//") => (name, version),
        _ => (fragment.rsplit('/').next().unwrap_or(fragment), ""),
    };
    let rest = package.version.strip_prefix(version);
    name == package.name && rest.is_some_and(|rest| version.is_empty() || !starts_with_digit(rest))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// `debug` under the one name each level has: `true` is `full` is 2.
pub(super) fn debug_level(value: String) -> String {
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
    use std::path::Path;

    use super::*;
    use crate::discover::model::CfgSet;
    use crate::discover::settings::rustflags::rust_flags;

    fn shown(text: &str, name: &str) -> String {
        let table = text.parse::<Table>().unwrap();
        line(&profiles(Some(&table), &Configuration::default(), &RustFlags::default())[name])
    }

    fn line(p: &Profile) -> String {
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

    #[test]
    fn overrides_of_packages_and_of_what_runs_while_building() {
        let text = "[profile.release]\ncodegen-units = 1\nlto = 'fat'\npanic = 'abort'\n\
            [profile.release.package.'*']\nopt-level = 2\n[profile.release.package.\"slow@1.2\"]\nopt-level = 's'\n\
            codegen-units = 4\n[profile.release.build-override]\nopt-level = 1\n\
            [profile.dev.package.app]\nincremental = false\ndebug = false\n[profile.dist]\ninherits = 'release'\n\
            [profile.dist.package.app]\nopt-level = 1";
        let manifest = text.parse::<Table>().unwrap();
        let all = profiles(Some(&manifest), &Configuration::default(), &RustFlags::default());
        let cases = [
            ("release", "app", "0.1.0", true, false, "3 0 fat 1 false abort"),
            ("release", "other", "0.1.0", false, false, "2 0 fat 1 false abort"),
            ("release", "slow", "1.2.7", false, false, "s 0 fat 4 false abort"),
            ("release", "slow", "1.20.0", false, false, "2 0 fat 1 false abort"),
            ("release", "app", "0.1.0", true, true, "1 0 false 16 false unwind"),
            ("release", "other", "0.1.0", false, true, "2 0 false 16 false unwind"),
            ("dev", "app", "0.1.0", true, false, "0 0 false 16 false unwind"),
            ("dev", "lib", "0.1.0", true, false, "0 2 false 256 true unwind"),
            ("dist", "app", "0.1.0", true, false, "1 0 fat 1 false abort"),
            ("dist", "other", "0.1.0", false, false, "2 0 fat 1 false abort"),
        ];
        for (profile, name, version, member, host, expected) in cases {
            let package = ProfiledPackage { name, version, member };
            let unit = all[profile].for_unit(package, host);
            assert_eq!(line(&unit), expected, "{profile} {name} {version} {host}");
        }
    }

    #[test]
    fn flags_for_rustc_are_above_profiles_and_overrides() {
        let manifest =
            "[profile.release]\nopt-level = 2\n[profile.dev.package.app]\ncodegen-units = 4\ndebug = 1";
        let manifest = manifest.parse::<Table>().unwrap();
        let unit = |config: &str, profile: &str, host: bool| {
            let configuration = Configuration::of(Path::new("/r/.cargo"), config.parse().unwrap());
            let all = profiles(Some(&manifest), &configuration, &rust_flags(&configuration, &CfgSet::host()));
            let package = ProfiledPackage { name: "app", version: "0.1.0", member: true };
            (line(&all[profile].for_unit(package, host)), line(&all[profile].without_flags(package, host)))
        };
        let flags = "build.rustflags = '-Ccodegen-units=1 -Copt-level=s'";
        let for_a_target = format!("{flags}\nbuild.target = 'x86_64-unknown-linux-musl'");
        let cases = [
            (flags, "dev", false, "s 1 false 1 true unwind", "0 1 false 4 true unwind"),
            (flags, "release", false, "s 0 false 1 false unwind", "2 0 false 16 false unwind"),
            (flags, "release", true, "s 0 false 1 false unwind", "0 0 false 16 false unwind"),
            (&for_a_target, "release", true, "0 0 false 16 false unwind", "0 0 false 16 false unwind"),
        ];
        for (config, profile, host, with, without) in cases {
            assert_eq!(
                unit(config, profile, host),
                (with.to_owned(), without.to_owned()),
                "{profile} {host}"
            );
        }
    }

    #[test]
    fn specifications() {
        let package = ProfiledPackage { name: "regex", version: "1.4.3", member: false };
        let cases = [
            ("regex", true),
            ("regex@1.4", true),
            ("regex:1.4.3", true),
            ("regex@1.40", false),
            ("https://example.com/index#regex@1.4.3", true),
            ("https://example.com/index#regex@2", false),
            ("https://example.com/rust-lang/regex", true),
            ("regexes", false),
            ("", false),
        ];
        for (spec, expected) in cases {
            assert_eq!(names(spec, package), expected, "{spec}");
        }
    }
}
