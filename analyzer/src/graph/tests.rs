//! Graphs over small resolutions written by hand.

use petgraph::visit::EdgeRef;

use super::*;
use crate::ids::{CrateId, FileId, IdVec, ItemId, ModuleId, TargetId};
use crate::resolve::{
    Confidence, Crate, File, ImplHeader, Item, ItemKind, Module, RefKind, Reference, Resolution, Visibility,
};

/// Builds a resolution: `"x: A B; y: C"` is one crate with modules `x` and `y` below its root, each in a file
/// of its own, with the items named. The items of the root are those of `lib:`.
fn fixture(modules: &str) -> Resolution {
    let mut r = Resolution::default();
    add_crate(&mut r, "a", modules);
    r
}

fn add_crate(r: &mut Resolution, name: &str, modules: &str) {
    let krate = r.crates.push(Crate {
        target: TargetId(r.crates.len() as u32),
        name: name.into(),
        root: ModuleId(r.modules.len() as u32),
        reruns: false,
    });
    let mut lists: Vec<(&str, Vec<&str>)> = vec![("lib", vec![])];
    for part in modules.split(';') {
        let (module, items) = part.split_once(':').unwrap();
        let items: Vec<&str> = items.split_whitespace().collect();
        match module.trim() {
            "lib" => lists[0].1 = items,
            module => lists.push((module, items)),
        }
    }
    let root = ModuleId(r.modules.len() as u32);
    for (module, items) in lists {
        let file = r.files.push(File {
            path: format!("{name}/src/{module}.rs"),
            lines: 10,
            bytes: 100,
            ..File::default()
        });
        let id = ModuleId(r.modules.len() as u32);
        let stand_in = push_item(r, id, file, module, ItemKind::Module);
        let items = items.into_iter().map(|item| push_item(r, id, file, item, ItemKind::Struct)).collect();
        r.modules.push(Module {
            krate,
            parent: (id != root).then_some(root),
            name: module.into(),
            path: format!("{name}::{module}"),
            file,
            inline: false,
            test: false,
            visibility: Visibility::Public,
            item: stand_in,
            children: vec![],
            items,
        });
    }
}

fn push_item(r: &mut Resolution, module: ModuleId, file: FileId, name: &str, kind: ItemKind) -> ItemId {
    r.items.push(Item {
        module,
        file,
        kind,
        name: name.into(),
        path: name.into(),
        line: 1,
        end_line: 2,
        visibility: Visibility::Public,
        test: false,
        imp: None,
        macro_export: false,
        signature: None,
        by_macro: false,
        compiled: true,
        generic: false,
        features: Default::default(),
    })
}

fn item(r: &Resolution, name: &str) -> ItemId {
    r.items.iter_enumerated().find(|(_, i)| i.name == name).unwrap_or_else(|| panic!("{name}")).0
}

/// Makes items impls: `"I: Trait for Self <Arg"`, `"I: for Self"`; `_` is an external name.
fn impls(r: &mut Resolution, list: &[(&str, Option<&str>, &str, &[&str])]) {
    for (imp, trait_name, self_name, arguments) in list {
        let local = |name: &str| (name != "_").then(|| item(r, name));
        let header = ImplHeader {
            is_trait: trait_name.is_some(),
            trait_item: trait_name.and_then(local),
            self_item: local(self_name),
            argument_items: arguments.iter().filter_map(|a| local(a)).collect(),
            unseen_items: Vec::new(),
            covered: false,
            bound_items: Vec::new(),
            argument_bounds: Vec::new(),
        };
        let imp = item(r, imp);
        r.items[imp].kind = ItemKind::Impl;
        r.items[imp].imp = Some(header);
    }
}

/// Adds references: `"A>B A>C"`, with the kind and whether under test.
fn refer(r: &mut Resolution, list: &str, kind: RefKind, test: bool) {
    for pair in list.split_whitespace() {
        let (from, to) = pair.split_once('>').unwrap();
        let (from, to) = (item(r, from), item(r, to));
        let line = r.references.len() as u32 + 1;
        let confidence = Confidence::Exact;
        let structural = kind != RefKind::Import;
        r.references.push(Reference {
            from,
            line,
            to,
            kind,
            test,
            confidence,
            restricted: false,
            structural,
            shown: false,
            member: None,
        });
    }
    r.references.sort_unstable();
}

