//! Routes: a path with its methods and handlers, where the file names a crate that routes requests.

use std::collections::{BTreeMap, BTreeSet};

use super::known;
use super::model::Route;
use super::nested::{Nested, nests};
use super::program::{Program, Run};
use super::started::callers;
use crate::ids::{DefinitionId, FileId};
use crate::parse::tree::{CallForm, NamedCall};
use crate::resolve::{ExternalCall, File};

/// Routes of one role that are listed. A choice.
const MOST_ROUTES: usize = 2_000;

const VERBS: [&str; 9] = ["get", "post", "put", "delete", "patch", "head", "options", "trace", "connect"];

/// The routes that something reached declares, by file and line, and how many others have a path that isn't written down.
pub(super) fn routes(program: Program<'_>, run: Run<'_>) -> (Vec<Route>, u32) {
    let (mut found, mut made) = (Vec::new(), 0);
    let nested = Nested::new(program, run);
    let mut expanded = Expanded::new();
    let documented = documented(program);
    for (file, data) in program.resolution.files.iter_enumerated() {
        if data.named_calls.is_empty() || !known::routes(data) {
            continue;
        }
        for external in &data.named_calls {
            let call = &external.call;
            let owners = program.places.at(file, call.line);
            let owner = owners.into_iter().find(|&owner| run.runs(owner, call.line));
            made += u32::from(call.made && owner.is_some());
            if let Some(of) = owner.filter(|&of| !program.is_function(of)) {
                expanded.entry(of).or_insert_with(|| named_where_called(program, of));
            }
            if let (Some(owner), true) = (owner, found.len() < MOST_ROUTES) {
                let routes = match is_registration(external) {
                    true => registered(program, &documented, call, owner, file),
                    false => declared(program, &expanded, external, owner, file),
                };
                if routes.is_empty() {
                    continue;
                }
                for prefix in nested.around(owner, call.line) {
                    let routes = routes.iter().cloned();
                    found.extend(routes.map(|route| Route { path: below(&prefix, &route.path), ..route }));
                }
            }
        }
    }
    found.retain(|route: &Route| !route.path.is_empty());
    found.sort();
    found.dedup();
    (found, made)
}

/// What is named by those who call a macro: what its body names is theirs.
type Expanded = BTreeMap<DefinitionId, BTreeSet<DefinitionId>>;

fn named_where_called(program: Program<'_>, of: DefinitionId) -> BTreeSet<DefinitionId> {
    let callers = callers(program, of).into_iter();
    callers.flat_map(|(caller, _)| program.resolution.uses.of(caller)).map(|used| used.to).collect()
}

/// The paths and methods that attributes of utoipa say of handlers.
fn documented(program: Program<'_>) -> BTreeMap<DefinitionId, (Vec<String>, String)> {
    let mut found = BTreeMap::new();
    for (file, data) in program.resolution.files.iter_enumerated() {
        let calls = data.named_calls.iter().map(|external| &external.call);
        for call in calls.filter(|call| call.form == CallForm::Attribute && call.name() == "path") {
            let Some(path) = call.text else { continue };
            let names = call.names.iter().map(|arg| arg.name.as_str());
            // They come first; what else is said may have any name.
            let is_verb = |name: &&str| VERBS.contains(name) || matches!(*name, "method" | "path");
            let verbs = names.take_while(is_verb).filter(|name| VERBS.contains(name));
            let verbs: Vec<String> = verbs.map(str::to_uppercase).collect();
            for handler in program.places.at(file, call.line) {
                found.insert(handler, (verbs.clone(), path.as_str().to_owned()));
            }
        }
    }
    found
}

/// Whether a call is utoipa's `routes!(list, create)`.
fn is_registration(external: &ExternalCall) -> bool {
    external.call.form == CallForm::Path && external.call.name() == "routes"
}

/// The routes of handlers that say their paths themselves.
fn registered(
    program: Program<'_>,
    documented: &BTreeMap<DefinitionId, (Vec<String>, String)>,
    call: &NamedCall,
    owner: DefinitionId,
    file: FileId,
) -> Vec<Route> {
    let uses = &program.resolution.uses;
    let lines = call.line..=call.end_line;
    let named = uses.of(owner).iter().filter(|used| lines.contains(&used.line));
    let named = named.filter(|used| call.has(uses.definitions[used.to].name));
    let mut found = Vec::new();
    for used in named {
        let Some((verbs, path)) = documented.get(&used.to) else { continue };
        found.extend(verbs.iter().map(|method| Route {
            path: path.clone(),
            method: method.clone(),
            handler: Some(used.to),
            file,
            line: call.line,
        }));
    }
    found
}

