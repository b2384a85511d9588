//! What the page of a level shows: what is new at it, and what stays as it was one level before.

use serde::Serialize;

use crate::markdown::Matrix;
use crate::render::fill;
use crate::site::{PageId, Site};

/// `level`: a level of a matrix.
#[derive(Debug, Default, Serialize)]
pub struct LevelContext {
    /// Whether it is the first of its matrix, before which there is nothing to compare with.
    pub first: bool,
    /// The rows that say something else than for the level before.
    pub new: Vec<LevelRow>,
    /// The rows that say the same.
    pub same: Vec<LevelRow>,
    /// The link to the page with the matrix.
    pub matrix_url: String,
}

/// A row of a matrix, as it is for one level.
#[derive(Debug, PartialEq, Serialize)]
pub struct LevelRow {
    /// What it is about, as HTML.
    pub name: String,
    /// What it says, as HTML.
    pub text: String,
    /// What it said for the level before, as HTML; empty when that goes on.
    pub before: String,
}

impl LevelContext {
    /// The level with this number among all levels of a page.
    pub fn new(site: &Site, id: PageId, n: usize) -> LevelContext {
        let page = site.page(id);
        let page_url = site.href(&page.url);
        let mut column = n;
        let holds = |matrix: &&Matrix| {
            let holds = column < matrix.levels.len();
            column -= if holds { 0 } else { matrix.levels.len() };
            holds
        };
        let Some(matrix) = page.document.matrices.iter().find(holds) else { return LevelContext::default() };
        let text = |part: &std::ops::Range<u32>| {
            let html = fill::part(site, id, part.clone());
            // Its notes and sections are on the page with the matrix.
            without_notes(&html).replace("href=\"#", &format!("href=\"{page_url}#"))
        };
        let mut level = LevelContext { first: column == 0, matrix_url: page_url.clone(), ..LevelContext::default() };
        for row in &matrix.rows {
            let name = text(&row.name);
            let cell = |column: usize| row.cells.get(column).map(text).unwrap_or_default();
            let before = column.checked_sub(1).map(cell);
            let now = cell(column);
            let (new, same) = compare(&now, before.as_deref());
            let list = |items: Vec<&str>| match items[..] {
                [] => String::new(),
                [only] => only.to_string(),
                _ => format!("<ul><li>{}</li></ul>", items.join("</li><li>")),
            };
            // Where only some points are new, the others go on; else the whole was something else before.
            let goes_on = !same.is_empty();
            if !new.is_empty() {
                let before = if goes_on { String::new() } else { before.unwrap_or_default() };
                level.new.push(LevelRow { name: name.clone(), text: list(new), before });
            }
            if goes_on {
                level.same.push(LevelRow { name, text: list(same), before: String::new() });
            }
        }
        level
    }
}

/// The points of a cell: those that are new, and those that the level before has too.
fn compare<'c>(cell: &'c str, before: Option<&str>) -> (Vec<&'c str>, Vec<&'c str>) {
    let known = before.map(points).unwrap_or_default();
    points(cell).into_iter().partition(|point| !known.contains(point))
}

/// A cell has one point, or several that are parted by line breaks or are a list's items. One that cannot be parted so
/// that each part is whole HTML is one point.
fn points(cell: &str) -> Vec<&str> {
    let cell = cell.trim();
    let parts = match items(cell) {
        Some(items) => items,
        None if cell.contains("<li") => vec![cell],
        None => lines(cell),
    };
    let parts = if parts.iter().all(|part| is_whole(part)) { parts } else { vec![cell] };
    let points = parts.into_iter().map(|part| part.trim().trim_start_matches(['•', '-', '–', '*']).trim());
    points.filter(|point| !point.is_empty()).collect()
}

/// The items of a cell that is a list and nothing else.
fn items(cell: &str) -> Option<Vec<&str>> {
    let tag = ["ul", "ol"].into_iter().find(|tag| cell.strip_prefix('<').is_some_and(|rest| rest.starts_with(tag)))?;
    let inner = cell[cell.find('>')? + 1..].strip_suffix(&*format!("</{tag}>"))?;
    let mut parts = inner.split("<li>");
    let is_list = parts.next()?.trim().is_empty();
    let item = |part: &'_ str| -> usize { part.trim_end().strip_suffix("</li>").unwrap_or(part).len() };
    is_list.then(|| parts.map(|part| &part[..item(part)]).collect())
}

fn lines(cell: &str) -> Vec<&str> {
    let parts = cell.split("<br").enumerate();
    parts.map(|(n, part)| if n == 0 { part } else { part.split_once('>').map_or("", |(_, line)| line) }).collect()
}

/// Whether HTML ends all elements that it begins, and no others.
fn is_whole(html: &str) -> bool {
    const VOID: &[&str] = &["br", "hr", "img", "input", "wbr"];
    let mut depth = 0usize;
    for part in html.split('<').skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        if tag.starts_with('/') {
            let Some(outer) = depth.checked_sub(1) else { return false };
            depth = outer;
        } else if tag.starts_with(|c: char| c.is_ascii_alphabetic()) && !tag.ends_with('/') {
            let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            depth += usize::from(!VOID.contains(&&*name.to_ascii_lowercase()));
        }
    }
    depth == 0
}

/// HTML without the marks of footnotes.
fn without_notes(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<sup id=\"fnref:") {
        out.push_str(&rest[..start]);
        rest = rest[start..].find("</sup>").map_or("", |end| &rest[start + end + "</sup>".len()..]);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_points() {
        assert_eq!(points("a task"), ["a task"]);
        assert_eq!(points("- one<br />- two <br>three"), ["one", "two", "three"]);
        assert_eq!(points("<ul>\n<li>one</li>\n<li>two</li>\n</ul>"), ["one", "two"]);
        assert_eq!(points("<ul><li>one<li>two</ul>"), ["one", "two"]);
        assert_eq!(points("<b>a</b><br><img src=\"b\"> c"), ["<b>a</b>", "<img src=\"b\"> c"]);
        assert_eq!(points(" "), Vec::<&str>::new());
    }

    #[test]
    fn what_cannot_be_parted_is_one_point() {
        for cell in [
            "Leads:<ul><li>x</li></ul>",
            "<ul><li>x</li></ul> and more",
            "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>",
            "<ul><li>a</ul><ul><li>b</ul>",
            "<ul><li>a</li><li class=\"x\">b</li></ul>",
            "<strong>a<br>b</strong>",
            "a <a href=\"b\">c<br>d</a> e<br>f",
        ] {
            assert_eq!(points(cell), [cell]);
        }
    }

    #[test]
    fn what_is_new_is_told_from_what_goes_on() {
        assert_eq!(compare("a<br>b", Some("b<br>c")), (vec!["a"], vec!["b"]));
        assert_eq!(compare("a", Some("a")), (vec![], vec!["a"]));
        assert_eq!(compare("a", None), (vec!["a"], vec![]));
    }

    #[test]
    fn marks_of_footnotes_go() {
        assert_eq!(without_notes("time<sup id=\"fnref:a\"><a href=\"#fn:a\">1</a></sup> x"), "time x");
        assert_eq!(without_notes("m<sup>2</sup>"), "m<sup>2</sup>");
    }
}
