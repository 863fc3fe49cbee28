//! Under which paths routers are nested: `nest("/api", users::routes())` of axum and poem, `mount("/api", routes![list])` of Rocket,
//! `web::scope("/api").configure(users::routes)` of actix-web. A router may be kept in a variable before, and be made of what other
//! functions give (`merge`), so that what makes routes lies where it is called.

use std::collections::{BTreeMap, BTreeSet};

use super::known;
use super::program::{Program, Run};
use super::variables::Variables;
use crate::ids::{DefinitionId, FileId};
use crate::parse::tree::{Binding, CallForm, Name, NamedCall};

/// Functions and nests within each other, and places of one router. Choices.
const MOST_NESTS: usize = 12;
const MOST_PLACES: usize = 16;

/// What is nested under which path.
pub(super) struct Nested {
    /// By the function that a router is made in, or that handles a request: where it lies.
    functions: BTreeMap<DefinitionId, BTreeSet<Placed>>,
    /// Lines of a function that stand in a nest.
    lines: BTreeMap<DefinitionId, Vec<Lines>>,
    /// Statements of a function that make a router, first and last line, with the nests that it is put into.
    made: BTreeMap<DefinitionId, Vec<(u32, u32, Placed)>>,
}

/// Where something lies: under a path, on a line of a function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Placed {
    path: String,
    of: DefinitionId,
    line: u32,
}

/// Lines that stand in a nest.
struct Lines {
    first: u32,
    last: u32,
    path: String,
    /// Whether the path comes before what is nested, so that all of its first line is: a scope, with methods called on it.
    before: bool,
}

impl Nested {
    pub(super) fn new(program: Program<'_>, run: Run<'_>) -> Self {
        let mut nested = Self { functions: BTreeMap::new(), lines: BTreeMap::new(), made: BTreeMap::new() };
        let (mut handlers, mut routers) = (BTreeSet::new(), BTreeSet::new());
        for (file, data) in program.resolution.files.iter_enumerated() {
            if data.named_calls.is_empty() || !known::routes(data) {
                continue;
            }
            for external in &data.named_calls {
                let call = &external.call;
                let owners = program.places.at(file, call.line);
                let Some(owner) = owners.into_iter().find(|&owner| run.runs(owner, call.line)) else {
                    continue;
                };
                match call.text.filter(|path| nests(call) && path.as_str().starts_with('/')) {
                    Some(path) => {
                        nested.add(program, (owner, file), call, path.as_str());
                        routers.insert(owner);
                    }
                    None if call.form == CallForm::Attribute => drop(handlers.insert(owner)),
                    None if makes_routes(call) => drop(routers.insert(owner)),
                    None => {}
                }
            }
        }
        nested.add_named(program, run, handlers, routers);
        nested
    }

    fn add(
        &mut self,
        program: Program<'_>,
        (owner, file): (DefinitionId, FileId),
        call: &NamedCall,
        path: &str,
    ) {
        let path = path.trim_end_matches('/').to_owned();
        let lines = call.line..=call.end_line;
        let used = program.resolution.uses.of(owner).iter().filter(|used| lines.contains(&used.line));
        let functions: BTreeSet<DefinitionId> =
            used.map(|used| used.to).filter(|&to| program.is_function(to)).collect();
        let is_named = |to: &DefinitionId| call.has(program.resolution.uses.definitions[*to].name);
        // One that has another name there (`use admin::routes as admin_routes`) is the only one.
        let alone = functions.len() == 1 && call.names.iter().any(|arg| arg.called);
        for to in functions.into_iter().filter(|to| alone || is_named(to)) {
            let placed = Placed { path: path.clone(), of: owner, line: call.line };
            self.functions.entry(to).or_default().insert(placed);
        }
        let before = call.form == CallForm::Path;
        let lines = Lines { first: call.line, last: call.end_line, path: path.clone(), before };
        self.lines.entry(owner).or_default().push(lines);
        if call.form == CallForm::Method {
            let names: Vec<Name> = call.names.iter().map(|of| of.name).collect();
            let merged = |of: &Binding| merged(of, program, file);
            let made = Variables::of(program, owner, file).behind(&names, call.line, &merged);
            let placed = |of: &Binding| {
                (of.line, of.end_line, Placed { path: path.clone(), of: owner, line: call.line })
            };
            self.made.entry(owner).or_default().extend(made.into_iter().map(placed));
        }
    }

