//! Plans that are chosen and changed on the page, and what `what-if` says of them.

use std::fs;

use serde_json::{Value, json};

use crate::Page;
use crate::browser::Browser;

/// Cuts and seconds as the page shows them.
fn shown(browser: &mut Browser) -> String {
    browser.text("document.querySelector('#plan .result').innerText")
}

pub(crate) fn a_point_of_the_frontier_selects_its_plan(browser: &mut Browser) {
    let before = shown(browser);
    let chosen = "[...document.querySelectorAll('#plan .point')].findIndex((point) => point.getAttribute('aria-pressed') === 'true')";
    let first = browser.number(chosen);
    let other = if first < 0.5 { 2 } else { 1 };
    browser.click(&format!("#plan .point:nth-child({other})"));
    assert_eq!(browser.number(chosen), f64::from(other - 1));
    assert_ne!(shown(browser), before);
    browser.click(&format!("#plan .point:nth-child({})", first + 1.0));
    assert_eq!(shown(browser), before);
}

pub(crate) fn modules_move_by_hand_and_by_keyboard(browser: &mut Browser) {
    let before = shown(browser);
    let module = browser.text("document.querySelector('#plan .tree [data-grip]').dataset.grip");
    let krate = |browser: &mut Browser| {
        browser.text(&format!("document.querySelector('#plan select[data-module=\"{module}\"]').value"))
    };
    let from = krate(browser);
    let to = browser.text(&format!(
        "[...document.querySelectorAll('#plan .crates [data-drop]')].map((card) => card.dataset.drop).find((drop) => drop !== '{from}')"
    ));
    browser.eval(
        "document.querySelector('#plan .board').scrollIntoView({block: 'center', behavior: 'instant'})",
    );
    browser.drag(&format!("[data-grip='{module}']"), &format!("#plan [data-drop='{to}']"));
    assert_eq!(krate(browser), to);
    assert_ne!(shown(browser), before, "moving changes what it costs or gains");
    browser.click("#undo");
    assert_eq!(krate(browser), from);
    assert_eq!(shown(browser), before);
    // The same without a hand.
    browser.focus(&format!("#plan select[data-module='{module}']"));
    let last = browser.text(&format!(
        "document.querySelector('#plan select[data-module=\"{module}\"] option:last-child').innerText"
    ));
    assert_eq!(last, "a new crate");
    browser.key("End");
    browser.wait("splitAdvisor.state.moved.length === 1");
    let still = browser.text("document.activeElement.dataset.module");
    assert_eq!(still, module, "the list keeps the focus");
    browser.click("#reset");
    assert_eq!(shown(browser), before);
}

/// Moves by number, so that every run does the same.
fn some_moves(browser: &mut Browser, round: u32) {
    browser.eval(&format!(
        "(() => {{ const modules = [...document.querySelectorAll('#plan .tree [data-grip]')].map((one) => Number(one.dataset.grip));
            const crates = splitAdvisor.state.layout.names.length + 1;
            for (let i = 0; i < 2; i++) {{
                const at = {round} * 7 + i * 5;
                splitAdvisor.moveModule(modules[at % modules.length], (at * 3 + i) % 5 === 0 ? 'new' : (at * 3 + i) % crates);
            }} }})()"
    ));
}

/// What the page works out is what `what-if` says of the file that the page exports.
pub(crate) fn what_if_says_the_same(browser: &mut Browser, page: &Page) {
    browser.eval("document.querySelector('#plan .moved details').open = true");
    for round in 0..4 {
        if round > 0 {
            some_moves(browser, round);
        }
        let toml = browser.text("splitAdvisor.toml()");
        fs::write(page.fixture.path("moved.toml"), &toml).unwrap();
        let arguments =
            ["what-if", ".", "--plan", "moved.toml", "--assume-cuts", "--jobs", "1,3,8", "--format", "json"];
        let answer = page.fixture.run(&arguments);
        assert_eq!(answer.code, 0, "{toml}\n{}", answer.stderr);
        let report: Value = serde_json::from_str(&answer.stdout).unwrap();
        assert_eq!(report["refusals"], json!([]), "{toml}");
        let forecasts = report["forecasts"].as_array().unwrap();
        let here = |forecast: &&Value| forecast["scenario"] != json!("cold");
        assert!(forecasts.iter().filter(here).count() >= 18, "{toml}");
        for forecast in forecasts.iter().filter(here) {
            let [scenario, mode] = ["scenario", "mode"].map(|key| forecast[key].as_str().unwrap());
            let found = browser
                .eval(&format!("splitAdvisor.predicted('{mode}', {})['{scenario}']", forecast["jobs"]));
            for (at, side) in ["before", "after"].into_iter().enumerate() {
                let expected = forecast[side]["time_s"]["p50"].as_f64().unwrap();
                let found = found[at].as_f64().unwrap();
                assert!(
                    (expected - found).abs() < 0.001,
                    "round {round}, {scenario} {mode} {side}, {} jobs: {found} on the page, {expected} by what-if\n{toml}",
                    forecast["jobs"]
                );
            }
        }
    }
    browser.click("#reset");
}

pub(crate) fn edges_open_to_their_references(browser: &mut Browser) {
    browser.eval("document.querySelector('#modules').scrollIntoView({block: 'start', behavior: 'instant'})");
    browser.click("#modules .cell");
    browser.wait("document.querySelector('#modules .places .place') !== null");
    let place = browser.text("document.querySelector('#modules .places .place').innerText");
    assert!(place.starts_with("src/") && place.contains(".rs:"), "{place}");
    // By keyboard: choose a row, open it, go to what it uses, open that.
    browser.focus("#modules .matrix");
    browser.key("ArrowDown");
    let rows = |browser: &mut Browser| browser.number("document.querySelectorAll('#modules .label').length");
    let before = rows(browser);
    for _ in 0..before as u32 {
        browser.key("ArrowUp");
    }
    for _ in 0..before as u32 {
        browser.key("ArrowRight");
        browser.key("ArrowDown");
    }
    assert!(rows(browser) > before);
    browser.key("Enter");
    let on = browser.text("document.activeElement.className");
    assert!(on == "reference" || on == "matrix", "{on}");
    // Costs, level by level.
    browser.click("#costs .area");
    let crumbs = browser.text("document.querySelector('#costs .crumbs').innerText");
    assert!(crumbs.contains('›'), "{crumbs}");
    browser.click("#costs .crumbs button");
}
