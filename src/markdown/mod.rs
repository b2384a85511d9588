//! One file's Markdown to a document: HTML with holes where links go, outline, anchors, links and plain text.
//!
//! Pure: it knows no site, no project and no file system. Each dialect parses into the same [`tree::Tree`], and one
//! writer turns that tree into HTML, so that everything after parsing exists once.

mod attribute_list;
pub mod attributes;
mod autolink;
mod balance;
mod container;
mod damage;
mod definition;
pub mod destination;
pub mod dialect;
mod gfm;
mod health;
mod highlight;
mod html;
pub mod icon;
pub mod kramdown;
mod math;
mod nav_bar;
pub mod outline;
pub mod policy;
pub mod raw_html;
pub mod section;
pub mod snippets;
pub mod tree;

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Span};
pub use crate::markdown::dialect::Dialect;
use crate::markdown::html::Style;
use crate::markdown::kramdown::KramdownOptions;
pub use crate::markdown::policy::HtmlPolicy;
pub use crate::markdown::raw_html::unescape;
use crate::markdown::section::Section;
use crate::markdown::snippets::{Snippet, Snippets};
use crate::markdown::tree::{Kind, Tree};
use crate::words::OwnWords;

/// What reading a page depends on besides its own text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Options {
    /// The dialect, unless the page says its own.
    pub dialect: Dialect,
    /// Whether a paragraph of bold links becomes a nav bar.
    pub section_nav: bool,
    /// Whether `$…$` and `$$…$$` are formulas.
    pub math: bool,
    /// Whether code is highlighted.
    pub highlight: bool,
    /// What only kramdown has.
    pub kramdown: KramdownOptions,
    /// Former ids of the page's headings, each with the present one: links to them land there too.
    pub former_ids: Vec<(String, String)>,
    /// Whether what comes from elsewhere in a frame waits until the reader asks for it.
    pub ask_for_frames: bool,
    /// What becomes of raw HTML.
    pub html: HtmlPolicy,
    /// The language of the page, for the words that the theme puts into its text.
    pub language: String,
    /// What the owner says instead of those words.
    pub words: Arc<OwnWords>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            dialect: Dialect::Auto,
            section_nav: true,
            math: true,
            highlight: true,
            kramdown: KramdownOptions::default(),
            former_ids: Vec::new(),
            ask_for_frames: true,
            html: HtmlPolicy::Trusted,
            language: "en".to_string(),
            words: Arc::default(),
        }
    }
}

/// Reads the Markdown that begins at `body_start` of a file's text, for a page of a site.
///
/// A first heading of level one that repeats `title`, or that stands in for it when there is none, becomes
/// [`Document::title`] and leaves the body, so that a theme shows the title once.
pub fn read(text: &str, body_start: usize, title: Option<&str>, options: &Options) -> Document {
    read_knowing(text, body_start, title, options, &Snippets::default())
}

/// The same. `known` is code whose colours need not be worked out again; it changes nothing but the time that it takes.
pub fn read_knowing(
    text: &str,
    body_start: usize,
    title: Option<&str>,
    options: &Options,
    known: &Snippets,
) -> Document {
    let may_have_callouts = container::are_named(&text[body_start..]) && !is_kramdown(text, body_start, options);
    let callouts = if may_have_callouts { container::rewrite(text, body_start) } else { None };
    let page = text;
    let text = callouts.as_ref().map_or(page, |callouts| &callouts.text);
    let titled = callouts.as_ref().map_or(&[][..], |callouts| &callouts.titled);
    let (mut tree, kramdown, diagnostics) = parse(text, body_start, options, titled);
    let mut removed = policy::apply(&mut tree, text, options.html);
    if options.section_nav {
        nav_bar::mark(&mut tree);
    }
    let own_title = take_title(&mut tree, title);
    let health = health::problems(&tree, text, body_start, kramdown.is_none());
    let style = Style {
        site: true,
        highlight: options.highlight.then_some(known),
        kramdown: kramdown.as_ref(),
        former_ids: &options.former_ids,
        words: Some((&options.words, &options.language)),
        ask_for_frames: options.ask_for_frames,
        frames_in_place: options.html == HtmlPolicy::Trusted,
    };
    let mut document = html::write(&tree, text, own_title.clone(), style);
    if options.html != HtmlPolicy::Trusted
        && let Some(problem) = policy::untangle(&mut tree, text, &document.body.html)
    {
        removed.push(problem);
        document = html::write(&tree, text, own_title, style);
    }
    document.sections = section::sections(&tree);
    document.diagnostics.extend(health);
    document.diagnostics.extend(removed);
    document.diagnostics.splice(..0, diagnostics);
    if let Some(callouts) = callouts {
        callouts.restore(page, &mut document);
        document.diagnostics.splice(..0, callouts.diagnostics);
    }
    document
}

