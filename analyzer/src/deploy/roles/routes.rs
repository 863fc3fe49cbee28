//! Routes: a path with its methods and handlers, where the file names a crate that routes requests.

use std::collections::BTreeMap;

use super::known;
use super::model::Route;
use super::program::Program;
use crate::deploy::reach::Reached;
use crate::ids::{DefinitionId, FileId};
use crate::parse::tree::{CallForm, NamedCall};

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
                let routes = declared(program, call, owner, file).into_iter();
                found.extend(routes.map(|route| Route { path: below(&prefix, &route.path), ..route }));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Nests within each other. A choice.
const MOST_NESTS: usize = 6;

/// Under which paths routers are nested: `nest("/api", users::routes())`.
struct Nested {
    /// By the function that the router is made in: what it is nested under, and where.
    functions: BTreeMap<DefinitionId, (String, DefinitionId, u32)>,
    /// Lines of a function that stand among the arguments of a nest.
    lines: BTreeMap<DefinitionId, Vec<(u32, u32, String)>>,
}

impl Nested {
    fn new(program: Program<'_>, reached: &Reached) -> Self {
        let mut nested = Self { functions: BTreeMap::new(), lines: BTreeMap::new() };
        for (file, data) in program.resolution.files.iter_enumerated() {
            if data.named_calls.is_empty() || !known::routes(data) {
                continue;
            }
            for external in &data.named_calls {
                let call = &external.call;
                let is_nest = call.form == CallForm::Method
                    && matches!(call.name(), "nest" | "nest_service" | "nest_api_service");
                let Some(path) = call.text.filter(|path| is_nest && path.as_str().starts_with('/')) else {
                    continue;
                };
                let owners = program.places.at(file, call.line);
                let Some(owner) = owners.into_iter().find(|&owner| reached.contains(owner)) else { continue };
                let path = path.as_str().trim_end_matches('/').to_owned();
                for used in program.resolution.uses.of(owner) {
                    let name = program.resolution.uses.definitions[used.to].name;
                    let among =
                        (call.line..=call.end_line).contains(&used.line) && call.names.contains(&name);
                    if among && program.is_function(used.to) {
                        nested.functions.entry(used.to).or_insert_with(|| (path.clone(), owner, call.line));
                    }
                }
                nested.lines.entry(owner).or_default().push((call.line, call.end_line, path));
            }
        }
        nested
    }

    /// The path that a line of a function is nested under.
    fn around(&self, owner: DefinitionId, line: u32) -> String {
        let (mut owner, mut line, mut path) = (owner, line, String::new());
        for _ in 0..MOST_NESTS {
            let inner = self.lines.get(&owner).into_iter().flatten();
            let mut inner: Vec<_> = inner.filter(|(first, last, _)| *first < line && line <= *last).collect();
            inner.sort_by_key(|(first, ..)| std::cmp::Reverse(*first));
            inner.into_iter().for_each(|(.., own)| path = format!("{own}{path}"));
            let Some((own, next, at)) = self.functions.get(&owner) else { break };
            path = format!("{own}{path}");
            (owner, line) = (*next, *at);
        }
        path
    }
}

fn below(prefix: &str, path: &str) -> String {
    match path {
        "/" if !prefix.is_empty() => prefix.to_owned(),
        _ => format!("{prefix}{path}"),
    }
}

fn declared(program: Program<'_>, call: &NamedCall, owner: DefinitionId, file: FileId) -> Vec<Route> {
    let Some(path) = call.text.filter(|text| text.as_str().starts_with('/')) else { return Vec::new() };
    let route = |method: &str, handler| Route {
        path: path.as_str().to_owned(),
        method: method.to_uppercase(),
        handler,
        file,
        line: call.line,
    };
    match (call.form, call.name()) {
        (CallForm::Method, "nest" | "nest_service" | "nest_api_service") => Vec::new(),
        (CallForm::Attribute, "route") => vec![route("", Some(owner))],
        (CallForm::Attribute, verb) => vec![route(verb, Some(owner))],
        (CallForm::Method, "route" | "at" | "api_route" | "api_route_with") => {
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
