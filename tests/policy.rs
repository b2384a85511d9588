//! The Content-Security-Policy that the guide gives: it allows exactly what the default theme needs, and everything that a reader
//! can do works under it. Without a Chromium the second half says so and passes.

mod browser;
mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use browser::server::Server;
use browser::{Browser, Page};
use program::Handbook;
use serde_json::json;

/// The policy that the guide gives.
fn policy() -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/limits-and-trust.md");
    let text = fs::read_to_string(guide).unwrap();
    let block = text.split("```text\nContent-Security-Policy:").nth(1).expect("the guide gives a policy");
    block.split("```").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A handbook with every kind of page and everything that the theme has something inline for, and with what is added.
fn handbook(and: impl FnOnce(Handbook) -> Handbook) -> Handbook {
    let text = "---\ntitle: Leave\nreview_by: 2020-01-01\n---\n\n## Notice\n\nText[^1] with $x^2$ and <i class=\"fas fa-users\"></i>.\n\n\
                [^1]: Note.\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n```rust\nfn main() {}\n```\n\n- [x] done\n\n> [!TIP]\n> Tip\n\n\
                <details><summary>More</summary>\n\n### Hidden\n\n</details>\n\n\
                <iframe src=\"https://example.com/v\" width=\"16\" height=\"9\" title=\"Film\"></iframe>\n\n![Dot](dot.svg)\n\n\
                <div class=\"matrix\">\n\n| Area | One | Two |\n|---|---|---|\n| Scope | a | b |\n\n</div>\n\n## Last\n\nText.\n";
    let mut handbook = Handbook::new()
        .file(
            "site.toml",
            "title = \"Handbook\"\nbase_url = \"/\"\n[theme]\nfont = \"inter\"\nlogo = \"/dot.svg\"\n\
             social = [{ title = \"Code\", url = \"https://github.com/example\" }]\n\
             announcement = { text = \"Old *news*\", until = \"2020-01-01\" }\n[redirects]\n\"/old/\" = \"/people/leave/\"\n",
        )
        .file("content/_index.md", "# Handbook\n\nWelcome.\n")
        .file("content/people/_index.md", "# People\n")
        .file("content/people/leave.md", text)
        .file("content/people/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"2\"/>")
        .file("static/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"2\"/>");
    for folder in ["a", "b"] {
        for n in 0..3 {
            handbook = handbook.file(&format!("content/work/{folder}/p{n}.md"), format!("# Page {folder}{n}\n"));
        }
    }
    let handbook = and(handbook);
    handbook.run("build --quiet").status(0);
    handbook
}

/// The text of each element of this name in a page that has no `src`.
fn inline<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let parts = html.split(&*open).skip(1).filter_map(|part| part.split_once('>'));
    let own = parts.filter(|(attributes, _)| !attributes.contains("src="));
    own.filter_map(|(_, rest)| rest.split(&*close).next()).collect()
}

#[test]
fn the_policy_of_the_guide_names_what_is_inline_and_nothing_else() {
    let handbook = handbook(|handbook| handbook);
    let policy = policy();
    let of = |directive: &str| -> BTreeSet<String> {
        let found = policy.split(';').map(str::trim).find_map(|part| part.strip_prefix(&format!("{directive} ")));
        let sources = found.unwrap_or_else(|| panic!("{directive} is missing")).split(' ');
        sources.filter(|source| source.starts_with("'sha256-")).map(str::to_string).collect()
    };
    let (mut scripts, mut styles) = (BTreeSet::new(), BTreeSet::new());
    let pages: Vec<String> = handbook.files("public").into_iter().filter(|file| file.ends_with(".html")).collect();
    for wanted in
        ["404.html", "search/index.html", "old/index.html", "people/leave/index.html", "people/leave/two/index.html"]
    {
        assert!(pages.iter().any(|page| page == wanted), "{wanted}: {pages:?}");
    }
    for page in pages {
        let html = handbook.text(&format!("public/{page}"));
        assert!(!html.contains("unsafe") && !html.contains("javascript:"), "{page}");
        scripts.extend(inline(&html, "script").into_iter().map(source));
        styles.extend(inline(&html, "style").into_iter().map(source));
    }
    assert_eq!(of("script-src"), scripts, "put these into the guide");
    assert_eq!(of("style-src"), styles, "put these into the guide");
}

