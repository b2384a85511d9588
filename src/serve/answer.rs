//! What a request gets. Everything comes from the site in memory: a path that the site does not publish leads nowhere.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, ETAG, HOST, HeaderName, IF_NONE_MATCH, IF_RANGE,
    LOCATION, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use percent_encoding::percent_decode_str;

use crate::project::Project;
use crate::serve::body::Body;
use crate::serve::generation::{Found, Generation, Rendered};
use crate::serve::host::Hosts;
use crate::serve::range::{Part, part};
use crate::serve::{live, mime, problems};
use crate::site::url::UrlPath;

/// What every connection shares.
pub struct Shared {
    /// The names that we answer to.
    pub hosts: Hosts,
    /// Whether open pages are told of changes.
    pub reload: bool,
    /// The site as it is now.
    pub generations: tokio::sync::watch::Receiver<Arc<Generation>>,
}

impl Shared {
    /// The site as it is now.
    pub fn generation(&self) -> Arc<Generation> {
        self.generations.borrow().clone()
    }
}

/// Answers a request. Its body, if it has one, is not read.
pub async fn answer(shared: Arc<Shared>, request: Parts) -> Response<Body> {
    let host = request.uri.authority().map(|authority| authority.as_str()).or_else(|| header(&request, HOST));
    match host {
        Some(host) if shared.hosts.allow(host) => {}
        Some(_) => {
            let text = "This server answers to `localhost` and to its own address.\n\
                        To reach it by another name, start it with `--host NAME`.\n";
            return plain(StatusCode::FORBIDDEN, text);
        }
        None => return plain(StatusCode::BAD_REQUEST, "The request does not say which host it is for.\n"),
    }
    if request.method != Method::GET && request.method != Method::HEAD {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "Pages can only be read.\n");
        put(&mut response, ALLOW, "GET, HEAD");
        return response;
    }
    if let Some(path) = request.uri.path().strip_prefix(live::FOLDER) {
        return live::answer(shared, path, &request).await;
    }
    // Rendering takes a moment, and files are read: neither may hold up the other connections.
    let answered = tokio::task::spawn_blocking(move || page_or_file(&shared, &request)).await;
    answered.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "This page made the server stumble.\n"))
}

fn page_or_file(shared: &Shared, request: &Parts) -> Response<Body> {
    let generation = shared.generation();
    let base_path = generation.site.project.config.base_url.base_path();
    let path = request.uri.path();
    let Some(inside) = path.strip_prefix(base_path) else {
        // The site is published below its base path; nothing else is ours, but its front door may be shown.
        return match path == "/" || path == base_path.trim_end_matches('/') {
            true => redirect(StatusCode::FOUND, base_path.to_string()),
            false => not_found(shared, &generation),
        };
    };
    let Some(url) = address(inside) else { return not_found(shared, &generation) };
    match generation.find(&url) {
        Found::Page(page) => match &page.bytes {
            Some(bytes) => page_response(shared, request, &url, bytes, &page.tag),
            None => failed(shared, &generation, &url, &page),
        },
        Found::File(file) => {
            file_response(&generation.site.project, request, &file).unwrap_or_else(|| not_found(shared, &generation))
        }
        Found::Embedded(bytes) => embedded_response(request, bytes, &url),
        Found::Slash => {
            let query = request.uri.query().map_or_else(String::new, |query| format!("?{query}"));
            redirect(StatusCode::MOVED_PERMANENTLY, generation.site.href(&url.as_page()) + &query)
        }
        Found::Missing => not_found(shared, &generation),
    }
}

/// The address that a request's path means. `None` for a path that no page or file has: it would be cleaned up or
/// understood otherwise by somebody behind us.
pub fn address(path: &str) -> Option<UrlPath> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let parts: Vec<&str> = decoded.split('/').collect();
    let n_parts = parts.len();
    let is_odd = |(index, part): (usize, &&str)| match *part {
        "" => index + 1 < n_parts,
        "." | ".." => true,
        part => part.contains(|c: char| c == '\\' || c.is_control()),
    };
    match parts.iter().enumerate().any(is_odd) {
        true => None,
        false => UrlPath::resolve(&UrlPath::root(), &format!("/{path}")),
    }
}

fn page_response(shared: &Shared, request: &Parts, url: &UrlPath, bytes: &Bytes, tag: &str) -> Response<Body> {
    let content_type = if url.is_page() { mime::of(".html") } else { mime::of(url.name()) };
    // A page without its extension: `/about` for `about.html`.
    let is_bare = !url.is_page() && !url.name().contains('.');
    let content_type = if is_bare { mime::of(".html") } else { content_type };
    let is_html = content_type == mime::of(".html");
    let etag = format!("\"{tag}\"");
    if is_known(request, &etag) {
        return not_modified(&etag);
    }
    let body = if is_html { live::inject(shared, bytes, tag) } else { bytes.clone() };
    let mut response = respond(StatusCode::OK, content_type, Body::Whole(Some(body)));
    put(&mut response, ETAG, &etag);
    response
}

