//! Problems in the site, as values with a place.
//!
//! Every stage returns what it has together with the diagnostics it found; nothing here stops a build.
//! Whoever runs the pipeline decides what to do with them and prints them with one of the printers below.

mod fix;
mod gitlab;
mod human;
mod junit;
mod machine;
mod position;
mod sarif;
mod summary;
pub mod uri;

use std::fmt;
use std::sync::Arc;

pub use fix::{Edit, Fix};
pub use gitlab::gitlab;
pub use human::human;
pub use junit::junit;
pub use machine::{github, json, short};
pub use sarif::sarif;
pub use summary::summary;

/// The page of the guide that explains every code, as it is published.
pub const MESSAGES: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "guide/messages/");

/// A half-open range of bytes in a whole file, front matter included. Turned into line and column only for printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`; files beyond 4 GiB are refused when they are read, so both fit.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }

    /// The span as a range to index text with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The span as a range that fits the text: within it and between characters, as the text may be another one by now.
    pub fn within(self, text: &str) -> std::ops::Range<usize> {
        let floor =
            |at: u32| (0..=text.len().min(at as usize)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let start = floor(self.start);
        start..floor(self.end).max(start)
    }
}

/// How much a problem matters: an error stops `build` before the first write, a warning does so only with `--strict`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site cannot be published like this.
    Error,
    /// A reader or an editor will stumble over it.
    Warning,
    /// Worth knowing; never fails a build.
    Note,
}

impl Severity {
    /// The word that printers use.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One problem, with its place and a way to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Whether it stops a build.
    pub severity: Severity,
    /// Its stable name.
    pub code: Code,
    /// What is wrong: lower case, no full stop, the author's words in backticks.
    pub message: String,
    /// The file, relative to the project's root with `/` between its parts; empty when the whole site is meant,
    /// or when the stage that found it knows no paths and its caller is still to fill it in.
    pub file: String,
    /// Where in the file; `None` when the file as a whole is meant.
    pub span: Option<Span>,
    /// How to mend it, when we know.
    pub help: Option<String>,
    /// The change that certainly mends it, when there is exactly one. Only commands that were asked to change the
    /// author's files look at it. Shared, as one change may mend thousands of problems.
    pub fix: Option<Arc<Fix>>,
}

impl Diagnostic {
    /// A problem with its code's usual severity, and neither file, place nor help yet. Control characters, which come
    /// with what an author wrote, become spaces: a message is one line.
    pub fn new(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: code.severity(),
            code,
            message: on_one_line(message.into()),
            file: String::new(),
            span: None,
            help: None,
            fix: None,
        }
    }

    /// Where it comes in a list, whichever thread found it first: by file, place, code and message.
    pub fn sort_key(&self) -> (&str, Option<Span>, Code, &str, Severity, Option<&str>) {
        (&self.file, self.span, self.code, &self.message, self.severity, self.help.as_deref())
    }

    /// The same problem in this file, and so are the edits of its fix that have no file yet.
    pub fn in_file(mut self, file: impl Into<String>) -> Diagnostic {
        self.file = file.into();
        let is_partial = |fix: &&mut Arc<Fix>| fix.edits.iter().any(|edit| edit.file.is_empty());
        if let Some(fix) = self.fix.as_mut().filter(is_partial) {
            for edit in Arc::make_mut(fix).edits.iter_mut().filter(|edit| edit.file.is_empty()) {
                edit.file.clone_from(&self.file);
            }
        }
        self
    }

    /// The same problem at this place.
    pub fn at(mut self, span: Span) -> Diagnostic {
        self.span = Some(span);
        self
    }

    /// The same problem with this advice.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(on_one_line(help.into()));
        self
    }

    /// The same problem with the change that certainly mends it.
    pub fn fix(mut self, fix: impl Into<Arc<Fix>>) -> Diagnostic {
        self.fix = Some(fix.into());
        self
    }
}

fn on_one_line(text: String) -> String {
    match text.contains(char::is_control) {
        true => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        false => text,
    }
}

/// Declares every code with its stable name and its usual severity, so that no code can be without either. `off` is for
/// what only those who ask for it want to hear.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $severity:ident $($off:ident)?;)+) => {
        /// The stable names of the problems we report. Scripts and settings rely on them: never rename one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The name that is printed and that settings use.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// The code of this name.
            pub fn named(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The severity it has unless something says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)+ }
            }

            /// Whether it is reported unless something says otherwise.
            pub fn is_on(self) -> bool {
                match self { $(Code::$variant => concat!($(stringify!($off))?).is_empty(),)+ }
            }

            /// What it means, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

