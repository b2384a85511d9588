//! The guide in `content/` names everything that a user can write or be told.
//!
//! It compares names only. What the guide says about them is for people to check.

use std::path::Path;

use clap::{Arg, Command, CommandFactory};
use handbook::cli::Cli;
use handbook::diagnostic::{Code, Severity};
use handbook::project::environment;
use handbook::project::keys::KEYS;
use handbook::project::schema;
use handbook::publish::HOMEPAGE;
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

/// The command line, with all that clap makes of it.
fn cli() -> Command {
    let mut cli = Cli::command();
    cli.build();
    cli
}

/// A command and those below it: `publish`, `publish github-pages`.
fn with_those_below(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().flat_map(with_those_below);
    std::iter::once(command).chain(below).collect()
}

fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    let options = with_those_below(command).into_iter().flat_map(Command::get_arguments);
    options.filter(|option| !option.is_positional() && !matches!(option.get_id().as_str(), "help" | "version"))
}

/// The section of a command in the page about the command line.
fn section<'t>(text: &'t str, name: &str) -> &'t str {
    let (_, section) = text
        .split_once(&format!("\n## {name}\n"))
        .unwrap_or_else(|| panic!("command-line.md has no section `## {name}`"));
    section.split("\n## ").next().unwrap_or_default()
}

#[test]
fn every_word_of_the_theme_is_listed_as_it_is_in_english() {
    let text = page("themes.md");
    for line in include_str!("../src/words/en.txt").lines().filter_map(|line| line.split_once(" = ")) {
        let row = format!("| `{}` | {} |", line.0, line.1);
        assert!(text.contains(&row), "themes.md has no row {row}");
    }
}

#[test]
fn every_command_has_a_section_with_all_its_options() {
    let text = page("command-line.md");
    for command in cli().get_subcommands() {
        let name = command.get_name();
        let section = section(&text, name);
        let (list, _) = text.split_once("\n## ").unwrap();
        assert!(list.contains(&format!("\nhandbook {name}")), "the list of commands does not have `{name}`");
        for option in options(command).filter(|option| !option.is_hide_set()).filter_map(Arg::get_long) {
            assert!(section.contains(&format!("`--{option}")), "command-line.md does not explain `{name} --{option}`");
        }
        for alias in command.get_visible_aliases() {
            assert!(
                section.contains(&format!("`handbook {alias}`")),
                "command-line.md does not say `handbook {alias}`"
            );
        }
    }
}

#[test]
fn every_explained_option_exists() {
    let text = page("command-line.md");
    for command in cli().get_subcommands() {
        let known: Vec<String> = options(command).flat_map(spellings).collect();
        let terms = section(&text, command.get_name()).lines().filter(|line| line.starts_with("`-"));
        for term in terms.flat_map(|line| line.split('`').skip(1).step_by(2)) {
            let option = term.split([' ', '=']).next().unwrap().to_string();
            assert!(known.contains(&option), "`{} {option}` is explained and does not exist", command.get_name());
        }
    }
}

#[test]
fn every_command_of_the_guide_exists() {
    let text = page("command-line.md");
    let cli = cli();
    let known: Vec<&str> = cli.get_subcommands().map(Command::get_name).collect();
    let headings = text.lines().filter_map(|line| line.strip_prefix("## "));
    for name in headings.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())) {
        assert!(known.contains(&name), "command-line.md has a section about `{name}`, which is no command");
    }
}

/// All ways to write an option: with its other names.
fn spellings(option: &Arg) -> Vec<String> {
    let long = option.get_long().into_iter().chain(option.get_all_aliases().unwrap_or_default());
    let short = option.get_short().into_iter().chain(option.get_all_short_aliases().unwrap_or_default());
    long.map(|name| format!("--{name}")).chain(short.map(|name| format!("-{name}"))).collect()
}

#[test]
fn every_other_name_of_an_option_is_explained_and_exists() {
    let text = page("command-line.md");
    let cli = cli();
    let all: Vec<&Arg> = cli.get_subcommands().flat_map(options).collect();
    for spelling in all.iter().flat_map(|option| spellings(option)) {
        let is_named = ["`", " ", ","].iter().any(|end| text.contains(&format!("`{spelling}{end}")));
        assert!(is_named, "command-line.md does not name `{spelling}`");
    }
    let known: Vec<String> = all.iter().flat_map(|option| spellings(option)).collect();
    for name in section(&text, "Names from other generators").split('`').skip(1).step_by(2) {
        assert!(!name.starts_with('-') || known.iter().any(|known| known == name), "`{name}` does not exist");
    }
}