/// Turns the Markdown that begins at `body_start` of a file's text into an HTML fragment, exactly as the dialect says.
pub fn render(text: &str, body_start: usize, options: &Options) -> Document {
    let (tree, kramdown, diagnostics) = parse(text, body_start, options, &[]);
    let mut document = html::write(&tree, text, None, Style { kramdown: kramdown.as_ref(), ..Style::default() });
    document.diagnostics.splice(..0, diagnostics);
    document
}

/// Reads the text in its dialect.
fn parse<'t>(
    text: &'t str,
    body_start: usize,
    options: &Options,
    titled: &[u32],
) -> (Tree<'t>, Option<KramdownOptions>, Vec<Diagnostic>) {
    if !is_kramdown(text, body_start, options) {
        let (tree, problems) = gfm::parse(text, body_start, options.math, titled);
        return (tree, None, problems);
    }
    let page = kramdown::parse(text, body_start, &options.kramdown);
    (page.tree, Some(page.options), page.diagnostics)
}

fn is_kramdown(text: &str, body_start: usize, options: &Options) -> bool {
    match options.dialect {
        Dialect::Gfm => false,
        Dialect::Kramdown => true,
        Dialect::Auto => kramdown::is_kramdown(&text[body_start..]),
    }
}

/// Takes the first heading out of the tree when it is the page's title.
fn take_title(tree: &mut Tree<'_>, title: Option<&str>) -> Option<Heading> {
    let first = tree.node(Tree::ROOT).first?;
    let node = tree.node(first);
    if node.kind != (Kind::Heading { level: 1 }) {
        return None;
    }
    let text = html::plain_text(tree, first).trim().to_string();
    if text.is_empty() || title.is_some_and(|title| title.trim() != text) {
        return None;
    }
    let given = node.attributes.as_ref().and_then(|attributes| attributes.id.as_deref());
    let id = given.map_or_else(|| outline::slug(&text), str::to_string);
    let span = node.span;
    tree.detach(first);
    Some(Heading { level: 1, id, text, span, ..Heading::default() })
}

/// What a page's Markdown turned into. Links are resolved later, when every page is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The HTML.
    pub body: Body,
    /// The headings, in order.
    pub outline: Vec<Heading>,
    /// Every id that a link can lead to, headings' included, sorted.
    pub anchors: Vec<String>,
    /// The former ids that stand at the headings that they mean; they are among `anchors` too.
    pub former_ids: Vec<String>,
    /// Every link and image, in order, as the author wrote it.
    pub links: Vec<Link>,
    /// The page's own title, when its first block is a level-one heading that says it; the body is without it.
    pub title: Option<Heading>,
    /// The beginning of the first paragraph, without markup.
    pub excerpt: String,
    /// Its matrices of levels, in order.
    pub matrices: Vec<Matrix>,
    /// Its text without markup, for search: what stands above the first heading, then one for each heading of the
    /// outline. Only of a page of a site.
    pub sections: Vec<Section>,
    /// What the theme has to bring for this page.
    pub features: Features,
    /// Its code in a language, for the next time.
    pub snippets: Vec<Snippet>,
    /// What was wrong, without a file name.
    pub diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// The levels of all its matrices, in order.
    pub fn levels(&self) -> impl Iterator<Item = &Level> {
        self.matrices.iter().flat_map(|matrix| &matrix.levels)
    }

    /// Gives back the memory that was reserved and is not needed.
    pub fn shrink(&mut self) {
        self.body.holes.shrink_to_fit();
        self.links.shrink_to_fit();
        self.outline.shrink_to_fit();
        self.snippets.shrink_to_fit();
        self.anchors.shrink_to_fit();
    }

    /// Whether a link can lead to this id.
    pub fn has_anchor(&self, id: &str) -> bool {
        self.anchors.binary_search_by(|anchor| anchor.as_str().cmp(id)).is_ok()
    }
}

