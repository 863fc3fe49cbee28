//! Roles of programs written for the purpose.

use super::super::entry::Entries;
use super::super::reach::Reach;
use super::{Activity, FoundRole, Places, Program, Route, roles};
use crate::ids::{CrateId, Id, TargetId};
use crate::resolve::tests::read;
use crate::resolve::{DefinitionKind, ItemKind, Resolution};

/// `name kind file:line [evidence] does… -> functions that it reaches`, one line a role; routes and topics behind it.
fn found(fixture: &str) -> String {
    let (resolution, found, _) = read_roles(fixture);
    found.iter().map(|role| shown(&resolution, role)).collect()
}

/// `METHOD path handler`, one line for each route of the program.
pub(super) fn routes_of(fixture: &str) -> Vec<String> {
    let (resolution, _, whole) = read_roles(fixture);
    let name = |id| resolution.uses.definitions[id].name.as_str().to_owned();
    let route = |of: &Route| {
        let handler = of.handler.map_or("?".to_owned(), name);
        format!("{} {} {handler}", of.method, of.path).trim_start().to_owned()
    };
    whole.routes.iter().map(route).collect()
}

/// How many routes have a path that isn't understood.
pub(super) fn not_understood(fixture: &str) -> u32 {
    read_roles(fixture).2.routes_not_understood
}

/// The names of the roles, each with what it does.
pub(super) fn names(fixture: &str) -> Vec<String> {
    let (_, found, _) = read_roles(fixture);
    found.iter().map(|own| format!("{} {:?}", own.role.name, own.role.activity.kinds)).collect()
}

fn read_roles(fixture: &str) -> (Resolution, Vec<FoundRole>, Activity) {
    let (repository, resolution) = read(fixture);
    let is_program = |krate: &CrateId| {
        let kind = repository.targets[TargetId::from_index(krate.index())].kind;
        kind == crate::discover::TargetKind::Bin
    };
    let krate = resolution.crates.ids().find(is_program).unwrap();
    let (found, whole) = {
        let (reach, places) = (Reach::new(&resolution), Places::new(&resolution));
        let entries = Entries::new(&resolution);
        let reached = reach.from(&entries.program(krate), &|_| true);
        let main = entries.main(krate).unwrap();
        let program =
            Program { resolution: &resolution, reach: &reach, places: &places, main, reached: &reached };
        roles(program, &|_| true)
    };
    (resolution, found, whole)
}

fn shown(resolution: &Resolution, FoundRole { role, reached, .. }: &FoundRole) -> String {
    let name = |id| {
        let definition = &resolution.uses.definitions[id];
        definition.name.as_str().to_owned()
    };
    let is_function = |id: &crate::ids::DefinitionId| {
        let definition = &resolution.uses.definitions[*id];
        let item = resolution.items[definition.item].kind;
        definition.kind == DefinitionKind::Function
            || (definition.kind == DefinitionKind::Item && item == ItemKind::Fn)
    };
    let mut functions: Vec<String> = reached.definitions().filter(is_function).map(name).collect();
    functions.sort();
    let path = |file| resolution.files[file].path.as_str();
    let mut out = format!(
        "{} {:?} {}:{} [{}] {:?} -> {}\n",
        role.name,
        role.kind,
        path(role.file),
        role.line,
        role.evidence,
        role.activity.kinds,
        functions.join(" ")
    );
    for route in &role.activity.routes {
        let handler = route.handler.map_or("?".to_owned(), name);
        out += &format!("  {} {} {handler} {}\n", route.method, route.path, route.line);
    }
    for topic in &role.activity.topics {
        out += &format!("  on {} {}\n", topic.name, topic.line);
    }
    out
}

#[track_caller]
fn check(fixture: &str, expected: &str) {
    let expected: String =
        expected.lines().map(|line| format!("{}\n", line.strip_prefix("|").unwrap_or(line))).collect();
    assert_eq!(found(fixture), expected);
}

