//! `costs.json` from bytes, checked.

use std::path::Path;

use crate::base::number::SECONDS;
use crate::error::{Error, Result};

use super::{COSTS_VERSION, CostsFile, UnitCost};

/// Reads a costs file; `path` is only named in errors.
///
/// # Errors
/// [`Error::InvalidInput`] with the line if the text is no costs file, is of another version, names units that it
/// doesn't have, or holds seconds that are negative, infinite or out of order.
pub fn parse_costs(path: &Path, text: &[u8]) -> Result<CostsFile> {
    let invalid = |line, message: String| Error::InvalidInput { path: path.to_owned(), line, message };
    let file: CostsFile =
        serde_json::from_slice(text).map_err(|e| invalid(e.line(), format!("not a costs file: {e}")))?;
    if file.schema_version != COSTS_VERSION {
        let message =
            format!("costs file of version {}; this reads version {COSTS_VERSION}", file.schema_version);
        return Err(invalid(0, message));
    }
    check(&file).map_err(|message| invalid(0, message))?;
    Ok(file)
}

/// What is wrong with the figures of a file, whoever wrote it: the place in it, and what is allowed there.
pub(in crate::cost) fn check(file: &CostsFile) -> std::result::Result<(), String> {
    allowed("build.wall_s", file.build.wall_s)?;
    for (position, unit) in file.units.iter().enumerate() {
        check_unit(unit, file.units.len(), position)
            .map_err(|(field, wrong)| format!("units[{position}].{field}, {}: {wrong}", unit.title()))?;
    }
    acyclic(&file.units)?;
    for (position, module) in file.modules.iter().enumerate() {
        allowed(&format!("modules[{position}].frontend_s"), Some(module.frontend_s))?;
        allowed(&format!("modules[{position}].codegen_s"), Some(module.codegen_s))?;
    }
    Ok(())
}

