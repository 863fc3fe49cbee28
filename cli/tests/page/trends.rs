//! The page of `trend`: drawn, read by keyboard, and harmless whatever reports are called.

use std::fs;

use serde_json::Value;

use crate::browser::Browser;
use crate::run::Fixture;
use crate::{Page, accessible};

/// Three reports of one page's analysis, of which the second knows less.
fn written(page: &Page) -> Fixture {
    let fixture = Fixture::empty();
    let text = fs::read_to_string(page.fixture.path("answers/report.json")).unwrap();
    let names = ["one", "<img src=x onerror=window.hacked=1>", "three"];
    for (at, name) in names.into_iter().enumerate() {
        let mut report: Value = serde_json::from_str(&text).unwrap();
        report["repository"]["lines"] = Value::from(1_000 * (at + 1));
        if at == 1 {
            report["builds"] = Value::Array(Vec::new());
        }
        fs::create_dir_all(fixture.path(name)).unwrap();
        fs::write(fixture.path(&format!("{name}/report.json")), report.to_string()).unwrap();
    }
    let paths: Vec<String> = names.iter().map(|name| format!("{name}/report.json")).collect();
    let mut arguments = vec!["trend", "--format", "html"];
    arguments.extend(paths.iter().map(String::as_str));
    let html = fixture.run(&arguments).success().stdout;
    fs::write(fixture.path("trend.html"), html).unwrap();
    fixture
}

pub(crate) fn a_report_is_chosen_by_keyboard_and_by_hand(browser: &mut Browser, page: &Page) {
    let fixture = written(page);
    browser.open(&fixture.path("trend.html"));
    let lines = "document.querySelector('#chart-0 .now').innerText";
    let clean = "document.querySelector('#chart-4 .now').innerText";
    assert_eq!(browser.text(lines), "3.0 k");
    assert_eq!(browser.number("document.querySelectorAll('.trend svg').length"), 9.0);
    assert_eq!(browser.number("document.querySelectorAll('tbody tr').length"), 3.0);
    // The keyboard's first stop is the slider.
    browser.key("Tab");
    browser.key("ArrowLeft");
    assert_eq!((browser.text(lines), browser.text(clean)), ("2.0 k".into(), "not known".into()));
    let said = browser.text("document.getElementById('report').getAttribute('aria-valuetext')");
    assert!(said.contains("lines 2.0 k") && !said.contains("clean build"), "{said}");
    browser.key("Home");
    assert_eq!(browser.text(lines), "1.0 k");
    assert_eq!(browser.text("document.getElementById('chosen').innerText"), "one");
    assert_eq!(browser.text("document.querySelector('tbody tr.chosen th').innerText"), "one");
    let (x, y) = browser.middle("#chart-2 svg");
    browser.mouse("mouseMoved", (x, y));
    assert_eq!(browser.text(lines), "2.0 k");
    assert_eq!(browser.eval("window.hacked"), Value::Null);
    for width in [400, 1280] {
        browser.width(width);
        assert_eq!(browser.too_wide(), Vec::<String>::new(), "at {width}");
    }
    accessible::no_serious_fault(browser);
    assert_eq!(browser.troubles(), Vec::<String>::new());
}
