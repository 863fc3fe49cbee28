//! Rules about dependencies: layers, forbidden ones, and cycles that a new one closes.

use std::collections::BTreeSet;

use super::model::Finding;
use super::names::{Name, meaningless};
use crate::config::{At, Configuration, Exception, FILE_NAME, Forbidden, Lint, LintLevel};
use crate::diagnostic::{Code as Problem, Diagnostic, Severity};
use crate::report::{Code, Crossing, OutsideUse, module_order};

/// What the rules find, by an order of modules that was written down; what they say of names that mean nothing, and of exceptions that
/// nothing needs.
pub(super) fn code_rules(
    code: &Code<'_>,
    configuration: &Configuration,
    order: &[String],
) -> (Vec<Finding>, Vec<Diagnostic>) {
    let mut rules = Rules { code, configuration, found: Vec::new(), problems: Vec::new() };
    rules.layers();
    rules.forbidden();
    rules.back_edges(order);
    (rules.found, rules.problems)
}

struct Rules<'a, 'c> {
    code: &'a Code<'c>,
    configuration: &'a Configuration,
    found: Vec<Finding>,
    problems: Vec<Diagnostic>,
}

/// One thing that names another, at its first place.
struct Named<'a> {
    from: &'a str,
    to: &'a str,
    file: &'a str,
    line: u32,
    references: u32,
}

impl<'a> Named<'a> {
    fn of(crossing: &Crossing<'a>) -> Self {
        let Crossing { from, to, file, line, references, .. } = *crossing;
        Self { from, to, file, line, references }
    }
}

/// An exception, and whether anything needs it.
struct Excepted<'a> {
    from: Name,
    to: Name,
    written: &'a Exception,
    used: bool,
}

