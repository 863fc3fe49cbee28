//! Small graphs with known answers, and properties of random ones.

use proptest::prelude::*;

use super::*;
use crate::error::Error;

/// Two triangles joined by one edge: 0 1 2 → 3 4 5.
fn triangles() -> WeightedGraph {
    let edges = [(0, 1), (1, 2), (0, 2), (2, 3), (3, 4), (4, 5), (3, 5)];
    graph(6, edges.map(|(a, b)| (a, b, 1.0)).to_vec())
}

fn graph(nodes: usize, edges: Vec<(u32, u32, f64)>) -> WeightedGraph {
    WeightedGraph { node_weights: vec![1.0; nodes], edges }
}

#[test]
fn two_triangles() {
    for acyclic in [false, true] {
        let found = cluster(&triangles(), &ClusterOptions { acyclic, ..ClusterOptions::default() });
        assert_eq!(found.clusters, [[0, 1, 2], [3, 4, 5]], "acyclic {acyclic}");
        assert_eq!(found.order, [0, 1]);
        assert_eq!((found.metrics.back_edge_share, found.metrics.acyclic), (0.0, true));
        // 6/7 − (4·3 + 3·4)/49
        assert!((found.metrics.modularity - (6.0 / 7.0 - 24.0 / 49.0)).abs() < 1e-12);
        assert!((found.metrics.cut_share - 1.0 / 7.0).abs() < 1e-12);
    }
}

#[test]
fn graphs_without_weight() {
    for nodes in [0, 1, 3] {
        let found = cluster(&graph(nodes, vec![]), &ClusterOptions::default());
        assert_eq!(found.cluster_of.len(), nodes);
        assert_eq!(found.clusters.len(), nodes);
        let _ = cluster(&graph(nodes, vec![]), &ClusterOptions { acyclic: true, ..Default::default() });
    }
    let found = cluster(&graph(2, vec![(0, 1, 0.0), (1, 1, 3.0)]), &ClusterOptions::default());
    assert_eq!((found.clusters.len(), found.metrics.cut_share), (2, 0.0));
}

#[test]
fn input_is_read_with_optional_fields() {
    let read = parse(
        r#"{"edges":[{"from":"a","to":7,"weight":2.5,"x":[1]},{"from":7,"to":"a"}],
            "nodes":[{"id":"a","name":"A"},{"id":7,"weight":3}],"schema_version":1}"#,
    )
    .unwrap();
    assert_eq!(read.ids, [NodeKey::Text("a".into()), NodeKey::Number(7)]);
    assert_eq!(read.names, ["A", "7"]);
    assert_eq!(read.graph.edges, [(0, 1, 2.5), (1, 0, 1.0)]);
    assert_eq!(read.graph.node_weights, [1.0, 3.0]);
}

#[test]
fn bad_input_names_its_line() {
    let cases = [
        ("{", 1, "EOF"),
        ("{\"nodes\":[]}", 1, "missing field `edges`"),
        ("{\"nodes\":[],\n\"edges\":3}", 2, "expected a list of edges"),
        ("{\"nodes\":[{\"id\":1},\n{\"id\":1}],\"edges\":[]}", 2, "`1` is used twice"),
        ("{\"nodes\":[\n{\"id\":true}],\"edges\":[]}", 2, "expected a string or an integer"),
        ("{\"nodes\":[{\"name\":\"x\"}],\"edges\":[]}", 1, "missing field `id`"),
        ("{\"edges\":[\n\n{\"from\":1,\"to\":2}],\"nodes\":[{\"id\":1}]}", 3, "no node has the id `2`"),
        (
            "{\"nodes\":[{\"id\":1}],\n\"edges\":[{\"from\":1,\"to\":1,\"weight\":-1}]}",
            2,
            "a weight is -1; 0, or from 1e-12 to 1e12 is allowed",
        ),
    ];
    for (text, expected, part) in cases {
        let Err(Error::InvalidInput { line, message, .. }) = parse(text) else { panic!("{text}") };
        assert_eq!(line, expected, "{text}: {message}");
        assert!(message.contains(part), "{text}: {message}");
        assert!(!message.contains(" at line "), "{message}");
    }
}

