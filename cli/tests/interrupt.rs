//! A signal and a time limit end a run, and cargo and git with it.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A package, and a `cargo` that leaves its child's id in `child` and waits with it, for ever.
fn world() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = |path: &str| dir.path().join(path);
    fs::create_dir_all(at("package/src")).unwrap();
    fs::write(at("package/Cargo.toml"), "[package]\nname = \"waits\"\nversion = \"0.1.0\"\n").unwrap();
    fs::write(at("package/src/lib.rs"), "pub fn f() {}\n").unwrap();
    fs::create_dir(at("bin")).unwrap();
    let script = format!(
        "#!/bin/sh\nsleep 6000 &\necho $! > {0}/new && mv {0}/new {0}/child\nwait\n",
        dir.path().display()
    );
    fs::write(at("bin/cargo"), script).unwrap();
    fs::set_permissions(at("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

fn analyze(dir: &Path, arguments: &[&str]) -> Child {
    let path = format!("{}/bin:{}", dir.display(), std::env::var("PATH").unwrap());
    Command::new(env!("CARGO_BIN_EXE_split-advisor"))
        .args(["analyze", "package"])
        .args(arguments)
        .current_dir(dir)
        .env("PATH", path)
        // Set where a test is run by cargo, and obeyed.
        .env_remove("CARGO")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The child of the cargo that was asked, once there is one.
fn child_of_cargo(dir: &Path) -> String {
    let file = dir.join("child");
    while !file.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    fs::read_to_string(file).unwrap().trim().to_owned()
}

/// Waits until a process is gone, or a zombie that nobody has asked after.
fn wait_for_end(pid: &str) {
    let runs = || {
        let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        !state.is_empty() && !state.contains(") Z ")
    };
    while runs() {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_signal_ends_the_run_and_what_it_has_begun() {
    for signal in ["-INT", "-TERM"] {
        let dir = world();
        let run = analyze(dir.path(), &[]);
        let child = child_of_cargo(dir.path());
        assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
        let ended = run.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(130), "{signal}");
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(said.contains("cancelled") || said.contains("stopped by a signal"), "{signal}: {said}");
        wait_for_end(&child);
    }
}

#[test]
fn a_time_limit_ends_what_was_begun() {
    let dir = world();
    let run = analyze(dir.path(), &["--timeout", "0.5"]);
    let ended = run.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("it took more than 0.5 s"), "{said}");
    // On a busy machine the time may be up before cargo has begun.
    if dir.path().join("child").exists() {
        wait_for_end(&child_of_cargo(dir.path()));
    }
}
