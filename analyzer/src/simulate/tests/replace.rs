//! Hypothetical splits.

use std::collections::BTreeMap;

use super::*;

fn part(name: &str, frontend_s: f64, depends_on: &[usize]) -> NewUnit {
    NewUnit {
        name: name.into(),
        frontend_s,
        codegen_threads: 1,
        depends_on: depends_on.to_vec(),
        ..NewUnit::default()
    }
}

/// `unit: dependency…` with [`mark`]s, `=` for fresh units.
fn show(graph: &UnitGraph) -> String {
    let unit = |unit: &Unit| {
        let needs = unit.dependencies.iter();
        let needs = needs.map(|&(to, awaited)| format!(" {}{}", graph.units[to].name, mark(awaited)));
        format!("{}{}:{}\n", unit.name, if unit.fresh { "=" } else { "" }, needs.collect::<String>())
    };
    graph.units.iter().map(unit).collect()
}

/// A library below, the library to split, a library above, and a binary that links all.
fn stack() -> UnitGraph {
    graph(&[
        (1.0, 0.0, 1, 0.0, ""),
        (8.0, 0.0, 1, 0.0, "M0"),
        (2.0, 0.0, 1, 0.0, "M1"),
        (1.0, 0.0, 1, 1.0, "C2"),
    ])
}

#[test]
fn without_new_units_nothing_changes() {
    let before = stack();
    let replaced = replace_unit(&before, UnitId(1), &[], &Users::default());
    assert_eq!(show(&replaced.graph), show(&before));
    assert!(replaced.units.is_empty());
}

#[test]
fn one_new_unit_stands_where_the_old_one_stood() {
    let replaced = replace_unit(&stack(), UnitId(1), &[part("u1", 8.0, &[])], &Users::default());
    assert_eq!(show(&replaced.graph), show(&stack()));
    assert_eq!(simulate(&replaced.graph, 2).makespan_s, simulate(&stack(), 2).makespan_s);
}

#[test]
fn users_go_through_the_facade_and_linkers_take_everything() {
    let new = [part("a", 3.0, &[]), part("b", 3.0, &[]), part("facade", 1.0, &[0, 1])];
    let users = Users { facade: 2, direct: BTreeMap::new() };
    let replaced = replace_unit(&stack(), UnitId(1), &new, &users);
    assert_eq!(replaced.units, [UnitId(4), UnitId(5), UnitId(1)]);
    assert_eq!(show(&replaced.graph), "u0:\nfacade: u0 a b\nu2: facade\nu3: u2*\na: u0\nb: u0\n");
    // 1, then a and b side by side, facade, u2, u3 with its link.
    assert_eq!(simulate(&replaced.graph, 2).makespan_s, 1.0 + 3.0 + 1.0 + 2.0 + 2.0);
    assert_eq!(simulate(&replaced.graph, 1).makespan_s, 1.0 + 3.0 + 3.0 + 1.0 + 2.0 + 2.0);
}

#[test]
fn users_may_depend_on_the_crates_they_use() {
    let new = [part("a", 3.0, &[]), part("b", 4.0, &[0]), part("facade", 1.0, &[1])];
    let users = Users { facade: 2, direct: BTreeMap::from([(UnitId(2), vec![0])]) };
    let replaced = replace_unit(&stack(), UnitId(1), &new, &users);
    assert_eq!(show(&replaced.graph), "u0:\nfacade: u0 b\nu2: a\nu3: u2*\na: u0\nb: u0 a\n");
    let only_a = Users { facade: 2, direct: BTreeMap::from([(UnitId(3), vec![1])]) };
    for (edges, linker) in [("A0 A1 A2", "u3: u0! u2! a! b!\n"), ("C1", "u3: b*\n")] {
        let mut stack = stack();
        let linker_unit = graph(&[(1.0, 0.0, 1, 1.0, edges)]).units[UnitId(0)].clone();
        stack.units[UnitId(3)] = Unit { name: "u3".into(), ..linker_unit };
        let replaced = replace_unit(&stack, UnitId(1), &new, &only_a);
        assert!(show(&replaced.graph).contains(linker), "{}", show(&replaced.graph));
    }
}

#[test]
fn dependencies_are_inherited_unless_named() {
    let mut bare = part("a", 1.0, &[]);
    bare.dependencies = Some(vec![]);
    let replaced = replace_unit(&stack(), UnitId(1), &[part("facade", 1.0, &[1]), bare], &Users::default());
    assert!(show(&replaced.graph).contains("facade: u0 a\n"));
    assert!(show(&replaced.graph).ends_with("a:\n"));
}

#[test]
fn a_binary_becomes_libraries_and_a_smaller_binary() {
    let new = [part("a", 1.0, &[]), part("b", 1.0, &[0]), part("bin", 1.0, &[1])];
    let replaced = replace_unit(&stack(), UnitId(3), &new, &Users { facade: 2, direct: BTreeMap::new() });
    assert!(show(&replaced.graph).ends_with("bin: u2* b*\na: u2\nb: u2 a\n"), "{}", show(&replaced.graph));
    let links: Vec<f64> = replaced.units.iter().map(|&u| replaced.graph.units[u].link_s).collect();
    assert_eq!(links, [0.0, 0.0, 1.0]);
}

#[test]
fn an_edit_after_a_split_rebuilds_less() {
    let new = [part("a", 4.0, &[]), part("b", 4.0, &[]), part("facade", 0.5, &[0, 1])];
    let replaced = replace_unit(&stack(), UnitId(1), &new, &Users { facade: 2, direct: BTreeMap::new() });
    let after = edit(&replaced.graph, &[replaced.units[0]], IncrementalShares::NONE);
    assert_eq!(show(&after), "u0=:\nfacade: u0 a b\nu2: facade\nu3: u2*\na: u0\nb=: u0\n");
    assert_eq!(simulate(&after, 1).makespan_s, 4.0 + 0.5 + 2.0 + 2.0);
    let half = IncrementalShares { changed_frontend: 0.5, ..IncrementalShares::NONE };
    assert_eq!(simulate(&edit(&replaced.graph, &[replaced.units[0]], half), 1).makespan_s, 6.5);
}