/// How a policy names what is inline.
fn source(text: &str) -> String {
    format!("'sha256-{}'", base64(&sha256(text.as_bytes())))
}

/// The first page of a browser, which notes in `refused` what a policy keeps out.
fn noting_page(browser: &mut Browser) -> Page<'_> {
    let mut page = browser.page();
    page.call(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": "window.refused = []; addEventListener('securitypolicyviolation', \
                 e => window.refused.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));" }),
    );
    page
}

fn served(folder: &Path, policy: String) -> Server {
    Server::start_with(folder, "/", Box::leak(policy.into_boxed_str()))
}

#[test]
fn everything_works_under_the_policy() {
    let Some(mut browser) = Browser::start() else { return };
    let handbook = handbook(|handbook| handbook);
    let server = served(&handbook.path("public"), policy());
    let mut page = noting_page(&mut browser);
    walk(&mut page, &server.url);
    page.goto(&format!("{}/old/#notice", server.url));
    page.wait_for("location.pathname === '/people/leave/' && location.hash === '#notice'");

    // What would be refused is noticed here.
    fs::write(handbook.path("public/evil.html"), EVIL).unwrap();
    page.goto(&format!("{}/evil.html", server.url));
    page.eval("document.querySelector('p').click()");
    assert_eq!(page.eval("[window.ran ?? 0, window.refused.length > 1]"), json!([0, true]));
}

/// What nobody wants on a page.
const EVIL: &str = "<script>window.ran = 1</script><p class=\"evil\" onclick=\"ran = 1\">x</p>";

#[test]
fn everything_works_under_the_policy_as_a_part_of_the_page() {
    let policy = policy();
    let (for_pages, for_headers) = policy.split_once("; frame-ancestors ").expect("it is the last directive");
    assert!(!for_headers.contains(';'), "{for_headers}");
    // As the guide says: the theme's own file, with a line more behind the first.
    let head = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/templates/partials/head.html");
    let head = fs::read_to_string(head).unwrap();
    let (charset, rest) = head.split_once('\n').unwrap();
    assert!(charset.contains("charset"), "the first line of the head is {charset:?}");
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{for_pages}\">");
    let handbook = handbook(|handbook| {
        let evil = format!("# Evil\n\n{EVIL}\n");
        let head = format!("{charset}\n{meta}\n{rest}");
        handbook.file("content/evil.md", evil).file("templates/partials/head.html", head)
    });
    let pages = handbook.files("public").into_iter().filter(|file| file.ends_with(".html"));
    for page in pages.filter(|page| !page.starts_with("old/") && !page.starts_with("assets/")) {
        assert!(handbook.text(&format!("public/{page}")).contains(&meta), "{page} has no policy");
    }
    let Some(mut browser) = Browser::start() else { return };
    let server = Server::start(&handbook.path("public"));
    let mut page = noting_page(&mut browser);
    walk(&mut page, &server.url);
    page.goto(&format!("{}/evil/", server.url));
    page.eval("document.querySelector('.evil').click()");
    assert_eq!(page.eval("[window.ran ?? 0, window.refused.length > 1]"), json!([0, true]));
}

/// A script that draws as Mermaid does: a module with a part that it loads when it draws, whose pictures bring a style of
/// their own. `MERMAID=dist/mermaid.esm.min.mjs` takes another one, such as Mermaid itself.
fn put_mermaid(folder: &Path) -> String {
    let Some(script) = std::env::var_os("MERMAID") else {
        let part = "export const svg = '<svg id=\"diagram-0\"><style>#diagram-0 { fill: rgb(1, 2, 3); }</style>\
                    <text style=\"font-size: 7px\">Drawn</text></svg>';";
        fs::write(folder.join("part.js"), part).unwrap();
        let module = "export default { initialize() {}, \
                      async render() { return { svg: (await import('./part.js')).svg }; } };";
        fs::write(folder.join("mermaid.js"), module).unwrap();
        return "mermaid.js".to_string();
    };
    let script = Path::new(&script);
    let mut folders = vec![script.parent().unwrap().to_path_buf()];
    while let Some(from) = folders.pop() {
        let to = folder.join(from.strip_prefix(script.parent().unwrap()).unwrap());
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
            match entry.is_dir() {
                true => folders.push(entry),
                false => drop(fs::copy(&entry, to.join(entry.file_name().unwrap())).unwrap()),
            }
        }
    }
    script.file_name().unwrap().to_str().unwrap().to_string()
}