#[test]
fn derived_commands_are_the_arms_of_a_match() {
    check(
        "//- /main.rs crate:app kind:bin deps:clap
use clap::{Parser, Subcommand};
#[derive(Parser)]
struct Cli { #[command(subcommand)] command: Command }
#[derive(Subcommand)]
enum Command {
    StartWorker { queue: String },
    #[command(name = \"serve-http\", about)]
    Serve(ServeArgs),
    Version,
}
struct ServeArgs;
fn main() {
    setup();
    let cli = Cli::parse();
    match cli.command {
        Command::StartWorker { queue } => work(queue),
        Command::Serve(args) => {
            serve(args);
            shared();
        }
        Command::Version => println!(),
    }
    teardown();
}
fn setup() {} fn teardown() {} fn shared() {}
fn work(_: String) { shared() }
fn serve(_: ServeArgs) {}
",
        "start-worker Subcommand main.rs:16 [Command::StartWorker] [] -> main setup shared teardown work
serve-http Subcommand main.rs:17 [Command::Serve] [] -> main serve setup shared teardown",
    );
}

#[test]
fn commands_may_be_told_apart_in_a_method_and_in_several_matches() {
    check(
        "//- /main.rs crate:app kind:bin deps:clap
#[derive(clap::Subcommand)]
enum Command { A, B }
impl Command {
    fn name(&self) -> &str {
        match self {
            Self::A => \"a\",
            Self::B => \"b\",
        }
    }
    fn run(self) {
        log(self.name());
        match self {
            Self::A => a(),
            Self::B => b(),
        }
    }
}
fn prepare(command: &Command) {
    match command {
        Command::A => {}
        Command::B => prepare_b(),
    }
}
fn main() {
    let command: Command = other::parse();
    prepare(&command);
    command.run();
}
fn log(_: &str) {} fn a() {} fn b() {} fn prepare_b() {}
",
        "a Subcommand main.rs:13 [Self::A] [] -> a log main name prepare run
b Subcommand main.rs:14 [Self::B] [] -> b log main name prepare prepare_b run",
    );
}

#[test]
fn texts_count_where_arguments_are_asked_for() {
    let text = |ask: &str| {
        format!(
            "//- /main.rs crate:app kind:bin deps:clap
use std::env;
fn main() {{
    let asked = {ask};
    match asked {{
        Some(\"serve\") => serve(),
        Some(\"work\" | \"worker\") => work(),
        _ => help(),
    }}
}}
fn serve() {{}} fn work() {{}} fn help() {{}}
"
        )
    };
    let expected = "serve Subcommand main.rs:5 [\"serve\"] [] -> main serve
work|worker Subcommand main.rs:6 [\"work\"] [] -> main work";
    check(&text("env::args().nth(1).as_deref()"), expected);
    check(&text("clap::command!().get_matches().subcommand_name()"), expected);
    check(&text("other::state()"), "");
}

#[test]
fn a_variable_of_the_environment_may_say_what_a_process_is() {
    let text = |variable: &str| {
        format!(
            "//- /main.rs crate:app kind:bin
fn main() {{
    let role = std::env::var(\"{variable}\").unwrap_or_default();
    match role.as_str() {{
        \"web\" => web(),
        \"worker\" => work(),
        other => panic!(\"{{other}}\"),
    }}
}}
fn web() {{}} fn work() {{}}
"
        )
    };
    let expected = "web Subcommand main.rs:4 [\"web\"] [] -> main web
worker Subcommand main.rs:5 [\"worker\"] [] -> main work";
    for (variable, chooses) in [
        ("ROLE", true),
        ("PROCESS", true),
        ("APP_MODE", true),
        ("SERVICE", true),
        ("LOG_LEVEL", false),
        ("WORKER_COUNT", false),
        ("MODEL", false),
    ] {
        check(&text(variable), if chooses { expected } else { "" });
    }
}

#[test]
fn commands_that_only_choose_the_data_are_none() {
    let text = |work: usize| {
        let calls: String = (0..work).map(|n| format!("f{n}();")).collect();
        let functions: String = (0..work).map(|n| format!("fn f{n}() {{}}\n")).collect();
        format!(
            "//- /main.rs crate:app kind:bin deps:clap
#[derive(clap::Subcommand)]
enum Command {{ Write(String), Clear }}
fn main() {{
    let command: Command = other::parse();
    let text = match command {{
        Command::Write(text) => write(text),
        Command::Clear => clear(),
    }};
    {calls}
}}
fn write(text: String) -> String {{ text }}
fn clear() -> String {{ String::new() }}
{functions}"
        )
    };
    assert_eq!(found(&text(3)).lines().count(), 2);
    assert_eq!(found(&text(30)), "");
}

#[test]
fn what_ticks_beside_all_commands_is_housekeeping() {
    check(
        "//- /main.rs crate:app kind:bin deps:clap,tokio,axum
mod serve; mod work;
#[derive(clap::Subcommand)]
enum Command { Serve, Work }
fn main() {
    let command: Command = other::parse();
    tokio::spawn(async {
        let mut every = tokio::time::interval(other::minute());
        loop { every.tick().await; report(); }
    });
    match command {
        Command::Serve => serve::serve(),
        Command::Work => work::work(),
    }
}
fn report() {}
//- /serve.rs
pub fn serve() { axum::serve(listener(), app()); }
fn listener() {} fn app() {}
//- /work.rs
pub fn work() {
    tokio::spawn(async {
        let mut every = tokio::time::interval(other::minute());
        loop { every.tick().await; sweep(); }
    });
}
fn sweep() {}
",
        "serve Subcommand main.rs:11 [Command::Serve] [Server] -> app listener main report serve
work Subcommand main.rs:12 [Command::Work] [Scheduler] -> main report sweep work",
    );
}

#[test]
fn tasks_that_are_joined_are_told_apart() {
    check(
        "//- /main.rs crate:app kind:bin deps:axum,omniqueue,tokio
use axum::{Router, routing::get};
use omniqueue::Queue;
fn main() {
    let pool = pool();
    let queue = queue();
    let state = state(pool, queue);
    let app = Router::new().route(\"/users\", get(users)).with_state(state);
    let (api, worker, cleaner) = tokio::join!(
        async {
            let listener = listener();
            axum::serve(listener, app).await
        },
        async {
            work(pool, queue).await
        },
        clean(pool),
    );
}
fn pool() {} fn queue() {} fn state(_: (), _: ()) {} fn users() {} fn listener() {}
fn work(_: (), queue: Queue) {
    while let Ok(batch) = queue.receive_all(1) { deliver(batch) }
}
fn deliver(_: ()) {}
async fn clean(_: ()) {
    while !done() {
        tokio::time::sleep(hour()).await;
        sweep();
    }
}
fn done() -> bool { false } fn hour() {} fn sweep() {}
",
        "main Server main.rs:11 [axum::serve] [Server] -> listener pool queue state users
  GET /users users 7
work Consumer main.rs:21 [receive_all] [Consumer] -> deliver work
clean Scheduler main.rs:26 [tokio::time::sleep] [Scheduler] -> clean done hour sweep",
    );
}

#[test]
fn what_is_started_under_one_name_has_its_modules_before_it() {
    let text = "//- /main.rs crate:app kind:bin deps:tokio
mod files;
mod mail;
fn main() {
    tokio::spawn(files::pack::run());
    tokio::spawn(files::sweep::run());
    tokio::spawn(mail::sweep::run());
    tokio::spawn(only());
}
async fn only() { loop { tokio::time::sleep(x()).await; one() } }
fn one() {}
//- /files.rs
pub mod pack;
pub mod sweep;
//- /files/pack.rs
pub async fn run() { loop { tokio::time::sleep(x()).await; pack() } }
fn pack() {}
//- /files/sweep.rs
pub async fn run() { loop { tokio::time::sleep(x()).await; sweep() } }
fn sweep() {}
//- /mail.rs
pub mod sweep;
//- /mail/sweep.rs
pub async fn run() { loop { tokio::time::sleep(x()).await; mail() } }
fn mail() {}
";
    let found = found(text);
    let mut names: Vec<&str> = found.lines().filter_map(|line| line.split(' ').next()).collect();
    names.sort_unstable();
    assert_eq!(names, ["files::sweep::run", "mail::sweep::run", "only", "pack::run"]);
}

#[test]
fn waiting_is_the_work_of_a_task_only() {
    let text = |how: &str| {
        format!(
            "//- /main.rs crate:app kind:bin deps:axum,tokio
use std::thread;
fn main() {{
    {how}
    serve();
}}
fn serve() {{ axum::serve(other::app()); }}
fn sweep() {{
    loop {{
        thread::sleep(other::minute());
        clean();
    }}
}}
fn clean() {{}}
"
        )
    };
    let roles =
        |how| found(&text(how)).lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    let none: Vec<String> = Vec::new();
    let both: Vec<String> = vec!["serve".to_owned(), "sweep".to_owned()];
    let found: Vec<String> = roles("thread::spawn(sweep);");
    assert_eq!(found, both);
    let found: Vec<String> = roles("sweep();");
    assert_eq!(found, none);
}

#[test]
fn commands_that_hold_commands() {
    check(
        "//- /main.rs crate:app kind:bin deps:clap
mod admin;
#[derive(clap::Parser)]
enum Command {
    #[command(flatten)]
    Admin(admin::Command),
    Server,
}
fn main() {
    match other::parse() {
        Command::Admin(command) => admin::run(command),
        Command::Server => serve(),
    }
}
fn serve() {}
//- /admin.rs
#[derive(clap::Subcommand)]
pub enum Command { Migrate, #[clap(name = \"wipe-all\")] Wipe }
pub fn run(command: Command) {
    prepare();
    match command {
        Command::Migrate => migrate(),
        Command::Wipe => wipe(),
    }
}
fn prepare() {} fn migrate() {} fn wipe() {}
",
        "migrate Subcommand admin.rs:6 [Command::Migrate] [] -> main migrate prepare run
wipe-all Subcommand admin.rs:7 [Command::Wipe] [] -> main prepare run wipe
server Subcommand main.rs:11 [Command::Server] [] -> main serve",
    );
}

#[test]
fn parts_that_a_configuration_switches_on() {
    let text = |name: &str| {
        format!(
            "//- /main.rs crate:app kind:bin deps:clap
#[derive(clap::Parser)]
enum Command {{ Run, Check }}
pub enum {name} {{ Indexer, ReadApi, Janitor }}
struct Config;
impl Config {{ fn is_enabled(&self, _: {name}) -> bool {{ true }} }}
fn main() {{
    match other::parse() {{
        Command::Run => run(Config),
        Command::Check => check(),
    }}
}}
fn check() {{}}
fn run(config: Config) {{
    common();
    let indexer = if config.is_enabled({name}::Indexer) {{
        index()
    }} else {{
        index_elsewhere();
        0
    }};
    if config.is_enabled({name}::ReadApi) && ready() {{
        answer();
    }}
    if !config.is_enabled({name}::ReadApi) {{
        warn();
    }}
    if config.is_enabled({name}::Indexer) || config.is_enabled({name}::Janitor) {{
        tidy();
    }}
}}
fn common() {{}} fn index() -> u32 {{ 1 }} fn index_elsewhere() {{}} fn ready() -> bool {{ true }}
fn answer() {{}} fn warn() {{}} fn tidy() {{}}
"
        )
    };
    let commands = "run Subcommand main.rs:8 [Command::Run] [] -> answer common index index_elsewhere is_enabled main ready run \
                    tidy warn
check Subcommand main.rs:9 [Command::Check] [] -> check main";
    let services = "
indexer Service main.rs:15 [NodeService::Indexer] [] -> common index is_enabled main run tidy warn
janitor Service main.rs:27 [NodeService::Janitor] [] -> common index_elsewhere is_enabled main run tidy warn
read-api Service main.rs:21 [NodeService::ReadApi] [] -> answer common index_elsewhere is_enabled main ready run warn";
    check(&text("NodeService"), &format!("{commands}{services}"));
    check(&text("Level"), commands);
}

#[test]
fn texts_that_become_variants_are_commands_where_these_are_matched() {
    check(
        "//- /main.rs crate:app kind:bin deps:clap
enum Command {
    Index(String),
    RunAll,
}
enum Other { A, B }
fn parse(matches: clap::ArgMatches) -> Command {
    let (name, rest) = matches.remove_subcommand();
    match name {
        \"index\" => make(Command::Index),
        \"run-all\" => Command::RunAll,
        _ => other::exit(),
    }
}
fn make(_: fn(String) -> Command) -> Command { other::make() }
fn main() {
    prepare(Other::A);
    match parse(other::matches()) {
        Command::Index(name) => index(name),
        Command::RunAll => run(),
    }
}
fn prepare(other: Other) {
    match other {
        Other::A => a(),
        Other::B => b(),
    }
}
fn index(_: String) {} fn run() {} fn a() {} fn b() {}
",
        "index Subcommand main.rs:18 [Command::Index] [] -> a b index main make parse prepare
run-all Subcommand main.rs:19 [Command::RunAll] [] -> a b main make parse prepare run",
    );
}

#[test]
fn a_program_without_a_command_has_a_role_of_its_own() {
    check(
        "//- /main.rs crate:app kind:bin deps:clap,axum
#[derive(clap::Subcommand)]
enum Command {
    Migrate,
}
fn main() {
    match other::parse() {
        Some(Command::Migrate) => migrate(),
        None => run(),
    }
}
fn migrate() {}
fn run() {
    tokio::join!(axum::serve(listener(), app()), other::wait());
}
fn listener() {}
fn app() -> axum::Router {
    other::new().api_route_with(\"/app\", get_with(list, docs).post_with(create, docs), tag())
}
fn list() {} fn create() {} fn docs() {} fn tag() {}
",
        "migrate Subcommand main.rs:7 [Command::Migrate] [] -> main migrate
default Subcommand main.rs:8 [no command] [Server] -> app create docs list listener main run tag
  GET /app list 17
  POST /app create 17",
    );
}

#[test]
fn one_command_or_a_match_on_anything_else_is_none() {
    let text = |arms: &str| {
        format!(
            "//- /main.rs crate:app kind:bin
enum State {{ On, Off }}
#[derive(Subcommand)] enum Command {{ One, Two }}
fn main() {{
    match other::get() {{
        {arms}
    }}
}}
fn a() {{}} fn b() {{}}
"
        )
    };
    check(&text("State::On => a(),\n State::Off => b(),"), "");
    check(&text("Command::One => a(),\n Command::Two => {}"), "");
    check(&text("Command::One => a(), Command::Two => b(),"), "");
}

#[test]
fn servers_consumers_and_schedulers_are_told_by_the_crates_that_start_them() {
    check(
        "//- /main.rs crate:app kind:bin deps:axum,tokio,lapin,tokio_cron_scheduler
mod api;
mod jobs;
use std::time::Duration;
#[tokio::main]
async fn main() {
    let state = setup();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_secs(60));
        loop {
            every.tick().await;
            jobs::clean().await;
        }
    });
    tokio::spawn(jobs::consume());
    jobs::schedule().await;
    api::listen(state).await;
}
fn setup() {}
//- /api.rs
use axum::{Router, routing::{get, post}};
pub async fn listen(state: ()) {
    let app = Router::new()
        .route(\"/users\", get(list).post(create))
        .route(\"/users/{id}\", axum::routing::delete(users::delete));
    axum::serve(other::listener(), app).await;
}
async fn list() { shared() }
async fn create() {}
mod users { pub async fn delete() {} }
fn shared() {}
//- /jobs.rs
use lapin::Channel;
use tokio_cron_scheduler::{Job, JobScheduler};
pub async fn clean() {}
pub async fn consume() {
    let channel: Channel = other::channel();
    channel.basic_consume(\"orders\", \"tag\", other::options(), other::table()).await;
    handle().await;
}
async fn handle() {}
pub async fn schedule() {
    let schedule = JobScheduler::new().await;
    schedule.add(Job::new_async(\"0 0 * * * *\", |_, _| Box::pin(nightly()))).await;
}
async fn nightly() {}
",
        "clean Scheduler main.rs:8 [tokio::time::interval] [Scheduler] -> clean
listen Server api.rs:6 [axum::serve] [Server] -> create delete list listen shared
  GET /users list 4
  POST /users create 4
  DELETE /users/{id} delete 5
consume Consumer jobs.rs:6 [basic_consume] [Consumer] -> consume handle
  on orders 6
schedule Scheduler jobs.rs:12 [Job::new_async] [Scheduler] -> nightly schedule
  on 0 0 * * * * 12",
    );
}

#[test]
fn a_commands_only_server_is_the_command() {
    check(
        "//- /main.rs crate:app kind:bin deps:actix_web,clap
use actix_web::{App, HttpServer, get, web};
#[derive(clap::Subcommand)]
enum Command {
    Serve,
    Migrate,
}
fn main() {
    match other::parse() {
        Command::Serve => serve(),
        Command::Migrate => migrate(),
    }
}
fn serve() {
    HttpServer::new(|| App::new().service(health).route(\"/hey\", web::get().to(hey))
        .route(\".well-known/hey\", web::get().to(hey)));
}
#[get(\"/health\")]
async fn health() {}
async fn hey() {}
fn migrate() {}
",
        "serve Subcommand main.rs:9 [Command::Serve] [Server] -> health hey main serve
  GET /.well-known/hey hey 15
  GET /health health 17
  GET /hey hey 14
migrate Subcommand main.rs:10 [Command::Migrate] [] -> main migrate",
    );
}

#[test]
fn names_of_other_crates_start_nothing() {
    check(
        "//- /main.rs crate:app kind:bin deps:other
use other::{HttpServer, serve};
fn main() {
    HttpServer::new();
    serve(1);
    a();
    x.basic_consume(\"q\");
    tokio::time::interval(1);
}
fn a() { axum::serve(); b() }
fn b() { lambda_runtime::run(1); }
",
        "",
    );
}

#[test]
fn what_goes_on_inside_of_commands_is_no_role_where_these_tell_services_apart() {
    let text = |work: &str| {
        format!(
            "//- /main.rs crate:app kind:bin deps:axum,clap,tokio
#[derive(clap::Subcommand)]
enum Command {{ Serve, Work }}
fn main() {{
    match other::parse() {{
        Command::Serve => {{ api(); admin(); }}
        Command::Work => {work},
    }}
}}
fn api() {{ axum::serve(other::app()); }}
fn admin() {{ axum::serve(other::app()); one() }}
fn one() {{}} fn migrate() {{}}
"
        )
    };
    assert_eq!(names(&text("admin()")), ["serve [Server]", "work [Server]"]);
    assert_eq!(names(&text("migrate()")), ["serve [Server]", "work []", "api [Server]", "admin [Server]"]);
}

#[test]
fn commands_whose_enum_has_another_name_where_they_are_matched() {
    check(
        "//- /main.rs crate:app kind:bin deps:axum,clap
mod server; mod worker;
#[derive(clap::Parser)]
enum Subcommand {
    Server(server::Options),
    Worker(worker::Options),
}
#[derive(clap::Parser)]
struct Options {
    #[command(subcommand)]
    subcommand: Option<Subcommand>,
}
impl Options {
    async fn run(self) {
        use Subcommand as S;
        match self.subcommand {
            Some(S::Server(c)) => Box::pin(c.run(figment())).await,
            Some(S::Worker(c)) => Box::pin(c.run(figment())).await,
            None => Box::pin(self::server::Options::default().run(figment())).await,
        }
    }
}
fn figment() {}
fn main() { let options = Options::parse(); other::block_on(options.run()); }
//- /server.rs
#[derive(clap::Parser, Default)]
pub struct Options {}
impl Options { pub async fn run(self, _: ()) { axum::serve(app()); } }
fn app() {}
//- /worker.rs
#[derive(clap::Parser)]
pub struct Options {}
impl Options { pub async fn run(self, _: ()) { work() } }
fn work() {}
",
        "server Subcommand main.rs:16 [S::Server] [Server] -> app figment main run run
worker Subcommand main.rs:17 [S::Worker] [] -> figment main run run work",
    );
}

#[test]
fn what_a_macro_starts_begins_where_it_is_called() {
    let text = r#"//- /main.rs crate:app kind:bin deps:apalis_core,clap
mod mail; mod sweep;
macro_rules! build {
    ($name: expr) => { ::apalis_core::builder::WorkerBuilder::new($name) };
}
pub(crate) use build;
#[derive(clap::Parser)]
enum Command { Serve, Work }
fn main() {
    match other::parse() {
        Command::Serve => app(),
        Command::Work => { mail::register(); sweep::register(); }
    }
}
fn app() {}
//- /mail.rs
pub fn register() { crate::build!("mail"); }
//- /sweep.rs
pub fn register() { crate::build!("sweep"); }
"#;
    assert_eq!(
        names(&text.replace("{ axum::serve(other::app()); }", "app()")),
        ["serve []", "work [Consumer]", "mail::register [Consumer]", "sweep::register [Consumer]"]
    );
}
