//! The search of a site: what is found and in which order, what is left out, and that whoever reads the published files
//! finds the same.

mod program;

use std::fs;

use expect_test::expect;
use handbook::search::{self, Files};
use program::Handbook;

fn handbook() -> Handbook {
    Handbook::new()
        .file(
            "site.toml",
            "base_url = \"/base/\"\n[search]\nsynonyms = [[\"holiday\", \"time off\"]]\nexclude = [\"/archive/\"]\n\
             [search.acronyms]\nDRI = \"directly responsible individual\"\n",
        )
        .file("content/_index.md", "---\ntitle: Handbook\n---\nHow we work, and the salaries of all.\n")
        .file(
            "content/people/leave.md",
            "---\ntitle: Parental leave\ndescription: When a child arrives\naliases: [/old/baby-break/]\n---\n\
             Sixteen weeks for every parent.\n\n## How to ask for it\n\nTell your manager three months ahead.\n\n\
             ## Pay\n\nYour salary goes on.\n",
        )
        .file(
            "content/people/time-off.md",
            "---\ntitle: Time off\ntags: [vacation]\n---\nTake at least twenty-five days.\n\n## Sick days\n\nStay at home.\n",
        )
        .file(
            "content/engineering.md",
            "---\ntitle: Engineering\nkeywords: [developers]\n---\nRun `deployService` or `roll_back`.\n\n\
             ## Directly responsible individual\n\nOne person decides.\n",
        )
        .file("content/ja.md", "---\ntitle: 休暇制度\nlang: ja\n---\n年次有給休暇は二十日です。\n\n## 申請の方法\n\n上長に連絡します。\n")
        .file("content/old.md", "---\ntitle: Old salaries\ndraft: true\n---\nSalaries.\n")
        .file("content/secret.md", "---\ntitle: Salaries apart\nnoindex: true\n---\nSalaries.\n")
        .file("content/hidden.md", "---\ntitle: Hidden salaries\nsearch: false\n---\nSalaries.\n")
        .file("content/archive/2019.md", "---\ntitle: Salaries of 2019\n---\nSalaries.\n")
        .file("content/gone.md", "---\ntitle: Salaries gone\nredirect_to: /people/leave/\n---\nSalaries.\n")
        .file("content/404.md", "---\ntitle: No salaries here\nurl: /404.html\n---\nSalaries.\n")
}

/// The queries, each with the addresses found.
fn found(handbook: &Handbook, queries: &[&str]) -> String {
    fs::write(handbook.path("queries.txt"), queries.join("\n")).unwrap();
    let ran = handbook.run("search --queries queries.txt");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let lists = ran.stdout.lines().map(|line| {
        let list: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
        list.iter().map(|found| found["url"].as_str().unwrap().to_string()).collect::<Vec<_>>().join(" ")
    });
    let lists: Vec<String> = lists.collect();
    assert_eq!(lists.len(), queries.len(), "one list a line");
    queries.iter().zip(lists).map(|(query, list)| format!("{query}: {list}\n")).collect()
}

