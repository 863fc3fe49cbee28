//! A hostile input: the directory that it is, the command that is given it, and what has to come of it.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The most processor time of a case: of the program alone, since that does not depend on how busy the machine is.
const CPU: Duration = Duration::from_secs(5);
/// The longest that a case may take where nothing but waiting is left.
const WALL: Duration = Duration::from_secs(60);
/// The most memory that a case may have resident.
const MEMORY_KIB: u64 = 1 << 20;

type Setup = Box<dyn Fn(&Path) + Send + Sync>;

/// One input.
pub(crate) struct Case {
    name: String,
    /// Below the scene's directory; `{}` of the package by default.
    setup: Vec<Setup>,
    args: Vec<String>,
    path: Option<String>,
    stdin: Option<String>,
    full: bool,
    exit: i32,
    says: Vec<String>,
    silent: Vec<String>,
    kept: Vec<PathBuf>,
}

/// A case that analyses a package of two files, asked for JSON; it succeeds unless [`Case::fails`].
pub(crate) fn case(name: impl Into<String>) -> Case {
    let case = Case {
        name: name.into(),
        setup: Vec::new(),
        args: Vec::new(),
        path: None,
        stdin: None,
        full: false,
        exit: 0,
        says: Vec::new(),
        silent: Vec::new(),
        kept: Vec::new(),
    };
    case.args(&["analyze", "--format", "json"])
        .file("Cargo.toml", "[package]\nname = 'pit'\nversion = '0.1.0'\nedition = '2024'\n")
        .file("src/lib.rs", "pub mod m;\npub fn f() {}\n")
        .file("src/m.rs", "pub fn g() { crate::f() }\n")
}

impl Case {
    fn step(mut self, step: impl Fn(&Path) + Send + Sync + 'static) -> Self {
        self.setup.push(Box::new(step));
        self
    }

    pub(crate) fn file(self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        let (path, text) = (path.to_owned(), text.into());
        self.step(move |root| fs::write(cleared(root, &path), &text).unwrap())
    }

    pub(crate) fn link(self, path: &str, target: &str) -> Self {
        let (path, target) = (path.to_owned(), target.to_owned());
        self.step(move |root| symlink(&target, cleared(root, &path)).unwrap())
    }

    pub(crate) fn pipe(self, path: &str) -> Self {
        let path = path.to_owned();
        self.step(move |root| {
            let status = Command::new("mkfifo").arg(cleared(root, &path)).status().unwrap();
            assert!(status.success());
        })
    }

    pub(crate) fn socket(self, path: &str) -> Self {
        let path = path.to_owned();
        self.step(move |root| drop(UnixListener::bind(cleared(root, &path)).unwrap()))
    }

    pub(crate) fn dir(self, path: &str) -> Self {
        let path = path.to_owned();
        self.step(move |root| fs::create_dir_all(cleared(root, &path)).unwrap())
    }

    /// A file that says it has ten gigabytes and takes none.
    pub(crate) fn sparse(self, path: &str) -> Self {
        let path = path.to_owned();
        self.step(move |root| File::create(cleared(root, &path)).unwrap().set_len(10 << 30).unwrap())
    }

    pub(crate) fn script(self, path: &str, body: &str) -> Self {
        let (path, text) = (path.to_owned(), format!("#!/bin/sh\n{body}\n"));
        self.step(move |root| {
            let path = cleared(root, &path);
            fs::write(&path, &text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        })
    }

    /// Makes a repository of git with one commit.
    pub(crate) fn git(self) -> Self {
        self.step(|root| {
            for args in [
                &["init", "-q"][..],
                &["add", "Cargo.toml", "src"],
                &["-c", "user.name=n", "-c", "user.email=n@x", "commit", "-q", "--no-gpg-sign", "-m", "m"],
            ] {
                let mut command = Command::new("git");
                for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
                    command.env_remove(variable);
                }
                assert!(command.current_dir(root).args(args).status().unwrap().success());
            }
        })
    }

