//! Which crate and module each test of a [`TestTimes`] is of.

use std::collections::BTreeMap;

use crate::discover::{Repository, Target, TargetKind};
use crate::ids::{CrateId, IdVec, ModuleId};
use crate::resolve::{ItemKind, Resolution};

use super::import::{TestBinary, TestSuite, TestTimes};

/// Seconds that tests ran, by what they are of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestSeconds {
    /// Of the tests of each crate.
    pub crates: IdVec<CrateId, f64>,
    /// How many these are.
    pub tests: IdVec<CrateId, u32>,
    /// Of those in each module, modules below it left out.
    pub modules: BTreeMap<ModuleId, f64>,
    /// Of tests of which no crate was found.
    pub unknown_s: f64,
}

impl TestSeconds {
    /// Finds the crate of each binary by its name or, where the file doesn't say it, by the names of its tests; and the
    /// module of each test by its path.
    pub fn new(times: &TestTimes, repository: &Repository, resolution: &Resolution) -> Self {
        let index = Index::new(repository, resolution);
        let count = resolution.crates.len();
        let mut seconds = Self {
            crates: IdVec::from_elem(0.0, count),
            tests: IdVec::from_elem(0, count),
            ..Self::default()
        };
        for suite in &times.suites {
            let all: f64 = suite.tests.iter().map(|test| test.seconds).sum();
            let Some(krate) = index.krate(suite) else {
                seconds.unknown_s += all;
                continue;
            };
            seconds.crates[krate] += all;
            for test in &suite.tests {
                seconds.tests[krate] += 1;
                *seconds.modules.entry(index.module(krate, &test.name)).or_default() += test.seconds;
            }
        }
        seconds
    }

    /// Of all tests.
    pub fn total_s(&self) -> f64 {
        self.crates.iter().sum::<f64>() + self.unknown_s
    }
}

struct Index<'a> {
    repository: &'a Repository,
    resolution: &'a Resolution,
    /// Modules by crate and path.
    modules: BTreeMap<(CrateId, &'a str), ModuleId>,
    /// Crates by the path of a function of theirs, the crate's own name left out.
    functions: BTreeMap<&'a str, Vec<CrateId>>,
}

impl<'a> Index<'a> {
    fn new(repository: &'a Repository, resolution: &'a Resolution) -> Self {
        let modules = resolution.modules.iter_enumerated().map(|(id, m)| ((m.krate, m.path.as_str()), id));
        let mut functions: BTreeMap<&str, Vec<CrateId>> = BTreeMap::new();
        for item in resolution.items.iter().filter(|item| item.kind == ItemKind::Fn && item.test) {
            if let Some((_, path)) = item.path.split_once("::") {
                functions.entry(path).or_default().push(resolution.modules[item.module].krate);
            }
        }
        Self { repository, resolution, modules: modules.collect(), functions }
    }

    fn krate(&self, suite: &TestSuite) -> Option<CrateId> {
        match &suite.binary {
            TestBinary::Id(id) => self.by_id(id).or_else(|| self.by_tests(suite)),
            TestBinary::Run { root, crate_name } => self.by_root(root, crate_name, suite),
            TestBinary::Unknown => self.by_tests(suite),
        }
    }

    /// Nextest's names ("Binary IDs" in its documentation).
    fn by_id(&self, id: &str) -> Option<CrateId> {
        let (package, rest) = id.split_once("::").map_or((id, None), |(p, rest)| (p, Some(rest)));
        let (kind, name) = match rest.map(|rest| rest.split_once('/').unwrap_or(("test", rest))) {
            None => (None, None),
            Some((kind, name)) => (Some(kind), Some(name)),
        };
        let fits = |target: &Target| {
            let of_kind = match kind {
                None => matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro),
                Some("test") => target.kind == TargetKind::Test,
                Some("bin") => target.kind == TargetKind::Bin,
                Some("example") => target.kind == TargetKind::Example,
                Some("bench") => target.kind == TargetKind::Bench,
                Some(_) => false,
            };
            of_kind
                && self.repository.packages[target.package].name == package
                && name.is_none_or(|name| target.name == name)
        };
        self.only(|krate| fits(self.target(krate)))
    }

    /// Several packages may have a `tests/it.rs`: then the tests' names decide.
    fn by_root(&self, root: &str, crate_name: &str, suite: &TestSuite) -> Option<CrateId> {
        let fits = |krate: CrateId| {
            let target = self.target(krate);
            let dir = &self.repository.packages[target.package].dir;
            let path = if dir.is_empty() { root.to_owned() } else { format!("{dir}/{root}") };
            target.crate_name == crate_name && target.src == path
        };
        self.only(fits).or_else(|| self.voted(suite, fits))
    }

    fn by_tests(&self, suite: &TestSuite) -> Option<CrateId> {
        self.voted(suite, |_| true)
    }

    /// The crate that has most of the tests, more than half and more than any other.
    fn voted(&self, suite: &TestSuite, among: impl Fn(CrateId) -> bool) -> Option<CrateId> {
        let mut votes: BTreeMap<CrateId, usize> = BTreeMap::new();
        for test in &suite.tests {
            for &krate in self.functions.get(test.name.as_str()).into_iter().flatten().filter(|&&k| among(k))
            {
                *votes.entry(krate).or_default() += 1;
            }
        }
        let most = votes.values().copied().max().filter(|&most| 2 * most > suite.tests.len())?;
        let mut first = votes.into_iter().filter(|&(_, count)| count == most).map(|(krate, _)| krate);
        first.next().filter(|_| first.next().is_none())
    }

    fn only(&self, fits: impl Fn(CrateId) -> bool) -> Option<CrateId> {
        let mut found = self.resolution.crates.ids().filter(|&krate| fits(krate));
        found.next().filter(|_| found.next().is_none())
    }

    fn target(&self, krate: CrateId) -> &'a Target {
        &self.repository.targets[self.resolution.crates[krate].target]
    }

    /// The innermost module on a test's path; macros put more below the function that is written.
    fn module(&self, krate: CrateId, test: &str) -> ModuleId {
        let root = self.resolution.crates[krate].root;
        let name = &self.resolution.modules[root].path;
        let mut path = test;
        while let Some((around, _)) = path.rsplit_once("::") {
            if let Some(&module) = self.modules.get(&(krate, format!("{name}::{around}").as_str())) {
                return module;
            }
            path = around;
        }
        root
    }
}