/// The path that a text is; in a scope it may be empty. Actix puts the first slash where there is none
/// (<https://docs.rs/actix-web/4/actix_web/struct.App.html#method.route>).
fn path(text: &str, file: &File) -> Option<String> {
    match text {
        "" => Some(String::new()),
        _ if text.starts_with('/') => Some(text.to_owned()),
        _ if text.contains('/') && !text.contains(char::is_whitespace) && known::names(file, "actix_web") => {
            Some(format!("/{text}"))
        }
        _ => None,
    }
}

fn below(prefix: &str, path: &str) -> String {
    match path {
        "/" if !prefix.is_empty() => prefix.to_owned(),
        _ => format!("{prefix}{path}"),
    }
}

fn declared(
    program: Program<'_>,
    expanded: &Expanded,
    external: &ExternalCall,
    owner: DefinitionId,
    file: FileId,
) -> Vec<Route> {
    let call = &external.call;
    let Some(path) = call.text.and_then(|text| path(text.as_str(), &program.resolution.files[file])) else {
        return Vec::new();
    };
    let route = |method: &str, handler| Route {
        path: path.clone(),
        method: method.to_uppercase(),
        handler,
        file,
        line: call.line,
    };
    match (call.form, call.name()) {
        _ if nests(call) => Vec::new(),
        (CallForm::Attribute, "path") => Vec::new(),
        (CallForm::Attribute, "route") => vec![route("", Some(owner))],
        (CallForm::Attribute, verb) => vec![route(verb, Some(owner))],
        (CallForm::Path, "path") if external.krate.is_none_or(|krate| krate != "warp") => Vec::new(),
        (CallForm::Method, "route" | "at" | "api_route" | "api_route_with")
        | (CallForm::Path, "path" | "resource") => {
            let handlers = handlers(program, expanded, call, owner);
            handlers.into_iter().map(|(method, handler)| route(&method, handler)).collect()
        }
        _ => Vec::new(),
    }
}

