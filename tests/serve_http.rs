//! What the server answers: the site as GitHub Pages would send it, and nothing else of the machine.

#![cfg(unix)]

mod served;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use served::{PATIENCE, Project, Served, header, status};

fn project() -> Project {
    let project = Project::new(&[
        ("site.toml", "base_url = \"https://example.org/base/\"\n"),
        ("content/_index.md", "# Home\n"),
        ("content/people/_index.md", "# People\n"),
        ("content/people/time off.md", "# Time off\n"),
        ("content/people/film.mp4", "0123456789"),
        ("content/people/map.svg", "<svg width=\"1\" height=\"1\"></svg>"),
        ("static/data.json", "{}"),
        ("secret.txt", "secret"),
    ]);
    std::os::unix::fs::symlink(project.path("secret.txt"), project.path("static/out.txt")).unwrap();
    project
}

fn serve(project: &Project, arguments: &[&str]) -> Served {
    Served::start(project.folder.path(), arguments)
}

#[test]
fn pages_are_under_the_base_path() {
    let project = project();
    let served = serve(&project, &[]);
    assert!(served.url.ends_with("/base/"), "{}", served.url);
    assert!(served.get("/base/people/").1.contains("People"));
    assert!(served.get("/base/people/index.html").1.contains("People"));
    assert_eq!(served.get("/base/people/time-off/").0, 200);
    assert_eq!(served.get("/people/").0, 404);
}

#[test]
fn missing_slashes_are_added() {
    let project = project();
    let served = serve(&project, &[]);
    let (head, _) = served.get_with("/base/people?q=1", "");
    assert_eq!((status(&head), header(&head, "location")), (301, Some("/base/people/?q=1")));
    let (head, _) = served.get_with("/base", "");
    assert_eq!((status(&head), header(&head, "location")), (302, Some("/base/")));
}

#[test]
fn what_is_not_there_gets_the_404_page() {
    let project = project();
    let served = serve(&project, &[]);
    for path in ["/base/nothing/", "/base/people/nothing.png", "/elsewhere"] {
        let (status, text) = served.get(path);
        assert_eq!(status, 404, "{path}");
        assert!(text.contains("Page not found"), "{path}");
    }
}

#[test]
fn no_path_leads_out_of_the_site() {
    let project = project();
    let served = serve(&project, &[]);
    let paths = [
        "/base/../secret.txt",
        "/base/%2e%2e/secret.txt",
        "/base/..%2fsecret.txt",
        "/base/..%5csecret.txt",
        "/base/people/..\\..\\secret.txt",
        "/base//etc/passwd",
        "/base/static/data.json",
        "/base/site.toml",
        "/base/content/_index.md",
        "/base/people/_index.md",
        // A link that leads out of the theme's files.
        "/base/out.txt",
    ];
    for path in paths {
        let (status, text) = served.get(path);
        assert!(status == 404 || status == 400, "{path}: {status}");
        assert!(!text.contains("secret"), "{path}");
    }
}

#[test]
fn folders_are_not_listed() {
    let project = project();
    project.write("content/people/files/a.txt", "a");
    let served = serve(&project, &[]);
    assert_eq!(served.get("/base/people/files/").0, 404);
    assert_eq!(served.get("/base/people/files/a.txt").0, 200);
}