/// HTML with holes where links go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    /// The HTML, with nothing at the holes.
    pub html: String,
    /// Where something goes that depends on the rest of the site, in order.
    pub holes: Vec<Hole>,
}

/// A place in a body's HTML that is filled when the page is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Byte offset in `Body::html`.
    pub at: u32,
    /// Index in `Document::links`.
    pub link: u32,
    /// What goes there.
    pub fill: Fill,
}

/// What goes into a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The resolved URL, escaped for an attribute.
    Url,
    /// ` width="…" height="…"` of the image, or nothing.
    ImageSize,
    /// ` aria-current="page"` when the link leads to the page that holds it, or nothing.
    Current,
}

/// A table of levels: what each of them means in each row. Places are in the HTML of the body.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    /// The levels, one for each column but the first.
    pub levels: Vec<Level>,
    /// The rows.
    pub rows: Vec<MatrixRow>,
}

/// A level of a matrix.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Level {
    /// Its name, as text.
    pub name: String,
    /// The last part of its page's address. No other level of the page has the same.
    pub slug: String,
}

/// A row of a matrix.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MatrixRow {
    /// What it is about.
    pub name: Range<u32>,
    /// What it says for each level.
    pub cells: Vec<Range<u32>>,
}

/// A heading of the outline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id in the HTML.
    pub id: String,
    /// Its inline HTML without links, for a table of contents.
    pub html: String,
    /// Its plain text.
    pub text: String,
    /// Whether tables of contents show it.
    pub in_toc: bool,
    /// Whether it heads the page's own list of contents, which the theme hides together with it.
    pub heads_contents: bool,
    /// Where it stands in the file.
    pub span: Span,
}

/// A link as the author wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The destination, unescaped, as it stands in the source.
    pub target: String,
    /// What it is for.
    pub kind: LinkKind,
    /// Where its destination, or the whole link, stands in the file.
    pub span: Span,
    /// Where exactly its destination stands, when that is certain.
    pub destination: Option<Span>,
}

impl Link {
    /// A link that is a value of settings or front matter, with or without quotes round it.
    pub fn of_value(target: &str, kind: LinkKind, span: Span) -> Link {
        let (start, end) = (span.start as usize, span.end as usize);
        let destination = match (end - start).checked_sub(target.len()) {
            Some(0) => Some(span),
            Some(2) => Some(Span::new(start + 1, end - 1)),
            _ => None,
        };
        Link { target: target.to_string(), kind, span, destination }
    }
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Followed by a reader.
    Page,
    /// Shown as an image.
    Image,
    /// Loaded by the page in another way: a video, a frame, a script.
    Embed,
}

