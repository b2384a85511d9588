//! A headless Chromium, told what to do through a pair of pipes: the DevTools protocol, one JSON object after the
//! other with a zero byte behind each.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::fs::{CWD, Mode, mkfifoat};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

/// A running browser. Dropped, it ends.
pub struct Browser {
    child: Child,
    input: File,
    messages: Receiver<Value>,
    last_id: u64,
    _folder: tempfile::TempDir,
}

/// One of its tabs.
pub struct Tab {
    session: String,
}

impl Browser {
    /// Starts one. `None`, with the reason printed, when there is none on this machine.
    pub fn start() -> Option<Browser> {
        let Some(program) = program() else {
            eprintln!("skipped: there is no Chromium here; set CHROMIUM to one");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let [input, output] = ["in", "out"].map(|name| folder.path().join(name));
        mkfifoat(CWD, &input, Mode::RUSR | Mode::WUSR).unwrap();
        mkfifoat(CWD, &output, Mode::RUSR | Mode::WUSR).unwrap();
        let flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--window-size=1200,700",
            "--remote-debugging-pipe",
        ];
        // The shell puts the pipes where Chromium looks for them.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 3<\"$PIPE_IN\" 4>\"$PIPE_OUT\""]).arg(program).args(flags);
        command.arg(format!("--user-data-dir={}", folder.path().join("profile").display()));
        command.env("PIPE_IN", &input).env("PIPE_OUT", &output).process_group(0);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let input = OpenOptions::new().write(true).open(input).unwrap();
        let output = BufReader::new(File::open(output).unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let texts = output.split(0).map_while(Result::ok);
            texts.filter_map(|text| serde_json::from_slice(&text).ok()).try_for_each(|message| sender.send(message))
        });
        Some(Browser { child, input, messages, last_id: 0, _folder: folder })
    }

    /// Opens a tab and waits until its page is there and listens for changes.
    pub fn open(&mut self, url: &str) -> Tab {
        let target = self.call(None, "Target.createTarget", json!({ "url": "about:blank" }));
        let target = target["targetId"].clone();
        let session = self.call(None, "Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        let tab = Tab { session: session["sessionId"].as_str().unwrap().to_string() };
        self.call(Some(&tab), "Page.enable", json!({}));
        self.call(Some(&tab), "Page.navigate", json!({ "url": url }));
        self.until(&tab, "location.href != 'about:blank' && document.readyState == 'complete'");
        tab
    }

    /// Brings a tab to the front: others count as hidden.
    pub fn show(&mut self, tab: &Tab) {
        self.call(Some(tab), "Page.bringToFront", json!({}));
    }

    /// What an expression is in a page.
    pub fn get(&mut self, tab: &Tab, expression: &str) -> Value {
        let arguments = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.call(Some(tab), "Runtime.evaluate", arguments);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true in a page; milliseconds since 1970 when it was.
    pub fn until(&mut self, tab: &Tab, expression: &str) -> f64 {
        let end = std::time::Instant::now() + PATIENCE;
        // A page that is left in the meantime takes the question with it, so that it is asked again.
        loop {
            let question = format!(
                "new Promise(done => {{ const ask = () => ({expression}) ? done(performance.timeOrigin + performance.now()) \
                 : performance.now() - start > 2000 ? done(0) : setTimeout(ask, 1); const start = performance.now(); ask() }})"
            );
            let arguments = json!({ "expression": question, "awaitPromise": true, "returnByValue": true });
            let answer = self.try_call(Some(tab), "Runtime.evaluate", arguments);
            let time = answer.as_ref().ok().and_then(|answer| answer["result"]["value"].as_f64()).unwrap_or(0.0);
            if time > 0.0 {
                return time;
            }
            assert!(std::time::Instant::now() < end, "never true: {expression} ({answer:?})");
        }
    }

    pub fn call(&mut self, tab: Option<&Tab>, method: &str, arguments: Value) -> Value {
        self.try_call(tab, method, arguments).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn try_call(&mut self, tab: Option<&Tab>, method: &str, arguments: Value) -> Result<Value, Value> {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": arguments });
        if let Some(tab) = tab {
            message["sessionId"] = json!(tab.session);
        }
        self.input.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let mut answer = self.messages.recv_timeout(PATIENCE).expect("the browser answers");
            if answer["id"] == self.last_id {
                return match answer.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(answer["result"].take()),
                };
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It is the head of a group of its own, in which all its helpers are.
        let group = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    if let Some(program) = std::env::var_os("CHROMIUM") {
        return Some(program.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let all = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|path| Path::is_file(path))
}
