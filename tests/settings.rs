//! What the environment sets, what `handbook config`, `list` and `schema` say, and what shells and `man` get.

mod program;

use expect_test::expect;
use program::Handbook;

fn handbook() -> Handbook {
    Handbook::new()
        .file("site.toml", "title = \"Ours\"\n\n[markdown]\nmath = false\n")
        .file("content/_index.md", "---\ntitle: Home\n---\n\nThree short words.\n")
        .file(
            "content/leave.md",
            "---\ntitle: Leave, \"paid\"\nupdated: 2026-02-01\nowner: [Ida, Tor]\nreviewed: 2026-01-31\nreview_every: 6 months\n---\n\nTake it.\n",
        )
        .file("content/later.md", "---\ndraft: true\n---\n\nNot yet.\n")
}

#[test]
fn the_environment_counts_more_than_the_file() {
    let handbook = handbook();
    let variables = [("HANDBOOK_TITLE", "Theirs"), ("HANDBOOK_BASE_URL", "https://example.com/hb/")];
    handbook.run_with("build", &variables).status(0);
    let home = handbook.text("public/index.html");
    assert!(home.contains("Theirs") && home.contains("href=\"/hb/leave/\""), "{home}");
}

#[test]
fn the_command_line_counts_more_than_the_environment() {
    let handbook = handbook();
    handbook.run_with("build --base-url /other/", &[("HANDBOOK_BASE_URL", "/hb/")]).status(0);
    assert!(handbook.text("public/index.html").contains("href=\"/other/leave/\""));
}