/// Every Markdown file of the guide, and the README, with its name.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md")];
    let mut open = vec![root.join("content/guide")];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    let read = |file: std::path::PathBuf| {
        (file.strip_prefix(root).unwrap().display().to_string(), std::fs::read_to_string(&file).unwrap())
    };
    files.into_iter().map(read).collect()
}

/// The words of a line for a shell, as far as its first redirection, pipe or comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut is_word = false;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.push(c),
            (None, '"' | '\'') => (quote, is_word) = (Some(c), true),
            (None, '|' | '>' | '<' | '&' | ';') => break,
            (None, '#') if word.is_empty() => break,
            (None, c) if c.is_whitespace() => {
                if is_word || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                is_word = false;
            }
            (None, c) => word.push(c),
        }
    }
    if is_word || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Every command in code, as its words.
fn commands(text: &str) -> Vec<Vec<String>> {
    let fenced = text.split("```").skip(1).step_by(2).filter(|block| !block.starts_with("text")).flat_map(str::lines);
    let lines = fenced.map(|line| line.trim().trim_start_matches("$ ").trim_start_matches("- "));
    let spans = text.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let all = lines.chain(spans).map(|line| {
        // Variables may stand before it.
        match line.find("handbook ") {
            Some(at) if line[..at].starts_with("HANDBOOK_") => &line[at..],
            _ => line,
        }
    });
    let all = all.filter(|line| line.starts_with("handbook ") && !line.contains(['[', '…', '→', '│']));
    // A word in capitals stands for something.
    let is_template = |word: &String| word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    all.map(words).filter(|words| words.len() > 1 && !words.iter().any(is_template)).collect()
}

#[test]
fn every_command_in_code_is_understood() {
    let mut n_commands = 0;
    for (file, text) in pages() {
        for words in commands(&text) {
            // What a build server fills in.
            let words: Vec<String> = words.iter().map(|word| word.replace("$CI_PAGES_URL", "")).collect();
            n_commands += 1;
            let Err(error) = Cli::command().try_get_matches_from(&words) else { continue };
            use clap::error::ErrorKind::{
                DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion, MissingRequiredArgument,
            };
            let is_fine =
                [DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion, MissingRequiredArgument]
                    .contains(&error.kind());
            assert!(is_fine, "{file}: `{}`: {error}", words.join(" "));
        }
    }
    assert!(n_commands > 40, "only {n_commands} commands were found");
}

/// The tables of a page whose first column has this name: each row's cells.
fn rows<'t>(text: &'t str, first: &str) -> Vec<(&'t str, Vec<&'t str>)> {
    let (mut heading, mut is_inside, mut rows) = ("", false, Vec::new());
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title;
        }
        let Some(row) = line.strip_prefix('|') else {
            is_inside = false;
            continue;
        };
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        match is_inside {
            false => is_inside = cells[0] == first,
            true if cells[0].starts_with(['-', ':']) => {}
            true => rows.push((heading, cells)),
        }
    }
    rows
}

fn spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_explained_setting_exists() {
    let text = page("configuration.md");
    let rows = rows(&text, "Key");
    assert!(rows.len() > 30);
    for (heading, cells) in rows {
        for name in spans(cells[0]) {
            let whole = format!("{heading}.{name}");
            let is_known = KEYS.iter().any(|key| key.name == name || key.name == whole);
            assert!(is_known, "configuration.md explains `{name}` below `{heading}`, and there is no such key");
        }
    }
}

#[test]
fn every_explained_field_exists() {
    let text = page("front-matter.md");
    let known = |name: &str| FIELDS.iter().any(|field| field.name == name || field.synonyms.contains(&name));
    let rows = rows(&text, "Field");
    assert!(rows.len() > 20);
    for (_, cells) in rows {
        for name in spans(cells[0]).chain(spans(cells[1])) {
            let name = name.split(':').next().unwrap();
            assert!(known(name), "front-matter.md explains `{name}`, and there is no such field");
        }
    }
}

