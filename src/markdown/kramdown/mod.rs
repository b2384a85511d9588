//! kramdown to a tree.
//!
//! First the page's lines are read into blocks ([`blocks`]), as kramdown's block parsers do it; then their text is read
//! for inline markup ([`inline`]), when all links and footnotes are known. Both stages keep every byte's place in the
//! file ([`piece`]).

mod abbreviation;
mod attributes;
mod block;
mod blocks;
mod build;
mod chars;
mod definition;
mod emphasis;
mod entity;
mod extension;
mod fence;
mod growth;
mod heading;
mod html;
mod ids;
mod indented;
mod inline;
mod inside;
mod line;
mod link;
mod list;
mod memory;
mod needle;
mod notes;
mod options;
mod parts;
mod piece;
mod reference;
mod span_html;
mod symbol;
mod table;
mod tag;
mod visible_space;

pub use tag::is_known as tag_is_known;

pub use options::{Input, KramdownOptions, STRAIGHT_QUOTES, quotes, toc_levels};

use memchr::memmem;

use crate::diagnostic::Diagnostic;
use crate::markdown::kramdown::blocks::Blocks;
use crate::markdown::kramdown::build::Builder;
use crate::markdown::kramdown::options::Settings;
use crate::markdown::tree::Tree;

/// A page read as kramdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<'t> {
    /// Its tree.
    pub tree: Tree<'t>,
    /// The options that its writer has to know, as the page left them.
    pub options: KramdownOptions,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the kramdown that begins at `body_start` of a file's text. Spans count from the start of the file.
pub fn parse<'t>(text: &'t str, body_start: usize, options: &KramdownOptions) -> Page<'t> {
    // The generators that kramdown pages come from cut one blank line off with the front matter. It matters to an
    // attribute list in the first line, which a blank line before it saves for the next block.
    let body_start = match &text[body_start..] {
        body if body_start == 0 || !body.starts_with(['\n', '\r']) => body_start,
        body => body_start + if body.starts_with("\r\n") { 2 } else { 1 },
    };
    let blocks = Blocks::read(text, body_start, Settings::new(options));
    let builder = Builder::build(blocks);
    let mut diagnostics = builder.blocks.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    Page { tree: builder.tree, options: builder.blocks.settings.options, diagnostics }
}