/// The field and what is wrong with it.
type Wrong = (&'static str, String);

fn check_unit(unit: &UnitCost, units: usize, position: usize) -> std::result::Result<(), Wrong> {
    let cpu = unit.cpu.unwrap_or_default();
    let seconds = [
        ("start_s", Some(unit.start_s)),
        ("metadata_s", unit.metadata_s),
        ("codegen_start_s", unit.codegen_start_s),
        ("link_start_s", unit.link_start_s),
        ("end_s", unit.end_s),
        ("cpu.frontend_s", Some(cpu.frontend_s)),
        ("cpu.codegen_s", Some(cpu.codegen_s)),
        ("cpu.link_s", Some(cpu.link_s)),
    ];
    for (field, value) in seconds {
        if let Some(wrong) = value.and_then(|s| SECONDS.wrong(s)) {
            return Err((field, wrong));
        }
    }
    let times = [Some(unit.start_s), unit.metadata_s.or(unit.codegen_start_s), unit.link_start_s, unit.end_s];
    if !times.iter().flatten().is_sorted() {
        return Err(("start_s", "its times are not in order".to_owned()));
    }
    for dependency in unit.dependencies.iter().flatten() {
        let to = dependency.unit as usize;
        if to >= units || to == position {
            return Err(("dependencies", format!("no unit {to} to depend on")));
        }
    }
    Ok(())
}

fn allowed(field: &str, seconds: Option<f64>) -> std::result::Result<(), String> {
    seconds.and_then(|s| SECONDS.wrong(s)).map_or(Ok(()), |wrong| Err(format!("{field} {wrong}")))
}

/// Units of a build don't wait for each other in a circle: takes those away of which nothing is left to wait for.
fn acyclic(units: &[UnitCost]) -> std::result::Result<(), String> {
    let mut waiting: Vec<usize> = units.iter().map(|u| u.dependencies.iter().flatten().count()).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); units.len()];
    for (user, unit) in units.iter().enumerate() {
        unit.dependencies.iter().flatten().for_each(|d| users[d.unit as usize].push(user));
    }
    let mut free: Vec<usize> = (0..units.len()).filter(|&unit| waiting[unit] == 0).collect();
    while let Some(unit) = free.pop() {
        for &user in &users[unit] {
            waiting[user] -= 1;
            if waiting[user] == 0 {
                free.push(user);
            }
        }
    }
    match waiting.iter().position(|&left| left > 0) {
        Some(at) => Err(format!("units[{at}], {}: its dependencies lead back to it", units[at].title())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{UnitMode, UnitTarget, UnitTargetKind};
    use super::*;

    const HEAD: &str = r#"{"schema_version":1,"build":{"mode":"check","profile":"dev"},"units":["#;

    fn unit(more: &str) -> String {
        format!(
            r#"{{"package":"a","version":"1.0.0","target":{{"kind":"lib","name":"a"}},"mode":"check","origins":{{"times":"timings"}}{more}}}"#
        )
    }

    #[test]
    fn what_is_read_and_what_is_refused() {
        let file = |units: &[&str]| {
            format!("{HEAD}{}]}}", units.iter().map(|u| unit(u)).collect::<Vec<_>>().join(","))
        };
        let cases = [
            (file(&[r#","start_s":0,"metadata_s":1,"end_s":1"#]), ""),
            (
                file(&[
                    r#","start_s":0"#,
                    r#","start_s":1,"dependencies":[{"unit":0,"artifact":"metadata"}]"#,
                ]),
                "",
            ),
            (file(&[r#","start_s":2,"end_s":1"#]), "times are not in order"),
            (file(&[r#","start_s":-1"#]), "units[0].start_s, a 1.0.0 (lib): is -1; from 0 to 10000000"),
            (file(&[r#","start_s":0,"end_s":1e308"#]), "units[0].end_s, a 1.0.0 (lib): is 1e308; from 0"),
            (
                file(&[
                    r#","start_s":0,"dependencies":[{"unit":1,"artifact":"all"}]"#,
                    r#","start_s":1,"dependencies":[{"unit":0,"artifact":"metadata"}]"#,
                ]),
                "its dependencies lead back to it",
            ),
            (
                file(&[r#","start_s":0,"cpu":{"frontend_s":-1,"codegen_s":0,"link_s":0}"#]),
                "units[0].cpu.frontend_s, a 1.0.0 (lib): is -1;",
            ),
            (
                file(&[r#","start_s":0,"dependencies":[{"unit":7,"artifact":"all"}]"#]),
                "no unit 7 to depend on",
            ),
            (
                file(&[r#","start_s":0,"dependencies":[{"unit":0,"artifact":"all"}]"#]),
                "no unit 0 to depend on",
            ),
            (file(&[""]), "missing field `start_s`"),
            (file(&[]).replace("\"schema_version\":1", "\"schema_version\":9"), "version 9"),
            ("[]".to_owned(), "not a costs file"),
        ];
        for (text, expected) in cases {
            match parse_costs(Path::new("costs.json"), text.as_bytes()) {
                Ok(_) => assert_eq!(expected, "", "{text}"),
                Err(error) => {
                    let said = error.to_string();
                    assert!(!expected.is_empty() && said.contains(expected), "{text}: {said}");
                }
            }
        }
    }

    #[test]
    fn a_syntax_error_names_its_line() {
        let error = parse_costs(Path::new("c.json"), b"{\n\"schema_version\": x}").unwrap_err();
        assert!(error.to_string().starts_with("c.json:2:"), "{error}");
    }

    #[test]
    fn titles() {
        let cases = [
            (UnitTargetKind::Lib, UnitMode::Check, "a 1.0.0 (lib)"),
            (UnitTargetKind::Lib, UnitMode::Test, "a 1.0.0 (lib, test)"),
            (UnitTargetKind::Bin, UnitMode::Build, "a 1.0.0 (bin x)"),
            (UnitTargetKind::Test, UnitMode::Test, "a 1.0.0 (test x)"),
            (UnitTargetKind::BuildScript, UnitMode::Build, "a 1.0.0 (build script)"),
            (UnitTargetKind::BuildScript, UnitMode::Run, "a 1.0.0 (build script run)"),
        ];
        for (kind, mode, expected) in cases {
            let unit = UnitCost {
                package: "a".into(),
                version: "1.0.0".into(),
                target: UnitTarget::new(kind, "x"),
                mode,
                ..UnitCost::default()
            };
            assert_eq!(unit.title(), expected);
        }
    }
}