    /// A handler that says its path itself lies where the function is nested that names it (`config.service(list)`), a router
    /// where what makes it is called, and so on up to `main`.
    fn add_named(
        &mut self,
        program: Program<'_>,
        run: Run<'_>,
        handlers: BTreeSet<DefinitionId>,
        routers: BTreeSet<DefinitionId>,
    ) {
        let mut callers: BTreeMap<DefinitionId, Vec<(DefinitionId, u32)>> = BTreeMap::new();
        for function in run.definitions().filter(|&id| program.is_function(id)) {
            for used in program.resolution.uses.of(function).iter().filter(|used| used.to != function) {
                if run.runs(function, used.line) {
                    callers.entry(used.to).or_default().push((function, used.line));
                }
            }
        }
        let mut seen: BTreeSet<DefinitionId> = handlers.union(&routers).copied().collect();
        let mut open: Vec<DefinitionId> = seen.iter().copied().collect();
        while let Some(id) = open.pop() {
            for &(function, line) in callers.get(&id).into_iter().flatten() {
                let own = self.functions.entry(id).or_default();
                let is_nested = own.iter().any(|of| of.of == function);
                if !is_nested && own.len() < MOST_PLACES {
                    own.insert(Placed { path: String::new(), of: function, line });
                }
                if seen.insert(function) {
                    open.push(function);
                }
            }
        }
    }

    /// The paths that a line of a function is nested under; one that is empty where it is in no nest.
    pub(super) fn around(&self, owner: DefinitionId, line: u32) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![(owner, line, String::new(), 0)];
        while let Some((owner, line, below, hop)) = open.pop() {
            let path = self.in_function(owner, line, hop == 0) + &below;
            let placed = if hop < MOST_NESTS { self.placed(owner, line) } else { Vec::new() };
            if placed.is_empty() || found.len() + open.len() + placed.len() > MOST_PLACES {
                found.insert(path);
                continue;
            }
            open.extend(placed.into_iter().map(|of| (of.of, of.line, format!("{}{path}", of.path), hop + 1)));
        }
        found
    }

    /// Where a line's router lies: in the nests that its variable is put into, else where its function is called.
    fn placed(&self, owner: DefinitionId, line: u32) -> Vec<&Placed> {
        let made = self.made.get(&owner).into_iter().flatten();
        let made = made.filter(|(first, last, of)| (*first..=*last).contains(&line) && of.line != line);
        let made: Vec<&Placed> = made.map(|(.., of)| of).collect();
        match made.is_empty() {
            true => self.functions.get(&owner).into_iter().flatten().collect(),
            false => made,
        }
    }

    /// The path of the nests of one function around one of its lines.
    fn in_function(&self, owner: DefinitionId, line: u32, is_first: bool) -> String {
        // What leads to a nest stands on its first line, too.
        let inside =
            |of: &&Lines| line <= of.last && (of.first < line || (of.before && is_first && of.first == line));
        let mut inner: Vec<&Lines> = self.lines.get(&owner).into_iter().flatten().filter(inside).collect();
        inner.sort_by_key(|of| of.first);
        inner.into_iter().map(|of| of.path.as_str()).collect()
    }
}

/// The variables that a statement is made of, without those that it puts into nests of its own.
fn merged(of: &Binding, program: Program<'_>, file: FileId) -> Vec<Name> {
    let calls = program.resolution.files[file].named_calls.iter().map(|external| &external.call);
    let own = calls.filter(|call| nests(call) && of.line <= call.line && call.end_line <= of.end_line);
    let nested: BTreeSet<&str> =
        own.flat_map(|call| call.names.iter().map(|arg| arg.name.as_str())).collect();
    of.names.iter().copied().filter(|name| !nested.contains(name.as_str())).collect()
}

/// Whether a call nests what is given to it, or called on what it gives.
pub(super) fn nests(call: &NamedCall) -> bool {
    match call.form {
        CallForm::Method => matches!(call.name(), "nest" | "nest_service" | "nest_api_service" | "mount"),
        // The latter is warp's `path!("api" / ..)`.
        CallForm::Path => matches!(call.name(), "scope" | "path_prefix"),
        CallForm::Attribute => false,
    }
}

