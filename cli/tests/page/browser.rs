//! A small client of Chromium's DevTools protocol.
//!
//! Over a pipe, with the JSON reader that is here anyway: crates that drive a browser bring a WebSocket, a runtime or a
//! downloader along (headless_chrome resolves to some 90 more crates), which the tests of a fresh clone would wait for. The shell
//! opens the two descriptors that `--remote-debugging-pipe` wants, so that no code of ours has to be unsafe.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// What the browser may take for one answer: far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running browser with one page.
pub(crate) struct Browser {
    child: Child,
    to: File,
    from: Receiver<Value>,
    events: VecDeque<Value>,
    session: Option<String>,
    sent: u64,
    // Removed when the browser is gone.
    _profile: TempDir,
}

/// The program, if there is one.
pub(crate) fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name))).find(|file| file.is_file())
}

impl Browser {
    pub(crate) fn start(program: &Path) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let [input, output] = ["in", "out"].map(|name| profile.path().join(name));
        assert!(Command::new("mkfifo").args([&input, &output]).status().unwrap().success());
        let child = Command::new("sh")
            .args(["-c", "in=$1 out=$2; shift 2; exec \"$@\" 3<\"$in\" 4>\"$out\"", "sh"])
            .args([&input, &output])
            .arg(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-pipe",
                "--window-size=1280,900",
            ])
            .arg(format!("--user-data-dir={}", profile.path().join("profile").display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = File::options().write(true).open(&input).unwrap();
        let from = listen(File::open(&output).unwrap());
        let (events, session) = (VecDeque::new(), None);
        let mut browser = Self { child, to, from, events, session, sent: 0, _profile: profile };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attached =
            browser.call("Target.attachToTarget", &json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// Calls a method and gives its result.
    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = serde_json::to_vec(&message).unwrap();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap();
        loop {
            let answer = self.from.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no answer to {method}"));
            if answer["id"] == json!(self.sent) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push_back(answer);
        }
    }

    /// Opens a file and waits until its page is drawn.
    pub(crate) fn open(&mut self, file: &Path) {
        self.events.clear();
        self.call("Page.navigate", &json!({"url": format!("file://{}", file.display())}));
        self.wait("document.readyState === 'complete' && document.documentElement.dataset.ready === 'yes'");
    }

    /// Waits until an expression is true.
    pub(crate) fn wait(&mut self, condition: &str) {
        for _ in 0..600 {
            if self.eval(condition) == json!(true) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("never came true: {condition}; {:?}", self.troubles());
    }

    /// The value of an expression.
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let result = self.call("Runtime.evaluate", &params);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {}", result["exceptionDetails"]);
        result["result"]["value"].clone()
    }

    pub(crate) fn number(&mut self, expression: &str) -> f64 {
        let value = self.eval(expression);
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    pub(crate) fn text(&mut self, expression: &str) -> String {
        let value = self.eval(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression} is {value}")).to_owned()
    }

    /// The middle of an element on the screen, once it is scrolled to.
    pub(crate) fn middle(&mut self, selector: &str) -> (f64, f64) {
        let find = format!("document.querySelector({})", json!(selector));
        self.eval(&format!("{find}.scrollIntoView({{block: 'center', behavior: 'instant'}})"));
        let place = self.eval(&format!(
            "(() => {{ const r = {find}.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    pub(crate) fn mouse(&mut self, kind: &str, (x, y): (f64, f64)) {
        let held = if kind == "mouseMoved" { 1 } else { 0 };
        let params =
            json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": held, "clickCount": 1});
        self.call("Input.dispatchMouseEvent", &params);
    }

    /// Clicks as a hand does: moves there, presses, lets go.
    pub(crate) fn click(&mut self, selector: &str) {
        let at = self.middle(selector);
        for kind in ["mousePressed", "mouseReleased"] {
            self.mouse(kind, at);
        }
    }

    /// Drags from one element to another.
    pub(crate) fn drag(&mut self, from: &str, to: &str) {
        let start = self.middle(from);
        self.mouse("mousePressed", start);
        let find = format!("document.querySelector({})", json!(to));
        let end = self.eval(&format!(
            "(() => {{ const r = {find}.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        let end = (end[0].as_f64().unwrap(), end[1].as_f64().unwrap());
        for step in 1..=8 {
            let part = f64::from(step) / 8.0;
            let at = (start.0 + (end.0 - start.0) * part, start.1 + (end.1 - start.1) * part);
            self.mouse("mouseMoved", at);
        }
        self.mouse("mouseReleased", end);
    }

    /// Presses a key.
    pub(crate) fn key(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            " " => (32, " "),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            "Home" => (36, ""),
            "End" => (35, ""),
            _ => (0, key),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut params = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            if !text.is_empty() && kind == "keyDown" {
                params["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", &params);
        }
    }

    /// `light` or `dark`, as the reader's system is set.
    pub(crate) fn scheme(&mut self, scheme: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.call("Emulation.setEmulatedMedia", &json!({"media": "", "features": [feature]}));
    }

    /// How wide the window is, in CSS pixels.
    pub(crate) fn width(&mut self, width: u32) {
        let params = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &params);
        // Pictures follow the width in a frame of their own.
        self.eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))");
    }

    /// What makes the page wider than its window.
    pub(crate) fn too_wide(&mut self) -> Vec<String> {
        let found = self.eval(
            "(() => { const page = document.documentElement;
                if (page.scrollWidth <= page.clientWidth) return [];
                return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1)
                    .slice(0, 8).map((one) => `${one.tagName} ${one.getAttribute('class')} ${one.textContent.slice(0, 40)}`); })()",
        );
        found.as_array().unwrap().iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
    }

    pub(crate) fn focus(&mut self, selector: &str) {
        self.eval(&format!("document.querySelector({}).focus()", json!(selector)));
    }

    /// Exceptions, errors of the console and violations of the page's policy since it was opened.
    pub(crate) fn troubles(&mut self) -> Vec<String> {
        self.eval("0");
        let is_trouble = |event: &&Value| match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => {
                matches!(event["params"]["type"].as_str(), Some("error" | "warning" | "assert"))
            }
            Some("Log.entryAdded") => {
                matches!(event["params"]["entry"]["level"].as_str(), Some("error" | "warning"))
            }
            Some("Page.javascriptDialogOpening") => true,
            _ => false,
        };
        self.events.iter().filter(is_trouble).map(|event| event["params"].to_string()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Messages end with a zero.
fn listen(file: File) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for message in BufReader::new(file).split(0).map_while(Result::ok) {
            let Ok(value) = serde_json::from_slice(&message) else { continue };
            if sender.send(value).is_err() {
                return;
            }
        }
    });
    receiver
}
