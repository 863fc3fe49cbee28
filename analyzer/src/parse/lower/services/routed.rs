//! Calls that give a router a route: whether their path is written down, and which of the names among their arguments may be
//! handlers.

use std::ops::Range;

use crate::parse::lower::Lower;
use crate::parse::syntax::parser::SyntaxKind::*;
use crate::parse::tree::CallForm;

/// Methods with a path and what handles it, and functions with a path alone.
const WITH_PATH: [&str; 5] = ["api_route", "api_route_with", "at", "route", "route_service"];
const PATH_ALONE: [&str; 1] = ["resource"];
/// warp's `path!`, whose arguments are the path and whose methods say what handles it.
const IN_METHODS: [&str; 1] = ["path"];
/// First words of methods that say for which method of HTTP a handler is.
const VERBS: [&str; 9] = ["connect", "delete", "get", "head", "options", "patch", "post", "put", "trace"];

/// Whether a call gives a router a route, or a path one may be given for.
pub(super) fn is_route(name: &str) -> bool {
    WITH_PATH.contains(&name) || PATH_ALONE.contains(&name) || IN_METHODS.contains(&name)
}

impl Lower<'_> {
    /// Whether a route's path is made by a call, a macro or a constant: its first argument is no text.
    pub(super) fn is_path_made(&self, form: CallForm, name: &str, args: Range<u32>) -> bool {
        let first = args.start..self.comma_in(args.clone()).unwrap_or(args.end);
        let has_path = match form {
            CallForm::Method => WITH_PATH.contains(&name) && first.end + 1 < args.end,
            CallForm::Path => PATH_ALONE.contains(&name),
            CallForm::Attribute => false,
        };
        let text = first.clone().find(|&t| self.tokens.kind(t) != AMP);
        has_path && text.is_some_and(|t| self.tokens.kind(t) != STRING)
    }

    /// Where the first argument ends, if another one follows.
    fn comma_in(&self, args: Range<u32>) -> Option<u32> {
        let mut depth = 0_u32;
        args.clone().find(|&t| {
            match self.tokens.kind(t) {
                L_PAREN | L_BRACK | L_CURLY => depth += 1,
                R_PAREN | R_BRACK | R_CURLY => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && self.tokens.kind(t) == COMMA
        })
    }

    /// Behind a closure or the fields of a struct that begins here: what is named in them handles nothing.
    pub(super) fn behind_value(&self, at: u32, args: &Range<u32>) -> Option<u32> {
        match self.tokens.kind(at) {
            IDENT if at + 1 < args.end && self.tokens.kind(at + 1) == L_CURLY => {
                Some(self.close_of(at + 1)? + 1)
            }
            PIPE if self.begins_closure(at, args.start) => Some(self.closure_end(at, args.end)),
            _ => None,
        }
    }

    fn begins_closure(&self, at: u32, start: u32) -> bool {
        at == start || matches!(self.tokens.kind(at - 1), L_PAREN | COMMA | EQ | MOVE_KW | ASYNC_KW)
    }

    fn closure_end(&self, at: u32, end: u32) -> u32 {
        let body = (at + 1..end).find(|&t| self.tokens.kind(t) == PIPE).map_or(end, |t| t + 1);
        let mut depth = 0_u32;
        let closes = |&t: &u32| {
            match self.tokens.kind(t) {
                L_PAREN | L_BRACK | L_CURLY => depth += 1,
                R_PAREN | R_BRACK | R_CURLY if depth == 0 => return true,
                R_PAREN | R_BRACK | R_CURLY => depth -= 1,
                _ => {}
            }
            depth == 0 && self.tokens.kind(t) == COMMA
        };
        (body..end).find(closes).unwrap_or(end)
    }

    /// Whether a method that is called among a route's arguments says for which method of HTTP a handler is.
    pub(super) fn is_verb(&self, at: u32) -> bool {
        let name = self.tokens.name(at);
        name.as_str().split('_').next().is_some_and(|first| VERBS.contains(&first))
    }
}
