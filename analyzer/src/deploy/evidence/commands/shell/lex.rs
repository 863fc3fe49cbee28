//! The tokens of a text: words as the pieces that they are made of, and what stands between commands.

use super::MOST_DEPTH;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
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
pub(super) enum Otherwise {
    Nothing,
    /// `${X:-…}`
    Default(Vec<Piece>),
    /// `${X:+…}`: this if it is set, and nothing if not.
    Instead(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
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

pub(super) struct Lexer<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: u32,
    docker: bool,
    /// Ends of here-documents that begin at the next line.
    documents: Vec<String>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, line: u32, docker: bool) -> Self {
        Self { rest: text.chars().peekable(), line, docker, documents: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.rest.next();
        self.line += u32::from(c == Some('\n'));
        c
    }

    pub(super) fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn next_if(&mut self, expected: char) -> bool {
        let is = self.peek() == Some(expected);
        if is {
            self.next();
        }
        is
    }

    pub(super) fn tokens(mut self) -> Vec<Token> {
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
    pub(super) fn variable(&mut self, quoted: bool, depth: u32) -> Piece {
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

pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}