#[test]
fn the_right_section_is_found() {
    let queries = [
        "Parental leave",
        "parental",
        "parnetal leave",
        "tell your manager",
        "asking for it",
        "pay",
        "baby break",
        "child arrives",
        "developer",
        "sick",
        "nothing-of-the-kind",
        "",
        "?!",
    ];
    expect![[r#"
        Parental leave: /base/people/leave/
        parental: /base/people/leave/
        parnetal leave: /base/people/leave/
        tell your manager: /base/people/leave/#how-to-ask-for-it
        asking for it: /base/people/leave/#how-to-ask-for-it
        pay: /base/people/leave/#pay
        baby break: /base/people/leave/
        child arrives: /base/people/leave/
        developer: /base/engineering/
        sick: /base/people/time-off/#sick-days
        nothing-of-the-kind: /base/
        : 
        ?!: 
    "#]]
    .assert_eq(&found(&handbook(), &queries));
}

#[test]
fn words_of_code_synonyms_and_acronyms_are_found() {
    let queries = ["deployservice", "deploy service", "service ", "roll_back", "holiday", "dri", "vacation"];
    expect![[r#"
        deployservice: /base/engineering/
        deploy service: /base/engineering/
        service : /base/engineering/
        roll_back: /base/engineering/
        holiday: /base/people/time-off/
        dri: /base/engineering/#directly-responsible-individual
        vacation: /base/people/time-off/
    "#]]
    .assert_eq(&found(&handbook(), &queries));
}

#[test]
fn words_without_spaces_are_found() {
    let queries = ["休暇", "有給休暇", "休", "申請の方法", "連絡します", "給休", "暇休"];
    expect![[r#"
        休暇: /base/ja/
        有給休暇: /base/ja/
        休: /base/ja/
        申請の方法: /base/ja/#申請の方法
        連絡します: /base/ja/#申請の方法
        給休: /base/ja/
        暇休: 
    "#]]
    .assert_eq(&found(&handbook(), &queries));
}

#[test]
fn what_is_not_for_readers_is_left_out() {
    expect![[r#"
        salaries: /base/ /base/people/leave/#pay
    "#]]
    .assert_eq(&found(&handbook(), &["salaries"]));
}

#[test]
fn results_are_printed_for_people_and_for_programs() {
    let handbook = handbook();
    handbook
        .run("search parental leave")
        .status(0)
        .stdout(expect![[r#"
        Parental leave
            /base/people/leave/
    "#]])
        .stderr(expect![[r#""#]]);
    handbook
        .run("search --format json pay")
        .status(0)
        .stdout(expect![[r#"
            [{"url":"/base/people/leave/#pay","title":"Parental leave","heading":"Pay","score":8.3516}]
        "#]])
        .stderr(expect![[r#""#]]);
    handbook
        .run("search -n 1 days")
        .status(0)
        .stdout(expect![[r#"
            Time off
                /base/people/time-off/#sick-days  Sick days
        "#]])
        .stderr(expect![[r#""#]]);
    handbook
        .run("search laeve")
        .status(0)
        .stdout(expect![[r#"
        Parental leave
            /base/people/leave/
    "#]])
        .stderr(expect![[r#"
        `laeve` is not there as typed; these are for `leave`
    "#]]);
    handbook.run("search zzzzzz").status(0).stdout(expect![[r#""#]]).stderr(expect![[r#"
        Nothing found for `zzzzzz`
    "#]]);
    handbook.run("search --root nowhere pay").status(2).stderr(expect![[r#"
        error: there is no folder `nowhere`
    "#]]);
    handbook.run("search --queries nowhere.txt").status(2).stderr(expect![[r#"
        error: there is no file `nowhere.txt`
    "#]]);
    handbook.run("search").status(2);
}

#[test]
fn the_published_files_answer_as_the_command_does() {
    let handbook = handbook();
    handbook.run("build").status(0);
    let folder = handbook.path("public/assets/search");
    let files = Files::open(|name| fs::read(folder.join(name)).ok()).unwrap();
    let head = folder.join(&files.manifest.id).join("head.bin");
    assert_eq!(fs::read(head).unwrap()[..2], [0x78, 0xda], "published files are packed at their best");
    for query in ["parental leave", "manager", "days", "休暇制度", "holiday"] {
        let results = search::search(&files, query, 10);
        let urls: Vec<String> = results.pages.iter().map(|page| format!("/base/{}", page.best.url)).collect();
        assert!(!urls.is_empty(), "{query}");
        assert_eq!(found(&handbook, &[query]), format!("{query}: {}\n", urls.join(" ")));
    }
}

#[test]
fn files_are_named_by_what_is_in_them() {
    let handbook = handbook();
    let names = |handbook: &Handbook| -> Vec<String> {
        handbook.run("build").status(0);
        let folder = handbook.path("public/assets/search");
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let first = names(&handbook);
    assert_eq!(first.len(), 2, "the manifest and one folder: {first:?}");
    assert_eq!(names(&handbook), first);
    // What search does not show changes nothing.
    let handbook = handbook.file("content/hidden.md", "---\ntitle: Other\nsearch: false\n---\nOther.\n");
    assert_eq!(names(&handbook), first);
    let handbook = handbook.file("content/people/leave.md", "---\ntitle: Parental leave\n---\nEighteen weeks.\n");
    assert_ne!(names(&handbook), first);
}

#[test]
fn a_site_of_one_empty_page_has_an_index() {
    let handbook = Handbook::new().file("content/_index.md", "");
    assert_eq!(found(&handbook, &["home", "x"]), "home: /\nx: \n");
    let handbook = Handbook::new().file("content/_index.md", "---\nsearch: false\n---\n");
    assert_eq!(found(&handbook, &["home"]), "home: \n");
}

#[test]
fn a_word_that_is_too_long_is_no_word_of_a_synonym_either() {
    let (long, longest) = ("x".repeat(65), "ж".repeat(64));
    let handbook = Handbook::new()
        .file("site.toml", "[search]\nsynonyms = [[\"holiday\", \"time off\"]]\n")
        .file("content/a.md", format!("---\ntitle: A\n---\nThe key is {long} or {longest}.\n"));
    assert_eq!(found(&handbook, &["key", &longest]), format!("key: /a/\n{longest}: /a/\n"));
    handbook.run("build").status(0);
}

#[test]
fn results_lead_to_the_anchors_that_pages_have() {
    let odd = "---\ntitle: Odd\n---\n## Walrus {#50%-off}\n\nText.\n\n## Ο ΛΟΓΟΣ ΜΑΣ\n\nText.\n";
    let handbook = Handbook::new().file("content/odd.md", odd);
    assert_eq!(found(&handbook, &["walrus", "λογος"]), "walrus: /odd/#50%25-off\nλογος: /odd/#ο-λογοσ-μασ\n");
    // Headings can be without ids; results then lead to the page.
    let handbook = Handbook::new()
        .file("site.toml", "[markdown]\ndialect = \"kramdown\"\n[markdown.kramdown]\nauto_ids = false\n")
        .file("content/plain.md", "---\ntitle: Plain\n---\nText.\n\n## Walrus\n\nText.\n\n## Seal {#seals}\n\nText.\n");
    assert_eq!(found(&handbook, &["walrus", "seal"]), "walrus: /plain/\nseal: /plain/#seals\n");
}

#[test]
fn only_whole_folders_are_left_out() {
    let handbook = Handbook::new()
        .file("site.toml", "[search]\nexclude = [\"/team\", \"/old/\", \"/one/page/\"]\n")
        .file("content/team/a.md", "---\ntitle: A\n---\nWalrus.\n")
        .file("content/teams/b.md", "---\ntitle: B\n---\nWalrus.\n")
        .file("content/old/c.md", "---\ntitle: C\n---\nWalrus.\n")
        .file("content/older.md", "---\ntitle: D\n---\nWalrus.\n")
        .file("content/one/page.md", "---\ntitle: E\n---\nWalrus.\n")
        .file("content/one/pages.md", "---\ntitle: F\n---\nWalrus.\n");
    assert_eq!(found(&handbook, &["walrus"]), "walrus: /older/ /one/pages/ /teams/b/\n");
}

#[test]
fn settings_that_cannot_be_read_are_told() {
    let handbook = Handbook::new().file("content/_index.md", "x").file(
        "site.toml",
        "[search]\nsynonyms = [\"a\", [\"b\"], [\"c\", 1]]\nexclude = [\"archive/\"]\nboost = 2\n[search.acronyms]\nX = true\n",
    );
    handbook.run("build --format short").status(2).stdout(expect![[r#"
        site.toml:2:13: error[config-value]: `search.synonyms` must be a list of lists of words, found the text `a`
        site.toml:2:18: error[config-value]: a group of synonyms needs at least two words
        site.toml:3:12: error[config-value]: `archive/` in `search.exclude` is not a path from the site's root
        site.toml:4:1: error[config-key]: there is no setting `boost` in `[search]`
        site.toml:6:5: error[config-value]: `search.acronyms.X` must be text or a list of texts, found `true`
    "#]]);
    let handbook = Handbook::new().file("content/_index.md", "---\nsearch_boost: 20\nsearch: maybe\n---\nx");
    handbook.run("build --format short").stdout(expect![[r#"
        content/_index.md:2:15: error[front-matter-value]: `search_boost` must be a number from 0.1 to 10, found the number `20`
        content/_index.md:3:9: error[front-matter-value]: `search` must be `true` or `false`, found the text `maybe`
    "#]]);
}
