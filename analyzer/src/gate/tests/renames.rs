//! Renamed items, modules and packages are no new debt; what only looks a bit like them is.

use super::*;

/// The same code with paths as they are: `app::b::g`.
fn real(text: &str) -> Code<'static> {
    fn path(text: &str) -> &'static str {
        Box::leak(text.replace('.', "::").into_boxed_str())
    }
    let mut code = code(Box::leak(text.to_owned().into_boxed_str()));
    for crossing in &mut code.crossings {
        (crossing.from, crossing.to) = (path(crossing.from), path(crossing.to));
    }
    let items =
        code.items.iter().map(|item| CodeItem { path: path(item.path), shape: shape(path(item.path)) });
    code.items = items.collect();
    code.items.sort_unstable();
    code
}

const BEFORE: &str = "app::a.f>app::b.g*5 app::b.g>app::a.f";

fn accepted() -> Baseline {
    let code = real(BEFORE);
    let first = checked(&code, &report(|_| ()), "", None);
    assert_eq!(found(&first), "back-edge app::b::g>app::a::f@2");
    let baseline = Baseline::default().accept(&first.findings, &BaselineReport::default(), "r", &code);
    Baseline::parse(std::path::Path::new("x"), &baseline.to_toml()).unwrap()
}

#[test]
fn a_rename_passes_and_what_is_new_does_not() {
    for (now, expected) in [
        // An item, its dependency, or both in turn.
        ("app::a.f>app::b.gnu*5 app::b.gnu>app::a.f", ""),
        ("app::a.fly>app::b.g*5 app::b.g>app::a.fly", ""),
        // Moved into a module beside, or all of its module.
        ("app::a.f>app::c.g*5 app::c.g>app::a.f app::b.x>app::c.y", ""),
        ("app::a.f>app::z.g*5 app::z.g>app::a.f", ""),
        ("app::a.f>app::deep::b.g*5 app::deep::b.g>app::a.f", ""),
        // Both modules, by their last names: the package is called something else.
        ("shop::a.f>shop::b.g*5 shop::b.g>shop::a.f", ""),
        // The module and the item at once.
        ("app::a.f>app::z.gnu*5 app::z.gnu>app::a.f", ""),
        // What looks different is another item.
        ("app::a.f>app::b.h*5 app::b.h>app::a.f", "back-edge app::b::h>app::a::f@2"),
        // So is one beside the old one, which is still there.
        ("app::a.f>app::b.g*5 app::b.gnu>app::a.f", "back-edge app::b::gnu>app::a::f@2"),
        // One entry passes for one finding.
        (
            "app::a.f>app::b.gnu*5 app::b.gnu>app::a.f app::b.gnat>app::a.f",
            "back-edge app::b::gnat>app::a::f@3",
        ),
        // Another dependency is another debt, whatever the dependent is called.
        ("app::a.f>app::b.gnu*5 app::b.gnu>app::a.x", "back-edge app::b::gnu>app::a::x@2"),
    ] {
        let (code, baseline, report) = (real(now), accepted(), report(|_| ()));
        let check = checked(&code, &report, "", Some(&baseline));
        assert_eq!(found(&check), expected, "{now}");
        let state = check.baseline.as_ref().unwrap();
        if expected.is_empty() {
            assert_eq!((state.renamed.len(), state.gone.len()), (1, 0), "{now}");
            assert_eq!(check.findings[0].reason.as_deref(), Some("r"));
        }
        // Written anew it has the names of today.
        for written in [
            baseline.clone().prune(&check.findings, state, &code),
            baseline.clone().accept(&check.findings, state, "now", &code),
        ] {
            let again = checked(&code, &report, "", Some(&written));
            assert!(again.baseline.as_ref().unwrap().renamed.is_empty(), "{now}: {again:?}");
            if expected.is_empty() {
                assert_eq!((found(&again), written.len()), (String::new(), 1), "{now}");
            }
        }
    }
}

#[test]
fn an_entry_written_by_hand_is_known_by_its_names() {
    let text = "version = 1\ndebt = [\n  { lint = \"back-edge\", from = \"app::b::g\", to = \"app::a::f\" },\n]\n\
                order = [\"app::a\", \"app::b\"]\n";
    let baseline = Baseline::parse(std::path::Path::new("x"), text).unwrap();
    for (now, expected) in [
        ("app::a.f>app::c.g*5 app::c.g>app::a.f app::b.x>app::c.y", ""),
        ("app::a.f>app::b.gnu*5 app::b.gnu>app::a.f", "back-edge app::b::gnu>app::a::f@2"),
    ] {
        let check = checked(&real(now), &report(|_| ()), "", Some(&baseline));
        assert_eq!(found(&check), expected, "{now}");
    }
}

#[test]
fn git_tells_which_of_several_modules_went_where() {
    let file = |code: &mut Code<'static>, path: &str, file: &'static str| {
        code.modules.iter_mut().find(|module| module.path == path).unwrap().file = file;
    };
    // Three modules are renamed at once: nothing but git's log says which is which.
    let mut now = real("app.x>app::p.f app::p.f>app::q.g*5 app::q.g>app::p.f");
    for (path, place) in [("app", "src/lib.rs"), ("app::p", "src/p.rs"), ("app::q", "src/q/mod.rs")] {
        file(&mut now, path, place);
    }
    let text = "version = 1\ndebt = [\n  { lint = \"back-edge\", from = \"app::b::g\", to = \"app::a::f\", shapes = [\"edited\", \"since\"] },\n]\n\
                order = [\"app\", \"app::a\", \"app::b\"]\n";
    let baseline = Baseline::parse(std::path::Path::new("x"), text).unwrap();
    let lost = checked(&now, &report(|_| ()), "", Some(&baseline));
    assert_eq!(found(&lost), "back-edge app::q::g>app::p::f@3");
    now.renamed_files = [("src/p.rs", "src/a.rs"), ("src/q/mod.rs", "src/b.rs")].into();
    let check = checked(&now, &report(|_| ()), "", Some(&baseline));
    assert_eq!((found(&check), check.baseline.unwrap().renamed.len()), (String::new(), 1));
}
