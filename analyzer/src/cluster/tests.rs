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
            "must not be negative",
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
    #[test]
    fn any_graph_is_partitioned(graph in random_graph(), acyclic: bool, seed in 0u64..4) {
        let options = ClusterOptions { acyclic, seed, ..ClusterOptions::default() };
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
