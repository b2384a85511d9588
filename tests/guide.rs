//! The guide in `content/` names everything that a user can write or be told.
//!
//! It compares names only. What the guide says about them is for people to check.

use std::path::Path;

use clap::CommandFactory;
use handbook::cli::Cli;
use handbook::diagnostic::Code;
use handbook::project::keys::KEYS;
use handbook::source::front_matter::FIELDS;

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide").join(name);
    std::fs::read_to_string(&path).expect("the guide has this page")
}

/// The code spans in the first cell of every table row, each with the heading that it stands below.
fn names_in_tables(text: &str) -> Vec<(&str, &str)> {
    let mut heading = "";
    let mut names = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title;
        } else if let Some(row) = line.strip_prefix('|') {
            let cell = row.split('|').next().unwrap_or_default();
            names.extend(cell.split('`').skip(1).step_by(2).map(|name| (heading, name)));
        }
    }
    names
}

#[test]
fn every_setting_has_a_row_below_its_table_s_heading() {
    let text = page("configuration.md");
    let rows = names_in_tables(&text);
    let is_explained = |key: &str| {
        rows.iter().any(|&(heading, name)| {
            let rest = key.strip_prefix(heading).and_then(|rest| rest.strip_prefix('.'));
            name == key || rest == Some(name)
        })
    };
    let missing: Vec<&str> = KEYS.iter().map(|key| key.name).filter(|key| !is_explained(key)).collect();
    assert!(missing.is_empty(), "configuration.md has no row for {missing:?}");
}

#[test]
fn every_front_matter_field_and_synonym_is_explained() {
    let text = page("front-matter.md");
    let is_explained = |name: &str| {
        let starts_span = |span: &str| span == name || span.starts_with(&format!("{name}: "));
        text.split('`').skip(1).step_by(2).any(starts_span) || text.contains(&format!("\n{name}: "))
    };
    let names = FIELDS.iter().flat_map(|field| std::iter::once(&field.name).chain(field.synonyms));
    let missing: Vec<&str> = names.copied().filter(|name| !is_explained(name)).collect();
    assert!(missing.is_empty(), "front-matter.md says nothing about {missing:?}");
}

/// The names of a struct's fields.
fn fields<'a>(source: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (_, body) = source.split_once(&format!("pub struct {name} {{")).expect("the struct is in this file");
    let (body, _) = body.split_once("\n}").expect("the struct ends");
    body.lines().filter_map(|line| Some(line.trim().strip_prefix("pub ")?.split_once(':')?.0))
}

#[test]
fn every_value_that_templates_get_is_explained() {
    let text = page("themes.md");
    let context = include_str!("../src/render/context.rs");
    let nav = include_str!("../src/render/nav_view.rs");
    let structs = [
        (context, "SiteContext", "site"),
        (context, "PageContext", "page"),
        (context, "FeaturesContext", "features"),
        (context, "AssetsContext", "assets"),
        (nav, "NavContext", "nav"),
    ];
    for (source, name, variable) in structs {
        for field in fields(source, name) {
            assert!(text.contains(&format!("`{variable}.{field}`")), "themes.md does not explain `{variable}.{field}`");
        }
    }
}

#[test]
fn every_field_of_an_entry_in_a_list_is_explained() {
    let text = page("themes.md");
    let context = include_str!("../src/render/context.rs");
    let nav = include_str!("../src/render/nav_view.rs");
    let structs =
        [(context, "TocEntry"), (context, "RedirectContext"), (nav, "NavLink"), (nav, "NavItem"), (nav, "NavCard")];
    for (source, name) in structs {
        for field in fields(source, name) {
            assert!(text.contains(&format!("`{field}`")), "themes.md does not explain `{field}` of {name}");
        }
    }
}

#[test]
fn every_command_has_a_section_with_all_its_options() {
    let text = page("command-line.md");
    let mut cli = Cli::command();
    cli.build();
    for command in cli.get_subcommands() {
        let name = command.get_name();
        let (_, section) = text
            .split_once(&format!("\n## {name}\n"))
            .unwrap_or_else(|| panic!("command-line.md has no section `## {name}`"));
        let section = section.split("\n## ").next().unwrap_or_default();
        for option in command
            .get_opts()
            .filter(|option| !option.is_hide_set())
            .filter_map(|option| option.get_long())
            .filter(|&option| option != "help")
        {
            assert!(section.contains(&format!("`--{option}")), "command-line.md does not explain `{name} --{option}`");
        }
    }
}

#[test]
fn every_code_has_a_section_that_begins_with_its_severity() {
    let text = page("messages.md");
    for code in Code::ALL {
        let (_, section) = text
            .split_once(&format!("\n### {code}\n\n"))
            .unwrap_or_else(|| panic!("messages.md has no section `### {code}`"));
        let said = section.split(['*', '.']).nth(1).unwrap_or_default().to_lowercase();
        assert_eq!(said, code.severity().name(), "the severity of `{code}`");
    }
}

#[test]
fn every_explained_code_exists() {
    let text = page("messages.md");
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    for name in text.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(known.contains(&name), "messages.md explains `{name}`, which is no code");
    }
}
