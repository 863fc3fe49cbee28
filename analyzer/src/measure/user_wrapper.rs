//! The wrapper of rustc that the user already has, which keeps its place behind ours.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use crate::base::{FileTree, ReadOptions};
use crate::discover::cargo_home;

/// The user's wrapper for a build in a directory, as cargo finds it: `RUSTC_WRAPPER`, `CARGO_BUILD_RUSTC_WRAPPER`,
/// then `build.rustc-wrapper` of the nearest configuration file, the home's last. An empty value switches it off.
pub(super) fn user_wrapper(dir: &Path) -> Option<OsString> {
    wrapper(dir, ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"], "rustc-wrapper")
}

/// The same for the wrapper of the workspace's own crates.
pub(super) fn user_workspace_wrapper(dir: &Path) -> Option<OsString> {
    let variables = ["RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER"];
    wrapper(dir, variables, "rustc-workspace-wrapper")
}

fn wrapper(dir: &Path, variables: [&str; 2], key: &str) -> Option<OsString> {
    let set = variables.into_iter().find_map(env::var_os);
    let found = set.or_else(|| from_files(dir, cargo_home().as_deref(), key));
    found.filter(|wrapper| !wrapper.is_empty())
}

fn from_files(dir: &Path, home: Option<&Path>, key: &str) -> Option<OsString> {
    let dirs = dir.ancestors().map(|dir| dir.join(".cargo"));
    dirs.chain(home.map(Path::to_owned)).find_map(|dir| from_dir(&dir, key))
}

/// The setting in a `.cargo` directory; `config` goes before `config.toml`, as in cargo.
fn from_dir(dir: &Path, key: &str) -> Option<OsString> {
    let files = FileTree::everywhere(&ReadOptions::default());
    let text = ["config", "config.toml"].iter().find_map(|f| files.read_text(&dir.join(f)).ok())?;
    let table: toml::Table = text.parse().ok()?;
    let wrapper = table.get("build")?.get(key)?.as_str()?;
    // With a slash it is relative to the directory that holds `.cargo`, without one it is searched in PATH.
    let is_path = wrapper.contains(['/', '\\']);
    let base = dir.parent().filter(|_| is_path);
    Some(base.map_or_else(|| wrapper.into(), |base| base.join(wrapper).into_os_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_wins_and_paths_are_relative_to_its_directory() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("home/config.toml", "[build]\nrustc-wrapper = 'sccache'\n");
        write("a/.cargo/config.toml", "[build]\nrustc-wrapper = 'tools/wrap'\n");
        write("a/b/.cargo/config.toml", "[net]\noffline = true\n");
        write("c/.cargo/config", "[build]\nrustc-wrapper = ''\n");
        write("d/.cargo/config.toml", "not toml");
        let home = root.path().join("home");
        let found = |dir: &str, home: Option<&Path>| {
            from_files(&root.path().join(dir), home, "rustc-wrapper")
                .map(|w| w.to_string_lossy().into_owned())
        };
        assert_eq!(found("a/b", Some(&home)), Some(root.path().join("a/tools/wrap").display().to_string()));
        assert_eq!(found("x", Some(&home)).as_deref(), Some("sccache"));
        assert_eq!(found("d", Some(&home)).as_deref(), Some("sccache"));
        assert_eq!(found("c", Some(&home)).as_deref(), Some(""));
        assert_eq!(found("x", None), None);
    }
}
