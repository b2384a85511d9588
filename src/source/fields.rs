//! The keys of the front matter that we know, as data: for reading, for the guide and for editors' schemas.

/// A key of the front matter, for the documentation and for reading.
pub struct Field {
    /// Our name for it.
    pub name: &'static str,
    /// The names that other generators use.
    pub synonyms: &'static [&'static str],
    /// What can be written.
    pub kind: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// Every key that we know.
pub const FIELDS: &[Field] = &[
    field("title", &[], "text", "the page's title"),
    field("nav_title", &["sidebar_label", "linkTitle"], "text", "a shorter title for the navigation"),
    field("description", &[], "text", "one or two sentences for search engines and cards"),
    field("layout", &["template"], "text", "the theme's template that shows the page"),
    field(
        "weight",
        &["nav_order", "order", "sidebar_position"],
        "number",
        "its place among its siblings, lightest first",
    ),
    field("slug", &[], "text", "what its URL ends with instead of the file's name"),
    field("url", &["permalink"], "text", "its whole path on the site, beginning with `/`"),
    field("aliases", &["redirect_from"], "text or list of text", "old paths that lead here"),
    field("anchors", &[], "group of keys", "former ids of headings, each with where it leads now"),
    field("redirect_to", &[], "text", "where it sends its readers"),
    field("draft", &[], "true or false", "not to be published yet"),
    field("published", &[], "true or false", "`false` is the same as `draft: true`"),
    field("date", &[], "date", "when it was written"),
    field("updated", &["lastmod", "last_modified_at"], "date", "when it was last changed"),
    field("tags", &["categories", "category"], "text or list of text", "its tags"),
    field("toc", &[], "true or false", "whether the theme shows its table of contents"),
    field("nav", &[], "true, false or hidden", "`false` and `hidden` leave it out of the navigation"),
    field("nav_exclude", &["toc_hide"], "true or false", "`true` leaves it out of the navigation"),
    field("noindex", &[], "true or false", "keeps search engines away"),
    field("robots", &[], "text", "keeps search engines away when it holds `noindex`"),
    field("search", &[], "true or false", "`false` keeps it out of the site's own search"),
    field(
        "exclude_search",
        &["searchExclude", "search_exclude"],
        "true or false",
        "`true` keeps it out of the site's own search",
    ),
    field("search_boost", &[], "number from 0.1 to 10", "how much more than other pages it counts in search"),
    field("keywords", &[], "text or list of text", "words by which search finds it besides those of its text"),
    field("lang", &["html_lang"], "language code", "its language, when it is another than the site's"),
    field("owners", &["owner"], "text or list of text", "who looks after it"),
    field("reviewed", &["last_reviewed"], "date", "when somebody last made sure that it is right"),
    field("review_by", &["next_review"], "date", "when somebody has to do so again"),
    field("review_every", &[], "period such as 6 months", "how long after the last time somebody has to do so again"),
    field("controlled", &["controlled_document"], "true or false", "says that the page may not be changed just so"),
    field("section_nav", &[], "list of links", "the nav bar of this page and all pages below it"),
    field("dialect", &[], "auto, gfm or kramdown", "how its Markdown is to be read"),
    field("extra", &[], "group of keys", "more values for templates, as if they stood outside the group"),
];

/// The field that a key means, by its name or by a synonym.
pub fn field_of(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name || field.synonyms.contains(&name))
}

const fn field(
    name: &'static str,
    synonyms: &'static [&'static str],
    kind: &'static str,
    about: &'static str,
) -> Field {
    Field { name, synonyms, kind, about }
}
