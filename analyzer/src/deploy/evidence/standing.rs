//! From what is found to what is deployed: which evidence counts, roles, names, and what is not deployed and why.

use std::collections::{BTreeMap, BTreeSet};

use super::join::{Found, Start};
use crate::deploy::deployed::{DeployedProgram, Evidence, EvidenceKind, NotDeployed, OtherProgram, Standing};
use crate::discover::{Repository, TargetKind, is_auxiliary_target};
use crate::ids::TargetId;

/// Words of paths that say that a file serves tests or development.
const TESTS: [&str; 15] = [
    "test",
    "tests",
    "testing",
    "e2e",
    "bdd",
    "chaos",
    "fixture",
    "fixtures",
    "testdata",
    "example",
    "examples",
    "devcontainer",
    "mock",
    "mocks",
    "playground",
];
/// Words of packages that make code or run tasks.
const TOOLS: [&str; 6] = ["xtask", "xtasks", "codegen", "bindgen", "generator", "devtools"];
/// Those of programs that never run where something is deployed: a `uniffi-bindgen` lies beside the library that is shipped.
const AT_HOME: [&str; 4] = ["xtask", "xtasks", "codegen", "bindgen"];

/// Says it of every program.
pub(super) fn standing(repository: &Repository, found: BTreeMap<TargetId, Found>) -> Standing {
    let mut standing = Standing::default();
    let mut unnamed = Vec::new();
    let bins = repository.targets.iter_enumerated().filter(|(_, target)| target.kind == TargetKind::Bin);
    for (target, bin) in bins {
        match found.get(&target) {
            Some(found)
                if counts(found, is_among_tests(&bin.src) || is_called(repository, target, &AT_HOME)) =>
            {
                standing.deployed.extend(roles(repository, target, found))
            }
            other if bin.enabled || other.is_some() => {
                let evidence: Vec<Evidence> = other.into_iter().flat_map(all_evidence).collect();
                unnamed.push((target, evidence));
            }
            _ => {}
        }
    }
    standing.named_by_files = !standing.deployed.is_empty();
    for (target, evidence) in unnamed {
        let why = why_not(repository, target, &evidence);
        if !standing.named_by_files && matches!(why, NotDeployed::NotNamed | NotDeployed::OnlyBuilt) {
            let plain =
                DeployedProgram { target, name: repository.targets[target].name.clone(), ..unknown(target) };
            standing.deployed.push(DeployedProgram { evidence, ..plain });
        } else {
            standing.others.push(OtherProgram { target, why, evidence });
        }
    }
    rename_doubles(repository, &mut standing.deployed);
    standing
}

fn unknown(target: TargetId) -> DeployedProgram {
    DeployedProgram { target, name: String::new(), role: None, services: Vec::new(), evidence: Vec::new() }
}

/// Whether a program's source lies among tests.
fn is_among_tests(source: &str) -> bool {
    let says = |word: &str| matches!(word, "test" | "tests" | "e2e" | "fuzz");
    source.split('/').rev().skip(1).any(|dir| dir.split(['-', '_']).any(says))
}

/// Whether something outside of tests puts the program where it runs. Of one that lies among tests, or stays at home, an image or an
/// upload is for these, too: a service has to start it.
fn counts(found: &Found, beside: bool) -> bool {
    let counts = |evidence: &Evidence| evidence.kind != EvidenceKind::Builds && !is_for_tests(evidence);
    let is_service = |start: &&Start| !start.services.is_empty();
    // What an image starts by itself is no service.
    let by_image =
        |evidence: &Evidence| ["ENTRYPOINT ", "CMD "].iter().any(|word| evidence.what.starts_with(word));
    match beside {
        true => {
            let mut lines = found.starts.values().filter(is_service).flat_map(|start| &start.evidence);
            lines.any(|evidence| counts(evidence) && !by_image(evidence))
        }
        false => all_evidence(found).iter().any(counts),
    }
}

fn all_evidence(found: &Found) -> BTreeSet<Evidence> {
    let starts = found.starts.values().flat_map(|start| &start.evidence);
    found.evidence.iter().chain(starts).cloned().collect()
}

/// Whether a file serves tests or development, by its path.
pub(super) fn is_of_tests(path: &str) -> bool {
    path.to_ascii_lowercase().split(['/', '-', '_', '.']).any(|word| TESTS.contains(&word))
}

/// Whether a line serves tests: by its file, or since it starts something while a workflow runs.
fn is_for_tests(evidence: &Evidence) -> bool {
    let in_a_workflow = evidence.kind == EvidenceKind::Starts && evidence.file.starts_with(".github/");
    in_a_workflow || is_of_tests(&evidence.file)
}

