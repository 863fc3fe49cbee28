//! Matches on commands, and calls by whose names servers, consumers and commands are known: read off the tokens of files. What
//! macros make is left out.

use std::cell::LazyCell;
use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use super::known::{COMMON, KNOWN, TELLING, is_attribute};
use super::routed::is_route;
use crate::parse::lower::Lower;
use crate::parse::lower::attrs::{Meta, unquote};
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{ArgName, Arm, ArmLabel, CallForm, Dispatch, Name, NamedCall};

/// Names among arguments that are kept, and letters of a text. Choices: routes have one handler for each method.
const MOST_NAMES: usize = 12;
const LONGEST_TEXT: usize = 120;
/// The same of what has many handlers below it.
const MOST_NESTED: usize = 200;
pub(in crate::parse::lower) const NESTS: [&str; 6] =
    ["configure", "mount", "nest", "nest_api_service", "nest_service", "scope"];
/// Functions whose result is given its routes by methods that follow (actix-web).
const CHAINED: [&str; 2] = ["resource", "scope"];
/// Methods whose arguments are around a handler, not it: middleware, conditions, state.
const AROUND: [&str; 9] =
    ["app_data", "fallback", "guard", "layer", "route_layer", "with", "with_state", "wrap", "wrap_fn"];
/// warp's `path!`.
const MACRO: &str = "path";
/// What is known of it where it is a prefix.
const PREFIX: &str = "path_prefix";
/// utoipa-axum's `routes!`, which has its paths from the attributes of the handlers.
const REGISTERED: &str = "routes";
/// Tokens of generic arguments.
const LONGEST_ARGUMENTS: u32 = 64;
/// Tokens of a call, and calls of a file: more is no code that people write. Choices; together they bound the time.
pub(in crate::parse::lower) const LONGEST_CALL: u32 = 20_000;
const MOST_CALLS: usize = 4_000;

