//! What a program is asked to do: matches on commands, calls by whose names servers, consumers and commands are known, and tasks
//! with the variables that they are given.

use super::Name;

/// A `match` of which an arm is for a variant of an enum or for a text, or an `if` that asks for such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Its line, from 1.
    pub line: u32,
    /// Whether it asks if some of several are switched on: `if config.is_enabled(Service::Api) { … }`. What is done otherwise is an arm
    /// without labels.
    pub switch: bool,
    /// Its arms.
    pub arms: Box<[Arm]>,
}

/// An arm of a [`Dispatch`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// What it is for, as far as its pattern says; empty for `_`.
    pub labels: Box<[ArmLabel]>,
    /// First line, from 1.
    pub line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
}

/// What an arm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArmLabel {
    /// `Command::Serve`: the last two names of the path, the first one empty where there is only one.
    Variant(Name, Name),
    /// `"serve"`.
    Text(Name),
}

/// How something is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallForm {
    /// `axum::serve(…)`.
    Path,
    /// `router.route(…)`.
    Method,
    /// `#[get(…)]`.
    Attribute,
}

/// A call whose name may say what a program does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCall {
    /// How it is called.
    pub form: CallForm,
    /// The path, a method's or attribute's name alone.
    pub path: Box<[Name]>,
    /// First line of the name, from 1.
    pub line: u32,
    /// Last line of the arguments, inclusive.
    pub end_line: u32,
    /// The first string among the arguments; of a route its path, where that is written down.
    pub text: Option<Name>,
    /// Whether it is a route with a path that is made: by a call, a macro or a constant.
    pub made: bool,
    /// The first names among the arguments, of paths the last ones.
    pub names: Box<[ArgName]>,
}

/// A name among the arguments of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgName {
    /// The name.
    pub name: Name,
    /// Whether it is called there: `get` of `get(list)`.
    pub called: bool,
}

/// A variable with what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Its name.
    pub name: Name,
    /// First line of the statement, from 1.
    pub line: u32,
    /// Its last line, inclusive.
    pub end_line: u32,
    /// The other variables of the file among what it is given, sorted.
    pub names: Box<[Name]>,
}

/// Code that runs beside what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// First line, from 1.
    pub line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// Whether it is one of those that `join!` waits for; else it is given to `spawn`.
    pub joined: bool,
    /// The variables of the file that it uses, sorted.
    pub names: Box<[Name]>,
}

impl NamedCall {
    /// Whether a name stands among the arguments.
    pub fn has(&self, name: Name) -> bool {
        self.names.iter().any(|own| own.name == name)
    }

    /// The name that is called.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", |name| name.as_str())
    }

    /// The name before it.
    pub fn on(&self) -> &str {
        self.path.iter().rev().nth(1).map_or("", |name| name.as_str())
    }
}