/// Whether a text holds kramdown's own syntax: a line that is an attribute list or one of its definitions, an
/// extension's tag, or the place of a table of contents. Lines inside fenced code do not count.
pub fn is_kramdown(text: &str) -> bool {
    // Most pages are not, and need no look at each of their lines.
    if memmem::find(text.as_bytes(), b"{:").is_none() {
        return false;
    }
    let mut fence: Option<(u8, usize)> = None;
    for line in text.lines() {
        let line = line.trim();
        let mark = line.bytes().next().unwrap_or(b' ');
        let run = line.bytes().take_while(|&b| b == mark).count();
        match fence {
            Some((open, length)) if mark == open && run >= length && line.len() == run => fence = None,
            Some(_) => {}
            None if matches!(mark, b'`' | b'~') && run >= 3 => fence = Some((mark, run)),
            None if line.starts_with("{:") && line.ends_with('}') => {
                // `{:name` alone may be a template's; a list has a name, a class, an id or a key.
                let inside = line[2..line.len() - 1].trim_start();
                if inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '#' | ':' | '/')) {
                    return true;
                }
            }
            None => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::markdown::tree::Kind;

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&messages(text));
    }

    fn messages(text: &str) -> String {
        let body_start = text.find("---\n\n").map_or(0, |at| at + 4);
        let mut out = String::new();
        for diagnostic in parse(text, body_start, &KramdownOptions::default()).diagnostics {
            let range = diagnostic.span.unwrap_or_default().range();
            let before = &text[..range.start];
            let line = before.matches('\n').count() + 1;
            let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
            let marked = &text[range];
            out.push_str(&format!("{line}:{column} {marked:?} {}: {}\n", diagnostic.code, diagnostic.message));
        }
        out
    }

    #[test]
    fn what_readers_would_not_see_is_said_with_its_place() {
        check(
            "title: x\n---\n\nCall <CUSTOMER_NAME> now.\n\n> - text {: .b} and *em* {:.c}\n>   - <b>open\n\n</div>\n\n<div>\nopen\n",
            expect![[r#"
                4:6 "<CUSTOMER_NAME>" placeholder: `<CUSTOMER_NAME>` is read as an HTML element, so readers do not see it
                6:10 "{: .b}" attribute-list: `{: .b}` stands after plain text, so it is shown as it is
                6:26 "{:.c}" attribute-list: `{:.c}` stands after plain text, so it is shown as it is
                7:7 "<b>" html-tag: `<b>` has no end tag, so it goes on to the end of what holds it
                9:1 "</div>" html-tag: `</div>` closes nothing here, so it is shown as text
                11:1 "<div>" html-tag: `<div>` has no end tag, so it goes on to the end of what holds it
            "#]],
        );
    }

    #[test]
    fn links_and_lists_that_lead_nowhere_are_said_with_their_place() {
        check(
            "See [the text][nope], [x] and [^1].\n\n[a]: /1\n[a]: /2\n\n- b\n\n  c\n  {: %}\n\n{::foo}\n\n{::options nope=\"1\" /}\n",
            expect![[r#"
                1:5 "[the text][nope]" link-definition: there is no link `[nope]`
                1:31 "[^1]" link-definition: there is no footnote `1`
                4:1 "[a]: /2" link-definition: `[a]` is defined twice
                4:1 "[a]: /2" link-definition: `[a]` is defined, and no link uses it
                9:3 "{: %}" attribute-list: `{:%}` holds no attribute
                11:1 "{::foo}" attribute-list: the extension `foo` has no end tag
                13:12 "nope=\"1\" " attribute-list: kramdown has no option `nope` that a page can set
            "#]],
        );
    }

    #[test]
    fn places_are_right_below_every_block_and_behind_every_character() {
        let text = "{::options parse_block_html=\"true\" /}\n\n- é <b>one\n- ünï [no such][nö] and {: .x}\n    1. dèep [^q] text {: .y}\n\
            \x20   - also ![i][no]\n\n> Zitat „ä“ <i>kursiv\n> > tiefer </span> ß\n>\n> - lïst <NAME_X> 日本\n\n\
            | é | b <u>x |\n|---|---|\n| 本 [a][b] | <kbd>k |\n\n<div>\nTëxt <CUSTOMER>\n<p>é <s>span</p>\n</div>\n\n\
            <section markdown=\"0\">\n<p>é</b></p>\n</section>\n\n日本語 {: .z} end\n{: %%}\n\n[é]: /1\n[é]: /2\n\n\
            Term é\n: Dëf [e][f] <small>x\n\n{::nope}\n{::options foo=\"é\" toc_levels=\"1\" /}\n\n\
            é </div> **fett {: .k} x** [g][h] [i]{: .no}\n\n[^1]: Nöte [j][k] {: .l}\n\n    - ïn [l][m]\n\nSee[^1] é\n# é {: .t} [n][o]\n";
        check(
            text,
            expect![[r#"
            3:5 "<b>" html-tag: `<b>` has no end tag, so it goes on to the end of what holds it
            4:7 "[no such][nö]" link-definition: there is no link `[nö]`
            4:25 "{: .x}" attribute-list: `{: .x}` stands after plain text, so it is shown as it is
            5:13 "[^q]" link-definition: there is no footnote `q`
            5:23 "{: .y}" attribute-list: `{: .y}` stands after plain text, so it is shown as it is
            6:13 "[i][no]" link-definition: there is no link `[no]`
            8:13 "<i>" html-tag: `<i>` has no end tag, so it goes on to the end of what holds it
            9:12 "</span>" html-tag: `</span>` closes nothing here, so it is shown as text
            11:10 "<NAME_X>" placeholder: `<NAME_X>` is read as an HTML element, so readers do not see it
            13:9 "<u>" html-tag: `<u>` has no end tag, so it goes on to the end of what holds it
            15:5 "[a][b]" link-definition: there is no link `[b]`
            15:14 "<kbd>" html-tag: `<kbd>` has no end tag, so it goes on to the end of what holds it
            18:6 "<CUSTOMER>" placeholder: `<CUSTOMER>` is read as an HTML element, so readers do not see it
            19:6 "<s>" html-tag: `<s>` has no end tag, so it goes on to the end of what holds it
            23:5 "</b>" html-tag: `</b>` closes nothing here, so it is shown as text
            26:5 "{: .z}" attribute-list: `{: .z}` stands after plain text, so it is shown as it is
            27:1 "{: %%}" attribute-list: `{:%%}` holds no attribute
            30:1 "[é]: /2" link-definition: `[é]` is defined twice
            30:1 "[é]: /2" link-definition: `[é]` is defined, and no link uses it
            33:7 "[e][f]" link-definition: there is no link `[f]`
            33:14 "<small>" html-tag: `<small>` has no end tag, so it goes on to the end of what holds it
            35:1 "{::nope}" attribute-list: the extension `nope` has no end tag
            36:12 "foo=\"é\" toc_levels=\"1\" " attribute-list: kramdown has no option `foo` that a page can set
            38:3 "</div>" html-tag: `</div>` closes nothing here, so it is shown as text
            38:17 "{: .k}" attribute-list: `{: .k}` stands after plain text, so it is shown as it is
            38:28 "[g][h]" link-definition: there is no link `[h]`
            38:38 "{: .no}" attribute-list: `{: .no}` stands after plain text, so it is shown as it is
            40:12 "[j][k]" link-definition: there is no link `[k]`
            40:19 "{: .l}" attribute-list: `{: .l}` stands after plain text, so it is shown as it is
            42:10 "[l][m]" link-definition: there is no link `[m]`
            45:5 "{: .t}" attribute-list: `{: .t}` stands after plain text, so it is shown as it is
            45:12 "[n][o]" link-definition: there is no link `[o]`
        "#]],
        );
        assert_eq!(messages(&text.replace('\n', "\r\n")), messages(text));
    }

    #[test]
    fn spans_survive_every_margin() {
        let text = "> 1. a\n>\n>    - b [c](d)\n>\n>      e `f`\n";
        let page = parse(text, 0, &KramdownOptions::default());
        let link = page.tree.nodes.iter().find(|node| matches!(node.kind, Kind::Link { .. })).unwrap();
        assert_eq!(&text[link.span.range()], "[c](d)");
        let code = page.tree.nodes.iter().find(|node| matches!(node.kind, Kind::Code(_))).unwrap();
        assert_eq!(&text[code.span.range()], "`f`");
    }

    #[test]
    fn a_page_shows_that_it_is_kramdown_by_a_line_of_its_own() {
        for text in ["- x\n{:toc}\n", "a\n{: .b}\n", "{::options x=\"y\" /}\n", "{:/comment}\n", "{:a: .b}\n"] {
            assert!(is_kramdown(text), "{text}");
        }
        for text in ["a {: .b}\n", "```\n{:toc}\n```\n", "{{< x >}}\n", "{:?}\n", "{%- x -%}\n", "# A {#b}\n"] {
            assert!(!is_kramdown(text), "{text}");
        }
    }
}
