//! Names by which calls are known that say what a program does.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use ustr::ustr;

use crate::parse::tree::Name;

/// Names of functions and methods of the crates that `deploy/roles` and `deploy/candidates` know.
const NAMES: [&str; 52] = [
    "api_route",
    "api_route_with",
    "args",
    "args_os",
    "at",
    "basic_consume",
    "begin",
    "blpop",
    "bounded",
    "brpop",
    "channel",
    "commit",
    "current_exe",
    "from_fn",
    "from_fn_with_state",
    "get_async_pubsub",
    "interval",
    "interval_at",
    "mount",
    "nest",
    "nest_api_service",
    "nest_service",
    "new_async",
    "nth",
    "path",
    "queue_subscribe",
    "receive_all",
    "receive_message",
    "remove_subcommand",
    "resource",
    "route",
    "route_service",
    "routes",
    "scope",
    "serve",
    "serve_connection",
    "serve_connection_with_upgrades",
    "sleep",
    "sleep_until",
    "spawn",
    "spawn_local",
    "subcommand",
    "subcommand_matches",
    "subcommand_name",
    "subscribe",
    "tick",
    "transaction",
    "unbounded",
    "unbounded_channel",
    "xread",
    "xread_options",
    "xreadgroup",
];

/// Names that say something behind certain others only.
pub(in crate::parse::lower) const COMMON: [&str; 13] = [
    "new",
    "builder",
    "build",
    "connect",
    "connect_lazy",
    "custom",
    "ignite",
    "bind",
    "bind_rustls",
    "run",
    "default",
    "var",
    "var_os",
];

/// These others: types and crates.
pub(in crate::parse::lower) const TELLING: [&str; 19] = [
    "Database",
    "HttpServer",
    "Job",
    "JobScheduler",
    "Mutex",
    "PgPool",
    "PgPoolOptions",
    "Pool",
    "RwLock",
    "Server",
    "ServerBuilder",
    "SqlitePool",
    "WorkerBuilder",
    "axum_server",
    "dotenvy",
    "env",
    "lambda_http",
    "lambda_runtime",
    "rocket",
];

pub(in crate::parse::lower) static KNOWN: LazyLock<FxHashSet<Name>> =
    LazyLock::new(|| NAMES.iter().chain(&COMMON).map(|name| ustr(name)).collect());

/// Attributes that make a function a handler.
pub(in crate::parse::lower) fn is_attribute(name: &str) -> bool {
    matches!(
        name,
        "connect" | "delete" | "get" | "head" | "options" | "patch" | "post" | "put" | "route" | "trace"
    )
}
