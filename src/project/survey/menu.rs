//! The menus that other generators are given: `SUMMARY.md`, the `nav` of `mkdocs.yml`, `_data/navigation.yml`.
//!
//! Their first level is the top bar, and all of them the order of pages in the tree of folders.

use super::settings;
use crate::value::{Entry, Value};

/// A menu.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Menu {
    /// The file that it stands in.
    pub file: String,
    /// Its first level: titles, and addresses that begin with `/` or a scheme.
    pub links: Vec<(String, String)>,
    /// The addresses of all levels that begin with `/`, in their order. What stands at several places counts where it
    /// stands first.
    pub order: Vec<String>,
}

impl Menu {
    fn place(&mut self, url: &str) {
        let url = url.split(['#', '?']).next().unwrap_or_default();
        if url.starts_with('/') {
            self.order.push(url.to_owned());
        }
    }
}

/// The chapters of a `SUMMARY.md` as mdBook and GitBook have it: a list of links, nested, with headings for parts.
pub fn of_summary(file: &str, text: &str) -> Menu {
    let mut menu = Menu { file: file.to_owned(), ..Menu::default() };
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let item = line.trim_start();
        let item = item.strip_prefix(['-', '*', '+']).map_or(item, str::trim_start);
        let Some((title, rest)) = item.strip_prefix('[').and_then(|rest| rest.split_once("](")) else { continue };
        let target = rest.split([')', ' ']).next().unwrap_or_default().trim_matches(['<', '>']);
        // A draft chapter has no file.
        if target.is_empty() {
            continue;
        }
        menu.place(&address(target));
        if indent == 0 {
            menu.links.push((plain(title), address(target)));
        }
    }
    menu
}

/// The `nav` of `mkdocs.yml`: titles with files, or with lists of the same.
pub fn of_mkdocs(file: &str, entries: &[Entry]) -> Option<Menu> {
    let Some(Value::List(items)) = settings::at(entries, "nav") else { return None };
    let mut menu = Menu { file: file.to_owned(), ..Menu::default() };
    for item in items {
        let mut files = Vec::new();
        leaves(&item.value, &mut files);
        files.iter().for_each(|file| menu.place(&address(file)));
        let Value::Table(entries) = &item.value else { continue };
        for entry in entries {
            let mut files = Vec::new();
            leaves(&entry.value.value, &mut files);
            if let Some(first) = files.first() {
                menu.links.push((entry.key.value.clone(), address(first)));
            }
        }
    }
    Some(menu)
}

fn leaves(value: &Value, files: &mut Vec<String>) {
    match value {
        Value::Text(file) => files.push(file.clone()),
        Value::List(items) => items.iter().for_each(|item| leaves(&item.value, files)),
        Value::Table(entries) => entries.iter().for_each(|entry| leaves(&entry.value.value, files)),
        _ => {}
    }
}

/// The list of Jekyll's themes in `_data/navigation.yml`: entries with `title` or `name` and `url`, perhaps with
/// `children`, at the top or under a name such as `main`.
pub fn of_data(file: &str, value: &Value) -> Menu {
    let mut menu = Menu { file: file.to_owned(), ..Menu::default() };
    let items = match value {
        Value::List(items) => Some(items),
        Value::Table(entries) => {
            let is_main = |entry: &&Entry| matches!(entry.key.value.as_str(), "main" | "header" | "top");
            let main = entries.iter().find(is_main).or_else(|| entries.first());
            main.and_then(|entry| if let Value::List(items) = &entry.value.value { Some(items) } else { None })
        }
        _ => None,
    };
    for item in items.into_iter().flatten() {
        let Value::Table(entries) = &item.value else { continue };
        let first = menu.order.len();
        place_all(entries, &mut menu);
        let title = settings::text(entries, &["title", "name", "text"]);
        let url = url(entries).or_else(|| menu.order.get(first).cloned());
        menu.links.extend(title.zip(url));
    }
    menu
}

fn below(entries: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    let lists = entries.iter().filter_map(|entry| match &entry.value.value {
        Value::List(items) => Some(items),
        _ => None,
    });
    lists.flatten().filter_map(|item| match &item.value {
        Value::Table(entries) => Some(entries.as_slice()),
        _ => None,
    })
}

