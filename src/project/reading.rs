//! How pages are read, as far as their owner sets it: the keys of `[markdown]`.

use super::config::put;
use super::settings::{STRAIGHT, kramdown_levels, mermaid, smart_quotes, toc_levels, unknown};
use crate::markdown::dialect::Dialect;
use crate::markdown::kramdown::{self, Input, KramdownOptions};
use crate::value::Node;
use crate::value::reader::Reader;

/// How pages are read.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkdownConfig {
    /// The dialect of pages that do not say their own.
    pub dialect: Dialect,
    /// The first and last heading level in the theme's table of contents.
    pub toc_levels: (u8, u8),
    /// Whether three or more bold links above the first heading become a nav bar.
    pub section_nav: bool,
    /// Whether `$…$` is a formula.
    pub math: bool,
    /// Whether code is coloured.
    pub highlight: bool,
    /// The URL of the script that draws Mermaid diagrams; `None` shows their text.
    pub mermaid: Option<String>,
    /// Whether what comes from elsewhere in a frame waits until the reader asks for it.
    pub ask_for_frames: bool,
    /// What only kramdown has.
    pub kramdown: KramdownConfig,
}

/// kramdown's own options, as the site sets them for all its pages.
#[derive(Debug, Clone, PartialEq)]
pub struct KramdownConfig {
    /// Whether GitHub's additions are read (`input = "GFM"`), or kramdown alone.
    pub gfm: bool,
    /// Whether each line break in a paragraph is one on the page.
    pub hard_wrap: bool,
    /// The names of the entities for the left and right single and the left and right double quote.
    pub smart_quotes: [String; 4],
    /// The heading levels of `{:toc}`.
    pub toc_levels: Vec<u8>,
    /// Whether Markdown in HTML blocks is read.
    pub parse_block_html: bool,
    /// Whether Markdown in inline HTML is read.
    pub parse_span_html: bool,
    /// Whether headings get ids.
    pub auto_ids: bool,
    /// What those ids begin with.
    pub auto_id_prefix: String,
    /// Whether markup is left out of those ids.
    pub auto_id_stripping: bool,
    /// What is added to each heading's level.
    pub header_offset: i8,
    /// The number of the first footnote.
    pub footnote_nr: u32,
    /// How entities are written.
    pub entity_output: EntityOutput,
}

/// How kramdown writes entities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EntityOutput {
    /// As the character, where the encoding has it.
    #[default]
    AsChar,
    /// As in the source.
    AsInput,
    /// `&#160;`
    Numeric,
    /// `&nbsp;`
    Symbolic,
}

impl Default for MarkdownConfig {
    fn default() -> MarkdownConfig {
        MarkdownConfig {
            dialect: Dialect::Auto,
            toc_levels: (2, 3),
            section_nav: true,
            math: true,
            highlight: true,
            mermaid: Some("https://cdn.jsdelivr.net/npm/mermaid@12.3.0/dist/mermaid.esm.min.mjs".to_owned()),
            ask_for_frames: true,
            kramdown: KramdownConfig::default(),
        }
    }
}

impl Default for KramdownConfig {
    fn default() -> KramdownConfig {
        KramdownConfig {
            gfm: true,
            hard_wrap: false,
            smart_quotes: STRAIGHT.map(str::to_owned),
            toc_levels: vec![1, 2, 3, 4, 5, 6],
            parse_block_html: false,
            parse_span_html: true,
            auto_ids: true,
            auto_id_prefix: String::new(),
            auto_id_stripping: false,
            header_offset: 0,
            footnote_nr: 1,
            entity_output: EntityOutput::AsChar,
        }
    }
}

impl MarkdownConfig {
    /// Reads the table `[markdown]`.
    pub(super) fn read(&mut self, reader: &mut Reader, node: &Node) {
        for entry in reader.table("markdown", node).unwrap_or_default() {
            let (key, node) = (format!("markdown.{}", entry.key.value), &entry.value);
            match entry.key.value.as_str() {
                "dialect" => put(&mut self.dialect, reader.choice(&key, node, Dialect::ALL)),
                "toc_levels" => put(&mut self.toc_levels, toc_levels(reader, &key, node)),
                "section_nav" => put(&mut self.section_nav, reader.flag(&key, node)),
                "math" => put(&mut self.math, reader.flag(&key, node)),
                "highlight" => put(&mut self.highlight, reader.flag(&key, node)),
                "mermaid" => put(&mut self.mermaid, mermaid(reader, &key, node)),
                "frames" => put(&mut self.ask_for_frames, reader.choice(&key, node, &[("ask", true), ("load", false)])),
                "kramdown" => self.kramdown.read(reader, node),
                _ => unknown(reader, "markdown", entry),
            }
        }
    }
}

impl KramdownConfig {
    /// As the reader of pages wants them.
    pub fn options(&self) -> KramdownOptions {
        let mut toc_levels = [false; 6];
        for level in &self.toc_levels {
            if let Some(on) = toc_levels.get_mut(usize::from(*level).wrapping_sub(1)) {
                *on = true;
            }
        }
        KramdownOptions {
            input: if self.gfm { Input::Gfm } else { Input::Kramdown },
            hard_wrap: self.hard_wrap,
            smart_quotes: kramdown::quotes(&self.smart_quotes.join(",")).unwrap_or(kramdown::STRAIGHT_QUOTES),
            parse_block_html: self.parse_block_html,
            parse_span_html: self.parse_span_html,
            auto_ids: self.auto_ids,
            auto_id_prefix: self.auto_id_prefix.clone(),
            auto_id_stripping: self.auto_id_stripping,
            toc_levels,
            header_offset: self.header_offset,
            footnote_nr: self.footnote_nr,
            ..KramdownOptions::default()
        }
    }

    fn read(&mut self, reader: &mut Reader, node: &Node) {
        for entry in reader.table("markdown.kramdown", node).unwrap_or_default() {
            let (key, node) = (format!("markdown.kramdown.{}", entry.key.value), &entry.value);
            match entry.key.value.as_str() {
                "input" => put(&mut self.gfm, reader.choice(&key, node, &[("GFM", true), ("kramdown", false)])),
                "hard_wrap" => put(&mut self.hard_wrap, reader.flag(&key, node)),
                "smart_quotes" => put(&mut self.smart_quotes, smart_quotes(reader, &key, node)),
                "toc_levels" => put(&mut self.toc_levels, kramdown_levels(reader, &key, node)),
                "parse_block_html" => put(&mut self.parse_block_html, reader.flag(&key, node)),
                "parse_span_html" => put(&mut self.parse_span_html, reader.flag(&key, node)),
                "auto_ids" => put(&mut self.auto_ids, reader.flag(&key, node)),
                "auto_id_prefix" => put(&mut self.auto_id_prefix, reader.text(&key, node).map(|text| text.value)),
                "auto_id_stripping" => put(&mut self.auto_id_stripping, reader.flag(&key, node)),
                "header_offset" => put(&mut self.header_offset, reader.whole(&key, node, -5, 5).map(|n| n as i8)),
                "footnote_nr" => put(&mut self.footnote_nr, reader.whole(&key, node, 1, 100_000).map(|n| n as u32)),
                "entity_output" => {
                    let choices = [
                        ("as_char", EntityOutput::AsChar),
                        ("as_input", EntityOutput::AsInput),
                        ("numeric", EntityOutput::Numeric),
                        ("symbolic", EntityOutput::Symbolic),
                    ];
                    put(&mut self.entity_output, reader.choice(&key, node, &choices));
                }
                _ => unknown(reader, "markdown.kramdown", entry),
            }
        }
    }
}