#[test]
fn content_types_are_those_that_browsers_expect() {
    let project = project();
    let served = serve(&project, &[]);
    let types = [
        ("/base/", "text/html; charset=utf-8"),
        ("/base/people/map.svg", "image/svg+xml"),
        ("/base/people/film.mp4", "video/mp4"),
        ("/base/data.json", "application/json; charset=utf-8"),
        ("/base/sitemap.xml", "application/xml; charset=utf-8"),
        ("/base/assets/theme.css", "text/css; charset=utf-8"),
    ];
    for (path, expected) in types {
        let (head, _) = served.get_with(path, "");
        assert_eq!(header(&head, "content-type"), Some(expected), "{path}");
        assert_eq!(header(&head, "x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn a_head_request_gets_the_head_only() {
    let project = project();
    let served = serve(&project, &[]);
    for path in ["/base/", "/base/people/film.mp4"] {
        let (got, body) = served.get_with(path, "");
        let (head, nothing) =
            served.raw(&format!("HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assert_eq!(header(&head, "content-length"), header(&got, "content-length"), "{path}");
        assert_eq!(header(&got, "content-length"), Some(body.len().to_string().as_str()), "{path}");
        assert!(nothing.is_empty(), "{path}");
    }
}

#[test]
fn what_the_browser_has_is_not_sent_again() {
    let project = project();
    let served = serve(&project, &[]);
    for path in ["/base/", "/base/people/film.mp4", "/base/assets/theme.css"] {
        let (head, _) = served.get_with(path, "");
        let tag = header(&head, "etag").unwrap_or_else(|| panic!("{path} has no tag")).to_string();
        let (head, body) = served.get_with(path, &format!("If-None-Match: \"x\", W/{tag}\r\n"));
        assert_eq!((status(&head), body.len()), (304, 0), "{path}");
        let (head, _) = served.get_with(path, "If-None-Match: \"x\"\r\n");
        assert_eq!(status(&head), 200, "{path}");
    }
}

#[test]
fn parts_of_a_film_can_be_asked_for() {
    let project = project();
    let served = serve(&project, &[]);
    let film = "/base/people/film.mp4";
    let (head, body) = served.get_with(film, "Range: bytes=2-4\r\n");
    assert_eq!((status(&head), header(&head, "content-range")), (206, Some("bytes 2-4/10")));
    assert_eq!(body, b"234");
    assert_eq!(served.get_with(film, "Range: bytes=-3\r\n").1, b"789");
    let (head, _) = served.get_with(film, "Range: bytes=10-\r\n");
    assert_eq!((status(&head), header(&head, "content-range")), (416, Some("bytes */10")));
    let (head, body) = served.get_with(film, "Range: bytes=2-4\r\nIf-Range: \"other\"\r\n");
    assert_eq!((status(&head), body.len()), (200, 10));
}

#[test]
fn only_its_own_names_are_answered_to() {
    let project = project();
    let served = serve(&project, &[]);
    let ask = |host: &str| {
        let request = format!("GET /base/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        status(&served.raw(&request).0)
    };
    for host in ["localhost", "127.0.0.1:4000", "[::1]"] {
        assert_eq!(ask(host), 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "192.0.2.1"] {
        assert_eq!(ask(host), 403, "{host}");
    }
    let absolute = "GET http://evil.example/base/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&served.raw(absolute).0), 403);
    assert_eq!(status(&served.raw("GET /base/ HTTP/1.0\r\n\r\n").0), 400);
}

#[test]
fn pages_can_only_be_read() {
    let project = project();
    let served = serve(&project, &[]);
    let (head, _) =
        served.raw("POST /base/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_eq!((status(&head), header(&head, "allow")), (405, Some("get, head")));
}

#[test]
fn slow_and_huge_requests_are_in_nobody_s_way() {
    let project = project();
    let served = serve(&project, &[]);
    let slow: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
            stream.write_all(b"GET /base/ HTTP/1.1\r\nHost: loc").unwrap();
            stream
        })
        .collect();
    let mut huge = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    huge.set_read_timeout(Some(PATIENCE)).unwrap();
    // It stops reading long before the end, and may close while we still write.
    let _ = huge.write_all(format!("GET /base/ HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)).as_bytes());
    let mut answer = Vec::new();
    let _ = huge.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
    assert_eq!(served.get("/base/").0, 200);
    drop(slow);
}

#[test]
fn the_script_is_in_served_pages_and_in_no_built_one() {
    let project = project();
    let script = "__handbook";
    assert!(serve(&project, &[]).get("/base/").1.contains(script));
    assert!(!serve(&project, &["--no-reload"]).get("/base/").1.contains(script));
    assert!(!serve(&project, &["--no-watch"]).get("/base/").1.contains(script));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_handbook"));
    let output = command.arg("build").arg(project.folder.path()).args(["-o", "out", "-q"]).current_dir(&project.folder);
    assert!(output.status().unwrap().success());
    let page = std::fs::read_to_string(project.path("out/index.html")).unwrap();
    assert!(!page.contains(script));
}

#[test]
fn a_port_that_was_asked_for_and_is_busy_is_an_error() {
    let project = project();
    let served = serve(&project, &[]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_handbook"));
    let output =
        command.arg("serve").arg(project.folder.path()).args(["-p", &served.port.to_string()]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let expected =
        format!("error: port {} is in use; stop what uses it, or choose another with `--port`\n", served.port);
    assert_eq!((output.status.code(), told), (Some(3), expected));
}

#[test]
fn an_interrupt_ends_it_cleanly() {
    let project = project();
    let mut served = serve(&project, &[]);
    // An open stream must not hold it up.
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream.write_all(b"GET /__handbook/live?page=/base/&tag=x HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(served.interrupt(), Some(0));
    served.line("Stopped");
}

#[test]
fn an_open_server_says_so() {
    let project = project();
    let mut served = serve(&project, &["--host", "0.0.0.0"]);
    served.line("everybody who can reach this machine can read the site");
}

#[test]
fn what_shows_in_the_whole_site_stands_in_the_panel_of_its_page_unless_it_is_known() {
    let settings =
        "[check.severity]\ntitle-duplicate = \"warning\"\nreview-due = \"warning\"\npage-orphan = \"warning\"\n";
    let project = Project::new(&[
        ("site.toml", settings),
        ("content/_index.md", "# Home\n"),
        ("content/a.md", "---\ntitle: Twin\nreview_by: 2020-01-31\n---\n\n[x](/nope/)\n"),
        ("content/b.md", "---\ntitle: Twin\nnav: false\n---\n\nText.\n"),
    ]);
    let served = Served::start(project.folder.path(), &[]);
    let a = panel(&served, "/a/");
    assert!(a.contains("this page was to be reviewed by 2020-01-31") && a.contains("there is no page"), "{a}");
    let b = panel(&served, "/b/");
    assert!(b.contains("is the title of `content/a.md` too") && b.contains("no page links here"), "{b}");
    drop(served);

    project.write("site.toml", &format!("[check]\nbaseline = \"known.txt\"\n{settings}"));
    project.write("known.txt", "link-page\tcontent/a.md\tthere is no page `/nope/`\n");
    let served = Served::start(project.folder.path(), &[]);
    let a = panel(&served, "/a/");
    assert!(a.contains("this page was to be reviewed by 2020-01-31") && !a.contains("there is no page"), "{a}");
}

/// What the panel of an open page is told.
fn panel(served: &Served, page: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET /__handbook/live?page={page}&tag=x HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    lines.find(|line| line == "event: problems").expect("the page's problems come first");
    lines.next().unwrap()
}
