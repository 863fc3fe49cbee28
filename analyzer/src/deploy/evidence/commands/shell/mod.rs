//! Shell commands as far as deployment files need them: words with their variables filled in, in the directory that `cd` leads
//! to. Every branch of a condition counts, loops over words that are known run once for each, and what only a shell could work
//! out is [`UNKNOWN`].

mod lex;
mod run;

use std::collections::BTreeMap;

use lex::{Lexer, Piece, Token};
use run::{Run, assignment};

/// Stands in a word for what is not known.
pub(in crate::deploy::evidence) const UNKNOWN: char = '\u{1}';

/// Values of variables; a value may have unknown parts.
pub(in crate::deploy::evidence) type Env = BTreeMap<String, String>;

/// Steps of one text: commands, and those that loops repeat. A choice, far above what people write.
const MOST_STEPS: u32 = 20_000;
/// Turns of one loop.
const MOST_TURNS: usize = 200;
/// Loops within loops, and texts within words.
const MOST_DEPTH: u32 = 8;
/// Characters of one word.
const MOST_CHARACTERS: usize = 20_000;

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::deploy::evidence) struct Command {
    /// Program and arguments.
    pub(in crate::deploy::evidence) words: Vec<String>,
    /// Line of the first word, from 1.
    pub(in crate::deploy::evidence) line: u32,
    /// Where it runs, as `cd` was written; `None` where that is unknown.
    pub(in crate::deploy::evidence) dir: Option<String>,
    /// Variables that hold for it.
    pub(in crate::deploy::evidence) env: Env,
}

/// What a text is read with.
#[derive(Debug, Clone, Default)]
pub(in crate::deploy::evidence) struct Shell {
    /// Variables at its beginning.
    pub(in crate::deploy::evidence) env: Env,
    /// What it is called with: `$1`, `$@`; `None` if nobody knows.
    pub(in crate::deploy::evidence) arguments: Option<Vec<String>>,
    /// Its working directory; `None` where that is unknown.
    pub(in crate::deploy::evidence) dir: Option<String>,
    /// Its first line.
    pub(in crate::deploy::evidence) line: u32,
    /// Whether lines that begin with `#` may stand within a continued command, as in a Dockerfile.
    pub(in crate::deploy::evidence) docker: bool,
}

impl Shell {
    /// The simple commands of a text, in their order.
    pub(in crate::deploy::evidence) fn read(&self, text: &str) -> Vec<Command> {
        let tokens = Lexer::new(text, self.line.max(1), self.docker).tokens();
        let arguments = self.arguments.iter().flatten().enumerate();
        let numbered = arguments.map(|(i, word)| ((i + 1).to_string(), word.clone()));
        let mut run = Run {
            env: self.env.iter().map(|(name, value)| (name.clone(), value.clone())).chain(numbered).collect(),
            arrays: self.arguments.iter().map(|words| ("@".to_owned(), words.clone())).collect(),
            dir: self.dir.clone(),
            outer: Vec::new(),
            steps: MOST_STEPS,
            found: Vec::new(),
        };
        run.all(&tokens, 0);
        run.found
    }
}

/// Whether all of a text is known.
pub(in crate::deploy::evidence) fn is_known(text: &str) -> bool {
    !text.contains(UNKNOWN)
}

/// A text with `$X`, `${X}` and `${X:-d}` filled in, as in an instruction of a Dockerfile: quotes and spaces stay.
pub(in crate::deploy::evidence) fn filled(text: &str, env: &Env) -> String {
    let mut lexer = Lexer::new(text, 1, false);
    let mut pieces = Vec::new();
    let mut literal = String::new();
    while let Some(c) = lexer.next() {
        match c {
            '$' => {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
                pieces.push(lexer.variable(true, 0));
            }
            '\\' if lexer.peek() == Some('$') => literal.extend(lexer.next()),
            c => literal.push(c),
        }
    }
    pieces.push(Piece::Text(literal));
    let run = Run { env: env.clone(), ..Run::default() };
    run.text(&pieces)
}

/// The pairs of `A=b C="d e"`, filled in.
pub(in crate::deploy::evidence) fn assignments(text: &str, env: &Env) -> Vec<(String, String)> {
    let run = Run { env: env.clone(), ..Run::default() };
    let mut found = Vec::new();
    for token in Lexer::new(text, 1, true).tokens() {
        if let Token::Word(pieces, _) = token {
            let word = run.text(&pieces);
            found.push(assignment(&word).unwrap_or((word, String::new())));
        }
    }
    found
}

/// The path of a directory seen from another one; `None` if either is unknown.
pub(in crate::deploy::evidence) fn joined(dir: Option<&str>, path: &str) -> Option<String> {
    if !is_known(path) {
        return None;
    }
    if path.starts_with('/') {
        return Some(tidy(path));
    }
    let dir = dir?;
    Some(if dir.is_empty() { tidy(path) } else { tidy(&format!("{dir}/{path}")) })
}