#[test]
fn report_has_the_shape_of_the_contract() {
    let named = parse(r#"{"nodes":[{"id":"a"},{"id":2}],"edges":[{"from":"a","to":2}]}"#).unwrap();
    let clustering = cluster(&named.graph, &ClusterOptions::default());
    let json = serde_json::to_value(ClusterReport::new(&named, &clustering)).unwrap();
    assert_eq!(json["clusters"], serde_json::json!([["a", 2]]));
    assert_eq!(json["order"], serde_json::json!([0]));
    assert_eq!(json["metrics"]["acyclic"], serde_json::json!(true));
}

/// Planted clusters: `clusters` of `size` nodes, `inside` arcs from each node into its own cluster and `outside`
/// to later ones, of which one in `noise` is turned round.
fn planted(clusters: u32, size: u32, inside: u32, outside: u32, noise: u64) -> (WeightedGraph, Vec<u32>) {
    let mut random = crate::base::random::Random::new(7);
    let mut below = |n: u32| (random.next() % u64::from(n)) as u32;
    let nodes = clusters * size;
    // Node numbers say nothing about clusters.
    let of = |node: u32| node % clusters;
    let mut edges = Vec::new();
    for node in 0..nodes {
        for _ in 0..inside {
            edges.push((node, of(node) + clusters * below(size), 1.0));
        }
        for _ in 0..outside {
            let other = below(nodes);
            let forward =
                (of(node) < of(other)) != (u64::from(below(1000)) < 1000 / noise.max(1) && noise > 0);
            if of(node) != of(other) {
                edges.push(if forward { (node, other, 1.0) } else { (other, node, 1.0) });
            }
        }
    }
    (graph(nodes as usize, edges), (0..nodes).map(of).collect())
}

/// Pairs of nodes that both partitions agree on, as a share of all pairs (Rand index).
fn agreement(a: &[u32], b: &[u32]) -> f64 {
    let pairs = || (0..a.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let agree = pairs().filter(|&(i, j)| (a[i] == a[j]) == (b[i] == b[j])).count();
    agree as f64 / pairs().count() as f64
}

#[test]
fn planted_clusters_are_found() {
    for (clusters, size, inside, outside, noise, acyclic) in [
        (8, 25, 6, 2, 0, false),
        (8, 25, 6, 2, 0, true),
        (8, 25, 5, 4, 0, true),
        (8, 25, 5, 4, 10, false),
        // Below modularity's resolution limit: √(2·edges) is above the edges inside a cluster.
        (60, 8, 5, 2, 0, false),
    ] {
        let (graph, expected) = planted(clusters, size, inside, outside, noise);
        let found = cluster(&graph, &ClusterOptions { acyclic, ..ClusterOptions::default() });
        let agreement = agreement(&found.cluster_of, &expected);
        let case = format!("{clusters} {size} {inside} {outside} {noise} {acyclic}: {agreement}");
        assert!(agreement > 0.98, "{case}, {} clusters", found.clusters.len());
        assert_eq!(found.metrics.acyclic, noise == 0, "{case}");
        let share = found.metrics.back_edge_share;
        assert!(if noise == 0 { share == 0.0 } else { share < 0.06 }, "{case}: {share}");
    }
}

#[test]
fn the_scale_of_weights_is_irrelevant() {
    let (graph, _) = planted(6, 20, 5, 3, 10);
    let found = cluster(&graph, &ClusterOptions::default());
    let mut scaled = graph;
    scaled.edges.iter_mut().for_each(|e| e.2 *= 1024.0);
    assert_eq!(cluster(&scaled, &ClusterOptions::default()).clusters, found.clusters);
}

#[test]
fn a_price_lowers_the_back_weight() {
    let (graph, _) = planted(6, 20, 4, 6, 4);
    let share = |price| {
        let options = ClusterOptions { back_edge_price: price, ..ClusterOptions::default() };
        cluster(&graph, &options).metrics.back_edge_share
    };
    assert!(
        share(0.0) >= share(1.0) && share(1.0) > share(20.0),
        "{} {} {}",
        share(0.0),
        share(1.0),
        share(20.0)
    );
}

#[test]
fn resolution_sets_the_grain() {
    let (graph, _) = planted(12, 20, 5, 5, 0);
    for adaptive in [false, true] {
        let count = |resolution| {
            let options = ClusterOptions { adaptive, resolution, ..ClusterOptions::default() };
            cluster(&graph, &options).clusters.len()
        };
        assert!(count(0.2) < count(1.0) && count(1.0) < count(8.0), "{adaptive}");
    }
}

#[test]
fn a_prior_draws_nodes() {
    // A ring says nothing about where to cut; the prior does. Node 8 has no edges at all.
    let edges = (0..8).map(|i| (i, (i + 1) % 8, 1.0)).collect();
    let prior = vec![5, 5, 9, 9, 9, 9, 5, 5, 9];
    let options =
        ClusterOptions { prior: Some(prior), prior_strength: 1.0, adaptive: false, ..Default::default() };
    let found = cluster(&graph(9, edges), &options);
    assert_eq!(found.clusters, [vec![0, 1, 6, 7], vec![2, 3, 4, 5, 8]]);
}

#[test]
fn a_weak_prior_yields_to_the_graph() {
    let (graph, expected) = planted(6, 20, 6, 2, 0);
    let prior: Vec<u32> = (0..120).map(|node| node / 20).collect();
    let options = ClusterOptions { prior: Some(prior), prior_strength: 0.05, ..Default::default() };
    assert!(agreement(&cluster(&graph, &options).cluster_of, &expected) > 0.98);
}

#[test]
fn count_merges_and_splits_along_planted_lines() {
    let (graph, expected) = planted(6, 20, 6, 2, 0);
    for acyclic in [false, true] {
        // Each planted cluster is one SCC: an acyclic clustering can't cut it.
        let finer = [(7, 0.95), (30, 0.85)].into_iter().filter(|_| !acyclic);
        for (count, least) in [(3, 0.8), (5, 0.94), (6, 1.0)].into_iter().chain(finer) {
            let options = ClusterOptions { count: Some(count), acyclic, ..Default::default() };
            let found = cluster(&graph, &options);
            check(&graph, &found);
            assert_eq!(found.clusters.len(), count, "{acyclic}");
            let agreement = agreement(&found.cluster_of, &expected);
            assert!(agreement >= least, "{count} {acyclic}: {agreement}");
        }
    }
}

fn random_graph() -> impl Strategy<Value = WeightedGraph> {
    (1usize..40).prop_flat_map(|nodes| {
        let n = nodes as u32;
        prop::collection::vec((0..n, 0..n, 0u8..6), 0..120).prop_map(move |edges| {
            graph(nodes, edges.into_iter().map(|(a, b, w)| (a, b, f64::from(w) / 2.0)).collect())
        })
    })
}

/// Partition and order are consistent with each other and with the metrics.
fn check(graph: &WeightedGraph, found: &Clustering) {
    let mut seen = vec![false; graph.node_weights.len()];
    for (i, nodes) in found.clusters.iter().enumerate() {
        assert!(!nodes.is_empty() && nodes.is_sorted());
        for &node in nodes {
            assert!(!std::mem::replace(&mut seen[node as usize], true), "a node in two clusters");
            assert_eq!(found.cluster_of[node as usize], i as u32);
        }
    }
    assert!(seen.iter().all(|&s| s), "a node in no cluster");
    let mut order = found.order.clone();
    order.sort_unstable();
    assert!(order.iter().copied().eq(0..found.clusters.len() as u32));
    let mut place = vec![0; order.len()];
    for (i, &cluster) in found.order.iter().enumerate() {
        place[cluster as usize] = i;
    }
    let backwards = |e: &&(u32, u32, f64)| {
        place[found.cluster_of[e.0 as usize] as usize] > place[found.cluster_of[e.1 as usize] as usize]
    };
    let total: f64 = graph.edges.iter().filter(|e| e.0 != e.1).map(|e| e.2).sum();
    let back: f64 = graph.edges.iter().filter(backwards).map(|e| e.2).sum();
    assert!((found.metrics.back_edge_share * total - back).abs() < 1e-9);
    // An order of an acyclic quotient leaves nothing running back.
    assert_eq!(found.metrics.acyclic, back == 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_partitioned(graph in random_graph(), acyclic: bool, seed in 0u64..4) {
        let options = ClusterOptions { acyclic, seed, ..ClusterOptions::default() };
        let found = cluster(&graph, &options);
        check(&graph, &found);
        prop_assert!(!acyclic || found.metrics.acyclic);
    }

    #[test]
    fn count_is_honoured(graph in random_graph(), acyclic: bool, count in 0usize..12) {
        let options = ClusterOptions { acyclic, count: Some(count), ..ClusterOptions::default() };
        let found = cluster(&graph, &options);
        check(&graph, &found);
        let nodes = graph.node_weights.len();
        // Contracted cycles leave fewer places to cut.
        let most = if acyclic {
            let arcs = graph.edges.iter().filter(|e| e.2 > 0.0).map(|e| (e.0, e.1));
            crate::graph::condense(nodes, arcs).sccs.len()
        } else {
            nodes
        };
        prop_assert_eq!(found.clusters.len(), count.clamp(1, most));
        prop_assert!(!acyclic || found.metrics.acyclic);
    }

    #[test]
    fn a_prior_keeps_the_promises(graph in random_graph(), acyclic: bool, groups in 1u32..6) {
        let nodes = graph.node_weights.len() as u32;
        let prior = Some((0..nodes).map(|node| node % groups).collect());
        let options = ClusterOptions { acyclic, prior, prior_strength: 0.5, ..ClusterOptions::default() };
        let found = cluster(&graph, &options);
        check(&graph, &found);
        prop_assert!(!acyclic || found.metrics.acyclic);
    }

    #[test]
    fn the_order_of_edges_is_irrelevant(graph in random_graph(), acyclic: bool, turn in 0usize..100) {
        let options = ClusterOptions { acyclic, ..ClusterOptions::default() };
        let mut turned = graph.clone();
        turned.edges.reverse();
        if !turned.edges.is_empty() {
            let by = turn % turned.edges.len();
            turned.edges.rotate_left(by);
        }
        prop_assert_eq!(cluster(&graph, &options), cluster(&turned, &options));
    }
}
