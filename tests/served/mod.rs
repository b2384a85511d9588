//! A project in a folder of its own, served by the program as a user runs it.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than anything here takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with files.
pub struct Project {
    pub folder: tempfile::TempDir,
}

impl Project {
    pub fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file in place, as simple editors do.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }
}

/// The program, serving a project.
pub struct Served {
    child: Child,
    pub url: String,
    pub port: u16,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Served {
    /// Starts it on a port that the system chooses, and waits until it answers.
    pub fn start(root: &Path, arguments: &[&str]) -> Served {
        Served::start_on(root, 0, arguments)
    }

    pub fn start_on(root: &Path, port: u16, arguments: &[&str]) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
        command.arg("serve").arg(root).args(["--port", &port.to_string()]).args(arguments);
        command.env("HANDBOOK_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut served = Served { child, url: String::new(), port: 0, lines, seen: Vec::new() };
        let line = served.line("Serving ");
        served.url = line.rsplit(' ').next().unwrap().to_string();
        let address = served.url.strip_prefix("http://").unwrap().split('/').next().unwrap();
        served.port = address.rsplit(':').next().unwrap().parse().unwrap();
        served.line("Ctrl-C stops");
        served
    }

    /// Waits for a line that contains this.
    pub fn line(&mut self, part: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(part) => return line,
                Ok(line) => self.seen.push(line),
                Err(_) => panic!("no line with {part:?}; there were {:#?}", self.seen),
            }
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a request and returns the whole answer: head and body.
    pub fn raw(&self, request: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("the answer has a head");
        let body = answer.split_off(end + 4);
        (String::from_utf8(answer).unwrap().to_ascii_lowercase(), body)
    }

    /// The status and the text of a page.
    pub fn get(&self, path: &str) -> (u16, String) {
        let (head, body) = self.get_with(path, "");
        (status(&head), String::from_utf8_lossy(&body).into_owned())
    }

    /// Head and body, asked for with more headers, each with its line break.
    pub fn get_with(&self, path: &str, headers: &str) -> (String, Vec<u8>) {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// Asks the program to end, as Ctrl-C does, and returns its exit status.
    #[cfg(unix)]
    pub fn interrupt(&mut self) -> Option<i32> {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

/// A header's value.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
