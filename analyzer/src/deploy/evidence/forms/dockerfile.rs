//! A Dockerfile as stages of the instructions that matter here.

use parse_dockerfile::{Command, Instruction, Source, parse_iter};

/// A recipe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::deploy::evidence) struct Recipe {
    /// `ARG`s before the first stage, as written.
    pub(in crate::deploy::evidence) globals: Vec<String>,
    pub(in crate::deploy::evidence) stages: Vec<Stage>,
    /// Where it is not understood, and why; what stands before counts.
    pub(in crate::deploy::evidence) error: Option<(u32, String)>,
}

/// A stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::deploy::evidence) struct Stage {
    /// The image or stage that it begins with, as written.
    pub(in crate::deploy::evidence) from: String,
    pub(in crate::deploy::evidence) name: Option<String>,
    pub(in crate::deploy::evidence) steps: Vec<(u32, Step)>,
}

/// An instruction; texts are as written, variables not filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::deploy::evidence) enum Step {
    Arg(String),
    Env(String),
    Workdir(String),
    Run(Words),
    Copy { from: Option<String>, sources: Vec<String>, to: String },
    Entrypoint(Words),
    Cmd(Words),
}

/// The two ways to write a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::deploy::evidence) enum Words {
    Exec(Vec<String>),
    Shell(String),
}

impl Recipe {
    /// Reads a file.
    pub(in crate::deploy::evidence) fn read(text: &str) -> Self {
        let mut recipe = Self::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = Lines::new(text);
        let instructions = match parse_iter(text) {
            Ok(instructions) => instructions,
            Err(error) => return Self { error: Some((line_of(&error), error.to_string())), ..recipe },
        };
        for instruction in instructions {
            match instruction {
                Ok(instruction) => recipe.add(instruction, &lines),
                Err(error) => {
                    recipe.error = Some((line_of(&error), error.to_string()));
                    break;
                }
            }
        }
        recipe
    }

    fn add(&mut self, instruction: Instruction<'_>, lines: &Lines) {
        let (start, step) = match instruction {
            Instruction::From(from) => {
                let name = from.as_.map(|(_, name)| name.value.into_owned());
                self.stages.push(Stage { from: from.image.value.into_owned(), name, steps: Vec::new() });
                return;
            }
            Instruction::Arg(arg) if self.stages.is_empty() => {
                self.globals.push(arg.arguments.value.into_owned());
                return;
            }
            Instruction::Arg(arg) => (arg.arg.span.start, Step::Arg(arg.arguments.value.into_owned())),
            Instruction::Env(env) => (env.env.span.start, Step::Env(env.arguments.value.into_owned())),
            Instruction::Workdir(dir) => {
                (dir.workdir.span.start, Step::Workdir(dir.arguments.value.into_owned()))
            }
            Instruction::Run(run) => {
                let start = match &run.arguments {
                    Command::Shell(text) if !text.value.trim().is_empty() => text.span.start,
                    _ => run.run.span.start,
                };
                let documents: Vec<&str> = run.here_docs.iter().map(|doc| &*doc.value).collect();
                let words = match words(run.arguments) {
                    // `RUN <<EOF` is a script.
                    Words::Shell(text) if !documents.is_empty() => {
                        let first = text.lines().next().unwrap_or_default();
                        let first = if first.trim_start().starts_with("<<") { "" } else { first };
                        Words::Shell(format!("{first}\n{}", documents.join("\n")))
                    }
                    words => words,
                };
                // Options before the command may stand on lines of their own.
                (start, Step::Run(words))
            }
            Instruction::Copy(copy) => {
                let from = copy.options.iter().find(|option| option.name.value == "from");
                let from = from.and_then(|option| Some(option.value.as_ref()?.value.clone().into_owned()));
                let to = copy.dest.value.into_owned();
                (copy.copy.span.start, Step::Copy { from, sources: paths(&copy.src), to })
            }
            Instruction::Add(add) => {
                let to = add.dest.value.into_owned();
                (add.add.span.start, Step::Copy { from: None, sources: paths(&add.src), to })
            }
            Instruction::Entrypoint(entrypoint) => {
                (entrypoint.entrypoint.span.start, Step::Entrypoint(words(entrypoint.arguments)))
            }
            Instruction::Cmd(cmd) => (cmd.cmd.span.start, Step::Cmd(words(cmd.arguments))),
            _ => return,
        };
        if let Some(stage) = self.stages.last_mut() {
            stage.steps.push((lines.of(start), step));
        }
    }
}