/// Whether a call gives a router routes.
fn makes_routes(call: &NamedCall) -> bool {
    match call.form {
        CallForm::Method => matches!(call.name(), "route" | "at" | "api_route" | "api_route_with"),
        CallForm::Path => matches!(call.name(), "resource" | "routes" | "path"),
        CallForm::Attribute => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::deploy::roles::tests::routes_of;

    #[test]
    fn routers_that_are_nested_in_others() {
        let axum = routes_of(
            "//- /main.rs crate:app kind:bin deps:axum
mod users;
use axum::{Router, routing::get};
fn main() {
    let app = Router::new()
        .route(\"/\", get(home))
        .nest(\"/api\", users::routes())
        .nest(
            \"/admin\",
            Router::new().route(\"/\", get(home)).route(\"/jobs/{id}\", get(job)),
        );
    axum::serve(app);
}
fn home() {}
fn job() {}
//- /users.rs
use axum::{Router, routing::get};
mod keys;
pub fn routes() -> Router {
    Router::new().route(\"/users\", get(list).post(create)).nest(\"/users/{id}\", keys::routes())
}
fn list() {} fn create() {}
//- /users/keys.rs
use axum::{Router, routing::get};
pub fn routes() -> Router { Router::new().route(\"/keys\", get(keys)) }
fn keys() {}
",
        );
        let expected = [
            "GET / home",
            "GET /admin home",
            "GET /admin/jobs/{id} job",
            "GET /api/users list",
            "GET /api/users/{id}/keys keys",
            "POST /api/users create",
        ];
        let mut sorted = axum.clone();
        sorted.sort();
        assert_eq!(sorted, expected);
    }

    #[test]
    fn routers_that_are_kept_in_variables_and_merged() {
        let mut axum = routes_of(
            "//- /main.rs crate:app kind:bin deps:axum
mod v1;
use axum::{Router, routing::get};
fn main() {
    let state = state();
    let jobs = Router::new()
        .route(\"/jobs\", get(jobs));
    let api = v1::router(state)
        .nest(\"/work\", jobs);
    let other = Router::new().route(\"/both\", get(both));
    let app = Router::new()
        .nest(\"/a\", other.clone())
        .nest(\"/b\", other)
        .nest_service(\"/api/v1\", api);
    let app = app.merge(docs());
    axum::serve(app);
}
fn state() {} fn jobs() {} fn both() {} fn page() {}
fn docs() -> Router { Router::new().route(\"/docs\", get(page)) }
//- /v1.rs
use axum::{Router, routing::get};
mod users;
pub fn router(_: ()) -> Router { Router::new().merge(users::router()).merge(more()) }
fn more() -> Router { inner() }
fn inner() -> Router { Router::new().route(\"/more\", get(other)) }
fn other() {}
//- /v1/users.rs
use axum::{Router, routing::get};
pub fn router() -> Router { Router::new().route(\"/users\", get(list)) }
fn list() {}
",
        );
        axum.sort();
        let expected = [
            "GET /a/both both",
            "GET /api/v1/more other",
            "GET /api/v1/users list",
            "GET /api/v1/work/jobs jobs",
            "GET /b/both both",
            "GET /docs page",
        ];
        assert_eq!(axum, expected);
    }

    #[test]
    fn routes_that_the_handlers_say_themselves() {
        let mut found = routes_of(
            "//- /main.rs crate:app kind:bin deps:axum,utoipa,utoipa_axum
mod krate;
use axum::{Router, routing::get};
use utoipa_axum::{router::OpenApiRouter, routes};
fn main() {
    let api = OpenApiRouter::new()
        .routes(routes!(krate::list, krate::create))
        .routes(routes!(krate::owners::list));
    let app = OpenApiRouter::new().nest(\"/api\", api).route(\"/plain\", get(plain));
    axum::serve(app);
}
#[utoipa::path(get, path = \"/documented\")]
fn plain() {}
//- /krate.rs
pub mod owners {
    #[utoipa::path(method(get, head), path = \"/owners\")]
    pub fn list() {}
}
#[utoipa::path(get, path = \"/crates\", params(Put), responses((status = 200, description = \"put\")))]
pub fn list() {}
#[utoipa::path(path = \"/crates\", post, tag = \"/crates\")]
pub fn create() {}
",
        );
        found.sort();
        let expected = [
            "GET /api/crates list",
            "GET /api/owners list",
            "GET /plain plain",
            "HEAD /api/owners list",
            "POST /api/crates create",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_stands_around_a_handler_is_none() {
        let mut found = routes_of(
            "//- /main.rs crate:app kind:bin deps:actix_web,axum
use actix_web::{App, HttpServer, web, guard};
mod pages;
fn main() {
    let limit = limit();
    HttpServer::new(|| App::new()
        .service(web::resource(\"/users\").guard(guard::Post()).wrap(limit.register()).route(web::post().to(create)))
        .service(web::scope(\"/jobs\").wrap(limit.message()).route(\"\", web::get().to(jobs)).route(\"/{id}\", web::get().to(jobs::<u8>))));
    pages::router();
}
struct Limit;
impl Limit { fn register(&self) {} fn message(&self) {} }
fn limit() -> Limit { Limit }
fn create() {} fn jobs() {}
//- /pages.rs
use axum::{Router, routing::{MethodRouter, get}};
pub fn router() -> Router {
    Router::new()
        .route(\"/about\", get_page(about))
        .route(\"/style.css\", asset(\"style.css\"))
        .route(\"/home\", get(home).layer(cached(about)))
}
fn get_page(_: fn()) -> MethodRouter { get(other::wrap()) }
fn asset(_: &str) -> MethodRouter { get(other::file()) }
fn cached(_: fn()) {}
fn about() {} fn home() {}
",
        );
        found.sort();
        let expected = [
            " /style.css asset",
            "GET /about about",
            "GET /home home",
            "GET /jobs jobs",
            "GET /jobs/{id} jobs",
            "POST /users create",
        ];
        let expected: Vec<&str> = expected.iter().map(|line| line.trim_start()).collect();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn scopes_of_actix_with_what_they_configure() {
        let mut actix = routes_of(
            "//- /main.rs crate:app kind:bin deps:actix_web
mod users;
use actix_web::{App, HttpServer, web};
fn main() {
    HttpServer::new(|| {
        App::new()
            .service(health)
            .service(
                web::scope(\"/api\")
                    .configure(users::config)
                    .route(\"/jobs\", web::get().to(jobs))
                    .service(web::resource(\"/me\").route(web::get().to(me)).route(web::put().to(rename))),
            )
            .service(web::scope(\"/old\").route(\"/jobs\", web::get().to(jobs)))
    });
}
#[get(\"/health\")]
fn health() {}
fn jobs() {} fn me() {} fn rename() {}
//- /users.rs
use actix_web::web;
pub fn config(config: &mut web::ServiceConfig) {
    config.service(list);
    config.service(web::scope(\"/users\").service(create));
}
#[get(\"/users\")]
fn list() {}
#[post(\"/new\")]
fn create() {}
",
        );
        actix.sort();
        let expected = [
            "GET /api/jobs jobs",
            "GET /api/me me",
            "GET /api/users list",
            "GET /health health",
            "GET /old/jobs jobs",
            "POST /api/users/new create",
            "PUT /api/me rename",
        ];
        assert_eq!(actix, expected);
    }

    #[test]
    fn mounts_and_paths_of_macros() {
        let mut rocket = routes_of(
            "//- /main.rs crate:app kind:bin deps:rocket
#[macro_use] extern crate rocket;
fn main() { rocket::build().mount(\"/api\", routes![list]).mount(\"/\", routes![home]); }
#[get(\"/users?<page>\")]
fn list() {}
#[get(\"/\")]
fn home() {}
",
        );
        rocket.sort();
        assert_eq!(rocket, ["GET / home", "GET /api/users?<page> list"]);
        let rocket = routes_of(
            "//- /main.rs crate:app kind:bin deps:rocket
#[macro_use] extern crate rocket;
mod api;
fn main() {
    rocket::build()
        .mount([base, \"/admin\"].concat(), api::admin_routes());
}
//- /api.rs
mod admin;
pub use admin::routes as admin_routes;
//- /api/admin.rs
pub fn routes() -> Vec<rocket::Route> { routes![page] }
#[get(\"/page\")]
fn page() {}
",
        );
        assert_eq!(rocket, ["GET /admin/page page"]);
        let warp = routes_of(
            "//- /main.rs crate:app kind:bin deps:warp
use warp::Filter;
fn main() {
    let order = warp::path!(\"orders\" / u32 / \"lines\").and(warp::get()).and_then(lines);
    let new = warp::path!(\"orders\")
        .and(warp::post())
        .and(warp::body::json())
        .and_then(create);
    warp::serve(order.or(new));
}
fn lines() {} fn create() {}
",
        );
        assert_eq!(warp, ["POST /orders create", "GET /orders/{}/lines lines"]);
        let mut warp = routes_of(
            "//- /main.rs crate:app kind:bin deps:warp
mod jobs;
use warp::Filter;
fn main() {
    let root = warp::path!(\"api\" / \"v1\" / ..);
    let routes = root.and(
        orders()
            .or(jobs::routes()),
    );
    warp::serve(routes.or(health()));
}
fn orders() { warp::path!(\"orders\").and(warp::get()).and_then(list) }
fn health() { warp::path!(\"health\").and(warp::get()).and_then(list) }
fn list() {}
//- /jobs.rs
use warp::Filter;
pub fn routes() { warp::path!(\"jobs\" / ..).and(one()) }
fn one() { warp::path!(u32).and(warp::get()).and_then(job) }
fn job() {}
",
        );
        warp.sort();
        assert_eq!(warp, ["GET /api/v1/jobs/{} job", "GET /api/v1/orders list", "GET /health list"]);
    }
}
