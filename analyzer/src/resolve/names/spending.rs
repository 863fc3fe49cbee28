//! What macro calls in item position make, by the call that was written: one that makes too much ends, the others don't.

use crate::budget::Limits;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::FileId;
use crate::parse::tree::Name;

/// A macro call that stands in a file, with all the calls that its expansion makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) struct Origin(u32);

#[derive(Debug)]
struct Spent {
    name: Name,
    file: FileId,
    line: u32,
    expansions: u32,
    tokens: u64,
    ended: bool,
}

/// What was spent on each call, and what may be.
#[derive(Debug)]
pub(in crate::resolve) struct Spending {
    calls: Vec<Spent>,
    tokens: u64,
    ended: usize,
    limits: Limits,
}

impl Spending {
    pub(in crate::resolve) fn new(limits: Limits) -> Self {
        Self { calls: Vec::new(), tokens: 0, ended: 0, limits }
    }

    /// A call that stands in a file.
    pub(in crate::resolve) fn begin(&mut self, name: Name, file: FileId, line: u32) -> Origin {
        let origin = Origin(u32::try_from(self.calls.len()).unwrap_or(u32::MAX));
        self.calls.push(Spent { name, file, line, expansions: 0, tokens: 0, ended: false });
        origin
    }

    /// Nothing more comes of the call.
    pub(in crate::resolve) fn end(&mut self, origin: Origin) {
        if let Some(call) = self.calls.get_mut(origin.0 as usize) {
            self.ended += usize::from(!std::mem::replace(&mut call.ended, true));
        }
    }

    /// How many calls were ended so far.
    pub(in crate::resolve) fn ended_calls(&self) -> usize {
        self.ended
    }

    /// Whether nothing more comes of a call.
    pub(in crate::resolve) fn has_ended(&self, origin: Option<Origin>) -> bool {
        origin.is_some_and(|origin| self.calls.get(origin.0 as usize).is_some_and(|call| call.ended))
    }

    /// Whether the call may make this expansion of so many tokens; counts it if so.
    pub(in crate::resolve) fn may_make(&mut self, origin: Origin, tokens: usize) -> bool {
        let Some(call) = self.calls.get_mut(origin.0 as usize) else { return false };
        let after = (call.expansions + u32::from(tokens > 0), call.tokens + tokens as u64);
        let total = self.tokens + tokens as u64;
        let too_much = after.0 > self.limits.call_expansions
            || after.1 > self.limits.call_tokens
            || total > self.limits.tokens;
        if too_much || call.ended {
            self.end(origin);
            return false;
        }
        (call.expansions, call.tokens) = after;
        self.tokens = total;
        true
    }

    /// The calls that were ended, with their files.
    pub(in crate::resolve) fn ended(&self) -> impl Iterator<Item = (FileId, Diagnostic)> {
        self.calls.iter().filter(|call| call.ended).map(|call| {
            let Limits { call_expansions, call_tokens, tokens, .. } = self.limits;
            let message = format!(
                "the call of macro `{}` is not expanded to its end, and some of what it declares is missing: it leads to more \
                 than {call_expansions} calls or {call_tokens} tokens, or nests too deeply, or all calls together make more \
                 than {tokens} tokens",
                call.name
            );
            (call.file, Diagnostic::new(Severity::Warning, Code::MacroLimit, message).line(call.line))
        })
    }
}
