//! `init`: a commented configuration.

use anyhow::bail;
use split_analyzer::config::{FILE_NAME, template};

use crate::args::InitArgs;
use crate::output::OutDir;
use crate::{Exit, diagnostics};

/// Writes the file, unless there is one.
pub(crate) fn run(args: &InitArgs) -> anyhow::Result<Exit> {
    if !args.path.is_dir() {
        bail!("{} is no directory", args.path.display());
    }
    let path = args.path.join(FILE_NAME);
    if !args.force && path.symlink_metadata().is_ok() {
        bail!("{} is there already: --force replaces it", path.display());
    }
    let (dir, name) = OutDir::of_file(&path, Some(&args.path))?;
    dir.write(name, |out| out.write_all(template().as_bytes()))?;
    diagnostics::note(&format!("wrote {}", path.display()));
    Ok(Exit::Done)
}