/// `get(list).post(create)`: each method with the function that is named next. What is called there gives a handler, as
/// `static_page` does in `static_page(about)`; it is one itself only where nothing else is.
fn handlers(
    program: Program<'_>,
    expanded: &Expanded,
    call: &NamedCall,
    owner: DefinitionId,
) -> Vec<(String, Option<DefinitionId>)> {
    let uses = &program.resolution.uses;
    let lines = call.line..=call.end_line;
    let named = |name: &str| {
        let is_named = |to: &DefinitionId| uses.definitions[*to].name == name && program.is_function(*to);
        let used = uses.of(owner).iter().filter(|used| lines.contains(&used.line));
        used.map(|used| used.to).find(is_named).or_else(|| {
            let mut all = expanded.get(&owner)?.iter().copied().filter(is_named);
            all.next().filter(|_| all.next().is_none())
        })
    };
    let mut found: Vec<(String, Option<DefinitionId>)> = Vec::new();
    let mut given: Option<DefinitionId> = None;
    for arg in &call.names {
        // aide's `get_with(handler, docs)`.
        let name = arg.name.as_str();
        let name = name.strip_suffix("_with").filter(|verb| VERBS.contains(verb)).unwrap_or(name);
        let taken = found.last().is_none_or(|(_, handler)| handler.is_some());
        let handler = named(name);
        match handler {
            // `.get(get)`: a handler may have a method's name.
            None if VERBS.contains(&name) => found.push((name.to_owned(), None)),
            Some(_) if VERBS.contains(&name) && taken => found.push((name.to_owned(), None)),
            Some(maker) if arg.called => {
                // `get_page(about)`, as routers of one's own are named; what such a one is given may be a closure.
                match name.split('_').next().filter(|verb| VERBS.contains(verb)) {
                    Some(verb) if taken => found.push((verb.to_owned(), None)),
                    Some(_) => {}
                    None => given = given.or(Some(maker)),
                }
            }
            Some(handler) => match found.last_mut() {
                Some(last) if last.1.is_none() => last.1 = Some(handler),
                Some(_) => {}
                None => found.push((String::new(), Some(handler))),
            },
            None => {}
        }
    }
    match &mut found[..] {
        [] => found.push((String::new(), given)),
        [(_, handler)] if handler.is_none() => *handler = given,
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::deploy::roles::tests::{not_understood, routes_of};

    #[test]
    fn what_a_value_is_made_of_handles_nothing() {
        let text = |handler: &str| {
            format!(
                "//- /main.rs crate:app kind:bin deps:aide,axum
use axum::{{Router, routing::get}};
struct Urls; impl Urls {{ fn prefix(&self) -> u32 {{ 1 }} }}
struct Leader {{ of: u32 }}
fn main() {{
    let urls = Urls;
    let app = Router::new().route(\"/one\", {handler});
    axum::serve(app);
}}
fn list() {{}} fn docs() {{}} fn page(_: u32) {{}} fn cached(_: fn()) {{}}
"
            )
        };
        for (handler, expected) in [
            ("get(list)", "GET /one list"),
            ("get(|q: u32| async move { list(); urls.prefix() })", "GET /one ?"),
            ("get(move || page(1)).post(list)", "GET /one ?, POST /one list"),
            ("get(async || list())", "GET /one ?"),
            ("Leader { of: urls.prefix() }", "/one ?"),
            ("page(urls.prefix())", "/one page"),
            ("aide::get_with(list, docs)", "GET /one list"),
            ("aide::get_with(list, |op| docs())", "GET /one list"),
            ("get(list).layer(cached(list))", "GET /one list"),
        ] {
            let mut found = routes_of(&text(handler));
            found.sort();
            assert_eq!(found.join(", "), expected, "{handler}");
        }
    }

    #[test]
    fn paths_that_are_made_are_counted() {
        let text = |routes: &str| {
            format!(
                "//- /main.rs crate:app kind:bin deps:actix_web,axum
use actix_web::{{App, HttpServer, web}};
const HOME: &str = \"/home\";
fn path(of: &str) -> String {{ other::made(of) }}
fn main() {{
    HttpServer::new(|| App::new(){routes});
    unused();
}}
fn list() {{}}
#[cfg(test)]
fn unused() {{ App::new().route(HOME, web::get().to(list)); }}
"
            )
        };
        for (routes, found, made) in [
            (".route(\"/one\", web::get().to(list))", 1, 0),
            (".route(&\"/one\", web::get().to(list))", 1, 0),
            (".route(HOME, web::get().to(list))", 0, 1),
            (".route(&path(\"/one\"), web::get().to(list))", 0, 1),
            (".route(&format!(\"/{}/one\", 1), web::get().to(list))", 0, 1),
            (".service(web::resource(\"/one\").route(web::get().to(list)))", 1, 0),
            (".service(web::resource(&path(\"/one\")).route(web::get().to(list)))", 0, 1),
        ] {
            let text = text(routes);
            assert_eq!((routes_of(&text).len(), not_understood(&text)), (found, made), "{routes}");
        }
    }

    #[test]
    fn what_a_macro_of_the_repository_registers_counts_where_it_is_expanded() {
        let text = |called: &str| {
            format!(
                "//- /main.rs crate:app kind:bin deps:actix_web
use actix_web::{{App, HttpServer, web}};
mod handlers;
macro_rules! app {{
    ($state: expr) => {{
        App::new()
            .app_data($state)
            .service(web::resource(\"/users\").route(web::get().to(handlers::list)))
            .service(web::resource(&path(\"/me\")).route(web::get().to(handlers::me)))
    }};
}}
macro_rules! other {{
    () => {{ App::new().route(\"/other\", web::get().to(handlers::me)) }};
}}
fn path(of: &str) -> String {{ of.to_owned() }}
fn main() {{ HttpServer::new(|| {called}); }}
//- /handlers.rs
pub fn list() {{}} pub fn me() {{}}
"
            )
        };
        assert_eq!(routes_of(&text("app!(1)")), ["GET /users list"]);
        assert_eq!(not_understood(&text("app!(1)")), 1);
        assert_eq!(routes_of(&text("other!()")), ["GET /other me"]);
        assert_eq!(not_understood(&text("other!()")), 0);
    }
}
