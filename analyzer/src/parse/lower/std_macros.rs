//! Macros of the standard library, and what their format strings name.

/// The `NAME`s in `{NAME}` and `{NAME:…}` of a format string. Other names there are locals, which are no references.
pub(super) fn inline_constants(format: &str) -> Vec<String> {
    let plain = format.replace("{{", "").replace("\\u{", "");
    let inside = plain.split('{').skip(1).filter_map(|rest| rest.split(['}', ':']).next());
    let constants = inside.filter(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    });
    constants.map(str::to_owned).collect()
}

/// Macros that read their strings as formats.
pub(super) fn formats(name: &str) -> bool {
    matches!(
        name,
        "assert"
            | "assert_eq"
            | "assert_ne"
            | "debug_assert"
            | "debug_assert_eq"
            | "debug_assert_ne"
            | "eprint"
            | "eprintln"
            | "format"
            | "format_args"
            | "panic"
            | "print"
            | "println"
            | "todo"
            | "unimplemented"
            | "unreachable"
            | "write"
            | "writeln"
    )
}

/// Macros of the standard library: nobody expands them, so that their text need not be kept.
pub(super) fn is_std(name: &str) -> bool {
    matches!(
        name,
        "assert"
            | "assert_eq"
            | "assert_ne"
            | "cfg"
            | "column"
            | "compile_error"
            | "concat"
            | "dbg"
            | "debug_assert"
            | "debug_assert_eq"
            | "debug_assert_ne"
            | "env"
            | "eprint"
            | "eprintln"
            | "file"
            | "format"
            | "format_args"
            | "include_bytes"
            | "include_str"
            | "line"
            | "matches"
            | "module_path"
            | "option_env"
            | "panic"
            | "print"
            | "println"
            | "stringify"
            | "todo"
            | "unimplemented"
            | "unreachable"
            | "vec"
            | "write"
            | "writeln"
    )
}
