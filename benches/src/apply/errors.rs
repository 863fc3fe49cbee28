//! Kinds of compile errors, as far as they say what a plan has missed.

use super::check::CompileError;

/// What a plan has missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// An item, field, module or import that another crate needs is not `pub`, and not listed.
    Private,
    /// A name that lies in a crate that this one doesn't depend on.
    Unresolved,
    /// A macro that another crate calls is not listed for export.
    Macro,
    /// A dependency that the new manifest lacks.
    Dependency,
    /// An `impl` away from both its trait and its type.
    Orphan,
    /// Anything else.
    Other,
}

impl Cause {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Private => "private item",
            Self::Unresolved => "unresolved path",
            Self::Macro => "macro not exported",
            Self::Dependency => "missing dependency",
            Self::Orphan => "orphan rule",
            Self::Other => "other",
        }
    }
}

/// The kind of error, by its code and words.
pub(crate) fn cause(error: &CompileError) -> Cause {
    let says =
        |words: &str| error.message.contains(words) || error.others.iter().any(|o| o.label.contains(words));
    match error.code.as_str() {
        "E0603" | "E0616" | "E0624" | "E0451" | "E0446" | "E0364" | "E0365" => Cause::Private,
        "E0423" | "E0532" if says("private") => Cause::Private,
        "E0412" | "E0425" | "E0405" | "E0433" | "E0432" | "E0422" if says("inaccessible") => Cause::Private,
        "E0412" | "E0425" | "E0405" | "E0404" | "E0432" | "E0433" | "E0422" | "E0423" | "E0531" | "E0574"
        | "E0599" | "E0573" => Cause::Unresolved,
        "E0116" | "E0117" | "E0118" | "E0210" | "E0321" | "E0390" => Cause::Orphan,
        "" if error.message.ends_with("is private") => Cause::Private,
        _ if says("cannot find macro") || says("cannot find derive macro") => Cause::Macro,
        _ => Cause::Other,
    }
}

/// What stands between backticks.
pub(crate) fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

pub(crate) fn last_segment(path: &str) -> &str {
    let head = path.split('<').next().unwrap_or(path);
    head.rsplit("::").next().unwrap_or(head)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::apply::check::Spot;

    #[test]
    fn causes_by_code_and_words() {
        let cases = [
            ("E0603", "function `f` is private", "", Cause::Private),
            ("E0425", "cannot find function `f` in this scope", "", Cause::Unresolved),
            (
                "E0425",
                "cannot find function `f`",
                "function `a::f` exists but is inaccessible",
                Cause::Private,
            ),
            ("E0423", "cannot initialize a tuple struct which contains private fields", "", Cause::Private),
            ("E0423", "expected value, found struct `S`", "", Cause::Unresolved),
            ("E0117", "only traits defined in the current crate can be implemented", "", Cause::Orphan),
            ("", "cannot find macro `m` in this scope", "", Cause::Macro),
            ("E0308", "mismatched types", "", Cause::Other),
        ];
        for (code, message, note, expected) in cases {
            let note = Spot { file: PathBuf::new(), line: 1, marked: String::new(), label: note.to_owned() };
            let (code, message) = (code.to_owned(), message.to_owned());
            let error = CompileError { code, message, primary: Vec::new(), others: vec![note] };
            assert_eq!(cause(&error), expected, "{error:?}");
        }
    }

    #[test]
    fn words_in_backticks() {
        assert_eq!(quoted("field `x` of struct `a::S<T>` is private"), ["x", "a::S<T>"]);
        assert_eq!(last_segment("a::S<b::T>"), "S");
    }
}