    /// A setting in git's configuration of the repository.
    pub(crate) fn setting(self, key: &str, value: &str) -> Self {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.step(move |root| {
            let value = value.replace("{}", root.to_str().unwrap());
            let args = ["config", &key, &value];
            assert!(Command::new("git").current_dir(root).args(args).status().unwrap().success());
        })
    }

    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.args = args.iter().map(|arg| (*arg).to_owned()).collect();
        self
    }

    pub(crate) fn arg(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    /// `PATH` in which it runs; `{}` stands for the package's directory, and what is usual follows at `+`.
    pub(crate) fn path(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.to_owned());
        self
    }

    /// Stdout is a full disk.
    pub(crate) fn full(mut self) -> Self {
        self.full = true;
        self
    }

    /// Ends with 2.
    pub(crate) fn fails(mut self) -> Self {
        self.exit = 2;
        self
    }

    /// Stdout or stderr has this.
    pub(crate) fn says(mut self, text: &str) -> Self {
        self.says.push(text.to_owned());
        self
    }

    /// Neither has that.
    pub(crate) fn never(mut self, text: &str) -> Self {
        self.silent.push(text.to_owned());
        self
    }

    /// Nothing is written to or beside `victim`, which lies beside the package.
    pub(crate) fn keeps(mut self, path: &str) -> Self {
        self.kept.push(path.into());
        self
    }

    /// What is wrong with how it went.
    fn run(&self) -> Result<(), String> {
        let scene = tempfile::tempdir().unwrap();
        let top = scene.path().canonicalize().unwrap();
        let root = top.join("repository");
        fs::create_dir(&root).unwrap();
        fs::write(top.join("victim"), "untouched").unwrap();
        fs::write(top.join("outside.rs"), "pub fn from_outside() {}\n").unwrap();
        self.setup.iter().for_each(|step| step(&root));
        let outcome = self.watch(&top, &root)?;
        let said = format!("{}\n{}", outcome.stderr, outcome.stdout);
        let end = |text: &str| text.chars().take(2_000).collect::<String>();
        if outcome.code != Some(self.exit) {
            return Err(format!("exit {:?}, not {}: {}", outcome.code, self.exit, end(&said)));
        }
        if let Some(missing) = self.says.iter().find(|text| !said.contains(*text)) {
            return Err(format!("doesn't say `{missing}`: {}", end(&said)));
        }
        if let Some(wrong) = self.silent.iter().find(|text| said.contains(*text)) {
            return Err(format!("says `{wrong}`: {}", end(&said)));
        }
        let untouched = fs::read_to_string(top.join("victim")).is_ok_and(|text| text == "untouched");
        if !untouched {
            return Err("what lies beside the repository was written to".to_owned());
        }
        match self.kept.iter().find(|path| root.join(path).exists()) {
            Some(made) => Err(format!("{} was made", made.display())),
            None => Ok(()),
        }
    }

    fn command(&self, top: &Path, root: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_split-advisor"));
        command.args(self.args.iter().map(|arg| arg.replace("{}", root.to_str().unwrap())));
        command.current_dir(root).env_remove("RUST_BACKTRACE");
        if let Some(path) = &self.path {
            let usual = std::env::var("PATH").unwrap_or_default();
            command.env("PATH", path.replace("{}", root.to_str().unwrap()).replace('+', &usual));
            command.env_remove("CARGO");
        }
        let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
        let kept = |name| Stdio::from(File::create(top.join(name)).unwrap());
        command.stdout(if self.full { full() } else { kept("stdout") }).stderr(kept("stderr"));
        let stdin = self.stdin.as_ref().map(|text| {
            fs::write(top.join("stdin"), text).unwrap();
            Stdio::from(File::open(top.join("stdin")).unwrap())
        });
        command.stdin(stdin.unwrap_or(Stdio::null()));
        command
    }

    fn watch(&self, top: &Path, root: &Path) -> Result<Outcome, String> {
        let mut child = self.command(top, root).spawn().unwrap();
        let start = Instant::now();
        let code = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status.code();
            }
            if let Some(excess) = excess(&child, start) {
                child.kill().unwrap();
                child.wait().unwrap();
                return Err(excess);
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        Ok(Outcome { code, stdout: text(&top.join("stdout")), stderr: text(&top.join("stderr")) })
    }
}

struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// The limit that a running child has passed.
fn excess(child: &Child, start: Instant) -> Option<String> {
    let file = |name: &str| fs::read_to_string(format!("/proc/{}/{name}", child.id())).unwrap_or_default();
    let status = file("status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak: u64 = peak.and_then(|kib| kib.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
    // After the name in brackets: user and system time are the 12th and 13th field, in ticks of 10 ms.
    let stat = file("stat");
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).into_iter().flatten();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    if peak > MEMORY_KIB {
        Some(format!("took {} MiB", peak >> 10))
    } else if Duration::from_millis(ticks * 10) > CPU {
        Some(format!("took {} s of processor time", ticks / 100))
    } else {
        (start.elapsed() > WALL).then(|| format!("was still waiting after {} s", WALL.as_secs()))
    }
}

fn text(path: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(path) {
        file.read_to_end(&mut bytes).unwrap();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A path of the scene with nothing at it and its directory made.
fn cleared(root: &Path, path: &str) -> PathBuf {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    match path.symlink_metadata() {
        Ok(data) if data.is_dir() => fs::remove_dir_all(&path).unwrap(),
        Ok(_) => fs::remove_file(&path).unwrap(),
        Err(_) => {}
    }
    path
}

/// Runs all, several at a time, and lists those that went wrong.
pub(crate) fn check(cases: &[Case]) {
    let (next, wrong) = (Mutex::new(cases.iter()), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let Some(case) = next.lock().unwrap().next() else { break };
                    if let Err(message) = case.run() {
                        wrong.lock().unwrap().push(format!("{}: {message}", case.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} went wrong:\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}