fn words(command: Command<'_>) -> Words {
    match command {
        Command::Exec(words) => {
            Words::Exec(words.value.into_iter().map(|word| word.value.into_owned()).collect())
        }
        Command::Shell(text) => Words::Shell(text.value.to_owned()),
        _ => Words::Shell(String::new()),
    }
}

fn paths(sources: &[Source<'_>]) -> Vec<String> {
    let paths = sources.iter().filter_map(|source| match source {
        Source::Path(path) => Some(path.value.clone().into_owned()),
        _ => None,
    });
    paths.collect()
}

/// Where each line begins.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn of(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|&end| end < offset) + 1).unwrap_or(u32::MAX)
    }
}

fn line_of(error: &parse_dockerfile::Error) -> u32 {
    u32::try_from(error.line()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_have_their_lines() {
        let text = "ARG V=1\nFROM rust:$V AS build\nWORKDIR /app\nCOPY . .\nARG BIN=web\nENV A=b C=\"d e\"\n\
                    RUN cargo build \\\n  --bin $BIN\n\nFROM debian\nCOPY --from=build --chmod=755 /app/x /usr/bin/\n\
                    ENTRYPOINT [\"x\", \"-a\"]\nCMD serve now\n";
        let recipe = Recipe::read(text);
        assert_eq!(recipe.error, None);
        assert_eq!(recipe.globals, ["V=1"]);
        let [build, last] = recipe.stages.as_slice() else { panic!("{recipe:?}") };
        assert_eq!((build.from.as_str(), build.name.as_deref()), ("rust:$V", Some("build")));
        let copy = Step::Copy { from: None, sources: vec![".".into()], to: ".".into() };
        assert_eq!(build.steps[..2], [(3, Step::Workdir("/app".into())), (4, copy)]);
        assert_eq!(
            build.steps[2..4],
            [(5, Step::Arg("BIN=web".into())), (6, Step::Env("A=b C=\"d e\"".into()))]
        );
        let (7, Step::Run(Words::Shell(run))) = &build.steps[4] else { panic!("{:?}", build.steps) };
        assert!(run.contains("--bin $BIN"), "{run}");
        let from = Some("build".to_owned());
        let copy = Step::Copy { from, sources: vec!["/app/x".into()], to: "/usr/bin/".into() };
        let entry = Step::Entrypoint(Words::Exec(vec!["x".into(), "-a".into()]));
        assert_eq!(last.steps[..2], [(11, copy), (12, entry)]);
        assert_eq!(last.steps[2], (13, Step::Cmd(Words::Shell("serve now".into()))));
    }

    #[test]
    fn here_documents_are_scripts() {
        let recipe = Recipe::read("FROM x\nRUN <<EOF\ncargo build --bin a\nEOF\nCMD a\n");
        let (2, Step::Run(Words::Shell(text))) = &recipe.stages[0].steps[0] else { panic!("{recipe:?}") };
        assert_eq!(text.trim(), "cargo build --bin a");
        assert_eq!(recipe.stages[0].steps.len(), 2);
    }

    #[test]
    fn what_stands_before_an_error_counts() {
        let recipe = Recipe::read("FROM x\nRUN a\nNONSENSE b\nRUN c\n");
        assert_eq!(recipe.stages[0].steps.len(), 1);
        assert_eq!(recipe.error.map(|(line, _)| line), Some(3));
        assert!(Recipe::read("").error.is_some());
        assert!(Recipe::read(&"ONBUILD ".repeat(50_000)).error.is_some());
    }
}