fn names(r: &Resolution, items: &[ItemId]) -> String {
    items.iter().map(|&i| r.items[i].name.as_str()).collect::<Vec<_>>().join(" ")
}

const KRATE: &[CrateId] = &[CrateId(0)];

fn atom_list(r: &Resolution, options: &AtomOptions) -> Vec<String> {
    let atoms = atoms(r, &item_graph(r), KRATE, options);
    for (id, atom) in atoms.atoms.iter_enumerated() {
        assert_eq!(atom.ties.len() + 1, atom.items.len(), "one tie for each item joined");
        assert!(atom.items.iter().all(|&i| atoms.of_item[i] == Some(id)));
    }
    atoms.atoms.iter().filter(|a| a.items.len() > 1).map(|a| names(r, &a.items)).collect()
}

#[test]
fn item_graph_sums_references_per_pair() {
    let mut r = fixture("x: A B; y: C");
    refer(&mut r, "A>C A>C", RefKind::Type, false);
    refer(&mut r, "A>C", RefKind::Call, true);
    refer(&mut r, "x>C", RefKind::Import, false);
    let graph = item_graph(&r);
    assert_eq!((graph.node_count(), graph.edge_count()), (r.items.len(), 2));
    let edge = graph.find_edge(node(item(&r, "A")), node(item(&r, "C"))).unwrap();
    let c = graph[edge];
    assert_eq!((c.weight, c.test_weight, c.structural), (3, 1, 2));
    assert_eq!((c.kinds[RefKind::Type as usize], c.kinds[RefKind::Call as usize]), (2, 1));
    let import = graph.find_edge(node(item(&r, "x")), node(item(&r, "C"))).unwrap();
    assert_eq!((graph[import].weight, graph[import].structural), (1, 0));
}

fn node(item: ItemId) -> petgraph::graph::NodeIndex<u32> {
    petgraph::graph::NodeIndex::new(item.0 as usize)
}

#[test]
fn quotients_keep_every_node_and_no_self_loop() {
    let mut r = fixture("x: A B; y: C; lonely: D");
    refer(&mut r, "A>B A>C", RefKind::Type, false);
    refer(&mut r, "y>A", RefKind::Import, false);
    let graph = item_graph(&r);
    for (level, nodes, edges) in
        [(Level::Item, r.items.len(), 3), (Level::Module, 4, 2), (Level::File, 4, 2), (Level::Crate, 1, 0)]
    {
        let q = quotient(&r, &graph, level);
        assert_eq!((q.node_count(), q.edge_count()), (nodes, edges), "{level:?}");
        assert!(q.edge_references().all(|e| e.source() != e.target()));
    }
}

#[test]
fn quotient_weights_add_up() {
    let mut r = fixture("x: A B; y: C D");
    refer(&mut r, "A>C B>D B>D", RefKind::Type, false);
    refer(&mut r, "A>D", RefKind::Value, true);
    let q = quotient(&r, &item_graph(&r), Level::File);
    let weights: Vec<_> = q.edge_weights().map(|c| (c.weight, c.test_weight, c.structural)).collect();
    assert_eq!(weights, [(4, 1, 3)]);
}

