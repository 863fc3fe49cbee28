//! Limits of the receivers, with more than they take.

use serde_json::Value;

use super::brief::{Brief, Part};
use super::*;

/// Parts without end.
fn long() -> Brief {
    let text = |n: usize| format!("`{}` {}", "n".repeat(190), "w*_[<".repeat(n));
    let row = || vec![text(20); 4];
    let mut parts = Vec::new();
    for _ in 0..60 {
        parts.push(Part::Heading("A title".to_owned()));
        parts.push(Part::List(vec![text(80); 20]));
        parts.push(Part::Table(vec!["one", "two", "three", "four"], (0..20).map(|_| row()).collect()));
        parts.push(Part::Text(text(100)));
    }
    Brief { headline: text(100), parts }
}

fn written(write: impl FnOnce(&Brief, &mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&long(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn slack_takes_fifty_blocks_of_three_thousand_characters_and_not_that_many_in_all() {
    let message: Value = serde_json::from_str(&written(slack)).unwrap();
    let blocks = message["blocks"].as_array().unwrap();
    let text = |block: &Value| block["text"]["text"].as_str().unwrap().to_owned();
    let all: usize = blocks.iter().map(|block| text(block).chars().count()).sum();
    assert!(all <= super::slack::MOST_IN_ALL && all > super::slack::MOST_IN_ALL / 2, "{all}");
    assert!(text(&blocks[blocks.len() - 1]).contains("more in the report"));
    assert!(!text(&blocks[blocks.len() - 2]).starts_with("*A title"));
    let short =
        Brief { headline: "h".to_owned(), parts: (0..80).map(|_| Part::Text("t".to_owned())).collect() };
    let mut out = Vec::new();
    slack(&short, &mut out).unwrap();
    let many: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(many["blocks"].as_array().unwrap().len(), super::slack::MOST_BLOCKS);
    for block in blocks {
        let text = block["text"]["text"].as_str().unwrap();
        assert!((1..=super::slack::MOST_TEXT).contains(&text.chars().count()) && !text.contains('<'));
    }
}

#[test]
fn notion_takes_a_hundred_children() {
    let text = written(notion);
    let body: Value = serde_json::from_str(&text).unwrap();
    let children = body["children"].as_array().unwrap();
    assert!(children.len() <= super::notion::MOST_CHILDREN && text.len() <= super::notion::MOST_BYTES);
    let blocks: usize =
        children.iter().map(|child| 1 + child["table"]["children"].as_array().map_or(0, Vec::len)).sum();
    assert!(blocks <= super::notion::MOST_BLOCKS, "{blocks}");
    assert_eq!((super::notion::MOST_TEXT, super::notion::MOST_PIECES), (2_000, 100));
}

#[test]
fn jira_takes_thirty_thousand_characters_and_no_markup_of_names() {
    let text = written(jira);
    assert!(text.chars().count() <= super::jira::MOST && text.ends_with("more in the report.\n"));
    let brief =
        Brief { headline: "{color:red}x{color} [y|http://z] `a*b|c` !i.png!".to_owned(), parts: Vec::new() };
    let mut out = Vec::new();
    jira(&brief, &mut out).unwrap();
    let said = String::from_utf8(out).unwrap();
    let expected = "h3. \\{color:red\\}x\\{color\\} \\[y\\|http:/\u{200b}/z\\] {{a\\*b\\|c}} \\!i.png\\!\n\n";
    assert_eq!(said, expected);
}