/// One entry, or one for each role where the starts have different ones.
fn roles(repository: &Repository, target: TargetId, found: &Found) -> Vec<DeployedProgram> {
    let name = &repository.targets[target].name;
    let real = |start: &Start| start.evidence.iter().any(|evidence| !is_for_tests(evidence));
    // An image that is started nowhere says what it starts by default: no role of its own beside others.
    let counts = |(role, start): &(&Option<String>, &Start)| role.is_some() || !start.services.is_empty();
    let roles = found.starts.iter().filter(counts).filter(|(_, start)| real(start)).count();
    if roles < 2 {
        let services: BTreeSet<String> =
            found.starts.values().flat_map(|start| start.services.iter().cloned()).collect();
        return vec![DeployedProgram {
            target,
            name: name.clone(),
            role: None,
            services: services.into_iter().collect(),
            evidence: all_evidence(found).into_iter().filter(|evidence| !is_for_tests(evidence)).collect(),
        }];
    }
    let starts = found.starts.iter().filter(counts).filter(|(_, start)| real(start));
    let entry = |(role, start): (&Option<String>, &Start)| DeployedProgram {
        target,
        name: role.as_ref().map_or_else(|| name.clone(), |role| format!("{name} {role}")),
        role: role.clone(),
        services: start.services.iter().cloned().collect(),
        evidence: start
            .evidence
            .iter()
            .chain(&found.evidence)
            .filter(|evidence| !is_for_tests(evidence))
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
    };
    starts.map(entry).collect()
}

/// Whether the name of a program's package, its own or that of its file has one of these words.
fn is_called(repository: &Repository, target: TargetId, any: &[&str]) -> bool {
    let words = |name: &str| name.split(['-', '_']).any(|word| any.contains(&word));
    let bin = &repository.targets[target];
    let file = bin.src.rsplit('/').next().unwrap_or_default();
    let names = [&repository.packages[bin.package].name, &bin.name, file.trim_end_matches(".rs")];
    names.into_iter().any(words)
}

fn why_not(repository: &Repository, target: TargetId, evidence: &[Evidence]) -> NotDeployed {
    let puts = |evidence: &&Evidence| evidence.kind != EvidenceKind::Builds;
    let counted = evidence.iter().any(|evidence| puts(&evidence));
    let beyond_tests = evidence.iter().filter(puts).any(|evidence| !is_for_tests(evidence));
    if is_auxiliary_target(repository, target) {
        NotDeployed::Development
    } else if beyond_tests && is_called(repository, target, &AT_HOME) {
        NotDeployed::Tool
    } else if counted {
        // It would be deployed if these were no files of tests.
        NotDeployed::Tests
    } else if is_called(repository, target, &TOOLS) {
        NotDeployed::Tool
    } else if evidence.is_empty() {
        NotDeployed::NotNamed
    } else {
        NotDeployed::OnlyBuilt
    }
}

/// Programs of one name in several packages are told apart by the package, those of packages of one name by its directory.
fn rename_doubles(repository: &Repository, deployed: &mut [DeployedProgram]) {
    let package = |of: &DeployedProgram| &repository.packages[repository.targets[of.target].package];
    let count = |deployed: &[DeployedProgram], key: &dyn Fn(&DeployedProgram) -> String| {
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        deployed.iter().for_each(|program| *count.entry(key(program)).or_default() += 1);
        count
    };
    let with_package = |of: &DeployedProgram| format!("{} ({})", of.name, package(of).name);
    let (names, packages) = (count(deployed, &|of| of.name.clone()), count(deployed, &with_package));
    for program in deployed.iter_mut().filter(|program| names[&program.name] > 1) {
        let name = with_package(program);
        program.name = match packages[&name] {
            1 => name,
            _ => format!("{} ({})", program.name, package(program).dir),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_what_is_of_tests() {
        for (path, expected) in [
            ("tests/integration/Dockerfile", true),
            ("test_runner/pg/Dockerfile", true),
            ("docker-compose.test.yml", true),
            ("docker-compose-unit-tests.yml", true),
            (".devcontainer/Dockerfile", true),
            ("examples/rust/compose.yml", true),
            ("docker/db-chaos/verifier.Dockerfile", true),
            ("docker/contest/Dockerfile", false),
            ("core/bench/dashboard/Dockerfile", false),
            ("Dockerfile", false),
        ] {
            assert_eq!(is_of_tests(path), expected, "{path}");
        }
    }
}