#[test]
fn wrong_variables_are_errors() {
    handbook().run_with("build", &[("HANDBOOK_MARKDOWN_MATH", "true"), ("HANDBOOK_DRAFTS", "maybe")]).status(2).stderr(
        expect![[r#"
            error[config-value]: `drafts` must be `true` or `false`, found the text `maybe`
            --> HANDBOOK_DRAFTS
             = help: write `drafts = true` or `drafts = false`

            error[config-key]: there is no setting `markdown_math`
            --> HANDBOOK_MARKDOWN_MATH
             = help: write `HANDBOOK_MARKDOWN__MATH`, with two underscores below a table

            Nothing was written: 2 errors
        "#]],
    );
}

#[test]
fn links_in_variables_are_checked_too() {
    let nav = "[{ title = \"People\", url = \"/people/\" }]";
    let ran = handbook().run_with("build --format short", &[("HANDBOOK_NAV__MAIN", nav)]).status(0);
    let told = "HANDBOOK_NAV__MAIN: warning[nav-page]: the nav bar names `/people/`, and there is no such page";
    assert!(ran.stdout.lines().any(|line| line == told), "{}", ran.stdout);
}

#[test]
fn colour_is_as_the_reader_wants_it() {
    let handbook = handbook().file("content/_index.md", "[x](nowhere.md)\n");
    let has_colour = |variables: &[(&str, &str)]| handbook.run_with("build", variables).stderr.contains('\u{1b}');
    assert!(!has_colour(&[]));
    assert!(has_colour(&[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colour(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(has_colour(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", ""), ("CI", "true")]));
    assert!(!has_colour(&[("CLICOLOR", "0"), ("CI", "true")]));
}

#[test]
fn config_says_where_each_value_comes_from() {
    let handbook = handbook();
    let ran = handbook.run_with("config", &[("HANDBOOK_LANGUAGE", "de")]).status(0);
    let lines: Vec<&str> = ran.stdout.lines().take(6).collect();
    expect![[r#"
        title = "Ours"                                     # site.toml:1
        description = ""                                   # default
        base_url = ""                                      # default
        language = "de"                                    # HANDBOOK_LANGUAGE
        content = "content"                                # found
        output = "public"                                  # default"#]]
    .assert_eq(&lines.join("\n"));
    assert!(
        ran.stdout.lines().any(|line| line.starts_with("markdown.math = false ") && line.ends_with("# site.toml:4"))
    );
}

#[test]
fn what_config_prints_is_read_as_the_same_settings() {
    let handbook = handbook();
    let printed = handbook.run("config").status(0).stdout;
    let (config, problems) = handbook::project::config::read(&printed);
    assert_eq!(problems, []);
    assert_eq!((config.title.as_deref(), config.markdown.math), (Some("Ours"), false));
}

#[test]
fn config_speaks_json_too() {
    let ran = handbook().run_with("config --json", &[("HANDBOOK_LANGUAGE", "de")]).status(0);
    let lines: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| ["\"title\"", "\"language\"", "\"content\"", "\"cname\""].iter().any(|key| line.contains(key)))
        .collect();
    expect![[r#"
        {"key":"title","value":"Ours","variable":"HANDBOOK_TITLE","from":"site.toml","line":1}
        {"key":"language","value":"de","variable":"HANDBOOK_LANGUAGE","from":"environment"}
        {"key":"content","value":"content","variable":"HANDBOOK_CONTENT","from":"found"}
        {"key":"cname","value":null,"variable":"HANDBOOK_CNAME","from":"default"}"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn config_shows_what_is_wrong() {
    let ran = Handbook::new().file("site.toml", "titel = \"x\"\n").run("config").status(2);
    assert!(ran.stderr.starts_with("error[config-key]: there is no setting `titel`"), "{}", ran.stderr);
}

#[test]
fn list_is_a_table() {
    handbook().run("list").status(0).stdout(expect![[r#"
        URL        WORDS  UPDATED     TITLE
        /              3              Home
        /leave/        2  2026-02-01  Leave, "paid"
    "#]]);
}

#[test]
fn list_speaks_json_and_csv() {
    handbook().run("list --json --drafts").status(0).stdout(expect![[r#"
        {"url":"/","title":"Home","words":3,"file":"content/_index.md","date":null,"updated":null,"reviewed":null,"review_by":null,"owners":[],"tags":[],"draft":false}
        {"url":"/later/","title":"Later","words":2,"file":"content/later.md","date":null,"updated":null,"reviewed":null,"review_by":null,"owners":[],"tags":[],"draft":true}
        {"url":"/leave/","title":"Leave, \"paid\"","words":2,"file":"content/leave.md","date":null,"updated":"2026-02-01","reviewed":"2026-01-31","review_by":"2026-07-31","owners":["Ida","Tor"],"tags":[],"draft":false}
    "#]]);
    handbook().run("list --csv").status(0).stdout(expect![[r#"
        url,title,words,file,date,updated,reviewed,review_by,owners,tags,draft
        /,Home,3,content/_index.md,,,,,,,false
        /leave/,"Leave, ""paid""",2,content/leave.md,,2026-02-01,2026-01-31,2026-07-31,Ida; Tor,,false
    "#]]);
}

#[test]
fn schemas_are_json() {
    for (of, key) in [("site", "base_url"), ("page", "weight")] {
        let ran = Handbook::new().run(&format!("schema {of}")).status(0);
        let schema: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert!(schema["properties"][key].is_object(), "{schema}");
    }
}

#[test]
fn every_shell_gets_a_script_that_names_the_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = Handbook::new().run(&format!("completions {shell}")).status(0);
        assert!(ran.stdout.contains("render") && ran.stdout.contains("base-url"), "{shell}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let handbook = Handbook::new();
    assert!(handbook.run("man").status(0).stdout.contains(".TH handbook 1"));
    handbook.run("man --out man").status(0);
    let build = handbook.text("man/handbook-build.1");
    assert!(build.contains("handbook\\-build") && build.contains("\\-\\-strict"), "{build}");
}

#[test]
fn the_words_of_other_generators_are_understood() {
    let handbook = handbook();
    handbook.run("build --source . --baseURL /a/ --destination one").status(0);
    handbook.run("build -s . -u /a/ --dest-dir two").status(0);
    handbook.run("build --root . --base /a/ --output-dir three").status(0);
    handbook.run("build . -b /a/ -d four").status(0);
    let site = handbook.text("one/index.html");
    assert!(["two", "three", "four"].iter().all(|folder| handbook.text(&format!("{folder}/index.html")) == site));
}
