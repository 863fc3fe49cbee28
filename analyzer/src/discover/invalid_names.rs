//! Names that cargo or rustc would refuse: of packages in manifests that cargo doesn't read, of targets in any. What we print for
//! pipelines is put into commands, so that such a name could be one.

use std::path::Path;

use super::manifests::raw::RawWorkspace;
use super::paths::relative;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// Leaves out packages and targets with such names, each with a diagnostic.
pub(super) fn leave_out(root: &Path, workspaces: &mut [RawWorkspace], diagnostics: &mut Vec<Diagnostic>) {
    let mut refuse = |what: &str, name: &str, dir: &Path| {
        let message = format!("{what} `{name}` is left out: a name has letters, digits, `-` and `_`");
        let manifest = relative(root, &dir.join("Cargo.toml"));
        diagnostics.push(Diagnostic::new(Severity::Error, Code::InvalidManifest, message).at(manifest));
    };
    for package in workspaces.iter_mut().flat_map(|workspace| &mut workspace.packages) {
        let dir = &package.dir;
        package.targets.retain(|target| {
            let valid = is_valid(&target.name);
            if !valid {
                refuse("target", &target.name, dir);
            }
            valid
        });
    }
    for workspace in workspaces {
        workspace.packages.retain(|package| {
            let valid = is_valid(&package.name);
            if !valid {
                refuse("package", &package.name, &package.dir);
            }
            valid
        });
    }
}

/// Somewhat more than cargo and rustc allow, and nothing that means something to a shell or begins like an option.
fn is_valid(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    name.starts_with(plain) && name.chars().all(|c| plain(c) || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, valid) in [
            ("a", true),
            ("a-b_c1", true),
            ("größe", true),
            ("3d", true),
            ("", false),
            ("-p", false),
            ("a b", false),
            ("a;b", false),
            ("$(a)", false),
            ("a/b", false),
            ("a.b", false),
            ("a\n", false),
            ("\u{202e}a", false),
        ] {
            assert_eq!(is_valid(name), valid, "{name:?}");
        }
    }
}
