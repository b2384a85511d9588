//! Whatever a file holds, reading it ends, and every place that it reports can be shown.

use handbook::diagnostic::{self, Code, Diagnostic, Span};
use handbook::{project, source};

/// Texts with every kind of syntax, to be cut up and put together anew.
const SEEDS: &[&str] = &[
    "---\ntitle: \"a: b\"\ntags: [x, 'y', {z: 1}]\nweight: 1.5\n---\n# Body\n",
    "---\r\ntitle: >\r\n  folded\r\n  text\r\naliases:\r\n  - /a/\r\n  - *x\r\n...\r\nBody",
    "+++\ntitle = \"a\"\ndate = 2024-01-31T10:00:00Z\n[extra]\na.b = [1, 2]\n[[section_nav]]\ntitle = 'x'\n+++\n",
    "\u{FEFF}--- \n\ta: &a [*a, !tag x, ? y, | z]\n<<: *a\ndate: 2024-02-30\nurl: /../:x\n\n---\n",
    "title = \"x\"\nbase_url = \"https://ex.com:80/a b/\"\n[nav]\nmain = [{ title = \"日本\", url = \"/x/\" }]\n[[nav.section]]\nurl = '/x/'\n",
    "[markdown]\ntoc_levels = [2, 3]\nmermaid = false\n[markdown.kramdown]\nsmart_quotes = \"a,b,c,d\"\nmath = \"\\u00e9\"\n[links]\nhosts = [\"x\"]\n",
    "---\ntitle:\u{A0}x\n\u{200B}lang: en_US\n— \n\u{1b}[31m\0\n- {\"\\x\": '\n",
];

/// Bytes that mean something in one of the formats, and some that mean nothing in any.
const SPECIAL: &[u8] = b" \t\n\r:-[]{}\"'#&*!|>%@`=.,+\0\xFF\xE3\xC2";

/// A small generator with a fixed seed: a failure must be the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    /// Some seed with bytes changed, taken out, repeated, or put in from another.
    fn bytes(&mut self) -> Vec<u8> {
        let mut bytes = SEEDS[self.below(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..self.below(6) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(12)).min(bytes.len());
            match self.below(5) {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.insert(at, SPECIAL[self.below(SPECIAL.len())]),
                2 => {
                    let other = SEEDS[self.below(SEEDS.len())].as_bytes();
                    let from = self.below(other.len());
                    let to = (from + self.below(40)).min(other.len());
                    drop(bytes.splice(at..at, other[from..to].iter().copied()));
                }
                3 => bytes.extend_from_within(at..end),
                _ => bytes.truncate(at),
            }
        }
        bytes
    }
}

#[test]
fn random_files_are_read_to_their_end_with_places_that_can_be_shown() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..8_000 {
        let (text, encoding) = source::text::decode(random.bytes());
        let (_, body, mut diagnostics) = source::front_matter::read(&text);
        assert!(text.is_char_boundary(body), "{text:?}");
        diagnostics.extend(project::config::read(&text).1);
        diagnostics.extend(encoding);
        for diagnostic in &diagnostics {
            let span = diagnostic.span.map(|span| text.get(span.range()));
            assert_ne!(span, Some(None), "{diagnostic:?} in {text:?}");
            let words = format!("{}{}", diagnostic.message, diagnostic.help.as_deref().unwrap_or(""));
            assert!(!words.contains(|c: char| c.is_control()), "{diagnostic:?} in {text:?}");
        }
        print_all(&diagnostics, &text);
    }
}

#[test]
fn random_places_in_random_files_can_be_shown() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for _ in 0..4_000 {
        let (text, _) = source::text::decode(random.bytes());
        let start = random.below(text.len() + 20);
        let span = Span::new(start, random.below(text.len() + 20));
        let diagnostic = Diagnostic::new(Code::Math, "x").in_file("a.md").at(span);
        print_all(&[diagnostic], &text);
    }
}

fn print_all(diagnostics: &[Diagnostic], text: &str) {
    let mut diagnostics = diagnostics.to_vec();
    diagnostics.iter_mut().for_each(|diagnostic| diagnostic.file = "a.md".to_owned());
    let mut read = |_: &str| Some(text.to_owned());
    let mut out = Vec::new();
    diagnostic::human(&diagnostics, &mut read, true, &mut out).unwrap();
    diagnostic::short(&diagnostics, &mut read, &mut out).unwrap();
    diagnostic::json(&diagnostics, &mut read, &mut out).unwrap();
    diagnostic::github(&diagnostics, &mut read, &mut out).unwrap();
}
