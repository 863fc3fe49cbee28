//! The page of `analyze` in a real browser: what it shows, what clicking does, and that its own schedule is the library's.
//!
//! One test, since one browser serves all checks; without a browser it says that it was skipped.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod accessible;
mod browser;
mod folds;
mod hostile;
mod moving;
#[path = "../run/mod.rs"]
mod run;
mod schedules;
mod trends;
mod uses;

use std::path::PathBuf;

use browser::{Browser, chromium};
pub(crate) use run::{Fixture, cache, skipped};

/// A fixture with its page.
pub(crate) struct Page {
    pub(crate) fixture: Fixture,
}

impl Page {
    /// Analyses a fixture.
    pub(crate) fn of(fixture: Fixture, options: &[&str]) -> Self {
        let mut arguments = vec!["analyze", ".", "--out", "answers"];
        arguments.extend(options);
        let answer = fixture.run(&arguments);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        Self { fixture }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.fixture.path("answers/report.html")
    }
}

#[test]
fn the_page_in_a_browser() {
    let Some(program) = chromium() else {
        return skipped("there is no chromium to look at the page with");
    };
    let mut browser = Browser::start(&program);
    let tangled = Page::of(Fixture::copy("tangled"), &[]);
    let shop = Page::of(Fixture::copy("shop"), &["--package", "shop"]);
    browser.open(&tangled.path());
    schedules::random_builds_take_what_the_library_says(&mut browser);
    schedules::predictions_are_those_of_the_report(&mut browser);
    uses::tables_sort_filter_and_open(&mut browser);
    uses::jobs_and_modes_change_the_timeline(&mut browser);
    moving::a_point_of_the_frontier_selects_its_plan(&mut browser);
    moving::modules_move_by_hand_and_by_keyboard(&mut browser);
    moving::what_if_says_the_same(&mut browser, &tangled);
    moving::edges_open_to_their_references(&mut browser);
    uses::keyboard_alone_is_enough(&mut browser);
    uses::dark_narrow_and_printed(&mut browser);
    accessible::no_serious_fault(&mut browser);
    assert_eq!(browser.troubles(), Vec::<String>::new());
    browser.open(&shop.path());
    schedules::predictions_are_those_of_the_report(&mut browser);
    moving::what_if_says_the_same(&mut browser, &shop);
    assert_eq!(browser.troubles(), Vec::<String>::new());
    browser.open(&folds::wide().path());
    folds::folders_open_and_fold_again(&mut browser);
    folds::a_module_is_found_in_the_matrix(&mut browser);
    assert_eq!(browser.troubles(), Vec::<String>::new());
    trends::a_report_is_chosen_by_keyboard_and_by_hand(&mut browser, &shop);
    hostile::names_run_nothing_and_break_nothing(&mut browser);
}

/// For `benches/README.md`: when the page of `SPLIT_ADVISOR_PAGE` can be read and when all of it can be used, in milliseconds.
#[test]
#[ignore = "measures a page that is named by hand"]
fn how_soon_a_page_can_be_used() {
    let (Some(program), Some(page)) = (chromium(), std::env::var_os("SPLIT_ADVISOR_PAGE")) else {
        return skipped("SPLIT_ADVISOR_PAGE names no page, or there is no chromium");
    };
    let mut browser = Browser::start(&program);
    for _ in 0..5 {
        browser.open(&PathBuf::from(&page));
        let marks = browser.eval(
            "performance.getEntriesByType('mark').map((mark) => `${mark.name} ${Math.round(mark.startTime)}`).join(', ')",
        );
        report(&marks.to_string());
    }
}

#[expect(clippy::print_stderr, reason = "who measures wants to see it")]
fn report(text: &str) {
    eprintln!("{text}");
}
