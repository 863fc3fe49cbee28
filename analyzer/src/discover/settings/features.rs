//! Which features are on: cargo's unification over the packages of one workspace, as a fixpoint.
//!
//! As `cargo test --workspace` resolves it, all kinds of dependency and all platforms taken together (the Cargo book,
//! "Features: Feature unification"). `cargo metadata` lists the same, but for two corners in which this follows the
//! build: weak `x?/f` switches `f` on only if something else switches `x` on, and a feature that a dependent asks for
//! reaches dev-dependencies, too.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::manifests::raw::RawPackage;
use crate::discover::options::DiscoverOptions;

/// What is on in one package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::discover) struct Enabled {
    pub(in crate::discover) features: BTreeSet<String>,
    /// Keys of active dependencies.
    pub(in crate::discover) dependencies: BTreeSet<String>,
    /// Features that this package's own features ask of its dependencies, by key.
    asked: BTreeMap<String, BTreeSet<String>>,
}

impl Enabled {
    /// Features that the package's own features ask of a dependency.
    pub(in crate::discover) fn asked_of(&self, key: &str) -> impl Iterator<Item = String> {
        self.asked.get(key).into_iter().flatten().cloned()
    }

    /// Whether a `required-features` entry of the package holds: `f`, or `dependency/f`.
    pub(in crate::discover) fn satisfies(&self, required: &str) -> bool {
        match required.split_once('/') {
            Some((key, feature)) => {
                self.dependencies.contains(key) && self.asked.get(key).is_some_and(|f| f.contains(feature))
            }
            None => self.features.contains(required),
        }
    }
}

/// The result for each package, in their order.
///
/// `local[p][d]` is the index of the package that dependency `d` of package `p` is, if it is one of these. Options that
/// applied are added to `used`.
pub(in crate::discover) fn unify<'a>(
    packages: &[&'a RawPackage],
    local: &[Vec<Option<usize>>],
    options: &DiscoverOptions,
    used: &mut BTreeSet<String>,
) -> Vec<Enabled> {
    let by_key = |package: &&'a RawPackage| {
        let mut positions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (position, dependency) in package.dependencies.iter().enumerate() {
            positions.entry(&dependency.key).or_default().push(position);
        }
        positions
    };
    let mut state = Unification {
        packages,
        local,
        by_key: packages.iter().map(by_key).collect(),
        enabled: vec![Enabled::default(); packages.len()],
        todo: Vec::new(),
    };
    for index in 0..packages.len() {
        state.start(index, options);
    }
    for option in option_features(options) {
        if state.apply_option(option) {
            used.insert(option.to_owned());
        }
    }
    while let Some((package, request)) = state.todo.pop() {
        state.step(package, request);
    }
    state.enabled
}

/// The features asked for, one by one.
pub(in crate::discover) fn option_features(options: &DiscoverOptions) -> impl Iterator<Item = &str> {
    options.features.iter().flat_map(|f| f.split([',', ' '])).filter(|f| !f.is_empty())
}

enum Request {
    Feature(String),
    Dependency(String),
    DependencyFeature { key: String, feature: String, weak: bool },
}

impl Request {
    /// An entry of the feature table.
    fn parse(value: &str) -> Self {
        if let Some(key) = value.strip_prefix("dep:") {
            return Request::Dependency(key.to_owned());
        }
        match value.split_once('/') {
            Some((key, feature)) => Request::DependencyFeature {
                key: key.trim_end_matches('?').to_owned(),
                feature: feature.to_owned(),
                weak: key.ends_with('?'),
            },
            None => Request::Feature(value.to_owned()),
        }
    }
}

struct Unification<'a, 'p> {
    packages: &'a [&'p RawPackage],
    local: &'a [Vec<Option<usize>>],
    /// Positions of each package's dependencies by key.
    by_key: Vec<BTreeMap<&'p str, Vec<usize>>>,
    enabled: Vec<Enabled>,
    todo: Vec<(usize, Request)>,
}

impl Unification<'_, '_> {
    /// What a member has on without anyone asking.
    fn start(&mut self, index: usize, options: &DiscoverOptions) {
        let package = self.packages[index];
        let required = package.dependencies.iter().filter(|d| !d.optional);
        self.todo.extend(required.map(|d| (index, Request::Dependency(d.key.clone()))));
        if options.all_features {
            self.todo.extend(package.features.keys().map(|f| (index, Request::Feature(f.clone()))));
        } else if !options.no_default_features {
            self.todo.push((index, Request::Feature("default".to_owned())));
        }
    }

    /// A feature of the command line: whether any member knows it.
    fn apply_option(&mut self, option: &str) -> bool {
        let before = self.todo.len();
        for (index, package) in self.packages.iter().enumerate() {
            let request = match option.split_once('/') {
                Some((name, feature)) if name == package.name => {
                    package.features.contains_key(feature).then(|| Request::Feature(feature.to_owned()))
                }
                Some((name, _)) => {
                    let key = name.trim_end_matches('?');
                    let known = self.packages.iter().any(|p| p.name == key);
                    let has = !known && package.dependencies.iter().any(|d| d.key == key);
                    has.then(|| Request::parse(option))
                }
                None => package.features.contains_key(option).then(|| Request::Feature(option.to_owned())),
            };
            self.todo.extend(request.map(|r| (index, r)));
        }
        self.todo.len() > before
    }

    fn step(&mut self, index: usize, request: Request) {
        match request {
            Request::Feature(name) => self.feature(index, name),
            Request::Dependency(key) => self.dependency(index, key),
            Request::DependencyFeature { key, feature, weak } => {
                if !weak {
                    // An optional dependency's own feature comes with it, where `dep:` doesn't hide it.
                    self.todo.push((index, Request::Feature(key.clone())));
                    self.todo.push((index, Request::Dependency(key.clone())));
                }
                let new = self.enabled[index].asked.entry(key.clone()).or_default().insert(feature.clone());
                if new && self.enabled[index].dependencies.contains(&key) {
                    self.pass_on(index, &key, &feature);
                }
            }
        }
    }

    fn feature(&mut self, index: usize, name: String) {
        let package = self.packages[index];
        let Some(values) = package.features.get(&name) else { return };
        if self.enabled[index].features.insert(name) {
            // Features that switch each other on are as many requests as there are pairs.
            let on = &self.enabled[index].features;
            let new = values.iter().filter(|value| !on.contains(*value));
            self.todo.extend(new.map(|v| (index, Request::parse(v))));
        }
    }

    fn dependency(&mut self, index: usize, key: String) {
        if !self.enabled[index].dependencies.insert(key.clone()) {
            return;
        }
        for &position in self.by_key[index].get(&*key).into_iter().flatten() {
            let dependency = &self.packages[index].dependencies[position];
            let Some(local) = self.local[index][position] else { continue };
            let default = dependency.default_features.then(|| "default".to_owned());
            let features = default.into_iter().chain(dependency.features.iter().cloned());
            self.todo.extend(features.map(|f| (local, Request::parse(&f))));
        }
        let asked = self.enabled[index].asked.get(&key).cloned().unwrap_or_default();
        for feature in asked {
            self.pass_on(index, &key, &feature);
        }
    }

    fn pass_on(&mut self, index: usize, key: &str, feature: &str) {
        for &position in self.by_key[index].get(key).into_iter().flatten() {
            if let Some(local) = self.local[index][position] {
                self.todo.push((local, Request::Feature(feature.to_owned())));
            }
        }
    }
}
