//! Routes: a path with its methods and handlers, where the file names a crate that routes requests.

use super::known;
use super::model::Route;
use super::nested::Nested;
use super::program::Program;
use crate::deploy::reach::Reached;
use crate::ids::{DefinitionId, FileId};
use crate::parse::tree::{CallForm, NamedCall};
use crate::resolve::ExternalCall;

/// Routes of one role that are listed. A choice.
const MOST_ROUTES: usize = 2_000;

const VERBS: [&str; 9] = ["get", "post", "put", "delete", "patch", "head", "options", "trace", "connect"];

/// The routes that something reached declares, by file and line.
pub(super) fn routes(program: Program<'_>, reached: &Reached) -> Vec<Route> {
    let mut found = Vec::new();
    let nested = Nested::new(program, reached);
    for (file, data) in program.resolution.files.iter_enumerated() {
        if data.named_calls.is_empty() || !known::routes(data) {
            continue;
        }
        for external in &data.named_calls {
            let call = &external.call;
            let owners = program.places.at(file, call.line);
            let owner = owners.into_iter().find(|&owner| reached.contains(owner));
            if let (Some(owner), true) = (owner, found.len() < MOST_ROUTES) {
                let prefix = nested.around(owner, call.line);
                let routes = declared(program, external, owner, file).into_iter();
                found.extend(routes.map(|route| Route { path: below(&prefix, &route.path), ..route }));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn below(prefix: &str, path: &str) -> String {
    match path {
        "/" if !prefix.is_empty() => prefix.to_owned(),
        _ => format!("{prefix}{path}"),
    }
}

fn declared(program: Program<'_>, external: &ExternalCall, owner: DefinitionId, file: FileId) -> Vec<Route> {
    let call = &external.call;
    let Some(path) = call.text.filter(|text| text.as_str().starts_with('/')) else { return Vec::new() };
    let route = |method: &str, handler| Route {
        path: path.as_str().to_owned(),
        method: method.to_uppercase(),
        handler,
        file,
        line: call.line,
    };
    match (call.form, call.name()) {
        (CallForm::Method, "nest" | "nest_service" | "nest_api_service" | "mount") => Vec::new(),
        (CallForm::Attribute, "route") => vec![route("", Some(owner))],
        (CallForm::Attribute, verb) => vec![route(verb, Some(owner))],
        (CallForm::Path, "path") if external.krate.is_none_or(|krate| krate != "warp") => Vec::new(),
        (CallForm::Method, "route" | "at" | "api_route" | "api_route_with")
        | (CallForm::Path, "path" | "resource") => {
            let handlers = handlers(program, call, owner);
            handlers.into_iter().map(|(method, handler)| route(&method, handler)).collect()
        }
        _ => Vec::new(),
    }
}

/// `get(list).post(create)`: each method with the function that is named next.
fn handlers(
    program: Program<'_>,
    call: &NamedCall,
    owner: DefinitionId,
) -> Vec<(String, Option<DefinitionId>)> {
    let uses = &program.resolution.uses;
    let lines = call.line..=call.end_line;
    let named = |name: &str| {
        let used = uses.of(owner).iter().filter(|used| lines.contains(&used.line));
        used.map(|used| used.to).find(|&to| uses.definitions[to].name == name && program.is_function(to))
    };
    let mut found: Vec<(String, Option<DefinitionId>)> = Vec::new();
    for name in call.names.iter().map(|name| name.as_str()) {
        // aide's `get_with(handler, docs)`.
        let name = name.strip_suffix("_with").filter(|verb| VERBS.contains(verb)).unwrap_or(name);
        let taken = found.last().is_none_or(|(_, handler)| handler.is_some());
        let handler = named(name);
        match (VERBS.contains(&name), handler) {
            // `.get(get)`: a handler may have a method's name.
            (true, None) => found.push((name.to_owned(), None)),
            (true, Some(_)) if taken => found.push((name.to_owned(), None)),
            (_, Some(handler)) => match found.last_mut() {
                Some(last) if last.1.is_none() => last.1 = Some(handler),
                Some(_) => {}
                None => found.push((String::new(), Some(handler))),
            },
            _ => {}
        }
    }
    if found.is_empty() {
        found.push((String::new(), None));
    }
    found
}