#[test]
fn diagrams_are_drawn_where_the_policy_lets_their_script_in_and_are_text_elsewhere() {
    let Some(mut browser) = Browser::start() else { return };
    let elsewhere = tempfile::tempdir().unwrap();
    let script = put_mermaid(elsewhere.path());
    let host = Server::start(elsewhere.path());
    let handbook = handbook(|handbook| {
        let settings =
            format!("title = \"Handbook\"\nbase_url = \"/\"\n[markdown]\nmermaid = \"{}/{script}\"\n", host.url);
        let text = "# Diagram\n\n```mermaid\nflowchart LR\n  one --> two\n```\n";
        handbook.file("site.toml", settings).file("content/diagram.md", text)
    });
    let public = handbook.path("public");
    let strict = policy();
    let with_script = strict.replace("script-src 'self'", &format!("script-src 'self' {}", host.url));
    let style = strict.split(';').map(str::trim).find(|part| part.starts_with("style-src ")).unwrap();
    let with_both = with_script.replace(style, "style-src 'self' 'unsafe-inline'");
    assert!(with_script != strict && with_both != with_script, "{strict}");
    let mut page = noting_page(&mut browser);
    let text = "document.querySelector('pre.mermaid').textContent.trim()";

    // Without the script, readers have the text.
    let server = served(&public, strict);
    page.goto(&format!("{}/diagram/", server.url));
    page.wait_for("window.refused.length > 0");
    assert_eq!(page.eval("window.refused.every(line => line.startsWith('script-src'))"), true);
    assert_eq!(page.eval(text), "flowchart LR\n  one --> two");
    assert_eq!(host.asked(), [""; 0], "nobody asked for the script");

    // With the script alone, its pictures have no colours.
    let server = served(&public, with_script);
    page.goto(&format!("{}/diagram/", server.url));
    page.wait_for("document.querySelector('pre.mermaid[data-drawn] svg')");
    page.wait_for("window.refused.length > 0");
    assert_eq!(page.eval("window.refused.every(line => line.startsWith('style-src'))"), true);

    let server = served(&public, with_both);
    page.goto(&format!("{}/diagram/", server.url));
    page.wait_for("document.querySelector('pre.mermaid[data-drawn] svg style').sheet.cssRules.length > 0");
    assert_eq!(page.eval("window.refused"), json!([]), "with what the guide adds");
    if std::env::var_os("MERMAID").is_none() {
        assert_eq!(page.eval("getComputedStyle(document.querySelector('.mermaid text')).fill"), "rgb(1, 2, 3)");
    }
    page.goto(&format!("{}/people/leave/", server.url));
    assert_eq!(page.eval("window.refused"), json!([]), "a page without a diagram");
}