/// A path without `.`, `..` and doubled slashes; a leading slash stays.
pub(in crate::deploy::evidence) fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let rest = parts.join("/");
    if path.starts_with('/') { format!("/{rest}") } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commands, one a line, with `?` for what is not known; `[dir]` in front where it is not the first one.
    fn read(text: &str, env: &[(&str, &str)]) -> String {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let shell = Shell { env, dir: Some(String::new()), line: 1, docker: true, ..Shell::default() };
        let line = |command: Command| {
            let dir = match command.dir.as_deref() {
                Some("") => String::new(),
                Some(dir) => format!("[{dir}] "),
                None => "[?] ".to_owned(),
            };
            dir + &command.words.join(" ").replace(UNKNOWN, "?")
        };
        shell.read(text).into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn commands_are_read() {
        for (text, expected) in [
            ("cargo build --bin a && cp x y", "cargo build --bin a\ncp x y"),
            ("cargo build \\\n  # why\n  --bin a \\\n\n  --bin b", "cargo build --bin a --bin b"),
            ("cd prover && cargo build; ls", "[prover] cargo build\n[prover] ls"),
            ("(cd a && x) && y", "[a] x\ny"),
            ("cd a/../b/./c && x", "[b/c] x"),
            ("cd $HOME && x", "[?] x"),
            ("A=b cargo run", "cargo run"),
            ("A=b; cargo -p $A", "cargo -p b"),
            ("export A=b\ncargo -p \"x-$A\"", "cargo -p x-b"),
            ("cargo -p ${A:-d} ${B-e} ${C:+f} g", "cargo -p d e g"),
            ("cargo -p ${A:-x-${B:-y}}", "cargo -p x-y"),
            ("cargo -p $A", "cargo -p ?"),
            ("x $(git rev-parse \")\" HEAD) `y` z", "x ? ? z"),
            ("x ${A/b/c} ${#A} ${A%%.*}", "x ? ? ?"),
            ("x 'a $b' \"c 'd'\" e\\ f", "x a $b c 'd' e f"),
            ("x > out 2>&1 < in && y 2> z", "x\ny"),
            ("cat <<EOF > f\ncargo build\nEOF\nx", "cat\nx"),
            ("if [ -s f ]; then x; else y; fi", "x\ny"),
            ("case \"$1\" in a) x ;; b|c) y ;; esac", "x\ny"),
            ("for b in one two; do cargo --bin $b; done; z", "cargo --bin one\ncargo --bin two\nz"),
            ("for b in $LIST; do x $b; done", "x ?"),
            ("f() { x; }\ny", "x\ny"),
            ("a=(--bin x)\na+=(--bin y)\ncargo build \"${a[@]}\" z", "cargo build --bin x --bin y z"),
            ("# x\ny # z", "y"),
            ("echo cargo build; printf x", ""),
            ("", ""),
            ("\"", ""),
            ("$(((", "?"),
            ("x ${", "x ?"),
        ] {
            assert_eq!(read(text, &[]), expected, "{text}");
        }
    }

    #[test]
    fn variables_are_filled_in() {
        let env = [("A", "--bin a --bin b"), ("1", "one"), ("E", "")];
        let called = Shell { arguments: Some(vec!["a b".to_owned(), "c".to_owned()]), ..Shell::default() };
        assert_eq!(called.read("x \"$@\"; shift; y $1 $@")[0].words, ["x", "a b", "c"]);
        assert_eq!(called.read("x \"$@\"; shift; y $1 $@")[1].words, ["y", "c", "c"]);
        for (text, expected) in [
            ("cargo $A x", "cargo --bin a --bin b x"),
            ("cargo \"$A\" x", "cargo --bin a --bin b x"),
            ("x $1 $2", "x one ?"),
            ("shift; x $1", "x ?"),
            ("x $E ${E:-d} \"$E\" y", "x d  y"),
        ] {
            assert_eq!(read(text, &env), expected, "{text}");
        }
        let words = Shell { env: BTreeMap::from([("A".to_owned(), "a b".to_owned())]), ..Shell::default() };
        assert_eq!(words.read("x \"$A\" $A")[0].words, ["x", "a b", "a", "b"]);
        let env: Env = BTreeMap::from([("V".to_owned(), "1".to_owned())]);
        assert_eq!(filled("a:$V-${W:-x} \\$V", &env), "a:1-x $V");
    }

    #[test]
    fn what_is_written_to_last_for_ever_ends() {
        let nested = "for a in 1 2 3 4 5 6 7 8 9; do ".repeat(12) + "x; " + &"done; ".repeat(12);
        assert!(Shell::default().read(&nested).len() <= MOST_STEPS as usize);
        let deep = "${A:-".repeat(5_000);
        assert!(!Shell::default().read(&format!("x {deep}")).is_empty());
        let doubling = "A=xxxxxxxxxx\n".to_owned() + &"A=$A$A$A$A\n".repeat(40) + "y $A";
        assert!(Shell::default().read(&doubling)[0].words[1].len() <= MOST_CHARACTERS);
    }
}