impl Lower<'_> {
    /// Notes the arms of a `match` if they tell commands apart.
    pub(in crate::parse::lower) fn note_dispatch(&mut self, e: Node<'_>) {
        if self.tokens.source.is_none() {
            return;
        }
        let arms = e.child(MATCH_ARM_LIST).into_iter().flat_map(Node::children);
        let arms: Box<[Arm]> = arms
            .filter(|arm| arm.kind() == MATCH_ARM)
            .map(|arm| Arm {
                labels: arm.pat().map(|pat| self.labels(pat)).unwrap_or_default().into(),
                line: self.line(arm.token()),
                end_line: self.line(arm.last_token()),
            })
            .collect();
        let apart = arms.windows(2).all(|two| two[0].end_line < two[1].line);
        if apart && arms.iter().any(|arm| !arm.labels.is_empty()) {
            let line = self.line(e.token());
            self.tree.dispatches.push(Dispatch { line, switch: false, arms });
        }
    }

    /// Notes `if let Some(own) = matches.subcommand_matches("serve") { … }` as an arm of its own, and
    /// `if config.is_enabled(Service::Api) { … } else { … }` as two.
    pub(in crate::parse::lower) fn note_if(&mut self, e: Node<'_>) {
        if self.tokens.source.is_none() {
            return;
        }
        let mut parts = e.exprs();
        let Some((cond, then)) = parts.next().zip(parts.next()) else { return };
        let (line, end_line) = (self.line(e.token()), self.line(then.last_token()));
        if let Some(label) = self.asked_command(cond) {
            let arm = Arm { labels: Box::new([label]), line, end_line };
            self.tree.dispatches.push(Dispatch { line, switch: false, arms: Box::new([arm]) });
            return;
        }
        let labels = self.switched(cond);
        if !labels.is_empty() {
            let mut arms = vec![Arm { labels: labels.into(), line, end_line }];
            if let Some(other) = parts.next() {
                // The line of `} else {` is the first one's.
                let (first, last) =
                    (self.line(other.token()).max(end_line + 1), self.line(other.last_token()));
                arms.push(Arm { labels: Box::default(), line: first, end_line: last.max(first) });
            }
            self.tree.dispatches.push(Dispatch { line, switch: true, arms: arms.into() });
        }
    }

    fn asked_command(&self, cond: Node<'_>) -> Option<ArmLabel> {
        let mut tokens = cond.token()..=cond.last_token();
        let is_asked =
            |t: &u32| self.tokens.kind(*t) == IDENT && self.tokens.name(*t) == "subcommand_matches";
        let asked = tokens.find(is_asked)?;
        let text = (asked + 1..=cond.last_token()).find(|&t| self.tokens.kind(t) == STRING);
        self.short_text(text?).map(ArmLabel::Text)
    }

    /// The variants that a condition asks methods for by whose names something is switched on.
    fn switched(&self, cond: Node<'_>) -> Vec<ArmLabel> {
        let mut found = Vec::new();
        let end = cond.last_token();
        if (cond.token()..=end).any(|t| self.tokens.kind(t) == BANG) {
            return found;
        }
        for dot in (cond.token()..=end).filter(|&t| self.tokens.kind(t) == DOT && t < end) {
            let asks = self.tokens.kind(dot + 1) == IDENT && asks(self.tokens.name(dot + 1).as_str());
            let open = if asks { self.arguments_behind(dot + 1) } else { None };
            let Some((open, close)) = open.and_then(|open| Some((open, self.close_of(open)?))) else {
                continue;
            };
            // `Service::Api` alone, or a reference to it.
            let first = if self.tokens.kind(open + 1) == AMP { open + 2 } else { open + 1 };
            let last = close.saturating_sub(1);
            if last >= first + 3 && self.tokens.kind(last) == IDENT {
                let path = self.path_up_to(last);
                if let &[.., of, variant] = &path[..]
                    && last - 3 * (path.len() as u32 - 1) == first
                {
                    found.push(ArmLabel::Variant(of, variant));
                }
            }
        }
        found
    }

    fn labels(&self, pat: Node<'_>) -> Vec<ArmLabel> {
        let mut found = Vec::new();
        let mut open = vec![pat];
        while let Some(pat) = open.pop() {
            match pat.kind() {
                LITERAL_PAT => {
                    let token = pat.child(LITERAL).and_then(|literal| literal.child(STRING));
                    found.extend(token.and_then(|t| self.short_text(t.token())).map(ArmLabel::Text));
                }
                PATH_PAT | TUPLE_STRUCT_PAT | RECORD_PAT => match self.variant_of(pat) {
                    Some(label) => found.push(label),
                    None => open.extend(pat.pats().collect::<Vec<_>>().into_iter().rev()),
                },
                _ => open.extend(pat.pats().collect::<Vec<_>>().into_iter().rev()),
            }
        }
        found
    }

    /// A variant that isn't one of the standard library's wrappers.
    fn variant_of(&self, pat: Node<'_>) -> Option<ArmLabel> {
        let mut names = Vec::new();
        self.path_names(pat.child(PATH)?, &mut names);
        let last = *names.last()?;
        let wraps = matches!(last.as_str(), "Some" | "Ok" | "Err" | "None" | "Box");
        let before = names.iter().rev().nth(1).copied().unwrap_or_else(|| ustr(""));
        (!wraps).then_some(ArmLabel::Variant(before, last))
    }

    fn short_text(&self, token: u32) -> Option<Name> {
        let text = unquote(self.tokens.text(token));
        (text.len() <= LONGEST_TEXT).then(|| ustr(&text))
    }

    /// Notes the calls of a file whose names say something, those among the arguments of macros too.
    pub(in crate::parse::lower) fn note_calls(&mut self) {
        if self.tokens.source.is_none() {
            return;
        }
        let named = |at: &u32| self.tokens.kind(*at) == IDENT && KNOWN.contains(&self.tokens.name(*at));
        let loops = LazyCell::new(|| self.loops());
        let called = |at: u32| match self.tokens.name(at).as_str() {
            MACRO | REGISTERED => Some((at, self.macro_arguments_behind(at)?)),
            "sleep" | "sleep_until" | "tick" if !loops.iter().any(|body| body.contains(&at)) => None,
            _ => Some((at, self.arguments_behind(at)?)),
        };
        let calls: Vec<(u32, u32)> =
            (0..self.tokens.len()).filter(named).filter_map(called).take(MOST_CALLS).collect();
        calls.into_iter().for_each(|(at, open)| self.note_call(at, open));
    }

    fn note_call(&mut self, at: u32, open: u32) {
        let before = at.checked_sub(1).map(|before| self.tokens.kind(before));
        let (form, path) = match before {
            Some(DOT) => (CallForm::Method, vec![self.tokens.name(at)]),
            Some(FN_KW) => return,
            _ => (CallForm::Path, self.path_up_to(at)),
        };
        let on = path.iter().rev().nth(1).map_or("", |name| name.as_str());
        if COMMON.contains(&self.tokens.name(at).as_str()) && !TELLING.contains(&on) {
            return;
        }
        let first = at - 3 * (path.len() as u32 - 1);
        let Some(close) = self.close_of(open) else { return };
        let name = self.tokens.name(at);
        let text = (name == MACRO).then(|| self.path_text(open + 1..close));
        if name == MACRO && self.is_prefix(close) {
            self.note_prefix((first, open, close), text.flatten());
            return;
        }
        // What is called on these belongs to them: the routes of a scope, the methods of a path.
        let chained = name == MACRO || (form == CallForm::Path && CHAINED.contains(&name.as_str()));
        let last = if chained { self.chain_end(close) } else { close };
        self.push_call(form, path, (self.line(first), self.line(last)), open + 1..last);
        let made = self.is_path_made(form, name.as_str(), open + 1..close);
        if let (true, Some(call)) = (made, self.tree.named_calls.last_mut()) {
            (call.text, call.made) = (None, true);
        }
        if let (Some(text), Some(call)) = (text, self.tree.named_calls.last_mut()) {
            call.text = text;
        }
    }

    /// Whether arguments that close here end with `..`.
    fn is_prefix(&self, close: u32) -> bool {
        close >= 2 && (close - 2..close).all(|t| self.tokens.kind(t) == DOT)
    }

    /// Notes `path!("api" / ..)` as what it is put before, by what is called on it or on the variable that it is kept in.
    fn note_prefix(&mut self, (first, open, close): (u32, u32, u32), text: Option<Name>) {
        let before = |t: u32, kind| t < first && self.tokens.kind(first - 1 - t) == kind;
        let kept = before(0, EQ) && before(1, IDENT);
        let (from, args) = match kept.then(|| self.tokens.name(first - 2)) {
            Some(name) => {
                let end = self.tokens.len().min(close + LONGEST_CALL);
                let uses = |&t: &u32| {
                    self.tokens.kind(t) == IDENT
                        && self.tokens.kind(t + 1) == DOT
                        && self.tokens.name(t) == name
                };
                let used = (close..end.saturating_sub(2)).find(uses);
                let Some((at, open)) = used.and_then(|at| Some((at, self.arguments_behind(at + 2)?))) else {
                    return;
                };
                (at, open + 1..self.close_of(open).unwrap_or(end))
            }
            None => (first, open + 1..self.chain_end(close)),
        };
        let lines = (self.line(from), self.line(args.end));
        self.push_call(CallForm::Path, vec![Name::from(PREFIX)], lines, args);
        if let Some(call) = self.tree.named_calls.last_mut() {
            call.text = text;
        }
    }

    /// Where the last of the methods closes that are called on what closes here.
    fn chain_end(&self, mut close: u32) -> u32 {
        let kind = |i: u32| (i < self.tokens.len()).then(|| self.tokens.kind(i));
        while kind(close + 1) == Some(DOT)
            && let Some(end) = self.arguments_behind(close + 2).and_then(|open| self.close_of(open))
        {
            close = end;
        }
        close
    }

    /// Where the brackets behind `name!` open.
    fn macro_arguments_behind(&self, at: u32) -> Option<u32> {
        let kind = |i: u32| (i < self.tokens.len()).then(|| self.tokens.kind(i));
        (kind(at + 1) == Some(BANG) && kind(at + 2) == Some(L_PAREN)).then_some(at + 2)
    }

    /// `"orders" / u32` as `/orders/{}`.
    fn path_text(&self, args: Range<u32>) -> Option<Name> {
        let mut text = String::new();
        let mut begins = true;
        let end = if self.is_prefix(args.end) { args.end - 2 } else { args.end };
        for token in args.start..end {
            match self.tokens.kind(token) {
                SLASH => begins = true,
                STRING if begins => {
                    text.push('/');
                    text.push_str(&unquote(self.tokens.text(token)));
                    begins = false;
                }
                _ if begins => {
                    text.push_str("/{}");
                    begins = false;
                }
                _ => {}
            }
        }
        (!text.is_empty() && text.len() <= LONGEST_TEXT).then(|| ustr(&text))
    }

    /// Where the brackets behind a name open, generic arguments passed over.
    pub(in crate::parse::lower) fn arguments_behind(&self, at: u32) -> Option<u32> {
        let kind = |i: u32| (i < self.tokens.len()).then(|| self.tokens.kind(i));
        let mut open = at + 1;
        if kind(open) == Some(COLON) && kind(open + 1) == Some(COLON) && kind(open + 2) == Some(L_ANGLE) {
            let mut depth = 0;
            open = (open + 2..open + 2 + LONGEST_ARGUMENTS).find(|&i| {
                depth += i32::from(kind(i) == Some(L_ANGLE)) - i32::from(kind(i) == Some(R_ANGLE));
                depth == 0
            })? + 1;
        }
        (kind(open) == Some(L_PAREN)).then_some(open)
    }

    /// Where the brackets close that open at a token, if that is near.
    pub(in crate::parse::lower) fn close_of(&self, open: u32) -> Option<u32> {
        let mut depth = 0_u32;
        let end = self.tokens.len().min(open + LONGEST_CALL);
        (open..end).find(|&i| {
            match self.tokens.kind(i) {
                L_PAREN | L_BRACK | L_CURLY => depth += 1,
                R_PAREN | R_BRACK | R_CURLY => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        })
    }

    /// `a::b::c` that ends with a name.
    fn path_up_to(&self, at: u32) -> Vec<Name> {
        let mut path = vec![self.tokens.name(at)];
        let mut at = at;
        while at >= 3
            && self.tokens.kind(at - 1) == COLON
            && self.tokens.kind(at - 2) == COLON
            && self.tokens.kind(at - 3).is_any_identifier()
        {
            at -= 3;
            path.push(Name::from(self.tokens.text(at)));
        }
        path.reverse();
        path
    }

    /// Notes `#[get("/x")]`.
    pub(in crate::parse::lower) fn note_attribute(&mut self, meta: &Meta) {
        if self.tokens.source.is_none() || meta.names == 0 {
            return;
        }
        let first = self.tokens.text(meta.path.start);
        let name = ustr(self.tokens.text(meta.path.end.saturating_sub(1)));
        let line = self.line(meta.path.start);
        match name.as_str() {
            MACRO if meta.names == 2 && first == "utoipa" => {
                self.push_call(CallForm::Attribute, vec![name], (line, line), meta.rest.clone());
                let text = self.value_of(MACRO, meta.rest.clone());
                if let Some(call) = self.tree.named_calls.last_mut() {
                    call.text = text;
                }
            }
            other if is_attribute(other) => {
                self.push_call(CallForm::Attribute, vec![name], (line, line), meta.rest.clone());
            }
            _ => {}
        }
    }

    /// `"/x"` of `path = "/x"`.
    fn value_of(&self, name: &str, args: Range<u32>) -> Option<Name> {
        let mut args = args.clone().take_while(|t| t + 2 < args.end);
        let at = args.find(|&t| {
            self.tokens.kind(t) == IDENT && self.tokens.name(t) == name && self.tokens.kind(t + 1) == EQ
        })?;
        (self.tokens.kind(at + 2) == STRING).then(|| self.short_text(at + 2)).flatten()
    }

    fn push_call(&mut self, form: CallForm, path: Vec<Name>, (line, end_line): (u32, u32), args: Range<u32>) {
        let text = args.clone().find(|&t| self.tokens.kind(t) == STRING).and_then(|t| self.short_text(t));
        let name = path.last().map_or("", |name| name.as_str());
        let most = if NESTS.contains(&name) { MOST_NESTED } else { MOST_NAMES };
        let names = self.arg_names(args, most, form != CallForm::Attribute && is_route(name));
        let call = NamedCall { form, path: path.into(), line, end_line, text, made: false, names };
        self.tree.named_calls.push(call);
    }

    /// The last names of the paths among some arguments, without what only stands around a handler; of a route without what a value is
    /// made of that handles it.
    fn arg_names(&self, args: Range<u32>, most: usize, of_route: bool) -> Box<[ArgName]> {
        let kind = |t: u32| (t < args.end).then(|| self.tokens.kind(t));
        let mut names = Vec::new();
        let mut t = args.start;
        while t < args.end && names.len() < most {
            let at = t;
            t += 1;
            if of_route && let Some(end) = self.behind_value(at, &args) {
                t = end.max(t);
                continue;
            }
            if self.tokens.kind(at) != IDENT {
                continue;
            }
            let (name, open) =
                (self.tokens.name(at), self.arguments_behind(at).filter(|&open| open < args.end));
            let is_method = at > args.start && self.tokens.kind(at - 1) == DOT;
            match open.filter(|_| is_method && AROUND.contains(&name.as_str())) {
                Some(open) => t = self.close_of(open).unwrap_or(args.end),
                None if kind(at + 1) == Some(COLON) && kind(at + 3) != Some(L_ANGLE) => {}
                None if of_route && is_method && open.is_some() && !self.is_verb(at) => {}
                None => names.push(ArgName { name, called: open.is_some() }),
            }
        }
        names.into()
    }
}

/// Whether a method says by its name that it asks if something is switched on.
fn asks(name: &str) -> bool {
    name == "contains" || name.split('_').any(|word| matches!(word, "enabled" | "enables" | "has" | "runs"))
}
