//! The sections of the file, one function each.

use toml::de::DeTable;

use super::fields::{Field, Fields, Source};
use super::model::{
    AddedService, At, Budgets, CheckSettings, Configuration, Exception, Forbidden, Layers, Lint, LintLevel,
    Services,
};
use crate::base::number::MOST_SECONDS;
use crate::cost::Mode;
use crate::diagnostic::Diagnostic;

const MODES: [(&str, Mode); 3] = [("check", Mode::Check), ("dev", Mode::Dev), ("release", Mode::Release)];
const LEVELS: [(&str, LintLevel); 3] =
    [("allow", LintLevel::Allow), ("warn", LintLevel::Warn), ("deny", LintLevel::Deny)];
/// Percent: a figure that may grow to eleven times its size has no limit.
const MOST_SLACK: f64 = 1000.0;
/// Binaries that a commit deploys: more than any repository has.
const MOST_BINARIES: f64 = 1e6;

impl Configuration {
    /// Reads the file; `path` is what diagnostics call it. What is wrong is left out.
    pub fn parse(path: &str, text: &str) -> (Self, Vec<Diagnostic>) {
        let mut source = Source::new(path, text);
        let mut configuration = Self::default();
        match DeTable::parse(text) {
            Ok(table) => {
                let mut fields = Fields::new("", 1, table.get_ref());
                read(&mut fields, &mut source, &mut configuration);
                fields.end(&mut source);
            }
            Err(error) => {
                let line = source.line(error.span().map_or(0, |span| span.start));
                source.wrong(line, format!("not used: {}", error.message()));
            }
        }
        let mut problems = source.problems;
        problems.sort_by(|a, b| (a.line, &a.message).cmp(&(b.line, &b.message)));
        (configuration, problems)
    }
}

fn read(fields: &mut Fields<'_, '_>, source: &mut Source<'_>, into: &mut Configuration) {
    into.services = fields.read(source, "services", services).unwrap_or_default();
    into.budgets = fields.read(source, "budgets", budgets).unwrap_or_default();
    into.layers = fields.read(source, "layers", layers).unwrap_or_default();
    into.forbidden = fields.read(source, "forbidden", |s, f| f.list(s, forbidden)).unwrap_or_default();
    into.lints = fields.read(source, "lints", lints).unwrap_or_default();
    into.check = fields.read(source, "check", check).unwrap_or_default();
}

fn services(source: &mut Source<'_>, field: Field<'_, '_>) -> Option<Services> {
    let mut fields = field.table(source)?;
    let services = Services {
        add: fields.read(source, "add", |s, f| f.list(s, added)).unwrap_or_default(),
        drop: fields.read(source, "drop", |s, f| f.texts(s)).unwrap_or_default(),
        rename: fields
            .read(source, "rename", |s, f| f.dictionary(s))
            .unwrap_or_default()
            .into_iter()
            .collect(),
        deploy: fields
            .read(source, "deploy", |s, f| f.numbers(s, MOST_SECONDS))
            .unwrap_or_default()
            .into_iter()
            .collect(),
    };
    fields.end(source);
    Some(services)
}

fn added(source: &mut Source<'_>, field: Field<'_, '_>) -> Option<At<AddedService>> {
    let mut fields = field.table(source)?;
    let line = fields.line;
    let text = |s: &mut Source<'_>, f: Field<'_, '_>| Some(f.text(s)?.value);
    let binary = fields.need(source, "binary", text);
    let name = fields.read(source, "name", text);
    let package = fields.read(source, "package", text);
    let role = fields.read(source, "role", text);
    fields.end(source);
    Some(At { value: AddedService { binary: binary?, name, package, role }, line })
}

fn budgets(source: &mut Source<'_>, field: Field<'_, '_>) -> Option<Budgets> {
    let mut fields = field.table(source)?;
    let seconds = |s: &mut Source<'_>, f: Field<'_, '_>| f.number(s, MOST_SECONDS);
    let budgets = Budgets {
        mode: fields.read(source, "mode", |s, f| f.word(s, &MODES)),
        critical_path_s: fields.read(source, "critical-path-seconds", seconds),
        rebuild_p90_s: fields.read(source, "rebuild-p90-seconds", seconds),
        redeploys_per_commit: fields.read(source, "redeploys-per-commit", |s, f| f.number(s, MOST_BINARIES)),
        largest_cycle: fields.read(source, "largest-cycle", |s, f| f.count(s)),
        package_lines: fields.read(source, "package-lines", |s, f| f.count(s)),
        new_back_edges: fields.read(source, "new-back-edges", |s, f| f.count(s)),
    };
    fields.end(source);
    Some(budgets)
}

fn layers(source: &mut Source<'_>, field: Field<'_, '_>) -> Option<Layers> {
    let mut fields = field.table(source)?;
    let layer = |s: &mut Source<'_>, f: Field<'_, '_>| Some(At { line: f.line(s), value: f.texts(s)? });
    let layers = Layers {
        order: fields.need(source, "order", |s, f| f.list(s, layer)).unwrap_or_default(),
        except: fields.read(source, "except", |s, f| f.list(s, exception)).unwrap_or_default(),
    };
    fields.end(source);
    Some(layers)
}

fn forbidden(source: &mut Source<'_>, field: Field<'_, '_>) -> Option<Forbidden> {
    let mut fields = field.table(source)?;
    let line = fields.line;
    let from = fields.need(source, "from", |s, f| f.text(s));
    let to = fields.need(source, "to", |s, f| f.text(s));
    let reason = fields.need(source, "reason", |s, f| f.text(s));
    let except = fields.read(source, "except", |s, f| f.list(s, exception)).unwrap_or_default();
    fields.end(source);
    Some(Forbidden { line, from: from?, to: to?, reason: reason?.value, except })
}

fn exception(source: &mut Source<'_>, field: Field<'_, '_>) -> Option<Exception> {
    let mut fields = field.table(source)?;
    let from = fields.need(source, "from", |s, f| f.text(s));
    let to = fields.need(source, "to", |s, f| f.text(s));
    let reason = fields.need(source, "reason", |s, f| f.text(s));
    fields.end(source);
    Some(Exception { from: from?, to: to?, reason: reason?.value })
}

fn lints(
    source: &mut Source<'_>,
    field: Field<'_, '_>,
) -> Option<std::collections::BTreeMap<Lint, LintLevel>> {
    let mut fields = field.table(source)?;
    let mut lints = std::collections::BTreeMap::new();
    for lint in Lint::ALL {
        let level = fields.read(source, lint.name(), |s, f| f.word(s, &LEVELS));
        lints.extend(level.map(|level| (lint, level.value)));
    }
    fields.end(source);
    Some(lints)
}

fn check(source: &mut Source<'_>, field: Field<'_, '_>) -> Option<CheckSettings> {
    let mut fields = field.table(source)?;
    let check = CheckSettings {
        min_followed: fields.read(source, "min-followed", |s, f| f.number(s, 1.0)),
        max_unread_files: fields.read(source, "max-unread-files", |s, f| f.count(s)),
        slack_percent: fields.read(source, "slack-percent", |s, f| f.number(s, MOST_SLACK)),
        baseline: fields.read(source, "baseline", |s, f| f.file(s)),
    };
    fields.end(source);
    Some(check)
}
