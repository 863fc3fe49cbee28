//! Names that hold markup, scripts and characters that turn text round: nothing runs, nothing breaks the layout.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::Page;
use crate::browser::Browser;
use crate::run::Fixture;

const PAYLOAD: &str = "<img src=x onerror=\"window.hacked=1\"></script><script>window.hacked=1</script>{{7*7}}\u{202e}\u{1b}[31m&lt;`";

/// A repository as somebody would write it who means harm.
fn hostile() -> Page {
    let fixture = Fixture::empty();
    let write = |path: &str, text: &str| {
        let path = fixture.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let file = "<img src=x onerror=alert(1)>\u{202e}.rs";
    let long = "a".repeat(200);
    write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"hostile\"\nversion = \"0.1.0\"\nedition = \"2024\"\ndescription = {}\n",
            json!(PAYLOAD)
        ),
    );
    write(
        "src/lib.rs",
        &format!(
            "//! {}\n#[path = {file:?}]\npub mod a;\npub mod {long};\npub mod c;\n",
            PAYLOAD.replace('\u{1b}', "")
        ),
    );
    write(
        &format!("src/{file}"),
        "pub struct A;\nimpl From<crate::c::C> for A { fn from(_: crate::c::C) -> A { A } }\n",
    );
    write(&format!("src/{long}.rs"), "pub fn f(_: crate::a::A) { crate::c::g(); }\n");
    write(
        "src/c.rs",
        "pub struct C;\n/// </script><script>window.hacked=1</script>\npub fn g() -> crate::a::A { crate::a::A }\n",
    );
    write(
        "Dockerfile",
        "FROM \"</script><script>window.hacked=1</script>\"\nCOPY target/release/hostile /\n",
    );
    write(".github/CODEOWNERS", "* @<script>window.hacked=1</script>\n");
    commit(&fixture, &["init", "--quiet"]);
    for (path, text) in
        [(format!("src/{file}"), "pub fn more() {}\n"), ("src/c.rs".to_owned(), "pub fn also() {}\n")]
    {
        let old = fs::read_to_string(fixture.path(&path)).unwrap();
        write(&path, &(old + text));
        commit(&fixture, &["add", "--all"]);
        commit(&fixture, &["commit", "--quiet", "--message", PAYLOAD]);
    }
    Page::of(fixture, &["--package", "hostile"])
}

/// Calls git as an author with a name like that.
fn commit(fixture: &Fixture, arguments: &[&str]) {
    let author = PAYLOAD.replace(['<', '>'], "\u{2039}");
    let mut git = Command::new("git");
    git.current_dir(fixture.path(""))
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    for of in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{of}_NAME"), &author).env(format!("GIT_{of}_EMAIL"), "<script>@example.org");
    }
    assert!(git.status().unwrap().success(), "git {arguments:?}");
}

/// Puts the payload behind every text that is not one of our own words.
fn poison(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let ours = matches!(
                    key.as_str(),
                    "mode"
                        | "scenario"
                        | "kind"
                        | "source"
                        | "cause"
                        | "severity"
                        | "code"
                        | "id"
                        | "phase"
                        | "basis"
                );
                if !ours {
                    poison(field);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(poison),
        // `lib`, `bin` and the like are ours.
        Value::String(text) if text != "lib" && text != "bin" && text != "proc-macro" => {
            text.push_str(PAYLOAD)
        }
        _ => {}
    }
}

pub(crate) fn names_run_nothing_and_break_nothing(browser: &mut Browser) {
    let page = hostile();
    let html = fs::read_to_string(page.path()).unwrap();
    look_at(browser, &page);
    // The same with every text of the data spoilt, whatever an analysis lets through.
    let start = html.find("id=\"data\">").unwrap() + "id=\"data\">".len();
    let end = start + html[start..].find("</script>").unwrap();
    let mut data: Value = serde_json::from_str(&html[start..end]).unwrap();
    let manifests: Vec<Value> =
        data["report"]["packages"].as_array().unwrap().iter().map(|p| p["manifest"].clone()).collect();
    poison(&mut data);
    // These are keys.
    let words = data["words"]["packages"].as_object_mut().unwrap();
    for manifest in manifests {
        let manifest = manifest.as_str().unwrap();
        let of = words.remove(manifest).unwrap();
        words.insert(format!("{manifest}{PAYLOAD}"), of);
    }
    let escaped = serde_json::to_string(&data).unwrap().replace('<', "\\u003c").replace('>', "\\u003e");
    fs::write(page.path(), format!("{}{escaped}{}", &html[..start], &html[end..])).unwrap();
    look_at(browser, &page);
}

fn look_at(browser: &mut Browser, page: &Page) {
    browser.open(&page.path());
    browser.eval("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    for opener in ["#tables .opener", "#figures .opener"] {
        browser.eval(&format!("document.querySelectorAll('{opener}').forEach((button) => button.click())"));
    }
    browser.wait("document.readyState === 'complete'");
    assert_eq!(browser.eval("window.hacked"), Value::Null);
    let found = browser
        .number("document.querySelectorAll('img, iframe, object, embed, body script:not([type])').length");
    // The page's own script is not in the body any more.
    assert!(found < 0.5, "{found}");
    let turned = browser.eval("/[\\u202a-\\u202e\\u2066-\\u2069\\u001b]/.test(document.body.innerText)");
    assert_eq!(turned, Value::Bool(false));
    for width in [400, 1280] {
        browser.width(width);
        assert_eq!(browser.too_wide(), Vec::<String>::new(), "at {width}");
    }
    assert_eq!(browser.troubles(), Vec::<String>::new());
}