/// What the theme has to bring for a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features {
    /// It holds a Mermaid diagram.
    pub mermaid: bool,
    /// It holds a formula.
    pub math: bool,
    /// It holds highlighted code.
    pub code: bool,
    /// It holds its own table of contents.
    pub toc: bool,
    /// It uses a class that only the layer for pages from GitLab's handbook knows.
    pub compat: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// The body with each hole shown as `{target}`.
    fn check(markdown: &str, expected: Expect) {
        let document = read(markdown, 0, Some("Title"), &Options::default());
        expected.assert_eq(&with_holes(&document));
    }

    fn with_holes(document: &Document) -> String {
        let mut out = String::new();
        let mut at = 0;
        for hole in &document.body.holes {
            out.push_str(&document.body.html[at..hole.at as usize]);
            at = hole.at as usize;
            match hole.fill {
                Fill::Url => out.push_str(&format!("{{{}}}", document.links[hole.link as usize].target)),
                Fill::ImageSize => out.push_str("{size}"),
                Fill::Current => out.push_str("{current}"),
            }
        }
        out.push_str(&document.body.html[at..]);
        out
    }

    #[test]
    fn gfm_blocks() {
        check(
            "- [x] a\n- [ ] b\n\n| A | B |\n|:--|--:|\n| `1` | ~~2~~ |\n\nTerm\n: Meaning\n\n> [!TIP]\n> Text\n",
            expect![[r#"
                <ul class="task-list">
                <li class="task-list-item"><input type="checkbox" class="task-list-item-checkbox" disabled="disabled" checked="checked" aria-label="Done" />a</li>
                <li class="task-list-item"><input type="checkbox" class="task-list-item-checkbox" disabled="disabled" aria-label="To do" />b</li>
                </ul>
                <div class="table-wrap" role="group" tabindex="0" aria-label="Table">
                <table>
                <thead>
                <tr>
                <th scope="col" style="text-align: left">A</th>
                <th scope="col" style="text-align: right">B</th>
                </tr>
                </thead>
                <tbody>
                <tr>
                <td style="text-align: left"><code>1</code></td>
                <td style="text-align: right"><del>2</del></td>
                </tr>
                </tbody>
                </table>
                </div>
                <dl>
                <dt>Term</dt>
                <dd>Meaning</dd>
                </dl>
                <aside class="callout tip" role="note" aria-label="Tip">
                <p class="callout-title">Tip</p>
                <p>Text</p>
                </aside>
            "#]],
        );
    }

    #[test]
    fn headings_links_and_images() {
        check(
            "## A *b* {#own .c}\n\n## A b\n\n[x](../y.md#z \"t\") <https://e.org> www.e.org ![alt *t*](i.png)\n\n<a href='/q?a&amp;b'><img src=p.png></a>\n",
            expect![[r##"
                <h2 id="own" class="c">A <em>b</em><a class="anchor" href="#own" aria-hidden="true" tabindex="-1"></a></h2>
                <h2 id="a-b">A b<a class="anchor" href="#a-b" aria-hidden="true" tabindex="-1"></a></h2>
                <p><a href="{../y.md#z}" title="t">x</a> <a href="{https://e.org}">https://e.org</a> <a href="{http://www.e.org}">www.e.org</a> <img src="{i.png}" alt="alt t"{size} loading="lazy" decoding="async" /></p>
                <p><a href='{/q?a&b}'><img src="{p.png}"{size} loading="lazy"></a></p>
            "##]],
        );
    }

    #[test]
    fn raw_images() {
        check(
            "<img src=a.png srcset='b.png 2x' alt=\"\">\n\n<img src>\n\n<img src=\"a.png\n",
            expect![[r#"
                <img src="{a.png}"{size} loading="lazy" srcset='{b.png} 2x' alt="">
                <img src>
                <p>&lt;img src="a.png</p>
            "#]],
        );
    }

    #[test]
    fn every_id_is_there_once() {
        check(
            "# Title\n\n## Title\n\n## A\n\n## A\n\n## A-1\n\n## B\n\n## C {#b}\n\n[TOC]\n\ntext\n\n[TOC]\n",
            expect![[r##"
                <h2 id="title-1">Title<a class="anchor" href="#title-1" aria-hidden="true" tabindex="-1"></a></h2>
                <h2 id="a">A<a class="anchor" href="#a" aria-hidden="true" tabindex="-1"></a></h2>
                <h2 id="a-1">A<a class="anchor" href="#a-1" aria-hidden="true" tabindex="-1"></a></h2>
                <h2 id="a-1-1">A-1<a class="anchor" href="#a-1-1" aria-hidden="true" tabindex="-1"></a></h2>
                <h2 id="b-1">B<a class="anchor" href="#b-1" aria-hidden="true" tabindex="-1"></a></h2>
                <h2 id="b" class="no_toc">C<a class="anchor" href="#b" aria-hidden="true" tabindex="-1"></a></h2>
                <ul id="markdown-toc">
                <li><a href="#title-1" id="markdown-toc-title-1">Title</a></li>
                <li><a href="#a" id="markdown-toc-a">A</a></li>
                <li><a href="#a-1" id="markdown-toc-a-1">A</a></li>
                <li><a href="#a-1-1" id="markdown-toc-a-1-1">A-1</a></li>
                <li><a href="#b-1" id="markdown-toc-b-1">B</a></li>
                </ul>
                <p>text</p>
                <ul>
                <li><a href="#title-1" id="markdown-toc-2-title-1">Title</a></li>
                <li><a href="#a" id="markdown-toc-2-a">A</a></li>
                <li><a href="#a-1" id="markdown-toc-2-a-1">A</a></li>
                <li><a href="#a-1-1" id="markdown-toc-2-a-1-1">A-1</a></li>
                <li><a href="#b-1" id="markdown-toc-2-b-1">B</a></li>
                </ul>
            "##]],
        );
    }

    #[test]
    fn former_ids_stand_at_their_headings() {
        let former = [("t", "title"), ("old", "new"), ("older", "new"), ("gone", "nothing"), ("b", "new")];
        let former_ids = former.map(|(old, new)| (old.to_string(), new.to_string())).to_vec();
        let document = read("# Title\n\n## New\n\n## B\n", 0, None, &Options { former_ids, ..Options::default() });
        expect![[r##"
            <a id="t"></a>
            <h2 id="new"><a id="old"></a><a id="older"></a>New<a class="anchor" href="#new" aria-hidden="true" tabindex="-1"></a></h2>
            <h2 id="b">B<a class="anchor" href="#b" aria-hidden="true" tabindex="-1"></a></h2>
        "##]]
        .assert_eq(&with_holes(&document));
        assert_eq!(document.anchors, ["b", "new", "old", "older", "t", "title"]);
        assert_eq!(document.former_ids, ["t", "old", "older"]);
    }

    #[test]
    fn footnotes_and_contents() {
        check(
            "# Title\n\n## Contents\n\n[[_TOC_]]\n\n## One[^n]\n\n### Two <b>x</b>\n\nSee[^n].\n\n[^n]: Note.\n",
            expect![[r##"
            <h2 id="contents" class="no_toc">Contents<a class="anchor" href="#contents" aria-hidden="true" tabindex="-1"></a></h2>
            <ul id="markdown-toc">
            <li><a href="#one" id="markdown-toc-one">One</a>
            <ul>
            <li><a href="#two-x" id="markdown-toc-two-x">Two <b>x</b></a></li>
            </ul></li>
            </ul>
            <h2 id="one">One<sup id="fnref:n"><a href="#fn:n" class="footnote" rel="footnote" role="doc-noteref">1</a></sup><a class="anchor" href="#one" aria-hidden="true" tabindex="-1"></a></h2>
            <h3 id="two-x">Two <b>x</b><a class="anchor" href="#two-x" aria-hidden="true" tabindex="-1"></a></h3>
            <p>See<sup id="fnref:n:1"><a href="#fn:n" class="footnote" rel="footnote" role="doc-noteref">1</a></sup>.</p>
            <div class="footnotes" role="doc-endnotes">
            <ol>
            <li id="fn:n">
            <p>Note. <a href="#fnref:n" class="reversefootnote" role="doc-backlink">↩</a> <a href="#fnref:n:1" class="reversefootnote" role="doc-backlink">↩<sup>2</sup></a></p>
            </li>
            </ol>
            </div>
        "##]],
        );
    }

    #[test]
    fn code_math_and_diagrams() {
        check(
            "```sh\necho $HOME\n```\n\n```mermaid\na-->b\n```\n\n$x$ costs $5 to $10\n",
            expect![[r#"
            <pre class="code" data-lang="sh" tabindex="0"><code class="language-sh"><span class="f">echo </span>$<span class="v">HOME
            </span></code></pre>
            <pre class="mermaid">a--&gt;b
            </pre>
            <p><math display="inline"><mi>x</mi></math> costs $5 to $10</p>
        "#]],
        );
    }

    #[test]
    fn a_section_nav_bar() {
        check(
            "[**A**](/a/) - [**B**](/b/) - [**C**](/c/)\n\n## S\n",
            expect![[r##"
            <nav class="section-nav" aria-label="Section"><ul>
            <li><a href="{/a/}"{current}>A</a></li>
            <li><a href="{/b/}"{current}>B</a></li>
            <li><a href="{/c/}"{current}>C</a></li>
            </ul></nav>
            <h2 id="s">S<a class="anchor" href="#s" aria-hidden="true" tabindex="-1"></a></h2>
        "##]],
        );
    }

    #[test]
    fn components_of_the_theme() {
        check(
            "<div class=\"matrix\">\n\n| Area | One |\n|---|---|\n| Scope | a |\n\n</div>\n\n<div class=\"people\">\n\n- **Ada Example** \\\n  Head\n\n</div>\n",
            expect![[r#"
                <div class="matrix">
                <div class="matrix-box">
                <fieldset class="compare"><legend>Compare</legend>
                <label><input type="checkbox" checked="checked" /> One</label>
                </fieldset>
                <div class="table-wrap" role="group" tabindex="0" aria-label="Table">
                <table>
                <thead>
                <tr>
                <th scope="col">Area</th>
                <th scope="col"><a href="one/">One</a></th>
                </tr>
                </thead>
                <tbody>
                <tr>
                <th scope="row">Scope</th>
                <td>a</td>
                </tr>
                </tbody>
                </table>
                </div>
                </div>
                </div>
                <div class="people">
                <ul class="people">
                <li><span class="initials" aria-hidden="true">AE</span><strong>Ada Example</strong> <br />
                Head</li>
                </ul>
                </div>
            "#]],
        );
    }

    #[test]
    fn icons_and_frames_get_what_they_lack() {
        let document = read(
            "<i class=\"fas fa-arrow-right fa-fw\"></i> <i class=\"fa fa-nothing\"></i>\n\n<iframe src=\"https://www.example.com/a\"></iframe>\n<iframe src=\"https://example.com/b\" title=\"B\" loading=\"eager\"></iframe>\n",
            0,
            Some("Title"),
            &Options { ask_for_frames: false, ..Options::default() },
        );
        let expected = expect![[r#"
                <p><i class="fas fa-arrow-right fa-fw"><svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12l14 0 M13 18l6 -6 M13 6l6 6"/></svg></i> <i class="fa fa-nothing"></i></p>
                <iframe src="{https://www.example.com/a}" title="example.com" loading="lazy"></iframe>
                <iframe src="{https://example.com/b}" title="B" loading="eager"></iframe>
            "#]];
        expected.assert_eq(&with_holes(&document));
        let page = read("<i class=\"fa fa-nothing\"></i>", 0, None, &Options::default());
        assert_eq!(page.diagnostics.iter().map(|problem| problem.code.name()).collect::<Vec<_>>(), ["icon-unknown"]);
    }

    #[test]
    fn frames_from_elsewhere_wait_until_they_are_asked_for() {
        check(
            "<iframe src=\"https://www.youtube.com/embed/x\" width=\"560\" height=\"315\"></iframe> after\n\n<iframe src=\"own.html\"></iframe>\n",
            expect![[r#"
                <a class="embed" href="{https://www.youtube.com/watch?v=x}" data-frame="https://www.youtube-nocookie.com/embed/x" style="aspect-ratio:560/315"><strong>Show what is on youtube.com</strong> <small>Nothing is loaded from there before.</small></a> after
                <iframe src="{own.html}" title="Frame" loading="lazy"></iframe>
            "#]],
        );
        check(
            "In kramdown\n{:.x}\n\n<iframe src=\"https://example.com/b\" title=\"B & C\"></iframe>\n\nafter\n",
            expect![[r#"
                <p class="x">In kramdown</p>
                <a class="embed" href="{https://example.com/b}" data-frame="https://example.com/b"><strong>B &amp; C</strong> <small>Show what is on example.com. Nothing is loaded from there before.</small></a>
                <p>after</p>
            "#]],
        );
    }

    #[test]
    fn callouts_with_titles() {
        check(
            ":::tip[See [*this*](a.md)]\nText\n:::\n\n- x\n\n  !!! note \"T\"\n      y\n",
            expect![[r#"
            <aside class="callout tip" role="note" aria-label="Tip: See this">
            <p class="callout-title">See <a href="{a.md}"><em>this</em></a></p>
            <p>Text</p>
            </aside>
            <ul>
            <li>
            <p>x</p>
            <aside class="callout note" role="note" aria-label="Note: T">
            <p class="callout-title">T</p>
            <p>y</p>
            </aside>
            </li>
            </ul>
        "#]],
        );
    }

    #[test]
    fn classes_of_other_handbooks_are_noticed() {
        let compat = |text: &str| read(text, 0, None, &Options::default()).features.compat;
        assert!(compat("<p class=\"x alert-info\">a</p>\n"));
        assert!(compat("## On this page\n{:.no_toc .hidden-md .hidden-lg}\n"));
        assert!(!compat("> [!NOTE]\n> a\n\n<p class=\"x\">a</p>\n"));
    }

    #[test]
    fn ten_thousand_levels_cost_no_stack() {
        let quotes = "> ".repeat(10_000) + "x";
        assert!(read(&quotes, 0, None, &Options::default()).body.html.contains('x'));
    }
}
