//! `man`: the manual.

use anyhow::bail;

use crate::args::{ManArgs, ManualPage, manual_pages};
use crate::output::{OutDir, to_stdout};
use crate::{Exit, diagnostics};

/// Writes one page to stdout, or all of them into a directory.
pub(crate) fn run(args: &ManArgs) -> anyhow::Result<Exit> {
    let pages = manual_pages()?;
    if let Some(dir) = &args.out {
        let out = OutDir::new(dir, None)?;
        for ManualPage { name, text } in &pages {
            out.write(format!("{name}.1"), |out| out.write_all(text))?;
        }
        diagnostics::note(&format!("{} pages in {}", pages.len(), dir.display()));
        return Ok(Exit::Done);
    }
    let wanted = match &args.command {
        Some(command) => format!("split-advisor-{command}"),
        None => "split-advisor".to_owned(),
    };
    let Some(page) = pages.iter().find(|page| page.name == wanted) else {
        let known: Vec<&str> =
            pages.iter().filter_map(|page| page.name.strip_prefix("split-advisor-")).collect();
        bail!(
            "no command `{}`; there are: {}",
            args.command.as_deref().unwrap_or_default(),
            known.join(", ")
        );
    };
    to_stdout(|out| out.write_all(&page.text))?;
    Ok(Exit::Done)
}
