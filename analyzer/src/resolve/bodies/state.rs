//! What a walk keeps: what it found, what is in scope, how what it reads counts, and what it used up.

use super::allowance::Allowance;
use crate::ids::ModuleId;
use crate::parse::MacroRules;
use crate::parse::tree::{ExprId, MethodCall, Name};
use crate::resolve::model::{RefKind, UnresolvedCause};
use crate::resolve::names::def::{DefId, LegacyScope};
use crate::resolve::names::path::Passed;
use crate::resolve::types::open::MayBe;
use crate::resolve::types::table::BlockScope;
use crate::resolve::types::ty::Ty;

/// A reference from the item being walked.
#[derive(Clone, Copy, Debug)]
pub(in crate::resolve) struct RawRef {
    pub(in crate::resolve) to: DefId,
    pub(in crate::resolve) line: u32,
    pub(in crate::resolve) kind: RefKind,
    pub(in crate::resolve) guess: bool,
    pub(in crate::resolve) expanded: bool,
    pub(in crate::resolve) restricted: bool,
    pub(in crate::resolve) shown: bool,
    /// The field that is named, of a struct or union.
    pub(in crate::resolve) field: Option<Name>,
}

/// A call of a method of which it isn't known on which type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) struct OpenCall {
    pub(in crate::resolve) name: Name,
    pub(in crate::resolve) line: u32,
    /// How many arguments it is given.
    pub(in crate::resolve) arguments: u32,
    /// What it may be.
    pub(in crate::resolve) may_be: MayBe,
}

impl OpenCall {
    pub(in crate::resolve) fn of(call: &MethodCall, may_be: MayBe) -> Self {
        let arguments = crate::base::number::count(call.args.len());
        Self { name: call.name, line: call.line, arguments, may_be }
    }
}

/// A reference that was not followed.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct RawUnresolved {
    pub(in crate::resolve) line: u32,
    pub(in crate::resolve) text: String,
    pub(in crate::resolve) cause: UnresolvedCause,
    /// The module that it leads into all the same, and what kind of thing it means there.
    pub(in crate::resolve) into: Option<(ModuleId, RefKind)>,
}

/// What was found in an item.
#[derive(Default)]
pub(in crate::resolve) struct Notes {
    pub(in crate::resolve) refs: Vec<RawRef>,
    pub(in crate::resolve) misses: Vec<RawUnresolved>,
    /// Modules that helper attributes name, each with the line.
    pub(in crate::resolve) named_modules: Vec<(ModuleId, u32)>,
    /// Types of which a value is made, each with the line.
    pub(in crate::resolve) made: Vec<(DefId, u32)>,
    /// Methods called where it isn't known on which type.
    pub(in crate::resolve) open: Vec<OpenCall>,
    /// Names taken from modules that only bring them in, each with the line.
    pub(in crate::resolve) passed: Vec<(Passed, u32)>,
    pub(in crate::resolve) external: usize,
}

/// How much has been noted.
#[derive(Clone, Copy)]
pub(in crate::resolve) struct Mark {
    pub(in crate::resolve) refs: usize,
    pub(in crate::resolve) misses: usize,
    pub(in crate::resolve) passed: usize,
    pub(in crate::resolve) external: usize,
}

impl Notes {
    pub(in crate::resolve) fn mark(&self) -> Mark {
        let (refs, misses, passed) = (self.refs.len(), self.misses.len(), self.passed.len());
        Mark { refs, misses, passed, external: self.external }
    }

    /// Takes back what has been noted since.
    pub(in crate::resolve) fn reset(&mut self, mark: Mark) {
        self.refs.truncate(mark.refs);
        self.misses.truncate(mark.misses);
        self.passed.truncate(mark.passed);
        self.external = mark.external;
    }
}

/// What is in scope where the walk is.
pub(in crate::resolve) struct Scope {
    pub(in crate::resolve) module: ModuleId,
    pub(in crate::resolve) legacy: LegacyScope,
    pub(in crate::resolve) generics: [Option<DefId>; 2],
    pub(in crate::resolve) self_ty: Option<Ty>,
    pub(in crate::resolve) locals: Vec<(Name, Ty)>,
    /// Which of the local variables are known to be no references.
    pub(in crate::resolve) owned: Vec<usize>,
    /// Of the function of the repository that was called last: how deep the call was, and whether it gives a value, not a reference.
    pub(in crate::resolve) given: Option<(u32, bool)>,
    /// A conversion (`map(Into::into)`) whose result nobody knows yet: the function, and what it is given.
    pub(in crate::resolve) unsettled: Option<(ExprId, Ty)>,
    pub(in crate::resolve) returns: Ty,
    /// The type of the loop around, where a `break` can give one.
    pub(in crate::resolve) breaks: Option<Ty>,
    pub(in crate::resolve) blocks: Vec<BlockScope>,
    pub(in crate::resolve) block_macros: Vec<(Name, MacroRules)>,
}

/// How what is being read counts.
#[derive(Clone, Copy, Default)]
pub(in crate::resolve) struct Flags {
    /// Whether references out of macro bodies (by `$crate`) are being passed over.
    pub(in crate::resolve) loose: bool,
    /// Whether the path being read was written by the body of a macro that is called.
    pub(in crate::resolve) expanded_path: bool,
    /// Whether a `cfg` around doesn't hold. What is declared beside it under the same predicate isn't known, so that
    /// only paths are followed, nothing that hangs on a type, and what isn't found is nobody's fault.
    pub(in crate::resolve) off: bool,
    /// Whether what is read stands in what users of the item see.
    pub(in crate::resolve) shown: bool,
}

/// What the walk has used up of its limits.
pub(in crate::resolve) struct Spent {
    pub(in crate::resolve) allowance: Allowance,
    pub(in crate::resolve) expansions: u32,
    /// Expressions around the one at hand, those of the macro calls around it included.
    pub(in crate::resolve) depth: u32,
    /// Macro calls expanded so far.
    pub(in crate::resolve) expanded: u32,
    /// Whether a macro call beyond the limits was noted.
    pub(in crate::resolve) limit_noted: bool,
}
