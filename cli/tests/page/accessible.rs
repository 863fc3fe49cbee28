//! What axe-core finds. `.ci/run` installs it beside the tree; it is no part of this repository.

use std::fs;

use crate::browser::Browser;
use crate::{cache, skipped};

pub(crate) fn no_serious_fault(browser: &mut Browser) {
    let file = cache().map(|dir| dir.join("node_modules/axe-core/axe.min.js"));
    let Some(script) = file.as_ref().and_then(|file| fs::read_to_string(file).ok()) else {
        return skipped(&format!("axe-core is not where .ci/run puts it ({file:?})"));
    };
    browser.eval(&format!("{script}; 0"));
    for scheme in ["light", "dark"] {
        browser.scheme(scheme);
        let found = browser.eval(
            "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations
                .filter((one) => ['serious', 'critical'].includes(one.impact))
                .map((one) => `${one.id}: ${one.nodes.slice(0, 5).map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | ')}`))",
        );
        assert_eq!(found, serde_json::json!([]), "{scheme}");
    }
    browser.scheme("light");
}