/// A page whose template fails: as it was when it was good, else what is wrong with it.
fn failed(shared: &Shared, generation: &Generation, url: &UrlPath, page: &Arc<Rendered>) -> Response<Body> {
    if let Some(good) = generation.last_good(url)
        && let Some(bytes) = &good.bytes
        && shared.reload
    {
        let body = live::inject(shared, bytes, &good.tag);
        return respond(StatusCode::INTERNAL_SERVER_ERROR, mime::of(".html"), Body::Whole(Some(body)));
    }
    let found = problems::of_page(generation, url, &Found::Page(page.clone()));
    let text = problems::text(&generation.site.project, &found);
    let mut escaped = String::new();
    pulldown_cmark_escape::escape_html(&mut escaped, &text).expect("writing to a string cannot fail");
    let html = include_str!("error_page.html").replace("{problems}", &escaped);
    let body = live::inject(shared, &Bytes::from(html), "failed");
    respond(StatusCode::INTERNAL_SERVER_ERROR, mime::of(".html"), Body::Whole(Some(body)))
}

fn not_found(shared: &Shared, generation: &Generation) -> Response<Body> {
    match &generation.not_found().bytes {
        Some(bytes) => {
            let body = live::inject(shared, bytes, "missing");
            respond(StatusCode::NOT_FOUND, mime::of(".html"), Body::Whole(Some(body)))
        }
        None => plain(StatusCode::NOT_FOUND, "There is no such page, and the template of `404.html` fails.\n"),
    }
}

fn embedded_response(request: &Parts, bytes: &'static [u8], url: &UrlPath) -> Response<Body> {
    let etag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(bytes));
    if is_known(request, &etag) {
        return not_modified(&etag);
    }
    let mut response = respond(StatusCode::OK, mime::of(url.name()), Body::Whole(Some(Bytes::from_static(bytes))));
    put(&mut response, ETAG, &etag);
    response
}

/// A file, or the part of it that is asked for. `None` when it is not there, or is not within the project any more.
fn file_response(project: &Project, request: &Parts, path: &Path) -> Option<Response<Body>> {
    let path = inside(project, path)?;
    let metadata = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
    let file = File::open(&path).ok()?;
    let size = metadata.len();
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let etag = format!("\"{size:x}-{:x}\"", changed.as_nanos());
    if is_known(request, &etag) {
        return Some(not_modified(&etag));
    }
    let range = header(request, RANGE).filter(|_| header(request, IF_RANGE).is_none_or(|known| known == etag));
    // Not of its address: a page of HTML has that of its folder.
    let content_type = mime::of(&path.to_string_lossy());
    let (status, start, length) = match part(range, size) {
        Part::Whole => (StatusCode::OK, 0, size),
        Part::Bytes(first, last) => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Part::Unsatisfiable => {
            let mut response = respond(StatusCode::RANGE_NOT_SATISFIABLE, content_type, Body::Whole(None));
            put(&mut response, CONTENT_RANGE, &format!("bytes */{size}"));
            return Some(response);
        }
    };
    let body = match request.method == Method::HEAD {
        true => Body::Stream(tokio::sync::mpsc::channel(1).1, Some(length)),
        false => Body::of_file(file, start, length),
    };
    let mut response = respond(status, content_type, body);
    put(&mut response, ETAG, &etag);
    put(&mut response, ACCEPT_RANGES, "bytes");
    if status == StatusCode::PARTIAL_CONTENT {
        put(&mut response, CONTENT_RANGE, &format!("bytes {start}-{}/{size}", start + length - 1));
    }
    Some(response)
}

/// The file's real place, when that is in the content or in the theme's files: a link may lead out of them.
fn inside(project: &Project, path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    let root = &project.folders.root;
    let folders = [project.folders.content.clone(), root.join("static"), root.join("themes")];
    folders.iter().any(|folder| folder.canonicalize().is_ok_and(|folder| real.starts_with(folder))).then_some(real)
}

/// Whether the browser has this already.
fn is_known(request: &Parts, etag: &str) -> bool {
    let known = header(request, IF_NONE_MATCH).unwrap_or_default();
    known.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
}

fn not_modified(etag: &str) -> Response<Body> {
    let mut response = Response::new(Body::Whole(None));
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    put(&mut response, ETAG, etag);
    put(&mut response, CACHE_CONTROL, "no-cache");
    response
}

fn redirect(status: StatusCode, to: String) -> Response<Body> {
    let mut response = plain(status, "");
    put(&mut response, LOCATION, &to);
    response
}

/// A short text for people.
pub fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    respond(status, mime::of(".txt"), Body::Whole(Some(Bytes::from_static(text.as_bytes()))))
}

/// A response that browsers keep but ask about each time.
pub fn respond(status: StatusCode, content_type: &str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    put(&mut response, CONTENT_TYPE, content_type);
    put(&mut response, CACHE_CONTROL, "no-cache");
    put(&mut response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

/// Sets a header; a value that cannot be one is left out.
pub fn put(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}

/// A header's value.
pub fn header(request: &Parts, name: HeaderName) -> Option<&str> {
    request.headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_elsewhere_are_no_addresses() {
        for path in ["../x", "a/../b", "%2e%2e/x", "a%5c..%5cb", "a\\b", "a//b", "/etc/passwd", "a%00b", "./a", "%ff"] {
            assert_eq!(address(path), None, "{path}");
        }
    }

    #[test]
    fn addresses_are_decoded() {
        let check = |path, url: &str| assert_eq!(address(path).unwrap().as_str(), url);
        check("", "/");
        check("people/time%20off/", "/people/time off/");
        check("logo.svg", "/logo.svg");
    }
}