#[test]
fn every_explained_value_of_templates_exists() {
    let text = page("themes.md");
    let context = include_str!("../src/render/context.rs");
    let nav = include_str!("../src/render/nav_view.rs");
    let all = [
        (context, "SiteContext", "site"),
        (context, "PageContext", "page"),
        (context, "FeaturesContext", "features"),
        (context, "AssetsContext", "assets"),
        (nav, "NavContext", "nav"),
    ];
    let mut n_names = 0;
    for name in text.lines().filter(|line| line.starts_with('|')).flat_map(|row| spans(row.split('|').nth(1).unwrap()))
    {
        // Templates have such names too.
        let Some((variable, rest)) = name.split_once('.').filter(|(_, rest)| *rest != "html") else { continue };
        let Some((source, context, _)) = all.iter().find(|(_, _, known)| *known == variable) else { continue };
        let field = rest.split('.').next().unwrap();
        assert!(
            fields(source, context).any(|known| known == field),
            "themes.md explains `{name}`, which does not exist"
        );
        n_names += 1;
    }
    assert!(n_names > 40, "only {n_names} values were found");
}

#[test]
fn every_example_of_settings_is_right() {
    // The messages explain what is wrong.
    for (file, text) in pages().into_iter().filter(|(file, _)| !file.contains("guide/messages/")) {
        for block in text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            // Front matter, which has other keys.
            if block.starts_with("+++") {
                continue;
            }
            let block: String = block.lines().map(|line| line.trim_start().to_string() + "\n").collect();
            let (_, problems) = handbook::project::config::read(&block);
            let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{file}: {errors:#?}\n{block}");
        }
    }
}

#[test]
fn every_variable_of_the_guide_sets_something() {
    for (file, text) in pages() {
        for (at, _) in text.match_indices("HANDBOOK_") {
            let end = text[at..].find(|c: char| !(c.is_ascii_uppercase() || c == '_')).unwrap_or(text.len() - at);
            let name = &text[at..at + end];
            let is_known =
                environment::OTHERS.contains(&name) || KEYS.iter().any(|key| environment::name_of(key.name) == name);
            assert!(is_known || name == "HANDBOOK_", "{file}: `{name}` sets nothing");
        }
    }
    let text = page("command-line.md");
    let missing: Vec<&&str> = environment::OTHERS.iter().filter(|name| !text.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "command-line.md does not explain {missing:?}");
}

#[test]
fn every_code_has_a_page_that_begins_with_its_severity() {
    let lists = page("messages/_index.md");
    for code in Code::ALL {
        let page = page(&format!("messages/{code}.md"));
        assert!(page.starts_with(&format!("---\ntitle: {code}\n")), "{page}");
        let (_, text) = page.split_once("\n---\n\n").expect("front matter ends");
        let said = text.split(['*', '.']).nth(1).unwrap_or_default().to_lowercase();
        assert_eq!(said, code.severity().name(), "the severity of `{code}`");
        assert!(text.contains("- **Why:** "), "`{code}` has no reason");
        assert!(
            text.contains("- **Example:** ") || text.contains("```") || text.contains("`title:"),
            "`{code}` has no example"
        );
        let turned = match code.is_on() {
            _ if handbook::project::check::code(code.name()).is_err() => "- **Off:** never".to_owned(),
            true => format!("- **Off:** `{code} = \"off\"`"),
            false => format!("- **On:** `{code} = \"note\"`"),
        };
        assert!(text.contains(&turned), "`{code}` does not say how it is turned off");
        let row = format!("| [`{code}`]({code}.md) | {} |", said.split(',').next().unwrap_or_default());
        assert!(lists.contains(&row), "messages/_index.md has no row {row}");
    }
}

#[test]
fn every_explained_code_exists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/messages");
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    for file in std::fs::read_dir(folder).expect("the guide explains messages") {
        let name = file.expect("its folder can be read").file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(".md")).expect("a page");
        assert!(name == "_index" || known.contains(&name), "messages/{name}.md explains no code");
    }
}

#[test]
fn the_schemas_for_editors_are_as_the_program_makes_them() {
    for (name, schema) in [("site", schema::site()), ("page", schema::page())] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("content/guide/{name}.schema.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        assert!(std::fs::read_to_string(&file).is_ok_and(|there| there == text), "UPDATE=1 writes {name}.schema.json");
    }
    // `init` names them at the address of our own handbook.
    assert!(page("../../site.toml").contains(&format!("base_url = \"{HOMEPAGE}\"")));
}
