//! A plan of many crates: folded by folder, opened and folded again; a module found among many.

use std::fmt::Write as _;
use std::fs;

use serde_json::json;

use crate::Page;
use crate::browser::Browser;
use crate::run::Fixture;

/// Three folders of a dozen modules, each a crate of the plan.
pub(crate) fn wide() -> Page {
    let fixture = Fixture::empty();
    let write = |path: &str, text: &str| {
        let path = fixture.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"wide\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    write("src/lib.rs", "pub mod animals;\npub mod plants;\npub mod stones;\n");
    for folder in ["animals", "plants", "stones"] {
        let mut modules = String::new();
        for at in 0..12 {
            let _ = writeln!(modules, "pub mod kind{at};");
            let mut text = String::new();
            for item in 0..6 {
                let _ = writeln!(
                    text,
                    "pub struct T{item}(pub u64);\nimpl T{item} {{\n    pub fn grow(&self, by: u64) -> u64 {{\n        \
                     (0..by).fold(self.0, |sum, step| sum.wrapping_mul(31).wrapping_add(step))\n    }}\n}}"
                );
            }
            if at > 0 {
                let before = at - 1;
                let _ = writeln!(text, "pub fn before(t: &super::kind{before}::T0) -> u64 {{ t.grow(2) }}");
            }
            write(&format!("src/{folder}/kind{at}.rs"), &text);
        }
        write(&format!("src/{folder}.rs"), &modules);
    }
    Page::of(fixture, &["--package", "wide", "--crates", "30", "--no-built"])
}

fn nodes(browser: &mut Browser, of: &str) -> f64 {
    browser.number(&format!("document.querySelectorAll('#plan .graph .node{of}').length"))
}

pub(crate) fn folders_open_and_fold_again(browser: &mut Browser) {
    let crates = browser.number("splitAdvisor.plan.arrangement().crates.length");
    assert!(crates > 24.0, "{crates}");
    let (folded, folders) = (nodes(browser, ""), nodes(browser, ".folder"));
    assert!(folders >= 2.0 && folded < crates, "{folders} of {folded}");
    // By hand: a click opens it, the button below the picture folds it.
    browser.click("#plan .graph .node.folder rect");
    let opened = nodes(browser, "");
    assert!(opened > folded + 5.0 && nodes(browser, ".folder") == folders - 1.0, "{opened}");
    assert_eq!(nodes(browser, ".chosen"), 1.0);
    let said = browser.text("document.querySelector('#plan .graph + .detail').innerText");
    assert!(said.contains("lines") && said.contains("Fold "), "{said}");
    // A crate is chosen by a click, and stays where it is.
    browser.click("#plan .graph .node.crate rect");
    assert_eq!(nodes(browser, ""), opened);
    browser.click("#plan .graph + .detail button");
    assert_eq!((nodes(browser, ""), nodes(browser, ".folder")), (folded, folders));
    let chosen = browser.text("document.querySelector('#plan .graph .node.chosen').getAttribute('class')");
    assert!(chosen.contains("folder"), "{chosen}");
    // By keyboard: Enter opens what is chosen, and folds it again.
    browser.focus("#plan .graph");
    browser.key("Enter");
    assert_eq!(nodes(browser, ""), opened);
    browser.key("Enter");
    assert_eq!(nodes(browser, ""), folded);
}

pub(crate) fn a_module_is_found_in_the_matrix(browser: &mut Browser) {
    let search = "#modules input[type=search]";
    let find = |browser: &mut Browser, word: &str| {
        browser.focus(search);
        browser.eval(&format!("document.querySelector({}).value = ''", json!(search)));
        for letter in word.chars() {
            browser.key(&letter.to_string());
        }
        browser.key("Enter");
    };
    find(browser, "plants::kind7");
    let row = browser.text("document.querySelector('#modules .label.chosen .name').title");
    let uses = browser.text("document.querySelector('#modules div.uses').innerText");
    assert!(row.contains("kind7"), "{row}");
    assert!(uses.contains("kind6") || uses.contains("kind8"), "{uses}");
    find(browser, "nobody");
    let said = browser.text("document.querySelector('#modules .places').innerText");
    assert_eq!(said, "No module here has \u{201c}nobody\u{201d} in its path.");
}
