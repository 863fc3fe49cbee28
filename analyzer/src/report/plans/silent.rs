//! What a plan changes without an error of the compiler, in sentences.

use crate::plan::{Plan, SilentChange};
use crate::report::model::SilentReport;
use crate::resolve::{BoundKind, Resolution};

pub(in crate::report) fn silent(resolution: &Resolution, plan: &Plan, change: &SilentChange) -> SilentReport {
    let krate = plan.crates[change.krate].name.clone();
    SilentReport {
        kind: change.kind,
        file: resolution.files[change.file].path.clone(),
        line: change.line,
        what: change.what.clone(),
        places: change.places,
        detail: detail(change, &krate, &old_name(plan)),
        krate,
    }
}

/// What the crate that stays is named in code.
fn old_name(plan: &Plan) -> String {
    let stays = plan.crates.iter().find(|krate| krate.residual);
    stays.map(|krate| krate.name.replace('-', "_")).unwrap_or_default()
}

/// One sentence, without a full stop, that begins small.
fn detail(change: &SilentChange, krate: &str, old: &str) -> String {
    let what = &change.what;
    let module = krate.replace('-', "_");
    match change.kind {
        BoundKind::LinkTimeRegistry => format!(
            "`{what}` takes part when the program is linked: nothing of `{krate}` does in a program that refers to nothing in \
             it, so keep a reference to it"
        ),
        BoundKind::ModulePath => format!("`{what}()` begins with `{module}` then"),
        BoundKind::LogTarget => format!(
            "{} a target in `{module}` then: {} leave them out",
            match change.places {
                1 => "1 log call has".to_owned(),
                n => format!("{n} log calls have"),
            },
            // Filters compare beginnings (`env_logger`, `tracing_subscriber::EnvFilter`).
            if module.starts_with(old) {
                format!("filters by a module (`RUST_LOG={old}::…`), not one by `{old}`,")
            } else {
                format!("filters by the old name (`RUST_LOG={old}`)")
            }
        ),
        BoundKind::PackageVariable => format!("`{what}` is what the manifest of `{krate}` says then"),
        BoundKind::ManifestDir => {
            format!("`{what}` means the directory of `{krate}` then, with all paths that start there")
        }
        BoundKind::BuildVariable => {
            format!("`{what}` is `None` in `{krate}` unless a build script of its own sets it")
        }
        BoundKind::OfflineQueries => format!(
            "{} for `.sqlx` beside the manifest of `{krate}` and at the workspace's root: prepare it there again",
            match change.places {
                1 => "1 query looks".to_owned(),
                n => format!("{n} queries look"),
            }
        ),
        BoundKind::TestData => format!(
            "what {} with is in files named after the module: they move and are called `{module}__…` then",
            match change.places {
                1 => format!("`{what}` compares"),
                n => format!("`{what}` and {} more compare", n - 1),
            }
        ),
        BoundKind::DocTest => format!(
            "examples in docs name `{what}`, which `{krate}` can't depend on: {} to name `{module}`",
            match change.places {
                1 => "1 line has".to_owned(),
                n => format!("{n} lines have"),
            }
        ),
    }
}
