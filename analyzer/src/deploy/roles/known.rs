//! Calls by which servers, consumers, schedulers and lambdas are known, by crate: as the crates' own documentation starts them.

use super::model::RoleKind;
use crate::parse::tree::CallForm;
use crate::resolve::{ExternalCall, File};

/// A crate (as code names it), the type or module before the name (or nothing), the name, what it starts.
type Known = (&'static str, &'static str, &'static str, RoleKind);

/// Functions: the crate is known by the path or the import.
const FUNCTIONS: &[Known] = &[
    ("axum", "", "serve", RoleKind::Server),
    ("axum", "Server", "bind", RoleKind::Server),
    ("axum_server", "", "bind", RoleKind::Server),
    ("axum_server", "", "bind_rustls", RoleKind::Server),
    ("actix_web", "HttpServer", "new", RoleKind::Server),
    ("hyper", "Server", "bind", RoleKind::Server),
    ("hyper", "Server", "builder", RoleKind::Server),
    ("warp", "", "serve", RoleKind::Server),
    ("poem", "Server", "new", RoleKind::Server),
    ("salvo", "Server", "new", RoleKind::Server),
    ("rocket", "", "build", RoleKind::Server),
    ("rocket", "", "custom", RoleKind::Server),
    ("tonic", "Server", "builder", RoleKind::Server),
    ("jsonrpsee", "ServerBuilder", "default", RoleKind::Server),
    ("jsonrpsee", "ServerBuilder", "new", RoleKind::Server),
    ("jsonrpsee", "Server", "builder", RoleKind::Server),
    ("jsonrpsee_server", "ServerBuilder", "default", RoleKind::Server),
    ("jsonrpsee_server", "Server", "builder", RoleKind::Server),
    ("apalis", "WorkerBuilder", "new", RoleKind::Consumer),
    ("apalis_core", "WorkerBuilder", "new", RoleKind::Consumer),
    ("tokio_cron_scheduler", "Job", "new", RoleKind::Scheduler),
    ("tokio_cron_scheduler", "Job", "new_async", RoleKind::Scheduler),
    ("lambda_runtime", "", "run", RoleKind::Lambda),
    ("lambda_http", "", "run", RoleKind::Lambda),
];

/// Methods: the file has to name the crate.
const METHODS: &[Known] = &[
    ("hyper", "", "serve_connection", RoleKind::Server),
    ("hyper_util", "", "serve_connection", RoleKind::Server),
    ("hyper_util", "", "serve_connection_with_upgrades", RoleKind::Server),
    ("lapin", "", "basic_consume", RoleKind::Consumer),
    ("rdkafka", "", "subscribe", RoleKind::Consumer),
    ("async_nats", "", "subscribe", RoleKind::Consumer),
    ("async_nats", "", "queue_subscribe", RoleKind::Consumer),
    ("aws_sdk_sqs", "", "receive_message", RoleKind::Consumer),
    ("omniqueue", "", "receive_all", RoleKind::Consumer),
    ("redis", "", "xread", RoleKind::Consumer),
    ("redis", "", "xread_options", RoleKind::Consumer),
    ("redis", "", "blpop", RoleKind::Consumer),
    ("redis", "", "brpop", RoleKind::Consumer),
    ("redis", "", "get_async_pubsub", RoleKind::Consumer),
];

/// In a task of its own these are schedulers; elsewhere they only wait. Of the last ones only those in a loop are read.
const TICKS: &[Known] = &[
    ("tokio", "", "interval", RoleKind::Scheduler),
    ("tokio", "", "interval_at", RoleKind::Scheduler),
    ("tokio", "", "sleep", RoleKind::Scheduler),
    ("tokio", "", "sleep_until", RoleKind::Scheduler),
    ("async_std", "task", "sleep", RoleKind::Scheduler),
    ("std", "thread", "sleep", RoleKind::Scheduler),
];

/// What a call starts; `spawned` says whether it runs in a task of its own.
pub(super) fn started(external: &ExternalCall, file: &File, spawned: bool) -> Option<RoleKind> {
    let call = &external.call;
    let is = |&(_, on, name, _): &Known| call.name() == name && (on.is_empty() || call.on() == on);
    let of_path = |table: &[Known]| {
        let is_std = |known: &Known| known.0 == "std" && external.krate.is_none();
        let is_of = |known: &Known| is_std(known) || external.krate.is_some_and(|krate| krate == known.0);
        table.iter().find(|known| is_of(known) && is(known)).map(|known| known.3)
    };
    match call.form {
        CallForm::Path => of_path(FUNCTIONS).or_else(|| of_path(TICKS).filter(|_| spawned)),
        CallForm::Method => {
            METHODS.iter().find(|known| is(known) && names(file, known.0)).map(|known| known.3)
        }
        CallForm::Attribute => None,
    }
}

/// Crates whose routers take paths and handlers.
const ROUTERS: [&str; 9] =
    ["axum", "actix_web", "aide", "poem", "rocket", "salvo", "utoipa_axum", "warp", "paperclip"];

/// Whether a file names a crate.
pub(super) fn names(file: &File, krate: &str) -> bool {
    file.dependencies.iter().any(|own| own == krate)
}

/// Whether a file names a crate that routes requests.
pub(super) fn routes(file: &File) -> bool {
    file.dependencies.iter().any(|own| ROUTERS.contains(&own.as_str()))
}
