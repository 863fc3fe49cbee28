//! Arguments that mean nothing, statements that would not be true, and text that would mislead its reader.

use super::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    [arguments(), depth(), directions()].into_iter().flatten().collect()
}

fn arguments() -> Vec<Case> {
    let argument =
        |option: &str, value: &str| case(format!("{option} {value:?}")).arg(&[option, value]).fails();
    vec![
        argument("--target", "nope").says("`nope` is no target: a triple of `rustc --print target-list`"),
        argument("--target", "").says("`` is no target"),
        argument("--cfg", "(").says("`(` is no cfg: a name, or a name and a value"),
        argument("--cfg", "").says("`` is no cfg"),
        argument("--cfg", "a b").says("`a b` is no cfg"),
        argument("--exclude", "[z")
            .says("`[z` is no exclude pattern: a pattern as in .gitignore is expected"),
        argument("--exclude", "{").says("`{` is no exclude pattern"),
        argument("--exclude", "").says("`` is no exclude pattern"),
        argument("-p", "").says("--package"),
        argument("-p", "nope").says("no package named `nope`"),
        case("explain: no name")
            .args(&["explain", "--from", "", "--to", "pit::m"])
            .fails()
            .says("nothing here is named ``"),
    ]
}

fn depth() -> Vec<Case> {
    let deep = format!("{}pub fn f() {{}}{}", "pub mod a { ".repeat(200), " }".repeat(200));
    vec![
        case("modules 200 deep")
            .file("src/lib.rs", deep)
            .says("module `a` is nested more than 128 deep")
            .never("they need features"),
        case("module that is its own child")
            .file("src/lib.rs", "#[path = \"lib.rs\"] pub mod a;\n")
            .says("module `a` is left out: its file, src/lib.rs, is that of a module around it"),
    ]
}

/// Right-to-left override and its like, in a directory's name: it is part of every path.
fn directions() -> Vec<Case> {
    let dir = "\u{202e}evil\u{2066}\u{61c}";
    let answer = |args: &[&str]| {
        let pit = case(format!("text turned round: {args:?}")).args(args);
        let pit = pit.file("src/lib.rs", format!("#[path = \"{dir}/x.rs\"] pub mod m;\npub fn f() {{}}\n"));
        let pit = pit.file(&format!("src/{dir}/x.rs"), "pub fn g() { crate::f() }\n}\n");
        ["\u{202e}", "\u{2066}", "\u{61c}"].iter().fold(pit, |pit, mark| pit.never(mark)).says("evil")
    };
    vec![
        answer(&["analyze", "--format", "json"]).says("\\u202eevil\\u2066\\u061c"),
        answer(&["graph", "--level", "file", "--format", "json"]).says("\\u202eevil\\u2066\\u061c"),
        answer(&["graph", "--level", "file", "--format", "dot"]),
        answer(&["graph", "--level", "file", "--format", "mermaid"]),
        answer(&["graph", "--level", "file", "--format", "graphml"]),
        answer(&["explain", "--from", "pit::m", "--to", "pit", "--format", "terminal"]),
        answer(&["explain", "--from", "pit::m", "--to", "pit", "--format", "markdown"]),
        answer(&["explain", "--from", "pit::m", "--to", "pit", "--format", "json"]).says("\\u202eevil"),
    ]
}