impl<'a> Rules<'a, '_> {
    fn is_on(&self, lint: Lint) -> bool {
        self.configuration.level(lint) != LintLevel::Allow
    }

    fn layers(&mut self) {
        let layers = &self.configuration.layers;
        let written = || layers.order.iter().flat_map(|layer| &layer.value);
        self.look_up(written().chain(ends(&layers.except)), false);
        if !self.is_on(Lint::Layer) {
            return;
        }
        let names: Vec<(usize, &str, Name)> = layers
            .order
            .iter()
            .enumerate()
            .flat_map(|(at, layer)| layer.value.iter().map(move |name| (at, name)))
            .map(|(at, name)| (at, name.value.as_str(), Name::new(&name.value)))
            .collect();
        // The longest name that means a module says where it is: `server::base` may be lower than `server`.
        let of_module: Vec<Option<usize>> = (0..self.code.modules.len())
            .map(|module| {
                let mine = |(_, (_, _, name)): &(usize, &(usize, &str, Name))| {
                    name.means_module(self.code, module as u32)
                };
                let all = names.iter().enumerate().filter(mine);
                all.max_by_key(|(_, (_, written, _))| written.len()).map(|(at, _)| at)
            })
            .collect();
        let mut except = excepted(&layers.except);
        for crossing in &self.code.crossings {
            let ends = (of_module[crossing.from_module as usize], of_module[crossing.to_module as usize]);
            let (Some(from), Some(to)) = ends else { continue };
            let ((from_layer, from_name, _), (to_layer, to_name, _)) = (&names[from], &names[to]);
            if from_layer < to_layer || from == to || is_excepted(&mut except, self.code, crossing) {
                continue;
            }
            let how = match from_layer == to_layer {
                true => "is beside it",
                false => "is above it",
            };
            let message = format!(
                "`{}` refers to `{}`: by the layers `{from_name}` may not see `{to_name}`, which {how}",
                crossing.from, crossing.to
            );
            self.find(Lint::Layer, Named::of(crossing), message, None);
        }
        self.unused(&except);
    }

    fn forbidden(&mut self) {
        for rule in &self.configuration.forbidden {
            self.look_up([&rule.from].into_iter().chain(rule.except.iter().map(|one| &one.from)), false);
            self.look_up([&rule.to].into_iter().chain(rule.except.iter().map(|one| &one.to)), true);
            if !self.is_on(Lint::Forbidden) {
                continue;
            }
            let (from, to) = (Name::new(&rule.from.value), Name::new(&rule.to.value));
            let mut except = excepted(&rule.except);
            for crossing in &self.code.crossings {
                let is_meant = from.means_from(self.code, crossing) && to.means_to(self.code, crossing);
                if !is_meant || is_excepted(&mut except, self.code, crossing) {
                    continue;
                }
                let message = format!(
                    "`{}` refers to `{}`: `{}` may not depend on `{}`",
                    crossing.from, crossing.to, rule.from.value, rule.to.value
                );
                self.find(Lint::Forbidden, Named::of(crossing), message, Some(&rule.reason));
            }
            self.outside(rule, (&from, &to), &mut except);
            self.unused(&except);
        }
    }

    /// The same of packages from elsewhere.
    fn outside(&mut self, rule: &Forbidden, (from, to): (&Name, &Name), except: &mut [Excepted<'_>]) {
        let code = self.code;
        for used in &code.outside.uses {
            let of = |from: &Name, to: &Name| {
                (from.means_module(code, used.from_module) || from.means_path(used.from))
                    && to.means_path(&used.to)
            };
            if !of(from, to) || mark_excepted(except, of) {
                continue;
            }
            let message = format!(
                "`{}` names `{}`: `{}` may not depend on `{}`",
                used.from, used.to, rule.from.value, rule.to.value
            );
            let OutsideUse { from, to, file, line, references, .. } = used;
            let named = Named { from, to, file, line: *line, references: *references };
            self.find(Lint::Forbidden, named, message, Some(&rule.reason));
        }
    }

    fn back_edges(&mut self, written: &[String]) {
        if !self.is_on(Lint::BackEdge) {
            return;
        }
        let order = module_order(self.code, written);
        for crossing in &self.code.crossings {
            if !order.is_back(crossing.from_module, crossing.to_module) {
                continue;
            }
            let module = |at: u32| self.code.modules[at as usize].path;
            let message = format!(
                "`{}` refers to `{}`: `{}` needs `{}`, which needs it too, directly or not",
                crossing.from,
                crossing.to,
                module(crossing.from_module),
                module(crossing.to_module)
            );
            self.find(Lint::BackEdge, Named::of(crossing), message, None);
        }
    }

    fn find(&mut self, lint: Lint, named: Named<'_>, message: String, reason: Option<&str>) {
        self.found.push(Finding {
            lint,
            level: self.configuration.level(lint),
            accepted: false,
            from: named.from.to_owned(),
            to: Some(named.to.to_owned()),
            file: named.file.to_owned(),
            line: named.line,
            references: Some(named.references),
            value: None,
            limit: None,
            message,
            reason: reason.map(str::to_owned),
        });
    }

    /// A rule about what isn't there would hold for ever.
    fn look_up<'n>(&mut self, names: impl Iterator<Item = &'n At<String>>, elsewhere: bool) {
        for name in names {
            if let Some(message) = meaningless(name, self.code, elsewhere) {
                self.problem(Severity::Error, name.line, message);
            }
        }
    }

    fn unused(&mut self, except: &[Excepted<'_>]) {
        let mut said = BTreeSet::new();
        for exception in except.iter().filter(|exception| !exception.used) {
            let Exception { from, to, .. } = exception.written;
            if said.insert((from.line, &from.value, &to.value)) {
                let message =
                    format!("the exception from `{}` to `{}` is needed no more", from.value, to.value);
                self.problem(Severity::Warning, from.line, message);
            }
        }
    }

    fn problem(&mut self, severity: Severity, line: u32, message: String) {
        self.problems
            .push(Diagnostic::new(severity, Problem::InvalidConfig, message).at(FILE_NAME).line(line));
    }
}

fn ends(except: &[Exception]) -> impl Iterator<Item = &At<String>> {
    except.iter().flat_map(|exception| [&exception.from, &exception.to])
}

fn excepted(except: &[Exception]) -> Vec<Excepted<'_>> {
    fn one(written: &Exception) -> Excepted<'_> {
        let Exception { from, to, .. } = written;
        Excepted { from: Name::new(&from.value), to: Name::new(&to.value), written, used: false }
    }
    except.iter().map(one).collect()
}

fn is_excepted(except: &mut [Excepted<'_>], code: &Code<'_>, crossing: &Crossing<'_>) -> bool {
    mark_excepted(except, |from, to| from.means_from(code, crossing) && to.means_to(code, crossing))
}

fn mark_excepted(except: &mut [Excepted<'_>], is_meant: impl Fn(&Name, &Name) -> bool) -> bool {
    let mut any = false;
    for exception in except {
        if is_meant(&exception.from, &exception.to) {
            exception.used = true;
            any = true;
        }
    }
    any
}
