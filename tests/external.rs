//! `handbook check --external`, against other sites that run on this machine.

mod elsewhere;
mod program;

use std::net::TcpListener;

use elsewhere::Elsewhere;
use expect_test::{Expect, expect};
use program::{Handbook, Ran};

/// A handbook that may ask this machine, and is in a hurry.
fn handbook(page: &str) -> Handbook {
    Handbook::new()
        .file("site.toml", "[check.external]\nlocal = true\nper_second = 1000\nwait = 1\n")
        .file("content/_index.md", page)
}

/// Runs `check` with a cache of its own, and without the proxies of this machine.
fn check(handbook: &Handbook, arguments: &str) -> Ran {
    let cache = handbook.path("cache");
    let none =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"].map(|name| (name, ""));
    let variables: Vec<(&str, &str)> =
        none.into_iter().chain([("HANDBOOK_CACHE_DIR", cache.to_str().unwrap())]).collect();
    handbook.run_with(&format!("check --external {arguments}"), &variables)
}

/// What is reported, with the site's address made equal on every run.
fn reported(ran: &Ran, site: &Elsewhere, expected: Expect) {
    expected.assert_eq(&ran.stdout.replace(&site.url, "http://SITE"));
}

#[test]
fn dead_links_are_reported_where_they_stand() {
    let site = Elsewhere::start(|_, path, _| match path {
        "/here" => "200 OK".into(),
        "/gone" => "410 Gone".into(),
        _ => "404 Not Found".into(),
    });
    let url = &site.url;
    let page = format!(
        "# Home\n\n[Here]({url}/here), [lost]({url}/lost#x) and\n<a href=\"{url}/gone\">gone</a>; ![seen]({url}/lost).\n\n[ref]\n\n[ref]: {url}/gone\n"
    );
    let handbook = handbook(&page).file("content/a.md", format!("---\nredirect_to: {url}/lost\n---\n"));
    let ran = check(&handbook, "--format short").status(0);
    reported(
        &ran,
        &site,
        expect![[r#"
        content/_index.md:3:38: warning[external-dead]: `http://SITE/lost#x` leads to nothing: it answers 404 (not found)
        content/_index.md:4:10: warning[external-dead]: `http://SITE/gone` leads to nothing: it answers 410 (gone)
        content/_index.md:4:49: warning[external-dead]: `http://SITE/lost` leads to nothing: it answers 404 (not found)
        content/_index.md:6:1: warning[external-dead]: `http://SITE/gone` leads to nothing: it answers 410 (gone)
        content/a.md:2:14: warning[external-dead]: `http://SITE/lost` leads to nothing: it answers 404 (not found)
    "#]],
    );
    assert_eq!(
        site.asked(),
        ["GET /gone", "GET /lost", "HEAD /gone", "HEAD /here", "HEAD /lost"],
        "each is asked once"
    );
    check(&handbook, "--strict -q").status(1);
}

#[test]
fn moves_for_good_are_suggested_with_where_they_lead_in_the_end() {
    let site = Elsewhere::start(|_, path, _| match path {
        "/old" => "301 Moved Permanently\nLocation: /newer".into(),
        "/newer" => "308 Permanent Redirect\nLocation: new?a=b".into(),
        "/today" => "302 Found\nLocation: /2026".into(),
        "/circle" => "301 Moved Permanently\nLocation: /circle".into(),
        "/to-nothing" => "301 Moved Permanently\nLocation: /nothing".into(),
        "/nothing" => "404 Not Found".into(),
        _ => "200 OK".into(),
    });
    let url = &site.url;
    let page = format!("[a]({url}/old#x)\n[b]({url}/today)\n[c]({url}/circle)\n[d]({url}/to-nothing)\n");
    let handbook = handbook(&page);
    reported(
        &check(&handbook, "--format short"),
        &site,
        expect![[r#"
            content/_index.md:1:1: note[external-moved]: `http://SITE/old#x` has moved for good to `http://SITE/new?a=b`
            content/_index.md:3:1: note[external-unreachable]: `http://SITE/circle` could not be checked: it sends its readers in a circle
            content/_index.md:4:1: warning[external-dead]: `http://SITE/to-nothing` leads to nothing: it answers 404 (not found)
        "#]],
    );
    check(&handbook, "--fix -q").status(0);
    assert_eq!(handbook.text("content/_index.md"), page, "where something has moved to is for people to see");
}

#[test]
fn anchors_are_looked_for_when_they_are_wanted() {
    let site = Elsewhere::start(|_, path, _| match path {
        "/page" => {
            "200 OK\nContent-Type: text/html\n\n<h2 id=there>x</h2><a name='named'></a><p id='user-content-x'>".into()
        }
        "/moved" => "302 Found\nLocation: /page".into(),
        _ => "200 OK\nContent-Type: text/plain\n\nplain".into(),
    });
    let url = &site.url;
    let page = format!(
        "[a]({url}/page#there) [b]({url}/page#named) [c]({url}/page#x) [d]({url}/page#:~:text=x) [e]({url}/text#y)\n\
         [f]({url}/page#lost)\n[g]({url}/moved#lost)\n[h]({url}/page)\n"
    );
    let handbook = handbook(&page);
    check(&handbook, "-q --strict").status(0).stderr(expect![[""]]);
    assert_eq!(site.asked(), ["HEAD /moved", "HEAD /page", "HEAD /page", "HEAD /text"], "nobody wants their text");
    let settings = "[check.external]\nlocal = true\nper_second = 1000\nanchors = true\n";
    let handbook = handbook.file("site.toml", settings);
    reported(
        &check(&handbook, "--format short"),
        &site,
        expect![[r#"
            content/_index.md:2:1: note[external-anchor]: `http://SITE/page#lost` leads to the top of its page, which has no heading or anchor `#lost`
            content/_index.md:3:1: note[external-anchor]: `http://SITE/moved#lost` leads to the top of its page, which has no heading or anchor `#lost`
        "#]],
    );
    assert_eq!(site.asked(), ["GET /moved", "GET /page", "GET /page", "GET /text"]);
}

#[test]
fn what_may_pass_is_tried_again_and_what_stays_is_not_called_dead() {
    let site = Elsewhere::start(|method, path, n| match (path, n) {
        ("/busy", 1) => "429 Too Many Requests\nRetry-After: 0".into(),
        ("/weak", 1..=2) => "503 Service Unavailable".into(),
        ("/mute", 1) => String::new(),
        ("/no-head", _) if method == "HEAD" => "405 Method Not Allowed".into(),
        ("/down", _) => "500 Internal Server Error".into(),
        ("/closed", _) => "403 Forbidden".into(),
        ("/patient", _) => "429 Too Many Requests\nRetry-After: 999".into(),
        _ => "200 OK".into(),
    });
    let other = Elsewhere::start(|_, _, _| "429 Too Many Requests\nRetry-After: 999".into());
    let url = &site.url;
    let names = ["busy", "weak", "mute", "no-head", "down", "closed"];
    let links: Vec<String> = names.iter().map(|name| format!("[x]({url}/{name})\n")).collect();
    let handbook = handbook(&format!("{}[x]({}/patient)\n", links.concat(), other.url));
    let ran = check(&handbook, "--format short").status(0);
    let ran = Ran { stdout: ran.stdout.replace(&other.url, "http://OTHER"), ..ran };
    reported(
        &ran,
        &site,
        expect![[r#"
            content/_index.md:5:1: note[external-unreachable]: `http://SITE/down` could not be checked: it answers 500 (server error)
            content/_index.md:6:1: note[external-unreachable]: `http://SITE/closed` could not be checked: it answers 403 (forbidden)
            content/_index.md:7:1: note[external-unreachable]: `http://OTHER/patient` could not be checked: it answers 429 (too many requests) and asks to come back in 999 s
        "#]],
    );
    let asked = site.asked();
    let n = |line: &str| asked.iter().filter(|asked| *asked == line).count();
    assert_eq!((n("HEAD /down"), n("GET /down")), (1, 3), "once, and two times again");
    assert_eq!((n("HEAD /closed"), n("GET /closed")), (1, 1));
    assert_eq!(other.asked(), ["HEAD /patient"]);
}

#[test]
fn answers_are_kept_for_the_next_time() {
    let site = Elsewhere::start(|_, path, _| match path {
        "/gone" => "404 Not Found".into(),
        "/down" => "500 Internal Server Error".into(),
        _ => "200 OK".into(),
    });
    let url = &site.url;
    let handbook = handbook(&format!("[a]({url}/here) [b]({url}/gone)\n"));
    let first = check(&handbook, "--format short").status(0);
    assert_eq!(site.asked(), ["GET /gone", "HEAD /gone", "HEAD /here"]);
    let second = check(&handbook, "--format short");
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(
        second.stderr,
        "Asked no other site; 2 known from before\nChecked 1 page in [TIME] and found 1 warning\n"
    );
    assert!(site.asked().is_empty());
    check(&handbook, "--fresh -q");
    assert_eq!(site.asked().len(), 3, "all is asked anew");

    // What is known is reported without a network, and nothing is said of what is not.
    let handbook = handbook.file("content/a.md", format!("[new]({url}/down)\n"));
    let ran = check(&handbook, "--offline --format short");
    assert_eq!(ran.stdout, first.stdout);
    assert_eq!(
        ran.stderr,
        "Asked no other site about 1 link; 2 known from before\nChecked 2 pages in [TIME] and found 1 warning\n"
    );
    assert!(site.asked().is_empty());

    // What could not be reached is asked again each time.
    check(&handbook, "-q");
    check(&handbook, "-q");
    assert_eq!(site.asked().iter().filter(|line| *line == "HEAD /down").count(), 2);

    // A kept answer that was damaged is none.
    let cache = std::fs::read_dir(handbook.path("cache")).unwrap().map(|entry| entry.unwrap().path());
    let file = cache.into_iter().find(|path| path.to_str().unwrap().contains("answers-")).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("/gone", "/gonE", 1).replace("/here", "/herE")).unwrap();
    check(&handbook, "-q");
    let asked = site.asked();
    assert!(asked.contains(&"GET /gone".to_string()) && asked.contains(&"HEAD /here".to_string()), "{asked:?}");
}

#[test]
fn private_hosts_ignored_links_and_examples_are_never_asked() {
    let site = Elsewhere::start(|_, _, _| "404 Not Found".into());
    let url = &site.url;
    let page = format!(
        "[a]({url}/a) [b](https://wiki.corp.acme.com/) [c](https://example.com/x) [d](https://a.test/) [e]({url}/skip/x)\n"
    );
    let handbook = Handbook::new().file("content/_index.md", &page).file(
        "site.toml",
        "[check]\nignore = [\"*/skip/*\"]\n[check.external]\nprivate = [\"corp.acme.com\", \"127.0.0.1\"]\nlocal = true\n",
    );
    check(&handbook, "--strict").status(0).stderr(expect![[r#"
        Checked 1 page in [TIME] and found no problems
    "#]]);
    // Without a word about it, nothing of one's own network is asked.
    let handbook = Handbook::new().file("content/_index.md", &page);
    let handbook = handbook.file("site.toml", "[check.external]\nprivate = [\"corp.acme.com\"]\n");
    check(&handbook, "--strict").status(0);
    assert!(site.asked().is_empty());
}

#[test]
fn only_check_asks_and_only_when_it_is_told_to() {
    let site = Elsewhere::start(|_, _, _| "404 Not Found".into());
    let handbook = handbook(&format!("[a]({}/agent)\n", site.url));
    handbook.run("build --strict -q").status(0);
    handbook.run("check --strict -q").status(0);
    handbook.run("check --offline").status(2);
    assert!(site.asked().is_empty());
    check(&handbook, "-q --strict").status(1);
    let asked = site.asked();
    let agent = asked.iter().find(|line| line.to_lowercase().starts_with("user-agent")).unwrap();
    assert!(agent.contains(concat!("handbook/", env!("CARGO_PKG_VERSION"), " (link check; +https://")), "{agent}");
}

#[test]
fn without_a_network_there_is_one_note() {
    // Ports that nobody listens at: each was free a moment ago.
    let ports: Vec<TcpListener> = (0..3).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let links = ports.iter().map(|port| format!("[x](http://{}/)\n", port.local_addr().unwrap()));
    let page: String = links.collect();
    drop(ports);
    let handbook = handbook(&page);
    check(&handbook, "--strict").status(0).stderr(expect![[r#"
        Asked other sites about 3 links
        note[external-unreachable]: none of the 3 other hosts that links lead to could be reached
        --> site.toml
         = help: is there a network? A proxy is taken from `HTTPS_PROXY` and `HTTP_PROXY`

        Checked 1 page in [TIME] and found no problems, 1 note
    "#]]);
}

#[test]
fn links_of_the_settings_are_checked_too() {
    let site = Elsewhere::start(|_, _, _| "404 Not Found".into());
    let url = &site.url;
    let settings = format!(
        "[theme]\nlogo = \"{url}/logo.png\"\nfooter = \"See [x]({url}/footer).\"\nsocial = [{{ title = \"Us\", url = \"{url}/us\" }}]\n\
         announcement.text = \"[n]({url}/news)\"\n[nav]\nmain = [{{ title = \"Jobs\", url = \"{url}/jobs\" }}]\n\
         [redirects]\n\"/old/\" = \"{url}/new\"\n[check.external]\nlocal = true\nper_second = 1000\n"
    );
    let handbook = Handbook::new().file("site.toml", &settings).file("content/_index.md", "# Home\n");
    reported(
        &check(&handbook, "--format short"),
        &site,
        expect![[r#"
        site.toml:2:8: warning[external-dead]: `http://SITE/logo.png` leads to nothing: it answers 404 (not found)
        site.toml:3:10: warning[external-dead]: `http://SITE/footer` leads to nothing: it answers 404 (not found)
        site.toml:4:33: warning[external-dead]: `http://SITE/us` leads to nothing: it answers 404 (not found)
        site.toml:5:21: warning[external-dead]: `http://SITE/news` leads to nothing: it answers 404 (not found)
        site.toml:7:33: warning[external-dead]: `http://SITE/jobs` leads to nothing: it answers 404 (not found)
        site.toml:9:11: warning[external-dead]: `http://SITE/new` leads to nothing: it answers 404 (not found)
    "#]],
    );
}

#[test]
fn a_dead_link_is_known_to_the_baseline_and_its_severity_is_the_owner_s() {
    let site = Elsewhere::start(|_, _, _| "404 Not Found".into());
    let handbook = handbook(&format!("[a]({}/x)\n", site.url));
    check(&handbook, "--deny external-dead -q").status(1);
    check(&handbook, "--allow external-dead -q --strict").status(0);
    check(&handbook, "--baseline known.txt --update-baseline -q").status(0);
    check(&handbook, "--baseline known.txt -q --strict").status(0);
}
