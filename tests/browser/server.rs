//! Serves a folder to a browser on this machine, as GitHub Pages does.
//!
//! A folder's address without `/` leads to the one with it, a page is found without its `.html`, an address that does not
//! exist shows `404.html` with status 404, and names that begin with `_` are kept back unless there is a `.nojekyll`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

/// A folder that is being served until the tests end.
pub struct Server {
    /// Its address, without `/` at the end.
    pub url: String,
    log: Arc<Mutex<Vec<(String, u16)>>>,
}

impl Server {
    /// Serves a folder under a free port.
    pub fn start(folder: &Path) -> Server {
        Server::start_under(folder, "/")
    }

    /// Serves a folder under a path, which begins and ends with `/`. Everything outside of it is not there.
    pub fn start_under(folder: &Path, base: &'static str) -> Server {
        Server::start_with(folder, base, "")
    }

    /// The same, with a Content-Security-Policy, unless that is empty.
    pub fn start_with(folder: &Path, base: &'static str, policy: &'static str) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its number"));
        let log = Arc::new(Mutex::new(Vec::new()));
        let (folder, written) = (folder.to_path_buf(), log.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, log) = (folder.clone(), written.clone());
                thread::spawn(move || answer(stream, &folder, base, policy, &log));
            }
        });
        Server { url, log }
    }

    /// The paths that were asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        self.answered().into_iter().map(|(path, _)| path).collect()
    }

    /// The paths that were asked for since the last time, each with the status of the answer.
    pub fn answered(&self) -> Vec<(String, u16)> {
        std::mem::take(&mut *self.log.lock().expect("no thread has failed"))
    }
}

fn answer(
    mut stream: TcpStream,
    folder: &Path,
    base: &str,
    policy: &str,
    log: &Mutex<Vec<(String, u16)>>,
) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let path = first.split(' ').nth(1)?.split(['?', '#']).next()?.to_string();
    let found = find(folder, base, &path);
    let (status, head, file) = match &found {
        Found::File(file) => (200, "200 OK".to_string(), file.clone()),
        Found::Folder => (301, format!("301 Moved Permanently\r\nLocation: {path}/"), PathBuf::new()),
        Found::Nothing => (404, "404 Not Found".to_string(), folder.join("404.html")),
        Found::Outside => (404, "404 Not Found".to_string(), PathBuf::new()),
    };
    log.lock().ok()?.push((path, status));
    let bytes = fs::read(&file).unwrap_or_default();
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let policy = match policy.is_empty() {
        true => String::new(),
        false => format!("Content-Security-Policy: {policy}\r\n"),
    };
    let head = format!(
        "HTTP/1.1 {head}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nAccess-Control-Allow-Origin: *\r\n\
         {policy}Connection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&bytes).ok()
}

/// What is at a path.
enum Found {
    File(PathBuf),
    /// A folder, and the path does not end in `/`.
    Folder,
    Nothing,
    Outside,
}

fn find(folder: &Path, base: &str, path: &str) -> Found {
    if format!("{path}/") == base {
        return Found::Folder;
    }
    let Some(path) = path.strip_prefix(base) else { return Found::Outside };
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty() && *part != "..").collect();
    if parts.iter().any(|part| part.starts_with('_')) && !folder.join(".nojekyll").exists() {
        return Found::Nothing;
    }
    let file = parts.iter().fold(folder.to_path_buf(), |file, part| file.join(part));
    let page = || file.with_file_name(format!("{}.html", parts.last().copied().unwrap_or_default()));
    match decoded.ends_with('/') || parts.is_empty() {
        true if file.join("index.html").is_file() => Found::File(file.join("index.html")),
        true => Found::Nothing,
        false if file.is_file() => Found::File(file),
        false if page().is_file() => Found::File(page()),
        false if file.join("index.html").is_file() => Found::Folder,
        false => Found::Nothing,
    }
}
