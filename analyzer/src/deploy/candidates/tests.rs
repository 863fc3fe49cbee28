//! Candidates of small programs, written for the purpose.

use super::*;
use crate::deploy::deployables;
use crate::deploy::deployed::DeployedProgram;
use crate::plan::PlanInput;
use crate::resolve::tests::read;

/// The candidates of a fixture.
fn candidates_of(fixture: &str) -> (Resolution, Vec<Candidate>) {
    let (repository, resolution) = read(fixture);
    let graph = crate::graph::ItemGraph::default();
    let input = PlanInput {
        repository: &repository,
        resolution: &resolution,
        graph: &graph,
        costs: &[],
        history: None,
    };
    let programs = deployables(&input);
    let deployed = programs.iter().map(|of| DeployedProgram {
        target: of.target,
        name: of.name.clone(),
        role: None,
        services: Vec::new(),
        evidence: Vec::new(),
    });
    let standing = Standing { deployed: deployed.collect(), ..Standing::default() };
    let all = candidates(&repository, &resolution, &programs, &standing);
    (resolution, all)
}

/// `name own|shared files, calls, tables, what is in the way`, one line a candidate.
fn found(fixture: &str) -> String {
    let (resolution, all) = candidates_of(fixture);
    let path = |file: &FileId| resolution.files[*file].path.clone();
    let mut out = String::new();
    for of in &all {
        let files: Vec<String> = of.own_files.iter().map(path).collect();
        out += &format!("{}: {}\n", of.name, files.join(" "));
        for call in &of.crossing {
            let name = |id| resolution.uses.definitions[id].name;
            out += &format!("  {} -> {} {}\n", name(call.from), name(call.to), call.references);
        }
        for table in &of.tables {
            let side =
                |of: Option<TablePlace>| of.map_or("-", |of| if of.reads { "reads" } else { "writes" });
            out += &format!("  {} {:?} {} {}\n", table.name, table.home, side(table.own), side(table.rest));
        }
        for blocker in &of.blockers {
            out +=
                &format!("  {:?} {} {}:{}\n", blocker.kind, blocker.what, path(&blocker.file), blocker.line);
        }
    }
    out
}

/// A program with a server and a consumer in tasks of one process, each in a module of its own.
fn server_and_worker(shared: &str, web: &str, work: &str) -> String {
    format!(
        "//- /main.rs crate:shop kind:bin deps:axum,tokio,lapin
mod shared; mod web; mod work;
fn main() {{
    web::serve();
    tokio::spawn(async {{
        work::run();
    }});
}}
//- /shared.rs
{shared}
//- /web.rs
use crate::shared;
pub fn serve() {{ axum::serve(listener, app); page(); list(); }}
fn page() {{ {web} }}
fn list() {{}}
//- /work.rs
use crate::shared;
use lapin::Channel;
pub fn run() {{ channel.basic_consume(\"jobs\"); step(); wait(); }}
fn step() {{ {work} }}
fn wait() {{}}
//- /axum/lib.rs crate:axum
//- /tokio/lib.rs crate:tokio
//- /lapin/lib.rs crate:lapin"
    )
}

#[test]
fn a_consumer_in_a_task_is_one() {
    let code = server_and_worker("pub fn log() {}", "shared::log()", "shared::log()");
    assert_eq!(found(&code), "run: work.rs\n");
}

#[test]
fn the_largest_role_is_left_though_something_else_runs_all_of_it() {
    let code =
        server_and_worker("pub fn log() {}", "shared::log(); list(); more(); } fn more() {", "shared::log()");
    let code = code.replace("fn page()", "pub fn page()").replace("fn main() {", "fn main() { web::page();");
    assert_eq!(found(&code), "run: work.rs\n");
}

#[test]
fn a_table_that_both_write_and_a_static_that_both_use_are_in_the_way() {
    let shared = "pub static SEEN: std::sync::Mutex<u8> = std::sync::Mutex::new(0);";
    let work = "SEEN; sqlx::query(\"UPDATE users SET a = 1\"); sqlx::query(\"DELETE FROM jobs WHERE a = 1\");
        a(); b(); c(); } use crate::shared::SEEN; fn a() {} fn b() {} fn c() {";
    let web = "SEEN; sqlx::query(\"INSERT INTO users VALUES (1)\"); a(); b(); c(); d(); e(); } use crate::shared::SEEN;
        fn a() {} fn b() {} fn c() {} fn d() {} fn e() {";
    assert_eq!(
        found(&server_and_worker(shared, web, work)),
        "run: work.rs
  jobs Candidate writes -
  users Rest writes writes
  Static shop::shared::SEEN shared.rs:1
  Table users work.rs:4
"
    );
}

#[test]
fn a_tool_with_commands_is_no_set_of_services() {
    let tool = "//- /main.rs crate:tool kind:bin
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some(\"build\") => build(),
        Some(\"clean\") => clean(),
        _ => {}
    }
}
fn build() { compile() } fn compile() {} fn clean() { remove() } fn remove() {}";
    assert_eq!(found(tool), "");
}

#[test]
fn shared_state_that_outweighs_the_code_is_no_seam() {
    let shared = "pub struct App { a: Mutex<u8>, b: Mutex<u8> }
        impl App { pub fn f(&self) { self.a; } pub fn g(&self) { self.b; } }";
    let both = "let app: shared::App = other(); app.f(); app.g();";
    assert_eq!(found(&server_and_worker(shared, both, both)), "");
}

#[test]
fn what_lies_in_packages_of_its_own_need_not_be_moved() {
    let text = |in_package: bool| {
        let (start, head) = match in_package {
            true => ("work", "//- /work/lib.rs crate:work deps:lapin".to_owned()),
            false => ("crate::work", "//- /work.rs".to_owned()),
        };
        let module = if in_package { "" } else { "mod work;" };
        format!(
            "//- /main.rs crate:shop kind:bin deps:axum,tokio,lapin,work
mod web; {module}
fn main() {{
    web::serve();
    tokio::spawn(async {{
        {start}::run();
    }});
}}
//- /web.rs
pub fn serve() {{ axum::serve(listener, app); page(); list(); item(); more(); }}
fn page() {{}} fn list() {{}} fn item() {{}} fn more() {{}}
{head}
mod mail;
use lapin::Channel;
pub fn run() {{ channel.basic_consume(\"jobs\"); step(); mail::send(); }}
fn step() {{}}
//- /work/mail.rs
pub fn send() {{}}
//- /axum/lib.rs crate:axum
//- /tokio/lib.rs crate:tokio
//- /lapin/lib.rs crate:lapin"
        )
    };
    let steps = |in_package| {
        let (_, all) = candidates_of(&text(in_package));
        let steps = all[0].steps.iter().map(|step| (step.kind, step.files.len()));
        steps.collect::<Vec<_>>()
    };
    assert_eq!(steps(false), [(StepKind::Package, 2), (StepKind::Binary, 0)]);
    assert_eq!(steps(true), [(StepKind::Binary, 0)]);
}
