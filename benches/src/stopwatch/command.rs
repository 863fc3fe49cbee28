//! `stopwatch`: what cargo takes on the wall for the builds that `what-if` predicts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

/// Arguments of `stopwatch`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The checkout
    dir: PathBuf,
    /// What cargo is asked for
    #[arg(long, default_value = "check")]
    mode: String,
    /// Parallel jobs
    #[arg(long, default_value = "2")]
    jobs: String,
    /// Packages of the workspace: what a clean build builds
    #[arg(long, value_delimiter = ',', required = true)]
    members: Vec<String>,
    /// Files to add a function to, each followed by a rebuild
    #[arg(long, value_delimiter = ',')]
    edits: Vec<PathBuf>,
    /// Clean builds
    #[arg(long, default_value = "2")]
    rounds: u32,
    /// Build once more with one job and keep cargo's page of timings here
    #[arg(long)]
    timings: Option<PathBuf>,
    /// More arguments for cargo
    #[arg(last = true)]
    cargo_arguments: Vec<String>,
}

/// What an edit adds to a file: a function that code generation has to look at.
const EDIT: &str =
    "\n#[doc(hidden)]\npub fn __edit(x: usize) -> usize {\n    core::hint::black_box(x) + 1\n}\n";

/// Prints a line for each build: what, and its seconds from the call of cargo to its end.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    args.cargo(&args.jobs, &[])?;
    println!("nothing to do\t{:.2}", args.cargo(&args.jobs, &[])?);
    if let Some(page) = &args.timings {
        args.clean()?;
        println!("clean -j1\t{:.2}", args.cargo("1", &["--timings"])?);
        fs::copy(args.newest_page()?, page).with_context(|| page.display().to_string())?;
    }
    for _ in 0..args.rounds {
        args.clean()?;
        println!("clean -j{}\t{:.2}", args.jobs, args.cargo(&args.jobs, &[])?);
    }
    for file in &args.edits {
        println!("{}\t{:.2}", file.display(), args.edit(file)?);
    }
    Ok(())
}

impl Args {
    /// Seconds of one call.
    fn cargo(&self, jobs: &str, more: &[&str]) -> anyhow::Result<f64> {
        let mut command = self.command();
        command.args([self.mode.as_str(), "--offline", "-j", jobs]).args(more).args(&self.cargo_arguments);
        let start = Instant::now();
        let output = command.output()?;
        let seconds = start.elapsed().as_secs_f64();
        if !output.status.success() {
            bail!("cargo {}: {}", self.mode, String::from_utf8_lossy(&output.stderr));
        }
        Ok(seconds)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.dir).stdin(Stdio::null());
        command
    }

    fn clean(&self) -> anyhow::Result<()> {
        let packages = self.members.iter().flat_map(|name| ["-p", name]);
        let status = self.command().args(["clean", "--quiet", "--offline"]).args(packages).status()?;
        if !status.success() {
            bail!("cargo clean: {status}");
        }
        Ok(())
    }

    /// Seconds of the rebuild after an edit; the file, and what cargo made of it, are put back.
    fn edit(&self, file: &Path) -> anyhow::Result<f64> {
        let path = self.dir.join(file);
        let before = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        fs::write(&path, format!("{before}{EDIT}"))?;
        let seconds = self.cargo(&self.jobs, &[]);
        fs::write(&path, before)?;
        self.cargo(&self.jobs, &[])?;
        seconds
    }

    /// The page that cargo wrote last.
    fn newest_page(&self) -> anyhow::Result<PathBuf> {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.dir.join("target"), PathBuf::from);
        let pages = fs::read_dir(target.join("cargo-timings"))?.filter_map(Result::ok);
        let newest = pages.max_by_key(|page| page.metadata().and_then(|m| m.modified()).ok());
        Ok(newest.context("a page of timings")?.path())
    }
}
