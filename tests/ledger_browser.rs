//! Whoever follows an old link arrives, in a real browser. Skipped, with the reason printed, where there is none.

mod browser;
mod program;

use std::fs;

use browser::Browser;
use browser::server::Server;
use program::Handbook;

/// Text of its own for each section, so that it can be told from the others.
fn text(about: &str) -> String {
    (0..40).map(|n| format!("The {n}th thing to say about {about} is what {about} means for you. ")).collect()
}

fn sections(names: &[&str]) -> String {
    let section = |name: &&str| format!("## {name}\n\n{}\n\n{}\n\n", text(name), "Filler.\n\n".repeat(20));
    names.iter().map(section).collect()
}

fn page(title: &str, names: &[&str]) -> String {
    format!("---\ntitle: {title}\n---\n\n{}\n\n{}", text(title), sections(names))
}

#[test]
fn every_old_address_lands() {
    let Some(mut browser) = Browser::start() else { return };
    let handbook = Handbook::new()
        .file("content/_index.md", "---\ntitle: Home\n---\nWelcome.\n")
        .file("content/people/_index.md", page("People", &[]))
        .file("content/people/leave.md", page("Leave", &["Notice", "Sick leave"]))
        .file("content/people/pay.md", page("Pay", &["Bonus", "Day"]))
        .file("content/people/perks.md", page("Perks", &["Gym"]))
        .file("content/people/travel.md", page("Travel", &["Trains"]))
        .file("content/people/work.md", page("Work", &["Office", "Remote"]))
        .file("content/team/rules.md", page("Rules", &["First"]))
        .file("content/team/people.md", page("Colleagues", &[]));
    handbook.run("check --record -q").status(0);

    // A page is renamed, a heading reworded, a page deleted, a folder moved, a slug changed, and a page split in two.
    let file = |path: &str| handbook.path(&format!("content/{path}"));
    fs::rename(file("people/leave.md"), file("people/time-off.md")).unwrap();
    fs::write(file("people/pay.md"), page("Pay", &["Bonus", "Day"]).replace("## Bonus", "## Extra money")).unwrap();
    fs::remove_file(file("people/perks.md")).unwrap();
    fs::create_dir(file("company")).unwrap();
    fs::rename(file("team"), file("company/crew")).unwrap();
    let travel = fs::read_to_string(file("people/travel.md")).unwrap();
    fs::write(file("people/travel.md"), travel.replace("title: Travel\n", "title: Travel\nslug: trips\n")).unwrap();
    fs::write(file("people/work.md"), page("Work", &["Office"])).unwrap();
    fs::write(file("people/remote.md"), page("From home", &["Remote"])).unwrap();

    handbook.run("check -q").status(1);
    handbook.run("check --fix -q").status(0);
    handbook.run("build -q").status(0);
    let server = Server::start(&handbook.path("public"));
    let mut page = browser.page();
    let lands = [
        ("/people/leave/", "/people/time-off/", ""),
        ("/people/leave/#notice", "/people/time-off/#notice", "Notice"),
        ("/people/leave/#sick-leave", "/people/time-off/#sick-leave", "Sick leave"),
        ("/people/pay/#bonus", "/people/pay/#bonus", "Extra money"),
        ("/people/pay/#day", "/people/pay/#day", "Day"),
        ("/people/perks/", "/people/", ""),
        ("/people/travel/", "/people/trips/", ""),
        ("/people/travel/#trains", "/people/trips/#trains", "Trains"),
        ("/people/work/#office", "/people/work/#office", "Office"),
        ("/people/work/#remote", "/people/remote/#remote", "Remote"),
        ("/team/", "/company/crew/", ""),
        ("/team/rules/#first", "/company/crew/rules/#first", "First"),
        ("/team/people/", "/company/crew/people/", ""),
    ];
    for (old, new, heading) in lands {
        page.goto("about:blank");
        page.goto(&format!("{}{old}", server.url));
        page.wait_for(&format!("location.pathname + location.hash == '{new}' && document.readyState == 'complete'"));
        assert!(page.eval("document.querySelector('main, .content') !== null").as_bool().unwrap(), "{old}");
        if heading.is_empty() {
            continue;
        }
        // The place is in sight, and it is the heading's.
        let place = "document.getElementById(decodeURIComponent(location.hash.slice(1)))";
        page.wait_for(&format!("(y => y >= 0 && y < innerHeight / 2)({place}.getBoundingClientRect().top)"));
        let found = page.eval(&format!("{place}.closest('h2').textContent"));
        assert_eq!(found.as_str(), Some(heading), "{old}");
    }
    // What was on the deleted page is answered by the page above, from its top.
    page.goto("about:blank");
    page.goto(&format!("{}/people/perks/#gym", server.url));
    page.wait_for("location.pathname == '/people/' && scrollY == 0");

    // Without scripts, a note says where a section went, and nobody else sees it.
    page.scripts(false);
    page.goto(&format!("{}/people/work/#remote", server.url));
    let shown = "getComputedStyle(document.getElementById('remote')).display";
    assert_eq!(page.eval(shown).as_str(), Some("block"));
    page.goto(&format!("{}/people/work/", server.url));
    assert_eq!(page.eval(shown).as_str(), Some("none"));
}