fn url(entries: &[Entry]) -> Option<String> {
    settings::text(entries, &["url", "link", "href", "page", "pageRef"]).map(|url| address(&url))
}

fn place_all(entries: &[Entry], menu: &mut Menu) {
    if let Some(url) = url(entries) {
        menu.place(&url);
    }
    below(entries).for_each(|entries| place_all(entries, menu));
}

/// The text of a link without its marks.
fn plain(title: &str) -> String {
    title.replace(['*', '`', '_'], "").replace('\\', "").trim().to_owned()
}

/// The address of a page by its file: `guide/start.md` is `/guide/start/`.
pub fn address(target: &str) -> String {
    if target.contains("://") || target.starts_with("mailto:") {
        return target.to_owned();
    }
    let (path, anchor) = target.split_once('#').map_or((target, ""), |(path, anchor)| (path, anchor));
    let path = path.trim_start_matches("./").trim_start_matches('/');
    let page = [".html.md", ".markdown", ".md"].iter().find_map(|end| path.strip_suffix(end));
    let path = match page {
        Some(page) => {
            let (folder, name) = page.rsplit_once('/').map_or(("", page), |(folder, name)| (folder, name));
            let is_folder = matches!(name, "index" | "_index") || name.eq_ignore_ascii_case("readme");
            let page = if is_folder { folder } else { page };
            if page.is_empty() { String::new() } else { format!("{page}/") }
        }
        None => path.to_owned(),
    };
    let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
    format!("/{path}{anchor}").replace(' ', "%20")
}

/// An address as one of a page: without what may differ between two ways to write it.
pub fn plain_address(url: &str) -> &str {
    let path = url.split(['#', '?']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_suffix(".html").unwrap_or(path);
    path.strip_suffix("index")
        .filter(|rest| rest.is_empty() || rest.ends_with('/'))
        .unwrap_or(path)
        .trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::settings;
    use super::{Menu, address, of_data, of_mkdocs, of_summary};
    use crate::value::Value;

    fn check(menu: &Menu, expected: Expect) {
        let links: String = menu.links.iter().map(|(title, url)| format!("{title}: {url}\n")).collect();
        expected.assert_eq(&format!("{links}{}", menu.order.join(" ")));
    }

    #[test]
    fn the_first_level_of_a_summary_is_the_menu() {
        let text = "# Summary\n\n[Introduction](README.md)\n\n# Part\n\n- [People & *us*](people/index.md)\n    - [Leave](people/leave.md)\n- [Draft]()\n* [Pay](<pay.md>)\n";
        check(
            &of_summary("SUMMARY.md", text),
            expect![[r#"
                Introduction: /
                People & us: /people/
                Pay: /pay/
                / /people/ /people/leave/ /pay/"#]],
        );
    }

    #[test]
    fn a_group_leads_to_its_first_page() {
        let text = "nav:\n  - index.md\n  - Home: index.md\n  - People:\n      - people/start.md\n      - Leave: people/leave.md\n  - Code: https://example.com/\n";
        let menu = of_mkdocs("mkdocs.yml", &settings::read("mkdocs.yml", text)).unwrap();
        check(
            &menu,
            expect![[r#"
                Home: /
                People: /people/start/
                Code: https://example.com/
                / / /people/start/ /people/leave/"#]],
        );
    }

    #[test]
    fn data_files_have_a_list_or_a_list_called_main() {
        let text = "footer:\n  - {title: No, url: /no/}\nmain:\n  - title: People\n    url: /people/\n    children: [{title: A, url: /a/}]\n  - title: Group\n    children:\n      - {title: B, url: /b/}\n";
        let value = Value::Table(settings::read("navigation.yml", text));
        check(
            &of_data("_data/navigation.yml", &value),
            expect![[r#"
                People: /people/
                Group: /b/
                /people/ /a/ /b/"#]],
        );
    }

    #[test]
    fn files_become_addresses() {
        let written = ["a.md", "./a/README.md", "index.md", "a/b.html.md#c", "/x/", "a b.md", "https://e.org/"];
        let addresses = ["/a/", "/a/", "/", "/a/b/#c", "/x/", "/a%20b/", "https://e.org/"];
        assert_eq!(written.map(address), addresses);
    }
}
