//! Serves a folder to a browser on this machine.

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
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves a folder under a free port.
    pub fn start(folder: &Path) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its number"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (folder, log) = (folder.to_path_buf(), asked.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, log) = (folder.clone(), log.clone());
                thread::spawn(move || answer(stream, &folder, &log));
            }
        });
        Server { url, asked }
    }

    /// The paths that were asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no thread has failed"))
    }
}

fn answer(mut stream: TcpStream, folder: &Path, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let path = first.split(' ').nth(1)?.split(['?', '#']).next()?.to_string();
    log.lock().ok()?.push(path.clone());
    let file = file(folder, &path);
    let (status, file) = match file.is_file() {
        true => ("200 OK", file),
        false => ("404 Not Found", folder.join("404.html")),
    };
    let bytes = fs::read(&file).unwrap_or_default();
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&bytes).ok()
}

fn file(folder: &Path, path: &str) -> PathBuf {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let parts = decoded.split('/').filter(|part| !part.is_empty() && *part != "..");
    let file = parts.fold(folder.to_path_buf(), |file, part| file.join(part));
    if decoded.ends_with('/') { file.join("index.html") } else { file }
}