codes! {
    /// `site.toml` is not TOML.
    ConfigSyntax "config-syntax" Error;
    /// `site.toml` has a key that we do not know.
    ConfigKey "config-key" Error;
    /// A key of `site.toml` has a value that it cannot have.
    ConfigValue "config-value" Error;
    /// The front matter is not YAML or TOML, or its closing line is missing.
    FrontMatterSyntax "front-matter-syntax" Error;
    /// A front-matter field has a value of the wrong kind.
    FrontMatterValue "front-matter-value" Error;
    /// A front-matter key is given twice, directly or by a synonym.
    FrontMatterDuplicate "front-matter-duplicate" Warning;
    /// A front-matter key is not ours and looks like one of ours.
    FrontMatterKey "front-matter-key" Warning;
    /// A page asks for a layout that no theme layer has.
    LayoutUnknown "layout-unknown" Note;
    /// A file is not UTF-8.
    Encoding "encoding" Warning;
    /// A file or folder of the content could not be read.
    SourceUnreadable "source-unreadable" Error;
    /// A file's name cannot become a URL.
    SourceName "source-name" Error;
    /// Two pages, or a page and a file, have one URL.
    UrlCollision "url-collision" Error;
    /// Two URLs differ only in upper and lower case.
    UrlCase "url-case" Warning;
    /// An alias cannot be used.
    Alias "alias" Warning;
    /// An address that was published is gone.
    AddressLost "address-lost" Error;
    /// A heading or anchor that was published is gone.
    AnchorLost "anchor-lost" Error;
    /// `handbook.lock` cannot be read.
    LedgerSyntax "ledger-syntax" Error;
    /// Dates were asked for, and the history that has them is not there.
    HistoryMissing "history-missing" Note;
    /// A redirect leads to another redirect.
    RedirectChain "redirect-chain" Warning;
    /// A link leads to a page or file that the site does not have.
    LinkPage "link-page" Warning;
    /// A link leads to a heading or anchor that its page does not have.
    LinkAnchor "link-anchor" Warning;
    /// An image, style sheet or other embedded file is missing.
    LinkAsset "link-asset" Warning;
    /// A link leads to something that is there in other capital and small letters.
    LinkCase "link-case" Warning;
    /// A link begins with a scheme that does not exist, or lacks one.
    LinkScheme "link-scheme" Warning;
    /// A link begins with a scheme that runs code or brings a page along, and leads nowhere.
    LinkScript "link-script" Warning;
    /// A link leads to a page that is a draft.
    LinkDraft "link-draft" Warning;
    /// A link goes through a redirect.
    LinkRedirect "link-redirect" Note;
    /// A relative link climbs above the site's first page.
    LinkOutside "link-outside" Warning;
    /// A link leads to something on another site that is gone.
    ExternalDead "external-dead" Warning;
    /// A link leads to a heading or anchor that a page of another site does not have.
    ExternalAnchor "external-anchor" Note;
    /// A link leads to another site that gave no answer, or lets nobody in.
    ExternalUnreachable "external-unreachable" Note;
    /// A link leads to something on another site that has moved for good.
    ExternalMoved "external-moved" Note;
    /// A link has no text.
    LinkText "link-text" Warning;
    /// A link has no destination.
    LinkEmpty "link-empty" Warning;
    /// An attribute list cannot be read or has nothing to belong to.
    AttributeList "attribute-list" Warning;
    /// An HTML tag has no partner, or stands where it cannot.
    HtmlTag "html-tag" Warning;
    /// HTML that the owner's policy lets into no page.
    HtmlRemoved "html-removed" Warning;
    /// What looks like a placeholder for readers is an HTML element, and so is not shown.
    Placeholder "placeholder" Warning;
    /// A link's or footnote's definition is missing or is given twice.
    LinkDefinition "link-definition" Warning;
    /// A formula is not LaTeX that we can set.
    Math "math" Warning;
    /// A callout has no end, or is of no kind that we know.
    Callout "callout" Warning;
    /// The theme has no icon of this name.
    IconUnknown "icon-unknown" Warning;
    /// The accent colour could not be used as it is.
    ThemeAccent "theme-accent" Note;
    /// Text was read in the wrong encoding once.
    Mojibake "mojibake" Warning;
    /// There is a character that nobody sees.
    ControlCharacter "control-character" Warning;
    /// A page has no title.
    TitleMissing "title-missing" Note off;
    /// Two pages have one title.
    TitleDuplicate "title-duplicate" Note off;
    /// A page has no description.
    DescriptionMissing "description-missing" Note off;
    /// A heading is more than one level below the one before it.
    HeadingLevel "heading-level" Note;
    /// An image has no text for those who cannot see it.
    ImageAlt "image-alt" Note;
    /// An image has more bytes than the limit.
    ImageLarge "image-large" Note;
    /// A page has more text than the limit.
    PageLarge "page-large" Note;
    /// No page links to a page, and the navigation leaves it out.
    PageOrphan "page-orphan" Note;
    /// Text that is still to be written.
    Unfinished "unfinished" Note;
    /// The day by which a page was to be reviewed has passed.
    ReviewDue "review-due" Note;
    /// A template does not parse or fails on a page.
    Template "template" Error;
    /// The nav bar or another part of the configuration names a page that is not there.
    NavPage "nav-page" Warning;
}

impl Code {
    /// Where the guide explains it.
    pub fn url(self) -> String {
        format!("{MESSAGES}{}/", self.name())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
