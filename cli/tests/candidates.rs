//! What could be a service of its own: a monolith with planted seams, and where there is none.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod run;

use run::Fixture;

#[test]
fn a_monolith_with_its_seams() {
    let fixture = Fixture::copy("monolith");
    let answer = fixture.run(&["services"]).success();
    insta::assert_snapshot!("monolith_terminal", answer.stdout);
    insta::assert_snapshot!(
        "monolith_markdown",
        fixture.run(&["services", "--format", "markdown"]).success().stdout
    );
}

#[test]
fn the_contract_of_a_candidate() {
    let fixture = Fixture::copy("monolith");
    let json = fixture.run(&["services", "--format", "json"]).success().json();
    let found = json["candidate_services"].as_array().unwrap();
    let names: Vec<&str> = found.iter().map(|of| of["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["billing", "worker"]);
    let worker = &found[1];
    assert_eq!(worker["roles"], serde_json::json!(["market start-worker"]));
    assert_eq!(worker["own_files"], serde_json::json!(["market/src/worker.rs"]));
    assert_eq!(worker["tables"]["own"], serde_json::json!(["jobs"]));
    assert_eq!(worker["tables"]["shared"], serde_json::json!(["users"]));
    let billing = &found[0];
    let call = &billing["crossing"][0];
    assert_eq!(
        (&call["from"], &call["to"]),
        (&"market::orders::place".into(), &"market::billing::charge".into())
    );
    assert_eq!(
        (&call["file"], &call["line"], &call["references"]),
        (&"market/src/orders/mod.rs".into(), &40.into(), &1.into())
    );
    let kinds: Vec<&str> =
        billing["blockers"].as_array().unwrap().iter().map(|of| of["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["transaction", "static", "closure", "handle"]);
}

#[test]
fn analyze_says_it_on_its_screen() {
    let fixture = Fixture::copy("monolith");
    let answer = fixture.run(&["analyze"]).success().stdout;
    let seams: Vec<&str> = answer.lines().skip_while(|line| !line.starts_with("Seams")).take(4).collect();
    insta::assert_snapshot!("monolith_analyze", seams.join("\n"));
}

#[test]
fn nothing_is_said_where_there_is_no_seam() {
    for name in ["fleet", "shop", "tangled", "tidy"] {
        let fixture = Fixture::copy(name);
        let json = fixture.run(&["services", "--format", "json"]).success().json();
        assert!(json.get("candidate_services").is_none(), "{name}: {}", json["candidate_services"]);
    }
}
