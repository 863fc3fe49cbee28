//! What a program is asked to do: matches on commands, and calls by whose names servers, consumers and commands are known.

use super::Name;

/// A `match` of which an arm is for a variant of an enum or for a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Its line, from 1.
    pub line: u32,
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
    /// The first string among the arguments.
    pub text: Option<Name>,
    /// The first names among the arguments, of paths the last ones.
    pub names: Box<[Name]>,
}

impl NamedCall {
    /// The name that is called.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", |name| name.as_str())
    }

    /// The name before it.
    pub fn on(&self) -> &str {
        self.path.iter().rev().nth(1).map_or("", |name| name.as_str())
    }
}