#[test]
fn impls_are_tied_as_the_language_ties_them() {
    type Case<'a> = (Option<&'a str>, &'a str, &'a [&'a str], &'a [&'a str], &'a str);
    let cases: &[Case<'_>] = &[
        // trait, self, arguments → atoms, hosts to choose from
        (None, "T", &[], &["T I"], ""),
        (Some("_"), "T", &[], &["T I"], ""),
        (Some("R"), "_", &[], &["R I"], ""),
        (Some("R"), "T", &[], &[], "T R"),
        (Some("_"), "_", &["U"], &["U I"], ""),
        (Some("_"), "T", &["U"], &[], "T U"),
        (Some("R"), "_", &["U"], &["R I"], ""),
        (Some("R"), "T", &["U"], &[], "T R U"),
        (Some("_"), "T", &["T"], &["T I"], ""),
        (None, "_", &[], &[], ""),
        (Some("_"), "_", &[], &[], ""),
    ];
    for (i, (trait_name, self_name, arguments, atoms, hosts)) in cases.iter().enumerate() {
        let mut r = fixture("x: T R U; y: I");
        impls(&mut r, &[("I", *trait_name, self_name, arguments)]);
        r.items.iter_mut().for_each(|item| item.generic = true);
        assert_eq!(atom_list(&r, &AtomOptions::default()), *atoms, "case {i}");
        let choices: Vec<_> = impl_choices(&r, KRATE).iter().map(|c| names(&r, &c.hosts)).collect();
        assert_eq!(choices.concat(), *hosts, "case {i}");
    }
}

#[test]
fn an_impl_for_all_of_a_trait_stays_with_it_where_others_stand_beside() {
    // `impl<T: B> A for T` and `impl A for String`.
    let mut r = fixture("x: B; y: A I J");
    impls(&mut r, &[("I", Some("A"), "_", &[]), ("J", Some("A"), "_", &[])]);
    let bound = item(&r, "B");
    let set = |r: &mut Resolution, name: &str, change: &dyn Fn(&mut ImplHeader)| {
        let imp = item(r, name);
        r.items[imp].imp.as_mut().into_iter().for_each(change);
    };
    set(&mut r, "I", &|header| header.bound_items = vec![bound]);
    assert_eq!(atom_list(&r, &AtomOptions::default()), ["A I J"]);
    set(&mut r, "J", &|header| header.covered = true);
    assert_eq!(atom_list(&r, &AtomOptions::default()), ["B A I J"]);
}

#[test]
fn an_impl_for_what_becomes_a_type_stays_with_that_where_others_stand_beside() {
    // `impl<T: Into<V>> From<T> for E` and `impl<K> From<(K, K)> for E`.
    let mut r = fixture("x: V; y: E I J");
    impls(&mut r, &[("I", Some("_"), "E", &[]), ("J", Some("_"), "E", &[])]);
    let bound = item(&r, "V");
    for (name, path) in [("I", "impl From<T> for E"), ("J", "impl From<(K, K)> for E")] {
        let imp = item(&r, name);
        r.items[imp].name = path.to_owned();
    }
    let set = |r: &mut Resolution, change: &dyn Fn(&mut Item)| {
        r.items.iter_mut().filter(|item| item.name == "impl From<T> for E").for_each(change);
    };
    let before = atom_list(&r, &AtomOptions::default());
    assert!(!before.join(";").contains('V'), "{before:?}");
    set(&mut r, &|item| {
        item.imp.as_mut().into_iter().for_each(|header| header.argument_bounds = vec![bound])
    });
    let after = atom_list(&r, &AtomOptions::default());
    assert!(after.iter().any(|atom| atom.contains('V') && atom.contains('E')), "{after:?}");
}

#[test]
fn an_impl_without_parameters_may_live_with_its_arguments() {
    // `impl R<U> for u8`: legal beside `U` too, which `impl<P> R<U> for P` is not.
    let mut r = fixture("x: R U; y: I");
    impls(&mut r, &[("I", Some("R"), "_", &["U"])]);
    let choices: Vec<_> = impl_choices(&r, KRATE).iter().map(|c| names(&r, &c.hosts)).collect();
    assert_eq!(choices.concat(), "R U");
}

#[test]
fn items_of_other_crates_are_external() {
    let mut r = fixture("x: T; y: I");
    add_crate(&mut r, "b", "z: R");
    impls(&mut r, &[("I", Some("R"), "T", &[])]);
    assert_eq!(atom_list(&r, &AtomOptions::default()), ["T I"]);
    let atoms = atoms(&r, &item_graph(&r), KRATE, &AtomOptions::default());
    assert_eq!(atoms.of_item[item(&r, "R")], None);
    assert!(impl_choices(&r, KRATE).is_empty());
}

#[test]
fn cycles_join_unless_they_are_test_only_imports_or_large() {
    let large = AtomOptions::default();
    let small = AtomOptions { max_cycle_items: 1, ..AtomOptions::default() };
    let joined: &[&str] = &["A C"];
    for (kind, test, options, expected) in [
        (RefKind::Call, false, &large, joined),
        (RefKind::Call, true, &large, &[]),
        (RefKind::Import, false, &large, &[]),
        (RefKind::Call, false, &small, &[]),
    ] {
        let mut r = fixture("x: A B; y: C");
        refer(&mut r, "A>C", RefKind::Type, false);
        refer(&mut r, "C>A", kind, test);
        assert_eq!(atom_list(&r, options), expected, "{kind:?} {test} {options:?}");
    }
}

#[test]
fn a_cycle_within_one_module_is_always_joined() {
    let mut r = fixture("x: A B C; y: D");
    refer(&mut r, "A>B B>C C>A C>D", RefKind::Call, false);
    assert_eq!(atom_list(&r, &AtomOptions { max_cycle_items: 0, ..AtomOptions::default() }), ["A B C"]);
}

#[test]
fn a_cycle_through_an_impl_holds_its_type() {
    let mut r = fixture("x: T I; y: U");
    impls(&mut r, &[("I", None, "T", &[])]);
    refer(&mut r, "I>T", RefKind::Impl, false);
    refer(&mut r, "I>U U>T", RefKind::Type, false);
    assert_eq!(atom_list(&r, &AtomOptions::default()), ["T I U"]);
}

#[test]
fn textual_macros_are_soft_ties() {
    let mut r = fixture("x: m e; y: A B");
    for (name, export) in [("m", false), ("e", true)] {
        let id = item(&r, name);
        r.items[id].kind = ItemKind::Macro;
        r.items[id].macro_export = export;
    }
    refer(&mut r, "A>m A>m A>e", RefKind::Macro, false);
    refer(&mut r, "B>m", RefKind::Macro, true);
    let atoms = atoms(&r, &item_graph(&r), KRATE, &AtomOptions::default());
    assert_eq!(atoms.soft_ties, [Tie { a: item(&r, "A"), b: item(&r, "m"), cause: TieCause::TextualMacro }]);
    assert!(atoms.atoms.iter().all(|a| a.items.len() == 1));
}

#[test]
fn what_one_call_of_a_macro_writes_stays_together() {
    let mut r = fixture("x: A B C D");
    for (name, line, by_macro) in [("A", 3, true), ("B", 3, true), ("C", 3, false), ("D", 9, true)] {
        let id = item(&r, name);
        (r.items[id].line, r.items[id].end_line, r.items[id].by_macro) = (line, line + 1, by_macro);
    }
    assert_eq!(atom_list(&r, &AtomOptions::default()), ["A B"]);
}

#[test]
fn cycles_name_the_cheapest_cut() {
    let mut r = fixture("x: A B; y: C D; z: E");
    refer(&mut r, "A>C A>C A>D B>E C>E", RefKind::Call, false);
    refer(&mut r, "D>B", RefKind::Value, false);
    refer(&mut r, "E>A", RefKind::Value, true);
    let graph = item_graph(&r);
    let modules = cycles(&r, &graph, KRATE, Level::Module);
    assert_eq!(modules.len(), 1);
    assert_eq!((modules[0].weight, modules[0].cut_weight), (4, 1));
    let place = |name: &str| QuotientNode::Module(r.items[item(&r, name)].module);
    assert_eq!(modules[0].nodes, [place("x"), place("y")]);
    assert_eq!(modules[0].cuts, [CycleCut { from: place("y"), to: place("x"), references: 1 }]);
    // No item reaches itself: the cycle dissolves at item level.
    assert!(cycles(&r, &graph, KRATE, Level::Item).is_empty());
}

#[test]
fn item_cycles_treat_an_impl_as_its_type() {
    let mut r = fixture("x: T I; y: U V");
    impls(&mut r, &[("I", None, "T", &[])]);
    refer(&mut r, "I>T", RefKind::Impl, false);
    refer(&mut r, "I>U I>U U>T V>U", RefKind::Call, false);
    let found = cycles(&r, &item_graph(&r), KRATE, Level::Item);
    assert_eq!(found.len(), 1);
    let of = |name: &str| QuotientNode::Item(item(&r, name));
    assert_eq!(found[0].nodes, [of("T"), of("I"), of("U")]);
    assert_eq!(found[0].cuts, [CycleCut { from: of("U"), to: of("T"), references: 1 }]);
}

#[test]
fn references_between_lists_each_place() {
    let mut r = fixture("x: A B; y: C");
    refer(&mut r, "A>C B>C C>A", RefKind::Type, false);
    let c = item(&r, "C");
    let found = references_between(&r, |i| i != c, |i| i == c);
    assert_eq!(found.iter().map(|f| f.from).collect::<Vec<_>>(), [item(&r, "A"), item(&r, "B")]);
}

#[test]
fn condensation_is_topological() {
    let c = condense(5, [(4, 3), (3, 4), (3, 0), (0, 1), (1, 2), (2, 0)]);
    assert_eq!(c.sccs, [vec![3, 4], vec![0, 1, 2]]);
    assert_eq!(c.scc_of, [1, 1, 1, 0, 0]);
    assert!(condense(0, []).sccs.is_empty());
}

#[test]
fn reachability_of_cycles_and_diamonds() {
    let reach = Reachability::new(6, &[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (4, 3)]);
    assert_eq!(reach.reached_from(0), [0, 1, 2, 3, 4]);
    assert_eq!(reach.reached_from(4), [3, 4]);
    assert!(reach.reaches(0, 4) && reach.reaches(4, 3) && reach.reaches(5, 5));
    assert!(!reach.reaches(3, 0) && !reach.reaches(0, 5));
}

mod feedback {
    use super::super::feedback_order;
    use proptest::prelude::*;

    #[test]
    fn weights_decide() {
        // The cheap arc of each cycle is cut, whichever way the unweighted degrees point.
        let arcs = [(0, 1, 5.0), (1, 0, 1.0), (1, 2, 5.0), (2, 0, 2.0), (2, 3, 1.0), (3, 3, 9.0)];
        let found = feedback_order(4, &arcs);
        assert_eq!((found.order, found.back_arcs, found.back_weight), (vec![0, 1, 2, 3], vec![1, 3], 3.0));
    }

    /// The least back weight of any order, by dynamic programming over sets of nodes.
    fn optimum(nodes: usize, arcs: &[(u32, u32, f64)]) -> f64 {
        let mut best = vec![f64::INFINITY; 1 << nodes];
        best[0] = 0.0;
        for set in 0..1usize << nodes {
            for next in (0..nodes).filter(|n| set & (1 << n) == 0) {
                let back: f64 =
                    arcs.iter().filter(|a| a.0 as usize == next && set & (1 << a.1) != 0).map(|a| a.2).sum();
                let with = set | (1 << next);
                best[with] = f64::min(best[with], best[set] + back);
            }
        }
        best[(1 << nodes) - 1]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn small_graphs_get_the_optimum(arcs in prop::collection::vec((0u32..7, 0u32..7, 1u8..10), 0..30)) {
            let arcs: Vec<_> = arcs.into_iter().filter(|a| a.0 != a.1)
                .map(|(a, b, w)| (a, b, f64::from(w))).collect();
            let found = feedback_order(7, &arcs);
            let mut sorted = found.order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..7).collect::<Vec<_>>());
            prop_assert_eq!(found.back_weight, optimum(7, &arcs));
        }
    }
}

#[test]
fn empty_resolution() {
    let r = Resolution::default();
    let graph = item_graph(&r);
    assert_eq!(quotient(&r, &graph, Level::File).node_count(), 0);
    assert_eq!(atoms(&r, &graph, KRATE, &AtomOptions::default()).atoms, IdVec::new());
    assert!(cycles(&r, &graph, KRATE, Level::Module).is_empty());
}
