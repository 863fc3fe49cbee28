//! A run over the tokens: variables, directories and loops, and the simple commands that come of it.

use std::collections::BTreeMap;

use super::lex::{Otherwise, Piece, Token, is_name};
use super::{Command, Env, MOST_CHARACTERS, MOST_DEPTH, MOST_TURNS, UNKNOWN, joined};

/// What is known while commands are read.
#[derive(Default)]
pub(super) struct Run {
    pub(super) env: Env,
    pub(super) arrays: BTreeMap<String, Vec<String>>,
    pub(super) dir: Option<String>,
    /// Directories of the shells around a subshell.
    pub(super) outer: Vec<Option<String>>,
    pub(super) steps: u32,
    pub(super) found: Vec<Command>,
}

impl Run {
    pub(super) fn all(&mut self, tokens: &[Token], depth: u32) {
        let mut at = 0;
        let mut words: Vec<String> = Vec::new();
        let mut line = 0;
        while at < tokens.len() && self.steps > 0 {
            match &tokens[at] {
                Token::Word(pieces, word_line) => {
                    if words.is_empty() {
                        line = *word_line;
                    }
                    self.words(pieces, &mut words);
                    if words.first().is_some_and(|word| word == "for") && words.len() == 1 {
                        at = self.repeat(tokens, at + 1, depth);
                        words.clear();
                        continue;
                    }
                    if words.len() == 1 && is_reserved(&words[0]) {
                        words.clear();
                    }
                    if words.len() == 3 && words[0] == "case" && words[2] == "in" {
                        words.clear();
                        at = after_pattern(tokens, at + 1);
                        continue;
                    }
                }
                Token::Array { name, more, items } => {
                    let mut values = Vec::new();
                    items.iter().for_each(|item| self.words(item, &mut values));
                    let array = self.arrays.entry(name.clone()).or_default();
                    if !more {
                        array.clear();
                    }
                    array.extend(values.into_iter().take(MOST_TURNS));
                }
                Token::End => self.end(&mut words, line),
                Token::Branch => {
                    self.end(&mut words, line);
                    at = after_pattern(tokens, at + 1);
                    continue;
                }
                Token::Open => {
                    if matches!(tokens.get(at + 1), Some(Token::Close)) {
                        // `name()` begins a function, whose body counts where it stands.
                        words.clear();
                        at += 1;
                    } else {
                        self.end(&mut words, line);
                        self.outer.push(self.dir.clone());
                    }
                }
                Token::Close => match self.outer.pop() {
                    Some(dir) => {
                        self.end(&mut words, line);
                        self.dir = dir;
                    }
                    // A pattern of `case`.
                    None => words.clear(),
                },
                Token::Redirection => at += usize::from(matches!(tokens.get(at + 1), Some(Token::Word(..)))),
            }
            at += 1;
        }
        self.end(&mut words, line);
    }

    /// `for X in …; do …; done`, from behind `for`; gives where it goes on.
    fn repeat(&mut self, tokens: &[Token], start: usize, depth: u32) -> usize {
        let is = |token: &Token, word: &str| matches!(token, Token::Word(pieces, _) if matches!(pieces.as_slice(), [Piece::Text(text)] if text == word));
        let begin = (start..tokens.len()).find(|&at| is(&tokens[at], "do"));
        let Some(begin) = begin else { return tokens.len() };
        let mut open = 1;
        let end = (begin + 1..tokens.len()).find(|&at| {
            open += i32::from(is(&tokens[at], "do"));
            open -= i32::from(is(&tokens[at], "done"));
            open == 0
        });
        let end = end.unwrap_or(tokens.len());
        let mut head: Vec<String> = Vec::new();
        for token in &tokens[start..begin] {
            if let Token::Word(pieces, _) = token {
                self.words(pieces, &mut head);
            }
        }
        let name = head.first().cloned().unwrap_or_default();
        let values = match head.get(1).map(String::as_str) {
            Some("in") => head.split_off(2),
            _ => self.arrays.get("@").cloned().unwrap_or_default(),
        };
        let values = if values.is_empty() { vec![UNKNOWN.to_string()] } else { values };
        for value in values.into_iter().take(MOST_TURNS) {
            if depth < MOST_DEPTH {
                self.env.insert(name.clone(), value);
                self.all(&tokens[begin + 1..end], depth + 1);
            }
        }
        (end + 1).min(tokens.len())
    }

