//! kramdown's options.

/// What a site sets for all its kramdown pages. The defaults are those of GitLab's handbook.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KramdownOptions {
    /// Which of kramdown's parsers reads the pages.
    pub input: Input,
    /// Whether each line end in a paragraph is a break.
    pub hard_wrap: bool,
    /// What quotes become: single left and right, double left and right.
    pub smart_quotes: [char; 4],
    /// Whether Markdown in block HTML is read.
    pub parse_block_html: bool,
    /// Whether Markdown in inline HTML is read.
    pub parse_span_html: bool,
    /// Whether headings get ids.
    pub auto_ids: bool,
    /// What such ids begin with.
    pub auto_id_prefix: String,
    /// Whether such ids are made from the heading's text alone, without markup. kramdown's GFM parser always does so.
    pub auto_id_stripping: bool,
    /// The levels of headings that a table of contents shows; the first is level one.
    pub toc_levels: [bool; 6],
    /// How many levels deeper headings are written.
    pub header_offset: i8,
    /// The first footnote's number.
    pub footnote_nr: u32,
    /// What leads back from a footnote, as text; empty for nothing.
    pub footnote_backlink: String,
    /// Whether paragraphs end where other blocks begin, without a blank line. Only for GFM.
    pub paragraph_end: bool,
    /// Whether `--`, `...` and their like become typographic symbols.
    pub typographic_symbols: bool,
}

/// Quotes as they are typed.
pub const STRAIGHT_QUOTES: [char; 4] = ['\'', '\'', '"', '"'];

/// kramdown's parsers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Input {
    /// GitHub's rules on top of kramdown's.
    #[default]
    Gfm,
    /// kramdown's own.
    Kramdown,
}

impl Default for KramdownOptions {
    fn default() -> Self {
        KramdownOptions {
            input: Input::Gfm,
            hard_wrap: false,
            smart_quotes: STRAIGHT_QUOTES,
            parse_block_html: false,
            parse_span_html: true,
            auto_ids: true,
            auto_id_prefix: String::new(),
            auto_id_stripping: false,
            toc_levels: [true; 6],
            header_offset: 0,
            footnote_nr: 1,
            footnote_backlink: "↩".to_string(),
            paragraph_end: true,
            typographic_symbols: true,
        }
    }
}

/// The options as one page has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The page's own.
    pub options: KramdownOptions,
    /// `input` is GFM.
    pub gfm: bool,
    /// Paragraphs end where other blocks begin.
    pub gfm_paragraph_end: bool,
}

impl Settings {
    /// The options of a page that has set none yet.
    pub fn new(options: &KramdownOptions) -> Settings {
        let gfm = options.input == Input::Gfm;
        let options = KramdownOptions { auto_id_stripping: gfm || options.auto_id_stripping, ..options.clone() };
        Settings { gfm, gfm_paragraph_end: gfm && options.paragraph_end, options }
    }

    /// Whether quotes come out as they are written.
    pub fn has_straight_quotes(&self) -> bool {
        self.options.smart_quotes == STRAIGHT_QUOTES
    }

    /// Sets an option that a page names. `false` when there is none of this name. A value that the option cannot have
    /// changes nothing.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        const LONGEST: usize = 200;
        let options = &mut self.options;
        let yes = !value.is_empty() && value.trim().to_lowercase() != "false";
        match name {
            "parse_block_html" => options.parse_block_html = yes,
            "parse_span_html" => options.parse_span_html = yes,
            "auto_ids" => options.auto_ids = yes,
            // Each heading and each footnote would repeat it.
            "auto_id_prefix" | "footnote_backlink" if value.len() > LONGEST => {}
            "auto_id_prefix" => options.auto_id_prefix = value.to_string(),
            "auto_id_stripping" => options.auto_id_stripping = yes,
            "toc_levels" => options.toc_levels = toc_levels(value).unwrap_or(options.toc_levels),
            "header_offset" => options.header_offset = value.parse().unwrap_or(options.header_offset),
            "footnote_nr" => options.footnote_nr = value.parse().unwrap_or(options.footnote_nr),
            "footnote_backlink" => {
                options.footnote_backlink = crate::markdown::kramdown::entity::decode(value.into()).into_owned()
            }
            "smart_quotes" => {
                let found: Vec<Option<char>> = value.split(',').map(quote).collect();
                if found.len() == options.smart_quotes.len() {
                    let both = options.smart_quotes.iter_mut().zip(found);
                    both.for_each(|(quote, found)| *quote = found.unwrap_or(*quote));
                }
            }
            // The output is UTF-8, where every form of a character reference means the same.
            "entity_output" => {}
            // kramdown reads these only before the page, or has other converters for them.
            "hard_wrap"
            | "gfm_quirks"
            | "link_defs"
            | "line_width"
            | "latex_headers"
            | "list_indent"
            | "remove_block_html_tags"
            | "remove_span_html_tags"
            | "syntax_highlighter"
            | "syntax_highlighter_opts"
            | "math_engine"
            | "math_engine_opts"
            | "html_to_native"
            | "transliterated_header_ids"
            | "typographic_symbols"
            | "footnote_backlink_inline"
            | "footnote_prefix"
            | "remove_line_breaks_for_cjk" => {}
            _ => return false,
        }
        true
    }
}

/// The levels of `1..3` or `1,3`.
pub fn toc_levels(value: &str) -> Option<[bool; 6]> {
    let mut levels = [false; 6];
    let level = |text: &str| {
        let number: usize = text.parse().ok()?;
        (text.len() == 1 && (1..=6).contains(&number)).then(|| number - 1)
    };
    if let Some((first, last)) = value.split_once("..") {
        let (first, last) = (level(first)?, level(last)?);
        levels.iter_mut().take(last + 1).skip(first).for_each(|on| *on = true);
        return Some(levels);
    }
    for one in value.split(',') {
        levels[level(one)?] = true;
    }
    Some(levels)
}

/// Four characters, named or by number.
pub fn quotes(value: &str) -> Option<[char; 4]> {
    let mut found = value.split(',').map(quote);
    let quotes = [found.next()??, found.next()??, found.next()??, found.next()??];
    found.next().is_none().then_some(quotes)
}

/// A character, named or by number.
fn quote(name: &str) -> Option<char> {
    let name = name.trim();
    let is_number = name.bytes().all(|b| b.is_ascii_digit());
    let reference = if is_number { format!("&#{name};") } else { format!("&{name};") };
    crate::markdown::kramdown::entity::character(&reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ranges_or_lists() {
        assert_eq!(toc_levels("2..3"), Some([false, true, true, false, false, false]));
        assert_eq!(toc_levels("1,6"), Some([true, false, false, false, false, true]));
        assert_eq!(toc_levels("1-3"), None);
        assert_eq!(toc_levels("0..9"), None);
    }

    #[test]
    fn quotes_are_names_or_numbers() {
        let mut settings = Settings::new(&KramdownOptions::default());
        assert!(settings.has_straight_quotes());
        assert!(settings.set("smart_quotes", "laquo,raquo,39,34"));
        assert_eq!(settings.options.smart_quotes, ['«', '»', '\'', '"']);
    }
}
