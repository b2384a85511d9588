//! Tells open pages what has changed: one stream of server-sent events for each of them.
//!
//! A page says which version of itself it shows. The stream compares that with the site as it is now, so that a page
//! catches up whatever it has missed: other edits, a restart of the server, an hour in the background.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::serve::answer::{Shared, address, plain, put, respond};
use crate::serve::body::Body;
use crate::serve::generation::{Found, Generation};
use crate::serve::{mime, problems};

/// Our own addresses. No page begins with `_`, and the base path is not part of them.
pub const FOLDER: &str = "/__handbook/";

/// Something is sent this often: else nobody would notice that the other end is gone.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What the browser runs. In its own file, so that it is checked and read as what it is.
const SCRIPT: &str = concat!(include_str!("morph.js"), include_str!("panel.js"), include_str!("live.js"));
static SCRIPT_TAG: LazyLock<String> =
    LazyLock::new(|| format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(SCRIPT.as_bytes())));

/// Answers a request to one of our own addresses.
pub async fn answer(shared: Arc<Shared>, path: &str, request: &Parts) -> Response<Body> {
    match path {
        "live.js" if shared.reload => {
            let body = Body::Whole(Some(Bytes::from_static(SCRIPT.as_bytes())));
            let mut response = respond(StatusCode::OK, mime::of("live.js"), body);
            put(&mut response, ETAG, &SCRIPT_TAG);
            response
        }
        "live" if shared.reload && request.method == Method::GET => {
            let (sender, body) = Body::stream();
            let mut response = respond(StatusCode::OK, "text/event-stream", body);
            put(&mut response, CONTENT_TYPE, "text/event-stream");
            put(&mut response, CACHE_CONTROL, "no-store");
            let query = request.uri.query().unwrap_or_default();
            let stream =
                Stream { path: value(query, "page"), tag: value(query, "tag"), problems: Value::Null, seen: 0 };
            tokio::spawn(run(shared, stream, sender));
            response
        }
        _ => plain(StatusCode::NOT_FOUND, "There is nothing here.\n"),
    }
}

/// The page with the script that keeps it up to date, as high up as scripts go. `tag` says what it shows.
pub fn inject(shared: &Shared, html: &Bytes, tag: &str) -> Bytes {
    if !shared.reload {
        return html.clone();
    }
    let script = format!("<script type=\"module\" src=\"{FOLDER}live.js\" data-handbook-tag=\"{tag}\"></script>");
    let find = |end: &[u8]| html.windows(end.len()).position(|window| window.eq_ignore_ascii_case(end));
    let at = find(b"</head>").or_else(|| find(b"</body>")).unwrap_or(html.len());
    Bytes::from([&html[..at], script.as_bytes(), &html[at..]].concat())
}

/// What an open page knows.
struct Stream {
    path: String,
    tag: String,
    problems: Value,
    seen: u64,
}

async fn run(shared: Arc<Shared>, mut stream: Stream, sender: Sender<Bytes>) {
    let mut generations = shared.generations.clone();
    stream.seen = generations.borrow().number;
    if sender.send(Bytes::from_static(b"retry: 300\n\n")).await.is_err() {
        return;
    }
    loop {
        let generation = generations.borrow_and_update().clone();
        // The page is rendered here, and is there when the browser asks for it.
        let Ok((news, next)) = spawn_blocking(move || (stream.news(&generation), stream)).await else { return };
        stream = next;
        if !news.is_empty() && sender.send(Bytes::from(news)).await.is_err() {
            return;
        }
        loop {
            match timeout(HEARTBEAT, generations.changed()).await {
                Ok(Ok(())) => break,
                Ok(Err(_)) => return,
                Err(_) if sender.send(Bytes::from_static(b":\n\n")).await.is_err() => return,
                Err(_) => {}
            }
        }
        if sender.is_closed() {
            return;
        }
    }
}

impl Stream {
    /// The events that bring the page to this state of the site.
    fn news(&mut self, generation: &Generation) -> String {
        let mut news = String::new();
        let mut event = |name: &str, data: &Value| {
            // JSON has no line breaks of its own, which would end an event.
            news.push_str(&format!("event: {name}\ndata: {data}\n\n"));
        };
        let site = &generation.site;
        let base_path = site.project.config.base_url.base_path();
        let files = generation.changed_files.iter().filter(|(number, _)| *number > self.seen);
        let files: Vec<String> = files.map(|(_, url)| site.href(url)).collect();
        self.seen = generation.number;
        if !files.is_empty() {
            event("files", &json!(files));
        }
        let url = self.path.strip_prefix(base_path).and_then(address);
        let found = url.as_ref().map_or(Found::Missing, |url| generation.find(url));
        let problems = match &url {
            Some(url) => problems::to_json(&site.project, &problems::of_page(generation, url, &found)),
            None => Value::Null,
        };
        let tag = match &found {
            Found::Page(page) => page.tag.clone(),
            Found::Missing | Found::Slash => "missing".to_string(),
            Found::File(_) | Found::Embedded(_) => self.tag.clone(),
        };
        if tag != self.tag {
            event("page", &json!({ "tag": tag }));
            self.tag = tag;
        }
        if problems != self.problems {
            event("problems", &problems);
            self.problems = problems;
        }
        news
    }
}

/// A value of a query, decoded.
fn value(query: &str, name: &str) -> String {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next().unwrap_or_default();
    percent_decode_str(found).decode_utf8_lossy().into_owned()
}
