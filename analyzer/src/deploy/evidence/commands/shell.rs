//! Shell commands as far as deployment files need them: words with their variables filled in, in the directory that `cd` leads
//! to. Every branch of a condition counts, loops over words that are known run once for each, and what only a shell could work
//! out is [`UNKNOWN`].

use std::collections::BTreeMap;

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

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// In quotes: never taken apart at spaces.
    Variable {
        name: String,
        quoted: bool,
        otherwise: Otherwise,
    },
    Unknown,
}

/// What a variable has if it is not set.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Otherwise {
    Nothing,
    /// `${X:-…}`
    Default(Vec<Piece>),
    /// `${X:+…}`: this if it is set, and nothing if not.
    Instead(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(Vec<Piece>, u32),
    /// `name=(…)`, or `name+=(…)`.
    Array {
        name: String,
        more: bool,
        items: Vec<Vec<Piece>>,
    },
    /// The end of a simple command.
    End,
    /// `;;`: the pattern of another branch of `case` follows.
    Branch,
    Open,
    Close,
    /// The next word is where a stream goes.
    Redirection,
}

struct Lexer<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: u32,
    docker: bool,
    /// Ends of here-documents that begin at the next line.
    documents: Vec<String>,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, line: u32, docker: bool) -> Self {
        Self { rest: text.chars().peekable(), line, docker, documents: Vec::new() }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.next();
        self.line += u32::from(c == Some('\n'));
        c
    }

    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn next_if(&mut self, expected: char) -> bool {
        let is = self.peek() == Some(expected);
        if is {
            self.next();
        }
        is
    }

    fn tokens(mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '\n' => {
                    self.next();
                    self.skip_documents();
                    tokens.push(Token::End);
                }
                c if c.is_whitespace() => drop(self.next()),
                '#' => self.skip_line(),
                ';' | '|' => {
                    let mut signs = String::new();
                    while let Some(c) = self.peek().filter(|c| ";|&".contains(*c)) {
                        self.next();
                        signs.push(c);
                    }
                    tokens.push(if signs.starts_with(";;") { Token::Branch } else { Token::End });
                }
                '&' => {
                    self.next();
                    if self.next_if('>') {
                        self.next_if('>');
                        tokens.push(Token::Redirection);
                    } else {
                        self.next_if('&');
                        tokens.push(Token::End);
                    }
                }
                '(' => {
                    self.next();
                    tokens.push(Token::Open);
                }
                ')' => {
                    self.next();
                    tokens.push(Token::Close);
                }
                '<' | '>' => self.redirection(&mut tokens),
                '\\' => {
                    if !self.continued() {
                        tokens.push(self.word());
                    }
                }
                _ => tokens.push(self.word()),
            }
        }
        tokens.push(Token::End);
        tokens
    }

    fn redirection(&mut self, tokens: &mut Vec<Token>) {
        let first = self.next();
        if first == Some('<') && self.next_if('<') {
            if self.next_if('<') {
                tokens.push(Token::Redirection);
                return;
            }
            self.next_if('-');
            while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
                self.next();
            }
            let mut end = String::new();
            while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || "_'\"-\\".contains(*c)) {
                self.next();
                end.extend((!"'\"\\".contains(c)).then_some(c));
            }
            self.documents.push(end);
            return;
        }
        // `2>` has left a word `2`, which is no argument.
        if let Some(Token::Word(pieces, _)) = tokens.last()
            && matches!(pieces.as_slice(), [Piece::Text(text)] if text == "1" || text == "2")
        {
            tokens.pop();
        }
        self.next_if('>');
        if self.next_if('&') {
            while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '-') {
                self.next();
            }
            return;
        }
        if self.next_if('(') {
            // Process substitution: a program of its own, whose output is a file.
            tokens.push(Token::Open);
            return;
        }
        tokens.push(Token::Redirection);
    }

    fn skip_documents(&mut self) {
        for end in std::mem::take(&mut self.documents) {
            let mut line = String::new();
            while let Some(c) = self.next() {
                if c != '\n' {
                    line.push(c);
                    continue;
                }
                if line.trim() == end {
                    break;
                }
                line.clear();
            }
        }
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|c| c != '\n') {
            self.next();
        }
    }

    /// Whether a backslash ends the line; the next one goes on then.
    fn continued(&mut self) -> bool {
        let mut ahead = self.rest.clone();
        ahead.next();
        let mut blanks = 0;
        loop {
            match ahead.next() {
                Some('\n') => break,
                Some(c) if c.is_whitespace() => blanks += 1,
                _ => return false,
            }
        }
        for _ in 0..blanks + 2 {
            self.next();
        }
        while self.docker {
            let mut ahead = self.rest.clone();
            let first = ahead.find(|c| !c.is_whitespace() || *c == '\n');
            match first {
                Some('#') => {
                    self.skip_line();
                    self.next();
                }
                Some('\n') => while self.next().is_some_and(|c| c != '\n') {},
                _ => break,
            }
        }
        true
    }

    fn word(&mut self) -> Token {
        let line = self.line;
        let mut pieces = Vec::new();
        let mut text = String::new();
        while let Some(c) = self.peek() {
            match c {
                c if c.is_whitespace() || ";|&<>)".contains(c) => break,
                '(' => {
                    let name = text.strip_suffix('=').filter(|_| pieces.is_empty());
                    let name = name.map(|name| (name.trim_end_matches('+').to_owned(), name.ends_with('+')));
                    match name.filter(|(name, _)| is_name(name)) {
                        Some((name, more)) => {
                            self.next();
                            return Token::Array { name, more, items: self.items() };
                        }
                        None => break,
                    }
                }
                '\\' => {
                    if self.continued() {
                        break;
                    }
                    self.next();
                    text.extend(self.next());
                }
                '\'' => {
                    self.next();
                    while let Some(c) = self.next().filter(|c| *c != '\'') {
                        text.push(c);
                    }
                    // Quotes make a word even of nothing.
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                '"' => {
                    self.next();
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    self.quoted(&mut pieces, 0);
                }
                '$' => {
                    self.next();
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.push(self.variable(false, 0));
                }
                '`' => {
                    self.next();
                    while self.next().is_some_and(|c| c != '`') {}
                    pieces.push(Piece::Unknown);
                }
                c => {
                    self.next();
                    text.push(c);
                }
            }
        }
        pieces.push(Piece::Text(text));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Token::Word(pieces, line)
    }

    /// The words of an array, up to its end.
    fn items(&mut self) -> Vec<Vec<Piece>> {
        let mut items = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                ')' => {
                    self.next();
                    break;
                }
                '#' => self.skip_line(),
                '\\' if self.continued() => {}
                c if c.is_whitespace() || "(;|&<>".contains(c) => drop(self.next()),
                _ => match self.word() {
                    Token::Word(pieces, _) => items.push(pieces),
                    _ => break,
                },
            }
        }
        items
    }

    /// Up to the closing quote.
    fn quoted(&mut self, pieces: &mut Vec<Piece>, depth: u32) {
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => match self.next() {
                    Some('\n') | None => {}
                    Some(c) if "\"\\$`".contains(c) => text.push(c),
                    Some(c) => text.extend(['\\', c]),
                },
                '$' => {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.push(self.variable(true, depth));
                }
                '`' => {
                    while self.next().is_some_and(|c| c != '`') {}
                    pieces.push(Piece::Unknown);
                }
                c => text.push(c),
            }
        }
        pieces.push(Piece::Text(text));
    }

    /// What stands after a `$`.
    fn variable(&mut self, quoted: bool, depth: u32) -> Piece {
        match self.peek() {
            Some('(') => {
                self.next();
                self.skip_balanced();
                Piece::Unknown
            }
            Some('{') => {
                self.next();
                self.braced(quoted, depth + 1)
            }
            Some(c) if c.is_alphabetic() || c == '_' => {
                let mut name = String::new();
                while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || *c == '_') {
                    self.next();
                    name.push(c);
                }
                Piece::Variable { name, quoted, otherwise: Otherwise::Nothing }
            }
            Some(c) if c.is_ascii_digit() || c == '@' || c == '*' => {
                self.next();
                let name = if c == '*' { '@' } else { c };
                Piece::Variable { name: name.to_string(), quoted, otherwise: Otherwise::Nothing }
            }
            Some(c) if "?#$!-".contains(c) => {
                self.next();
                Piece::Unknown
            }
            _ => Piece::Text("$".to_owned()),
        }
    }

    fn braced(&mut self, quoted: bool, depth: u32) -> Piece {
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || "_@*".contains(*c)) {
            self.next();
            name.push(if c == '*' { '@' } else { c });
        }
        if self.next_if('}') {
            return Piece::Variable { name, quoted, otherwise: Otherwise::Nothing };
        }
        if self.next_if('[') {
            let all = self.next_if('@') || self.next_if('*');
            self.skip_brace();
            return match all {
                true => Piece::Variable { name, quoted, otherwise: Otherwise::Nothing },
                false => Piece::Unknown,
            };
        }
        self.next_if(':');
        let operator = self.next();
        if depth > MOST_DEPTH || !matches!(operator, Some('-' | '=' | '+' | '?')) {
            if operator != Some('}') {
                self.skip_brace();
            }
            return Piece::Unknown;
        }
        let word = self.until_brace(depth);
        let otherwise = match operator {
            Some('-' | '=') => Otherwise::Default(word),
            Some('+') => Otherwise::Instead(word),
            _ => Otherwise::Nothing,
        };
        Piece::Variable { name, quoted, otherwise }
    }

    fn until_brace(&mut self, depth: u32) -> Vec<Piece> {
        let (mut pieces, mut text) = (Vec::new(), String::new());
        while let Some(c) = self.next() {
            match c {
                '}' => break,
                '\'' => {
                    while let Some(c) = self.next().filter(|c| *c != '\'') {
                        text.push(c);
                    }
                }
                '"' => {}
                '$' => {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.push(self.variable(true, depth));
                }
                c => text.push(c),
            }
        }
        pieces.push(Piece::Text(text));
        pieces
    }

    fn skip_brace(&mut self) {
        let mut open = 1;
        while open > 0 {
            match self.next() {
                Some('{') => open += 1,
                Some('}') => open -= 1,
                None => break,
                _ => {}
            }
        }
    }

    /// Past the parenthesis that closes one; quotes hide others.
    fn skip_balanced(&mut self) {
        let mut open = 1;
        while open > 0 {
            match self.next() {
                Some('(') => open += 1,
                Some(')') => open -= 1,
                Some('\\') => drop(self.next()),
                Some('\'') => while self.next().is_some_and(|c| c != '\'') {},
                Some('"') => {
                    while let Some(c) = self.next().filter(|c| *c != '"') {
                        if c == '\\' {
                            self.next();
                        }
                    }
                }
                None => break,
                _ => {}
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

/// What is known while commands are read.
#[derive(Default)]
struct Run {
    env: Env,
    arrays: BTreeMap<String, Vec<String>>,
    dir: Option<String>,
    /// Directories of the shells around a subshell.
    outer: Vec<Option<String>>,
    steps: u32,
    found: Vec<Command>,
}

impl Run {
    fn all(&mut self, tokens: &[Token], depth: u32) {
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

    fn text(&self, pieces: &[Piece]) -> String {
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

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    is_name(name).then(|| (name.to_owned(), value.to_owned()))
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
