//! What the command line says of itself for shells and for `man`: made from the same definitions as `--help`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Cli;
use crate::examples::EXIT_CODES;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell that completes
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command [default: the page of split-advisor itself]
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub(crate) command: Option<String>,
    /// Write the pages of all commands into this directory
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// A page of the manual.
pub(crate) struct ManualPage {
    /// `split-advisor-check`
    pub(crate) name: String,
    /// In roff.
    pub(crate) text: Vec<u8>,
}

/// Writes the script that a shell reads.
pub(crate) fn completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    // clap_complete 4.6 calls a program with a hyphen in its name one thing where bash looks for a command, another where it answers.
    let script = match shell {
        Shell::Bash => String::from_utf8_lossy(&script).replace("split__subcmd__advisor", "split__advisor"),
        _ => String::from_utf8_lossy(&script).into_owned(),
    };
    out.write_all(script.as_bytes())
}

/// The pages of split-advisor, then of its commands.
///
/// # Errors
/// None: they are written to memory.
pub(crate) fn manual_pages() -> io::Result<Vec<ManualPage>> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let commands: Vec<Command> = root.get_subcommands().cloned().collect();
    let mut pages = vec![page(&root, &commands)?];
    for command in &commands {
        pages.push(page(command, &[])?);
    }
    Ok(pages)
}

/// The sections that clap knows, then what `--help` shows below the options: as it is written there, not filled.
fn page(command: &Command, below: &[Command]) -> io::Result<ManualPage> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let source = format!("split-advisor {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual("split-advisor");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if !below.is_empty() {
        man.render_subcommands_section(&mut text)?;
    }
    let mut more = Roff::new();
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    if after != EXIT_CODES {
        after_help(&after, &mut more);
    }
    more.control("SH", ["EXIT STATUS"]);
    more.text([roman(EXIT_CODES.trim_start_matches("Exit codes: "))]);
    if below.is_empty() {
        more.control("SH", ["SEE ALSO"]);
        more.text([bold("split-advisor"), roman("(1)")]);
    }
    more.to_writer(&mut text)?;
    Ok(ManualPage { name, text })
}

/// Indented lines are kept as they are; `Examples:` begins a section, and so does the first text after it.
fn after_help(after: &str, page: &mut Roff) {
    let mut section = "";
    let mut kept = false;
    for line in after.lines() {
        let wanted = if line == "Examples:" || (section == "EXAMPLES" && line.starts_with(' ')) {
            "EXAMPLES"
        } else if line.is_empty() {
            section
        } else {
            "NOTES"
        };
        let keep = line.starts_with(' ');
        if kept && (!keep || wanted != section) {
            page.control("fi", []);
            kept = false;
        }
        if wanted != section {
            page.control("SH", [wanted]);
            section = wanted;
        }
        match line {
            "Examples:" => continue,
            "" => page.control("PP", []),
            line => {
                if keep && !kept {
                    page.control("nf", []);
                    kept = true;
                }
                page.text([roman(line.strip_prefix("  ").unwrap_or(line))])
            }
        };
    }
    if kept {
        page.control("fi", []);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> String {
        let pages = manual_pages().unwrap();
        let page = pages.iter().find(|page| page.name == name).unwrap();
        String::from_utf8(page.text.clone()).unwrap()
    }

    #[test]
    fn every_command_has_a_page_and_examples() {
        let pages = manual_pages().unwrap();
        let commands = Cli::command();
        assert_eq!(pages.len(), 1 + commands.get_subcommands().count());
        for command in commands.get_subcommands() {
            let page = text(&format!("split-advisor-{}", command.get_name()));
            assert!(page.contains(".SH EXAMPLES\n.nf\nsplit\\-advisor"), "{page}");
            assert!(page.contains(".SH \"EXIT STATUS\"") && page.contains(".SH \"SEE ALSO\""), "{page}");
            assert_eq!(page.matches("\n.nf\n").count(), page.matches("\n.fi\n").count(), "{page}");
        }
        assert!(text("split-advisor").contains("split\\-advisor\\-check(1)"));
    }

    #[test]
    fn what_is_indented_is_kept_as_it_is() {
        let mut page = Roff::new();
        after_help("Examples:\n  a  b\n  c\n\nSome\ntext.\n\nx.toml:\n  [y]\n\nMore.", &mut page);
        let text = page.render();
        let body = text.split(".SH EXAMPLES\n").nth(1).unwrap();
        assert_eq!(
            body,
            ".nf\na  b\nc\n.fi\n.PP\n.SH NOTES\nSome\ntext.\n.PP\nx.toml:\n.nf\n[y]\n.fi\n.PP\nMore.\n"
        );
    }

    #[test]
    fn each_shell_gets_a_script_with_every_command() {
        for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh] {
            let mut script = Vec::new();
            completions(shell, &mut script).unwrap();
            let script = String::from_utf8(script).unwrap();
            for command in Cli::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
            assert!(script.contains("allow-degraded"), "{shell}");
        }
    }
}