    /// The words that one word becomes: variables that are not quoted are taken apart at spaces.
    fn words(&self, pieces: &[Piece], words: &mut Vec<String>) {
        // What is assigned is not taken apart.
        if matches!(pieces, [Piece::Text(text), _, ..] if text.ends_with('=') && assignment(text).is_some()) {
            words.push(self.text(pieces));
            return;
        }
        let mut word = String::new();
        let mut any = pieces.is_empty();
        for piece in pieces {
            match piece {
                Piece::Variable { name, .. } if self.arrays.contains_key(name) => {
                    for (i, item) in self.arrays[name].iter().enumerate() {
                        if i > 0 {
                            words.push(std::mem::take(&mut word));
                        }
                        word.push_str(item);
                        any = true;
                    }
                }
                Piece::Variable { quoted: false, .. } => {
                    let value = self.text(std::slice::from_ref(piece));
                    if value.starts_with(char::is_whitespace) && any {
                        words.push(std::mem::take(&mut word));
                        any = false;
                    }
                    for (i, part) in value.split_whitespace().enumerate() {
                        if i > 0 {
                            words.push(std::mem::take(&mut word));
                        }
                        word.push_str(part);
                        any = true;
                    }
                }
                piece => {
                    word.push_str(&self.text(std::slice::from_ref(piece)));
                    any = true;
                }
            }
        }
        if any {
            words.push(word.chars().take(MOST_CHARACTERS).collect());
        }
    }

    pub(super) fn text(&self, pieces: &[Piece]) -> String {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Unknown => text.push(UNKNOWN),
                Piece::Variable { name, otherwise, .. } => {
                    let value = self.env.get(name).filter(|value| !value.is_empty());
                    match (value, otherwise) {
                        (Some(_), Otherwise::Instead(word)) => text.push_str(&self.text(word)),
                        (None, Otherwise::Instead(_)) => {}
                        (Some(value), _) => text.push_str(value),
                        (None, Otherwise::Default(word)) => text.push_str(&self.text(word)),
                        (None, Otherwise::Nothing) if self.env.contains_key(name) => {}
                        (None, Otherwise::Nothing) => text.push(UNKNOWN),
                    }
                }
            }
            if text.len() > MOST_CHARACTERS {
                break;
            }
        }
        text
    }

    /// A simple command is complete.
    fn end(&mut self, words: &mut Vec<String>, line: u32) {
        let mut words = std::mem::take(words);
        self.steps = self.steps.saturating_sub(1);
        let assigned = words.iter().take_while(|word| assignment(word).is_some()).count();
        let rest = words.split_off(assigned);
        let own: Vec<(String, String)> = words.iter().filter_map(|word| assignment(word)).collect();
        let Some(program) = rest.first() else {
            self.env.extend(own);
            return;
        };
        match program.as_str() {
            "export" | "local" | "declare" | "readonly" | "typeset" | "set"
                if self.sets(program, &rest[1..]) => {}
            "read" => {
                for name in rest[1..].iter().filter(|word| is_name(word)) {
                    self.env.insert(name.clone(), UNKNOWN.to_string());
                }
            }
            "case" | "esac" | "fi" | "done" | "}" | "[" | "[[" | "test" | ":" | "true" | "echo"
            | "printf" => {}
            "cd" | "pushd" => {
                let to = rest[1..].iter().find(|word| !word.starts_with('-'));
                self.dir = to.and_then(|to| joined(self.dir.as_deref(), to));
            }
            "shift" => self.shift(),
            _ => {
                let mut env = self.env.clone();
                env.extend(own);
                self.found.push(Command { words: rest, line, dir: self.dir.clone(), env });
            }
        }
    }

    fn sets(&mut self, program: &str, words: &[String]) -> bool {
        if program == "set" {
            return true;
        }
        self.env.extend(words.iter().filter_map(|word| assignment(word)));
        true
    }

    fn shift(&mut self) {
        if let Some(all) = self.arrays.get_mut("@").filter(|all| !all.is_empty()) {
            all.remove(0);
        }
        let mut at = 1_u32;
        while let Some(value) = self.env.get(&(at + 1).to_string()).cloned() {
            self.env.insert(at.to_string(), value);
            at += 1;
        }
        self.env.remove(&at.to_string());
    }
}

/// Behind the `)` of a pattern of `case`, or where `esac` stands instead.
fn after_pattern(tokens: &[Token], start: usize) -> usize {
    let ends = |token: &Token| matches!(token, Token::Word(pieces, _) if matches!(pieces.as_slice(), [Piece::Text(text)] if text == "esac"));
    let end = tokens[start..].iter().position(|token| *token == Token::Close || ends(token));
    end.map_or(tokens.len(), |at| start + at + usize::from(tokens[start + at] == Token::Close))
}

/// Words that only say how commands hang together.
fn is_reserved(word: &str) -> bool {
    matches!(word, "if" | "then" | "else" | "elif" | "do" | "while" | "until" | "!" | "{" | "time")
}

pub(super) fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    is_name(name).then(|| (name.to_owned(), value.to_owned()))
}
