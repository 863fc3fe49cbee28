//! Loops by the clock: which of them are what a program is started for, and which only go on inside of it.
//!
//! A loop that a server or a consumer comes to is a part of that one. Else it is a role where the program is started for it: a few
//! calls from `main`, or where a good part of the program runs in it. Of a command it is the work if the command comes to it by
//! what it calls, not by what it makes on the way: a client, a pool or a store may have loops of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::commands::called;
use super::model::Role;
use super::program::Program;
use super::started::Group;
use crate::deploy::reach::Start;
use crate::ids::{DefinitionId, FileId};
use crate::resolve::DefinitionKind;

/// Calls between `main`, or a command, and the loop that it is started for. A choice.
const EARLY: u32 = 3;

/// The share of a program's files in which a loop further away calls something where the program is started for it. A choice.
const GOOD_PART: f64 = 0.1;

/// First words of functions that run something though they take no value to run.
const RUNS: [&str; 12] = [
    "execute", "launch", "listen", "main", "poll", "process", "run", "schedule", "serve", "spawn", "start",
    "work",
];

/// Whether a program is started for a loop that none of its commands has as its work.
pub(super) fn is_started_for(
    program: Program<'_>,
    group: &Group,
    start: &Start,
    depths: &BTreeMap<DefinitionId, u32>,
) -> bool {
    if depths.get(&group.of).is_some_and(|&depth| depth <= EARLY) {
        return true;
    }
    let uses = &program.resolution.uses;
    let file = |id: DefinitionId| program.resolution.items[uses.definitions[id].item].file;
    let files: BTreeSet<FileId> = called(program, start).into_iter().map(file).collect();
    files.len() as f64 >= GOOD_PART * program.reached.files(program.resolution).len() as f64
}

/// The functions that an arm comes to by calls, without what it makes on the way.
pub(super) fn work_of(program: Program<'_>, role: &Role) -> BTreeSet<DefinitionId> {
    let calls = |of: DefinitionId, lines: RangeInclusive<u32>| {
        let used = program.resolution.uses.of(of).iter().filter(move |used| lines.contains(&used.line));
        let works = |to: &DefinitionId| program.is_function(*to) && !makes(program, *to);
        used.map(|used| used.to).filter(|to| program.reached.contains(*to)).filter(works).collect::<Vec<_>>()
    };
    let mut last = calls(role.of, role.line..=role.end_line);
    let mut found: BTreeSet<DefinitionId> = last.iter().copied().collect();
    for _ in 1..EARLY {
        let next = last.iter().flat_map(|&of| calls(of, 0..=u32::MAX));
        last = next.filter(|to| found.insert(*to)).collect();
    }
    found
}

/// Whether a function only makes a value: it belongs to a type and takes none.
fn makes(program: Program<'_>, id: DefinitionId) -> bool {
    let definition = &program.resolution.uses.definitions[id];
    let first = definition.name.as_str().split('_').next().unwrap_or_default();
    definition.kind == DefinitionKind::Function && !definition.takes_self && !RUNS.contains(&first)
}

#[cfg(test)]
mod tests {
    use crate::deploy::roles::tests::names;

    #[test]
    fn a_loop_by_the_clock_is_a_role_where_the_program_is_started_for_it() {
        let text = |how: &str, answers: &str| {
            format!(
                "//- /main.rs crate:app kind:bin deps:axum,tokio
mod big;
fn main() {{
    {how}
    serve();
}}
fn serve() {{
    axum::serve(other::app());
    {answers}
}}
fn one() {{ two() }} fn two() {{ three() }} fn three() {{ sweep() }}
fn sweep() {{
    tokio::spawn(async {{
        let mut every = tokio::time::interval(other::minute());
        loop {{ every.tick().await; clean(); }}
    }});
}}
fn clean() {{}}
//- /big.rs
fn big() {{}}
"
            )
        };
        let both = ["serve [Server]", "clean [Scheduler]"].map(str::to_owned);
        // It is started beside the server, and near `main`.
        assert_eq!(names(&text("sweep();", "")), both);
        assert_eq!(names(&text("two();", "")), both);
        // It is the server's.
        assert_eq!(names(&text("", "sweep();")), both[..1]);
        assert_eq!(names(&text("sweep();", "sweep();")), both[..1]);
    }

    #[test]
    fn a_loop_far_from_main_is_a_role_where_a_good_part_of_the_program_runs_in_it() {
        let text = |files: usize| {
            let modules: String = (0..30).map(|n| format!("mod f{n};\n")).collect();
            let calls: String = (0..30).map(|n| format!("f{n}::f(); ")).collect();
            let swept: String = (0..files).map(|n| format!("crate::f{n}::f(); ")).collect();
            let sources: String = (0..30).map(|n| format!("//- /f{n}.rs\npub fn f() {{}}\n")).collect();
            format!(
                "//- /main.rs crate:app kind:bin deps:axum,tokio
mod deep;
{modules}
fn main() {{ deep::one(); serve(); {calls} }}
fn serve() {{ axum::serve(other::app()); {calls} }}
//- /deep.rs
pub fn one() {{ two() }} fn two() {{ three() }} fn three() {{ four() }} fn four() {{
    tokio::spawn(async {{
        loop {{ tokio::time::sleep(other::minute()).await; clean(); }}
    }});
}}
fn clean() {{ {swept} }}
{sources}"
            )
        };
        let server = "serve [Server]".to_owned();
        assert_eq!(names(&text(2)), ["serve [Server]"]);
        assert_eq!(names(&text(6)), [server, "clean [Scheduler]".to_owned()]);
    }

    #[test]
    fn a_command_runs_by_the_clock_if_it_calls_the_loop_itself() {
        let text = |work: &str| {
            format!(
                "//- /main.rs crate:app kind:bin deps:axum,clap,tokio
mod store;
#[derive(clap::Subcommand)]
enum Command {{ Serve, Work }}
fn main() {{
    match other::parse() {{
        Command::Serve => serve(),
        Command::Work => work(),
    }}
}}
fn serve() {{ axum::serve(other::app()); }}
fn work() {{ {work} }}
//- /store.rs
pub struct Store;
impl Store {{
    pub fn new() -> Store {{ sweep(); Store }}
    pub fn run(&self) {{ sweep(); }}
    pub fn start() {{ sweep(); }}
    pub fn read(&self) {{ a() }}
}}
fn a() {{ b() }} fn b() {{ sweep() }}
fn sweep() {{
    tokio::spawn(async {{
        loop {{ tokio::time::sleep(other::minute()).await; clean(); }}
    }});
}}
fn clean() {{}}
"
            )
        };
        for (work, kinds) in [
            ("store::Store::new().run();", "[Scheduler]"),
            ("store::Store::start();", "[Scheduler]"),
            ("store::Store::new();", "[]"),
            ("store::Store::new().read();", "[]"),
        ] {
            let expected = ["serve [Server]".to_owned(), format!("work {kinds}")];
            assert_eq!(names(&text(work)), expected, "{work}");
        }
    }
}
