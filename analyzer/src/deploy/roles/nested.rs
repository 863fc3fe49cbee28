//! Under which paths routers are nested: `nest("/api", users::routes())` of axum and poem, `mount("/api", routes![list])` of Rocket,
//! `web::scope("/api").configure(users::routes)` of actix-web.

use std::collections::{BTreeMap, BTreeSet};

use super::known;
use super::program::Program;
use crate::deploy::reach::Reached;
use crate::ids::DefinitionId;
use crate::parse::tree::{CallForm, NamedCall};

/// Nests within each other. A choice.
const MOST_NESTS: usize = 6;

/// What is nested under which path.
pub(super) struct Nested {
    /// By the function that the router is made in, or that handles a request: what it is nested under, and where.
    functions: BTreeMap<DefinitionId, (String, DefinitionId, u32)>,
    /// Lines of a function that stand in a nest.
    lines: BTreeMap<DefinitionId, Vec<Lines>>,
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
    pub(super) fn new(program: Program<'_>, reached: &Reached) -> Self {
        let mut nested = Self { functions: BTreeMap::new(), lines: BTreeMap::new() };
        let mut handlers = BTreeSet::new();
        for (file, data) in program.resolution.files.iter_enumerated() {
            if data.named_calls.is_empty() || !known::routes(data) {
                continue;
            }
            for external in &data.named_calls {
                let call = &external.call;
                let owners = program.places.at(file, call.line);
                let Some(owner) = owners.into_iter().find(|&owner| reached.contains(owner)) else { continue };
                match call.text.filter(|path| nests(call) && path.as_str().starts_with('/')) {
                    Some(path) => nested.add(program, owner, call, path.as_str()),
                    None if call.form == CallForm::Attribute => drop(handlers.insert(owner)),
                    None => {}
                }
            }
        }
        nested.add_handlers(program, reached, &handlers);
        nested
    }

    fn add(&mut self, program: Program<'_>, owner: DefinitionId, call: &NamedCall, path: &str) {
        let path = path.trim_end_matches('/').to_owned();
        for used in program.resolution.uses.of(owner) {
            let name = program.resolution.uses.definitions[used.to].name;
            let among = (call.line..=call.end_line).contains(&used.line) && call.names.contains(&name);
            if among && program.is_function(used.to) {
                self.functions.entry(used.to).or_insert_with(|| (path.clone(), owner, call.line));
            }
        }
        let before = call.form == CallForm::Path;
        let lines = Lines { first: call.line, last: call.end_line, path, before };
        self.lines.entry(owner).or_default().push(lines);
    }

    /// A handler that says its path itself lies where the function is nested that names it: `config.service(list)`.
    fn add_handlers(&mut self, program: Program<'_>, reached: &Reached, handlers: &BTreeSet<DefinitionId>) {
        if handlers.is_empty() {
            return;
        }
        for function in reached.definitions().filter(|&id| program.is_function(id)) {
            for used in program.resolution.uses.of(function) {
                if used.to != function && handlers.contains(&used.to) {
                    self.functions.entry(used.to).or_insert_with(|| (String::new(), function, used.line));
                }
            }
        }
    }

    /// The path that a line of a function is nested under.
    pub(super) fn around(&self, owner: DefinitionId, line: u32) -> String {
        let (mut owner, mut line, mut path) = (owner, line, String::new());
        for hop in 0..MOST_NESTS {
            // What leads to a nest stands on its first line, too.
            let inside = |of: &&Lines| {
                let begins = of.first < line || (of.before && hop == 0 && of.first == line);
                begins && line <= of.last
            };
            let mut inner: Vec<&Lines> =
                self.lines.get(&owner).into_iter().flatten().filter(inside).collect();
            inner.sort_by_key(|of| std::cmp::Reverse(of.first));
            inner.into_iter().for_each(|of| path = format!("{}{path}", of.path));
            let Some((own, next, at)) = self.functions.get(&owner) else { break };
            path = format!("{own}{path}");
            (owner, line) = (*next, *at);
        }
        path
    }
}

/// Whether a call nests what is given to it, or called on what it gives.
fn nests(call: &NamedCall) -> bool {
    match call.form {
        CallForm::Method => matches!(call.name(), "nest" | "nest_service" | "nest_api_service" | "mount"),
        CallForm::Path => call.name() == "scope",
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
    }
}