/// Does what readers do, on a server that has the handbook.
fn walk(page: &mut Page<'_>, url: &str) {
    let goto = |page: &mut Page<'_>, path: &str| page.goto(&format!("{url}{path}"));
    let nothing_refused =
        |page: &mut Page<'_>, what: &str| assert_eq!(page.eval("window.refused"), json!([]), "{what}");

    // The page of text: its inline scripts, its pictures, what scripts change on it.
    goto(page, "/people/leave/");
    page.wait_for("document.documentElement.classList.contains('js')");
    page.wait_for("document.querySelector('.announcement').hidden && document.querySelector('.overdue')");
    page.wait_for("[...document.images].every(image => image.complete || image.loading === 'lazy')");
    assert_eq!(page.eval("getComputedStyle(document.querySelector('td')).textAlign"), "center");
    let paper = page.eval("getComputedStyle(document.body).backgroundColor");
    page.click(".theme");
    page.click(".theme");
    assert_ne!(page.eval("getComputedStyle(document.body).backgroundColor"), paper, "the colours change");
    page.wait_for("document.querySelector('.codebox button')");
    page.click(".codebox button");
    page.eval("location.hash = '#hidden'");
    page.wait_for("document.querySelector('details').open");
    page.eval("document.querySelector('.compare input').click()");
    page.eval("document.querySelector('.embed').dataset.frame = '/people/'");
    page.click(".embed");
    page.wait_for("document.querySelector('iframe.embed')?.contentDocument?.querySelector('h1')");
    assert_eq!(page.eval("getComputedStyle(document.querySelector('iframe.embed')).aspectRatio"), "16 / 9");
    nothing_refused(page, "a page");

    // The tree, whose branches are fetched, and the menu of small screens.
    page.click(".side [aria-label='Pages below: Work']");
    page.wait_for("[...document.querySelectorAll('.side li li a')].some(a => a.textContent === 'B')");
    page.resize(400, 800);
    page.click(".menu");
    page.wait_for("document.querySelector('#_nav').matches(':popover-open')");
    page.press("Escape");
    page.resize(1440, 900);
    nothing_refused(page, "the tree");

    // The search: script, engine, style and index come from the site.
    page.press("/");
    page.wait_for("document.querySelector('#_search').open && document.querySelector('.within')");
    page.write("notice");
    page.wait_for("document.querySelector('#_hits [role=option] b')");
    nothing_refused(page, "the search");
    page.press("Enter");
    page.wait_for("location.search.includes('find=') || location.hash || document.readyState === 'complete'");
    nothing_refused(page, "a hit");

    // Printing a section, with another module and a style sheet of its own.
    goto(page, "/people/");
    page.eval("window.print = () => { window.printed = document.querySelectorAll('.booklet article').length; }");
    page.click("[data-print]");
    page.wait_for("window.printed > 1");
    nothing_refused(page, "printing");

    for path in ["/", "/search/", "/people/leave/two/", "/work/"] {
        goto(page, path);
        nothing_refused(page, path);
    }
    assert_eq!(page.eval("getComputedStyle(document.body).fontFamily.includes('Inter')"), true);
    goto(page, "/people/nowhere/");
    page.wait_for("!document.querySelector('.near').hidden");
    nothing_refused(page, "404");
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for part in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, n| bits << 8 | u32::from(part.get(n).copied().unwrap_or(0)));
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n)) as usize & 63] as char;
            out.push(if n <= part.len() { digit } else { '=' });
        }
    }
    out
}

/// FIPS 180-4, section 6.2. Its constants are the first bits of roots of primes, which are worked out here.
fn sha256(message: &[u8]) -> [u8; 32] {
    let primes: Vec<u128> = (2u128..).filter(|n| (2..*n).all(|d| n % d != 0)).take(64).collect();
    // The fraction of a root as 32 bits: the whole root of the prime shifted by as many bits as the root takes.
    let root = |n: u128, power: u32| -> u32 {
        let shifted = n << (32 * power);
        let (mut low, mut high) = (0u128, 1u128 << 40);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if middle.pow(power) <= shifted { low = middle } else { high = middle }
        }
        low as u32
    };
    let mut state: Vec<u32> = primes[..8].iter().map(|&n| root(n, 2)).collect();
    let constants: Vec<u32> = primes.iter().map(|&n| root(n, 3)).collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    let rest = (padded.len() + 8) % 64;
    padded.resize(padded.len() + (64 - rest) % 64, 0);
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut words: Vec<u32> = block.chunks(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect();
        for n in 16..64 {
            let (a, b) = (words[n - 15], words[n - 2]);
            let a = a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3;
            let b = b.rotate_right(17) ^ b.rotate_right(19) ^ b >> 10;
            words.push(words[n - 16].wrapping_add(a).wrapping_add(words[n - 7]).wrapping_add(b));
        }
        let mut s = state.clone();
        for n in 0..64 {
            let e = s[4].rotate_right(6) ^ s[4].rotate_right(11) ^ s[4].rotate_right(25);
            let choice = s[4] & s[5] ^ !s[4] & s[6];
            let first = s[7].wrapping_add(e).wrapping_add(choice).wrapping_add(constants[n]).wrapping_add(words[n]);
            let a = s[0].rotate_right(2) ^ s[0].rotate_right(13) ^ s[0].rotate_right(22);
            let majority = s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2];
            s.rotate_right(1);
            s[4] = s[4].wrapping_add(first);
            s[0] = first.wrapping_add(a).wrapping_add(majority);
        }
        for (sum, word) in state.iter_mut().zip(s) {
            *sum = sum.wrapping_add(word);
        }
    }
    let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.try_into().unwrap()
}

#[test]
fn the_hash_is_that_of_the_standard() {
    assert_eq!(base64(&sha256(b"abc")), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    assert_eq!(base64(&sha256(b"")), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    for n in [55, 56, 57, 63, 64, 65, 119, 120] {
        assert_eq!(base64(&sha256(&vec![b'a'; n])).len(), 44);
    }
}
