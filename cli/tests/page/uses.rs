//! What a reader does with the page.

use serde_json::json;

use crate::browser::Browser;

fn column(browser: &mut Browser, caption: &str, at: usize) -> Vec<String> {
    let cells = browser.eval(&format!(
        "[...document.querySelectorAll('[aria-label={}] tbody tr:not(.opened)')].map((row) => row.cells[{at}].innerText)",
        json!(caption)
    ));
    cells.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_owned()).collect()
}

pub(crate) fn tables_sort_filter_and_open(browser: &mut Browser) {
    browser.click("#tables details:nth-of-type(2) > summary");
    browser.wait("document.querySelectorAll('[aria-label=\"Crates of the plan\"] tbody tr').length > 3");
    let lines = |browser: &mut Browser| -> Vec<u32> {
        let cells = column(browser, "Crates of the plan", 1);
        cells.iter().map(|cell| cell.replace(',', "").parse().unwrap()).collect()
    };
    browser.click("[aria-label='Crates of the plan'] thead th:nth-child(2) button");
    let down = lines(browser);
    assert!(down.is_sorted_by(|a, b| a >= b) && down.len() > 2, "{down:?}");
    browser.click("[aria-label='Crates of the plan'] thead th:nth-child(2) button");
    let up = lines(browser);
    assert!(up.is_sorted(), "{up:?}");
    // What a row opens to is made when it is opened.
    browser.click("#tables details:nth-of-type(4) > summary");
    browser.wait("document.querySelector('[aria-label=\"Dependencies to cut\"] tbody tr') !== null");
    let all = column(browser, "Dependencies to cut", 0);
    browser.click("[aria-label='Dependencies to cut'] tbody .opener");
    let place = browser
        .text("document.querySelector('[aria-label=\"Dependencies to cut\"] tr.opened .place').innerText");
    assert!(place.starts_with("src/") && place.contains(".rs:"), "{place}");
    assert!(!all.is_empty());
    browser.click("#tables details:nth-of-type(3) > summary");
    browser.wait("document.querySelector('[aria-label=\"Filter: Work\"]') !== null");
    let before = column(browser, "Work", 0).len();
    browser.focus("[aria-label='Filter: Work']");
    for letter in ["a", "c", "r", "o", "_", "e", "x"] {
        browser.key(letter);
    }
    let kinds = column(browser, "Work", 1);
    assert!(!kinds.is_empty() && kinds.len() < before, "{kinds:?} of {before}");
}

pub(crate) fn jobs_and_modes_change_the_timeline(browser: &mut Browser) {
    let shown = |browser: &mut Browser| browser.text("document.querySelector('#builds .summary').innerText");
    let at_eight = shown(browser);
    browser.focus("#jobs");
    for _ in 0..7 {
        browser.key("ArrowLeft");
    }
    assert_eq!(browser.number("splitAdvisor.state.jobs"), 1.0);
    let alone = shown(browser);
    assert_ne!(at_eight, alone);
    // With one job nothing runs beside anything: as many lanes as jobs.
    let lanes = browser.number("new Set([...document.querySelectorAll('#builds .frame .hit')].map((hit) => hit.getAttribute('y'))).size");
    assert_eq!(lanes, 1.0);
    for _ in 0..7 {
        browser.key("ArrowRight");
    }
    assert_eq!(shown(browser), at_eight);
    browser.click("#builds fieldset:nth-of-type(1) label:nth-of-type(1)");
    assert_eq!(browser.text("splitAdvisor.state.mode"), "check");
    assert_ne!(shown(browser), at_eight);
    browser.click("#builds fieldset:nth-of-type(2) label:nth-of-type(2)");
    assert_eq!(browser.text("splitAdvisor.state.scenario"), "edit");
    browser.click("#builds fieldset:nth-of-type(1) label:nth-of-type(2)");
    browser.click("#builds fieldset:nth-of-type(2) label:nth-of-type(1)");
    assert_eq!(shown(browser), at_eight);
    let at = browser.middle("#builds .frame [data-unit]");
    browser.mouse("mouseMoved", at);
    let detail = browser.text("document.querySelector('#builds .detail').innerText");
    assert!(detail.contains("front end"), "{detail}");
}

pub(crate) fn keyboard_alone_is_enough(browser: &mut Browser) {
    // Everything that can be clicked can be reached, and shows that it is.
    browser.focus("nav a");
    let mut reached = Vec::new();
    for _ in 0..25 {
        browser.key("Tab");
        let here = browser.text("(() => { const e = document.activeElement; return e.tagName + ' ' + (e.id || e.innerText || e.type || '').slice(0, 20); })()");
        reached.push(here);
    }
    for wanted in ["A Builds", "INPUT jobs", "DIV"] {
        assert!(reached.iter().any(|one| one.starts_with(wanted)), "{wanted} not in {reached:?}");
    }
    browser.focus("#builds .frame");
    browser.key("Home");
    let first = browser.text("document.querySelector('#builds .detail').innerText");
    browser.key("ArrowRight");
    let second = browser.text("document.querySelector('#builds .detail').innerText");
    assert_ne!(first, second);
    browser.focus("#tables details:nth-of-type(5) > summary");
    browser.key("Enter");
    browser.wait("document.querySelector('#tables details:nth-of-type(5)').open");
}

pub(crate) fn dark_narrow_and_printed(browser: &mut Browser) {
    let paper = |browser: &mut Browser| browser.text("getComputedStyle(document.body).backgroundColor");
    let light = paper(browser);
    browser.scheme("dark");
    assert_ne!(paper(browser), light);
    browser.scheme("light");
    for width in [400, 800, 1280] {
        browser.width(width);
        assert_eq!(browser.too_wide(), Vec::<String>::new(), "at {width}");
    }
    browser.call("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    let controls = browser.text("getComputedStyle(document.querySelector('#builds .tools')).display");
    assert_eq!(controls, "none");
    let printed = browser.call("Page.printToPDF", &json!({"printBackground": false}));
    assert!(printed["data"].as_str().unwrap().len() > 10_000);
    browser.scheme("light");
}
