//! A headless Chromium for tests, driven over its DevTools protocol
//! (<https://chromedevtools.github.io/devtools-protocol/>). Only what the tests need, so that no crate is.
//!
//! `Browser::start` gives nothing, and prints why, on a machine that has no Chromium.
#![allow(dead_code, reason = "each test program uses its own part")]

pub mod server;
mod socket;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use socket::Socket;

/// A running browser. It ends when this value is dropped.
pub struct Browser {
    child: Child,
    socket: Socket,
    last_id: u64,
    _profile: TempDir,
}

/// One tab.
pub struct Page<'b> {
    browser: &'b mut Browser,
    session: String,
}

impl Browser {
    /// Starts the Chromium that `CHROME` names, or else one of the search path.
    pub fn start() -> Option<Browser> {
        let Some(program) = program() else {
            eprintln!("skipped: there is no Chromium here; install it, or name one in the variable CHROME");
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut child = Command::new(&program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
            ])
            .args([
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("start {}: {error}", program.display()));
        let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.split_once("DevTools listening on ").map(|(_, url)| url.to_string()));
        // A full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        let address = address.expect("Chromium says where it listens");
        Some(Browser { child, socket: Socket::connect(&address), last_id: 0, _profile: profile })
    }

    /// A new tab, 1440 by 900, in the light scheme.
    pub fn page(&mut self) -> Page<'_> {
        let target = self.call(None, "Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session =
            self.call(None, "Target.attachToTarget", attach)["sessionId"].as_str().expect("an id").to_string();
        let mut page = Page { browser: self, session };
        page.call("Page.enable", json!({}));
        page.resize(1440, 900);
        page
    }

    fn call(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        let answer = self.try_call(session, method, parameters);
        assert!(answer["message"].is_null(), "{method}: {answer}");
        answer
    }

    /// The result, or the error.
    fn try_call(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        self.socket.send(&message.to_string());
        loop {
            let mut answer = self.receive();
            if answer["id"] == json!(id) {
                let part = if answer["error"].is_null() { "result" } else { "error" };
                return answer[part].take();
            }
        }
    }

    fn receive(&mut self) -> Value {
        serde_json::from_str(&self.socket.receive()).expect("JSON")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.socket.send(&json!({ "id": 0, "method": "Browser.close" }).to_string());
        self.socket.drain();
        // It has closed by now, unless something is wrong with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Page<'_> {
    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.browser.call(Some(&self.session), method, parameters)
    }

    /// Goes to an address and waits until the page has loaded.
    pub fn goto(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
        loop {
            let event = self.browser.receive();
            if event["method"] == "Page.loadEventFired" && event["sessionId"] == json!(self.session) {
                return;
            }
        }
    }

    /// The value of an expression, which may be a promise.
    pub fn eval(&mut self, expression: &str) -> Value {
        let parameters =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let mut answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Waits until an expression is true; the test fails when it never is. Asking is what passes the time, as a page
    /// whose scripts are off has no clock.
    pub fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        // While the page changes, there is nobody to answer.
        let parameters = json!({ "expression": format!("try {{ Boolean({expression}) }} catch {{ false }}"), "returnByValue": true });
        while self.browser.try_call(Some(&self.session), "Runtime.evaluate", parameters.clone())["result"]["value"]
            != true
        {
            assert!(start.elapsed() < Duration::from_secs(30), "never true: {expression}");
        }
    }

    /// Presses a key, such as `Tab`, `Enter`, `Escape`, `ArrowDown` or `/`.
    pub fn press(&mut self, key: &str) {
        self.press_with(key, 0);
    }

    /// Presses a key while others are held: 1 Alt, 2 Control, 4 Meta, 8 Shift.
    pub fn press_with(&mut self, key: &str, modifiers: u32) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            " " => (32, " "),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            other => (other.to_ascii_uppercase().as_bytes()[0], other),
        };
        let text = if modifiers & 7 == 0 { text } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Types into what has the focus.
    pub fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Clicks on the middle of the first element that a selector finds.
    pub fn click(&mut self, selector: &str) {
        let find = format!(
            "(e => {{ e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect(); \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})(document.querySelector({}))",
            json!(selector)
        );
        let place = self.eval(&find);
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Says which colours the reader prefers: `light` or `dark`.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Whether pages that are loaded from now on run scripts.
    pub fn scripts(&mut self, run: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({ "value": !run }));
    }

    /// The page as a PDF.
    pub fn pdf(&mut self) -> Vec<u8> {
        let answer = self.call("Page.printToPDF", json!({}));
        from_base64(answer["data"].as_str().expect("the file"))
    }
}

fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROME") {
        return Some(named.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders = std::env::var_os("PATH")?;
    let files = std::env::split_paths(&folders).flat_map(|folder| names.map(|name| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

fn from_base64(text: &str) -> Vec<u8> {
    let digits = text.bytes().filter_map(|b| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    });
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut n) = (0u32, 0);
    for digit in digits {
        bits = bits << 6 | u32::from(digit);
        n += 6;
        if n >= 8 {
            n -= 8;
            bytes.push((bits >> n) as u8);
            bits &= (1 << n) - 1;
        }
    }
    bytes
}
