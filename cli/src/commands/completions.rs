//! `completions`: a script for a shell.

use crate::Exit;
use crate::args::{CompletionsArgs, completions};
use crate::output::to_stdout;

/// Writes the script.
pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    to_stdout(|out| completions(args.shell, out))?;
    Ok(Exit::Done)
}
