//! The files of a package in few parts, by who runs them: equal users belong together, then those whose merger deploys fewest
//! programs that run nothing of what changed.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use super::shared::Shared;
use crate::ids::FileId;

/// Parts of the finest division that is tried, and of the coarsest. Choices: a package for each of fifty programs is nobody's plan.
const MOST: usize = 5;
/// Classes that are compared with each other; beyond, those that change least join first. A choice.
const COMPARED: usize = 64;

/// Files that the same programs run.
#[derive(Debug, Clone)]
struct Class {
    files: Vec<usize>,
    users: FixedBitSet,
    /// How often each program is deployed for their sake, at most.
    deploys: Vec<f64>,
}

/// Divisions of the files, the finest first: the part of each file. Those that nobody runs have none.
pub(super) fn divisions(shared: &Shared, worth: &[f64]) -> Vec<BTreeMap<FileId, usize>> {
    let mut classes = classes(shared, worth);
    let mut found = Vec::new();
    while !classes.is_empty() {
        if classes.len() <= MOST {
            found.push(labels(shared, &classes));
        }
        let Some((a, b)) = cheapest(&classes) else { break };
        let other = classes.remove(b);
        let merged = &mut classes[a];
        merged.files.extend(other.files);
        merged.users.union_with(&other.users);
        merged.deploys.iter_mut().zip(other.deploys).for_each(|(sum, own)| *sum += own);
    }
    found
}

fn classes(shared: &Shared, worth: &[f64]) -> Vec<Class> {
    let mut of_users: BTreeMap<Vec<usize>, Class> = BTreeMap::new();
    for (file, users) in shared.users.iter().enumerate().filter(|(_, users)| !users.is_clear()) {
        let class = of_users.entry(users.ones().collect()).or_insert_with(|| Class {
            files: Vec::new(),
            users: users.clone(),
            deploys: vec![0.0; worth.len()],
        });
        class.files.push(file);
    }
    let mut classes: Vec<Class> = of_users.into_values().collect();
    for class in &mut classes {
        let changing = shared.changes.iter();
        for change in changing.filter(|change| class.files.iter().any(|file| change.files.contains(file))) {
            for (program, &often) in change.deploys.iter().enumerate() {
                class.deploys[program] += f64::from(often) * worth[program];
            }
        }
    }
    classes
}

/// The two whose merger costs least; of equals those with most users in common. Of too many one is that which changes least.
fn cheapest(classes: &[Class]) -> Option<(usize, usize)> {
    let busy = |class: &Class| class.deploys.iter().sum::<f64>();
    let least = (0..classes.len()).min_by(|&a, &b| busy(&classes[a]).total_cmp(&busy(&classes[b])))?;
    let all = classes.len() <= COMPARED;
    let pairs = (0..classes.len()).flat_map(|a| (a + 1..classes.len()).map(move |b| (a, b)));
    let pairs = pairs.filter(|&(a, b)| all || a == least || b == least);
    let priced =
        pairs.map(|(a, b)| (price(&classes[a], &classes[b]), apart(&classes[a], &classes[b]), (a, b)));
    priced.min_by(|x, y| x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)).then(x.2.cmp(&y.2))).map(|best| best.2)
}

/// What it costs that the users of each are deployed for the sake of the other.
fn price(a: &Class, b: &Class) -> f64 {
    let one = |users: &Class, other: &Class| -> f64 {
        users.users.difference(&other.users).map(|program| other.deploys[program]).sum()
    };
    one(a, b) + one(b, a)
}

/// The share of their users that have only one of them, 0 to 1.
fn apart(a: &Class, b: &Class) -> f64 {
    let all = a.users.union(&b.users).count().max(1);
    a.users.symmetric_difference(&b.users).count() as f64 / all as f64
}

fn labels(shared: &Shared, classes: &[Class]) -> BTreeMap<FileId, usize> {
    let of_class = |(label, class): (usize, &Class)| {
        class.files.iter().map(move |&file| (file, label)).collect::<Vec<_>>()
    };
    let all = classes.iter().enumerate().flat_map(of_class);
    all.map(|(file, label)| (shared.files[file], label)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::deploy::splits::shared::Change;
    use crate::ids::{Id, PackageId};

    /// Files by the programs that run them; commits by the files that they change, each deploying all programs.
    fn shared(files: &[&[usize]], commits: &[(&[usize], u32)], programs: usize) -> Shared {
        let users = files.iter().map(|users| {
            let mut set = FixedBitSet::with_capacity(programs);
            users.iter().for_each(|&user| set.insert(user));
            set
        });
        let change = |&(files, often): &(&[usize], u32)| Change {
            files: files.iter().copied().collect::<BTreeSet<_>>(),
            deploys: vec![often; programs],
        };
        Shared {
            package: PackageId(0),
            files: (0..files.len()).map(FileId::from_index).collect(),
            users: users.collect(),
            changes: commits.iter().map(change).collect(),
        }
    }

    #[test]
    fn what_the_same_programs_run_stays_together_longest() {
        let files: [&[usize]; 5] = [&[0], &[0], &[1], &[0, 1], &[]];
        let shared = shared(&files, &[(&[0], 8), (&[2], 9), (&[3], 1), (&[4], 5)], 2);
        let shown: Vec<Vec<Option<usize>>> = divisions(&shared, &[1.0, 1.0])
            .iter()
            .map(|labels| shared.files.iter().map(|file| labels.get(file).copied()).collect())
            .collect();
        // What both run joins that of the two whose commits are fewer.
        let (a, both, b) = (Some(0), Some(1), Some(2));
        assert_eq!(shown[0], [a, a, b, both, None]);
        assert_eq!(shown[1], [Some(0), Some(0), Some(1), Some(0), None]);
        assert_eq!(shown[2], [Some(0), Some(0), Some(0), Some(0), None]);
        assert_eq!(shown.len(), 3);
        // Nobody runs the last file: its commits deploy two programs for nothing; those of the others one each.
        assert_eq!(shared.most(&[1.0, 1.0]), f64::from(2 * 5 + 8 + 9));
        assert_eq!(shared.most(&[1.0, 0.0]), f64::from(5 + 9));
    }

    #[test]
    fn many_classes_become_few() {
        let users: Vec<Vec<usize>> = (0..80).map(|n| vec![n]).collect();
        let files: Vec<&[usize]> = users.iter().map(Vec::as_slice).collect();
        let all: Vec<usize> = (0..80).collect();
        let shared = shared(&files, &[(&all[..1], 3), (&all[1..2], 2)], 80);
        let found = divisions(&shared, &[1.0; 80]);
        assert_eq!(found.len(), MOST);
        let parts = |labels: &BTreeMap<FileId, usize>| labels.values().collect::<BTreeSet<_>>().len();
        assert_eq!(found.iter().map(parts).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
        // Those that change stay apart from those that don't.
        let of = |n: usize| found[2][&FileId::from_index(n)];
        assert!(of(0) != of(1) && (2..80).all(|n| of(n) != of(0) && of(n) != of(1)));
    }
}
