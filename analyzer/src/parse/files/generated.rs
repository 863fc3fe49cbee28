//! Files that earlier builds have generated.

use std::collections::BTreeMap;

use crate::discover::Repository;

/// Files that build scripts wrote earlier: name → paths, newest first.
#[derive(Debug, Default)]
pub struct Generated {
    by_name: BTreeMap<String, Vec<String>>,
}

impl Generated {
    /// Looks into `target/*/build/*/out` of the repository's workspaces.
    pub(in crate::parse) fn find(repository: &Repository) -> Self {
        let mut found: Vec<(std::time::SystemTime, String, String)> = Vec::new();
        for workspace in &repository.workspaces {
            let dir =
                if workspace.dir.is_empty() { "target".into() } else { format!("{}/target", workspace.dir) };
            for profile in ["debug", "release"] {
                let build = format!("{dir}/{profile}/build");
                let Ok(entries) = std::fs::read_dir(repository.root.join(&build)) else { continue };
                for unit in entries.flatten() {
                    let out = format!("{build}/{}/out", unit.file_name().to_string_lossy());
                    let Ok(files) = std::fs::read_dir(repository.root.join(&out)) else { continue };
                    for file in files.flatten() {
                        let name = file.file_name().to_string_lossy().into_owned();
                        if name.ends_with(".rs") {
                            let time = file.metadata().and_then(|m| m.modified());
                            let path = format!("{out}/{name}");
                            found.push((time.unwrap_or(std::time::UNIX_EPOCH), path, name));
                        }
                    }
                }
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (_, path, name) in found {
            by_name.entry(name).or_default().push(path);
        }
        Self { by_name }
    }

    /// The newest file of this name.
    pub(in crate::parse) fn newest(&self, name: &str) -> Option<&String> {
        self.by_name.get(name).and_then(|paths| paths.first())
    }
}
