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
mod heading;
mod html;
mod ids;
mod inline;
mod line;
mod link;
mod list;
mod needle;
mod options;
mod piece;
mod reference;
mod span_html;
mod symbol;
mod table;
mod tag;

pub use options::{Input, KramdownOptions, STRAIGHT_QUOTES, quotes, toc_levels};

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
