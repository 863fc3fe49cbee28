//! The templates for CI are true of the command line: each command, option and file in them exists.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use run::Fixture;

const PAGES: [&str; 3] = ["action.yml", "ci/gitlab.yml", "docs/ci.md"];

fn read(page: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page)).unwrap()
}

/// What follows the name of the tool where it is called: a command and its options.
fn calls(text: &str) -> Vec<(String, Vec<String>)> {
    let mut calls = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        for (at, pair) in words.windows(2).enumerate() {
            let is_command =
                pair[1].chars().all(|c| c.is_ascii_lowercase() || c == '-') && !pair[1].starts_with('-');
            if pair[0].trim_start_matches('`') != "split-advisor" || !is_command {
                continue;
            }
            let rest =
                words[at + 2..].iter().take_while(|word| !matches!(**word, "||" | "|" | ">" | "#" | "&&"));
            let options = rest.filter_map(|word| word.trim_matches(['`', '"', ',']).strip_prefix("--"));
            calls.push((pair[1].to_owned(), options.map(str::to_owned).collect()));
        }
    }
    calls
}

#[test]
fn every_command_and_option_exists() {
    let fixture = Fixture::empty();
    let mut wrong = Vec::new();
    for page in PAGES {
        let calls = calls(&read(page));
        assert!(!calls.is_empty(), "{page} calls nothing");
        for (command, options) in calls {
            let help = fixture.run(&[&command, "--help"]);
            if help.code != 0 {
                wrong.push(format!("{page}: no command {command}"));
            }
            let lacks = |option: &&String| !help.stdout.contains(&format!("--{option}"));
            wrong.extend(
                options.iter().filter(lacks).map(|option| format!("{page}: {command} has no --{option}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_of_the_report_is_written() {
    let fixture = Fixture::copy("tidy");
    fixture.run(&["check", ".", "--no-built", "--out", "report", "--accept", "r"]).success();
    let written: BTreeSet<String> = fs::read_dir(fixture.path("report"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in ["action.yml", "ci/gitlab.yml"] {
        let text = read(page);
        let mut named = 0;
        for (at, _) in text.match_indices("report/").chain(text.match_indices("REPORT/")) {
            let end = |c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c));
            let name = text[at + 7..].split(end).next().unwrap();
            if name.contains('.') {
                named += 1;
                assert!(written.contains(name), "{page} reads {name}, and written are {written:?}");
            }
        }
        assert!(named > 2, "{page}: {named}");
    }
}
