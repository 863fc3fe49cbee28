//! `costs.json` from bytes, checked.

use std::path::Path;

use crate::error::{Error, Result};

use super::{COSTS_VERSION, CostsFile};

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

fn check(file: &CostsFile) -> std::result::Result<(), String> {
    for (position, unit) in file.units.iter().enumerate() {
        let times =
            [Some(unit.start_s), unit.metadata_s.or(unit.codegen_start_s), unit.link_start_s, unit.end_s];
        let in_order = times.iter().flatten().is_sorted();
        if !in_order || times.iter().flatten().any(|t| !t.is_finite() || *t < 0.0) {
            return Err(format!("unit {position}, {}: its times are not in order", unit.title()));
        }
        let cpu = unit.cpu.unwrap_or_default();
        if [cpu.frontend_s, cpu.codegen_s, cpu.link_s].iter().any(|t| !t.is_finite() || *t < 0.0) {
            return Err(format!("unit {position}, {}: negative processor time", unit.title()));
        }
        for dependency in unit.dependencies.iter().flatten() {
            let to = dependency.unit as usize;
            if to >= file.units.len() || to == position {
                return Err(format!("unit {position}, {}: no unit {to} to depend on", unit.title()));
            }
        }
    }
    let seconds = file.modules.iter().flat_map(|m| [m.frontend_s, m.codegen_s]);
    match seconds.into_iter().find(|s| !s.is_finite() || *s < 0.0) {
        Some(wrong) => Err(format!("a module's seconds are {wrong}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{UnitCost, UnitMode, UnitTarget, UnitTargetKind};
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
            (file(&[r#","start_s":-1"#]), "times are not in order"),
            (
                file(&[r#","start_s":0,"cpu":{"frontend_s":-1,"codegen_s":0,"link_s":0}"#]),
                "negative processor time",
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
