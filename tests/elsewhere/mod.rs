//! Another site, which runs on this machine and answers what a test says.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What another site answers: from the method, the path and how often that was asked, to the head's lines and the body.
pub type Answer = fn(&str, &str, usize) -> String;

/// Another site, until the tests end.
pub struct Elsewhere {
    /// `http://127.0.0.1:1234`
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Elsewhere {
    pub fn start(answer: Answer) -> Elsewhere {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let written = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let written = written.clone();
                thread::spawn(move || serve(stream, answer, &written));
            }
        });
        Elsewhere { url, asked }
    }

    /// What was asked since the last time, sorted: which of several calls at once comes first is chance.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

fn serve(mut stream: TcpStream, answer: Answer, asked: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let headers: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let n = {
        let mut asked = asked.lock().unwrap();
        asked.push(format!("{method} {path}"));
        asked.iter().filter(|line| line.ends_with(&format!(" {path}"))).count()
    };
    if path == "/agent" {
        let agent = headers.iter().find(|line| line.to_lowercase().starts_with("user-agent:"));
        asked.lock().unwrap().extend(agent.cloned());
    }
    let answer = answer(method, path, n);
    if answer.is_empty() {
        return;
    }
    let (head, body) = answer.split_once("\n\n").unwrap_or((&answer, ""));
    let body = if method == "HEAD" { "" } else { body };
    let head = head.replace('\n', "\r\n");
    let _ = write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n{body}");
}
