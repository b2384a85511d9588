//! Heading ids, and the tables of contents made from them.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::markdown::Heading;

/// The id that GitHub, GitLab and kramdown's GFM parser give a heading: lower case, punctuation removed, spaces to `-`.
///
/// Rule: `lib/kramdown/parser/gfm.rb` (`generate_gfm_header_id`): everything but word characters, `-`, space and tab
/// goes; Ruby's `\p{Word}` is letters, marks, decimal digits and connecting punctuation.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '-' => out.push('-'),
            'a'..='z' | '0'..='9' | '_' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => {}
            // Lower-casing may give several characters.
            _ => out.extend(c.to_lowercase().filter(|&c| is_word(c))),
        }
    }
    out
}

fn is_word(c: char) -> bool {
    use GeneralCategory as G;
    matches!(
        c.general_category(),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::NonspacingMark
            | G::SpacingMark
            | G::EnclosingMark
            | G::DecimalNumber
            | G::ConnectorPunctuation
    )
}

/// Gives every heading of a page an id of its own.
#[derive(Debug, Default)]
pub struct Ids {
    /// The ids that are taken, with the last number that was put behind each.
    used: HashMap<String, usize, RandomState>,
}

impl Ids {
    /// Keeps an id that an author gave from being made again.
    pub fn take(&mut self, id: &str) {
        self.used.entry(id.to_string()).or_default();
    }

    /// The id for a heading with this slug: the slug, or with `-1`, `-2`… where that is taken.
    pub fn unique(&mut self, slug: String) -> String {
        let mut id = slug.clone();
        while self.used.contains_key(&id) {
            let last = self.used.entry(slug.clone()).or_default();
            *last += 1;
            id = format!("{slug}-{last}");
        }
        self.used.insert(id.clone(), 0);
        id
    }
}

/// Writes the table of contents that stands in a page's text: nested lists in the shape that kramdown writes.
///
/// The entries' ids begin with `prefix`. A heading two levels deeper than the one before is nested one list deeper, so that no empty entry appears.
pub fn write_toc(out: &mut String, headings: &[&Heading], ordered: bool, prefix: &str, attributes: &str) {
    if headings.is_empty() {
        return;
    }
    let (open, close) = if ordered { ("<ol", "</ol>") } else { ("<ul", "</ul>") };
    out.push_str(open);
    out.push_str(attributes);
    out.push_str(">\n");
    // The levels of the entries that are open, outermost first.
    let mut levels: Vec<u8> = Vec::new();
    for heading in headings {
        match levels.last() {
            None => {}
            Some(&last) if heading.level > last => {
                out.push('\n');
                out.push_str(open);
                out.push_str(">\n");
            }
            Some(_) => {
                out.push_str("</li>\n");
                levels.pop();
                while levels.last().is_some_and(|&last| last >= heading.level) {
                    out.push_str(close);
                    out.push_str("</li>\n");
                    levels.pop();
                }
            }
        }
        levels.push(heading.level);
        out.push_str("<li><a href=\"#");
        push_attribute(out, &heading.id);
        out.push_str("\" id=\"");
        push_attribute(out, prefix);
        out.push('-');
        push_attribute(out, &heading.id);
        out.push_str("\">");
        out.push_str(&heading.html);
        out.push_str("</a>");
    }
    for _ in levels {
        out.push_str("</li>\n");
        out.push_str(close);
    }
    out.push('\n');
}

fn push_attribute(out: &mut String, value: &str) {
    pulldown_cmark_escape::escape_html(&mut *out, value).expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(levels: &[u8], expected: &str) {
        let headings: Vec<Heading> = levels
            .iter()
            .map(|&level| Heading { level, id: level.to_string(), html: level.to_string(), ..Heading::default() })
            .collect();
        let mut out = String::new();
        write_toc(&mut out, &headings.iter().collect::<Vec<_>>(), false, "markdown-toc", "");
        let short = out.replace('\n', "").replace(" id=\"markdown-toc-", "\x01");
        let short: String = short.split('\x01').map(|s| s.split_once("\">").map_or(s, |(_, rest)| rest)).collect();
        let short = short.replace("<a href=\"#", "");
        let short: String = short.split("</a>").collect();
        assert_eq!(short.replace('"', ""), expected);
    }

    #[test]
    fn slugs_keep_letters_of_every_script_and_drop_punctuation() {
        assert_eq!(slug("A -- B & C's_d"), "a----b--cs_d");
        assert_eq!(slug("評価 と 昇進！"), "評価-と-昇進");
        assert_eq!(slug("Step 2: ½ done²"), "step-2--done");
        assert_eq!(slug("⚡\u{fe0f} Fast"), "\u{fe0f}-fast");
    }

    #[test]
    fn repeated_ids_get_a_number() {
        let mut ids = Ids::default();
        ids.take("a-2");
        let found: Vec<String> = ["a", "a", "b", "a", "a-1"].iter().map(|s| ids.unique(s.to_string())).collect();
        assert_eq!(found, ["a", "a-1", "b", "a-3", "a-1-1"]);
    }

    #[test]
    fn entries_nest_by_level() {
        check(&[2, 3, 2], "<ul><li>22<ul><li>33</li></ul></li><li>22</li></ul>");
    }

    #[test]
    fn a_jump_in_levels_nests_once() {
        check(&[2, 4, 3], "<ul><li>22<ul><li>44</li><li>33</li></ul></li></ul>");
    }
}
