//! Code to HTML with a handful of short classes, at build time.
//!
//! The grammars' scopes are far too many for a theme and would multiply a page's bytes; they are mapped to eleven
//! classes here. Themes style those and know nothing of grammars.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::markdown::snippets::{self, Snippet, Snippets};

/// Code longer than this is not highlighted: grammars may take a second for a megabyte, and nobody reads that far.
const LONGEST: usize = 256 * 1024;
/// Minified code has lines on which some grammars' expressions take more than linear time.
const LONGEST_LINE: usize = 4096;

/// The grammars, read once from the binary; they never change.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);
static CLASSES: LazyLock<Vec<(Scope, u8)>> = LazyLock::new(classes);
/// The classes that themes style. A class is its place here, from 1.
const NAMES: [&str; 11] = ["a", "c", "d", "f", "i", "k", "n", "o", "s", "t", "v"];
/// No class.
const NONE: u8 = 0;

/// What has coloured code: this file, and the crates that hold the grammars and follow them.
const VERSION: &[&[u8]] = &[include_bytes!("highlight.rs"), GRAMMARS.as_bytes()];
/// A test holds this to what the program is built with.
const GRAMMARS: &str = "onig 6.5.3, syntect 5.3.0, two-face 0.5.2+bat-0.26.1";

/// Another number whenever the same code may get other colours.
pub fn version() -> u64 {
    static NUMBER: LazyLock<u64> = LazyLock::new(|| VERSION.iter().fold(0, |seed, part| xxh3_64_with_seed(part, seed)));
    *NUMBER
}

/// Writes the code escaped, with `<span class="…">` round what the language's grammar marks, and hands out what to
/// remember of it. `Err`, and nothing written, when no grammar knows the language or the code is too long.
///
/// What is `known` is not worked out again.
pub fn highlight(out: &mut String, lang: &str, code: &str, known: &Snippets) -> Result<Snippet, Option<Snippet>> {
    let Some(lang) = language(lang).filter(|_| code.len() <= LONGEST) else { return Err(None) };
    let key = snippets::key(&lang, code);
    if let Some(colours) = known.get(key) {
        let snippet = Snippet { key, fresh: None };
        match (colours, is_of(colours, code)) {
            ([], _) => return Err(Some(snippet)),
            (_, true) => {
                write(out, code, colours);
                return Ok(snippet);
            }
            // Somebody made this up.
            (_, false) => {}
        }
    }
    let colours = colours(&lang, code).unwrap_or_default();
    // Nothing is a colour too: the next time, no grammar is asked.
    let snippet = Snippet { key, fresh: Some(colours.as_slice().into()) };
    if colours.is_empty() {
        return Err(Some(snippet));
    }
    write(out, code, &colours);
    Ok(snippet)
}

/// How many bytes of the code have which class, one run after the other. `None` when no grammar knows the language, or
/// when it fails in the middle: half of the code without a meaning would be worse than all of it.
fn colours(lang: &str, code: &str) -> Option<Vec<u8>> {
    let syntax = syntax(lang)?;
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut runs = Runs { bytes: Vec::new(), class: NONE, length: 0 };
    let mut classes = Classes::default();
    for line in lines(code) {
        if line.len() > LONGEST_LINE {
            runs.add(line, NONE);
            continue;
        }
        let mut at = 0;
        for (offset, op) in state.parse_line(line, &SYNTAXES).ok()? {
            if offset > at {
                runs.add(&line[at..offset], classes.of(&stack));
                at = offset;
            }
            stack.apply(&op).ok()?;
        }
        runs.add(&line[at..], classes.of(&stack));
    }
    runs.end();
    Some(runs.bytes)
}

/// Runs of one class, each as a number of seven bits a byte: the length, and below it four bits of the class.
struct Runs {
    bytes: Vec<u8>,
    class: u8,
    length: usize,
}

impl Runs {
    fn add(&mut self, text: &str, class: u8) {
        // White space looks the same in every class: it never begins a run of its own.
        let is_blank = text.trim().is_empty();
        if class != self.class && !is_blank {
            self.end();
            self.class = class;
        }
        self.length += text.len();
    }

    fn end(&mut self) {
        if self.length == 0 {
            return;
        }
        let mut rest = self.length << 4 | self.class as usize;
        while rest >= 0x80 {
            self.bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
        self.length = 0;
    }
}

/// The class and the length of each run. Ends where there is no sense in it.
fn runs(colours: &[u8]) -> impl Iterator<Item = (u8, usize)> + '_ {
    let mut bytes = colours.iter();
    std::iter::from_fn(move || {
        let mut number = 0_usize;
        for shift in 0..5 {
            let byte = *bytes.next()?;
            number |= usize::from(byte & 0x7F) << (7 * shift);
            if byte < 0x80 {
                return Some((number as u8 & 0xF, number >> 4));
            }
        }
        None
    })
}

/// Whether these can be the colours of this code.
fn is_of(colours: &[u8], code: &str) -> bool {
    let mut at = 0_usize;
    runs(colours).all(|(class, length)| {
        at = at.saturating_add(length);
        usize::from(class) <= NAMES.len() && code.is_char_boundary(at)
    }) && at == code.len()
}

/// Writes code in its colours.
fn write(out: &mut String, code: &str, colours: &[u8]) {
    let mut at = 0;
    for (class, length) in runs(colours) {
        let text = &code[at..at + length];
        at += length;
        match class {
            NONE => escape(out, text),
            class => {
                out.push_str("<span class=\"");
                out.push_str(NAMES[usize::from(class) - 1]);
                out.push_str("\">");
                escape(out, text);
                out.push_str("</span>");
            }
        }
    }
}

fn escape(out: &mut String, text: &str) {
    pulldown_cmark_escape::escape_html_body_text(out, text).expect("writing to a string cannot fail");
}

/// Lines with their ends: the grammars expect them.
fn lines(code: &str) -> impl Iterator<Item = &str> {
    code.split_inclusive('\n')
}

/// A fence's language by the name that its grammar has, with the names that people use and grammars do not.
fn language(lang: &str) -> Option<Cow<'_, str>> {
    let is_lower = !lang.bytes().any(|byte| byte.is_ascii_uppercase());
    let lower = if is_lower { Cow::Borrowed(lang) } else { Cow::Owned(lang.to_ascii_lowercase()) };
    let name = match &*lower {
        "" | "text" | "plaintext" | "plain" | "txt" | "none" | "console" | "output" | "mermaid" => return None,
        "shell" | "shell-session" | "sh" | "zsh" => "bash",
        "jsonc" | "json5" => "json",
        "yml" => "yaml",
        "hcl" => "terraform",
        "docker" => "dockerfile",
        "golang" => "go",
        "c++" => "cpp",
        "c#" | "csharp" => "cs",
        "md" => "markdown",
        "text/x-sql" | "postgresql" | "mysql" | "snowflake" => "sql",
        _ => return Some(lower),
    };
    Some(Cow::Borrowed(name))
}

fn syntax(lang: &str) -> Option<&'static SyntaxReference> {
    SYNTAXES.find_syntax_by_token(lang).filter(|syntax| syntax.name != "Plain Text")
}

/// The class of a stack of scopes: that of the innermost scope that has one. Each scope is looked up once.
#[derive(Default)]
struct Classes {
    known: HashMap<Scope, Option<u8>>,
}

impl Classes {
    fn of(&mut self, stack: &ScopeStack) -> u8 {
        stack.as_slice().iter().rev().find_map(|scope| self.of_scope(*scope)).unwrap_or(NONE)
    }

    /// `None` when the scope says nothing.
    fn of_scope(&mut self, scope: Scope) -> Option<u8> {
        let look = || CLASSES.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, class)| *class);
        *self.known.entry(scope).or_insert_with(look)
    }
}

/// What each scope means to a reader; the first prefix that fits counts. `None` ends the search without a class.
fn classes() -> Vec<(Scope, u8)> {
    let table: &[(&str, Option<&'static str>)] = &[
        ("comment", Some("c")),
        ("punctuation.definition.comment", Some("c")),
        ("constant.character.escape", Some("n")),
        ("string.unquoted", None),
        ("string", Some("s")),
        ("punctuation.definition.string", Some("s")),
        ("constant.numeric", Some("n")),
        ("constant.language", Some("n")),
        ("constant.character", Some("n")),
        ("markup.inserted", Some("i")),
        ("markup.deleted", Some("d")),
        ("markup.heading", Some("k")),
        ("markup.bold", Some("k")),
        ("markup.raw", Some("s")),
        ("keyword.operator.word", Some("k")),
        ("keyword.operator", Some("o")),
        ("keyword", Some("k")),
        ("storage.type.function", Some("k")),
        ("storage", Some("k")),
        ("entity.name.function", Some("f")),
        ("support.function", Some("f")),
        ("variable.function", Some("f")),
        ("entity.name.tag", Some("k")),
        ("entity.other.attribute-name", Some("a")),
        ("entity.name.type", Some("t")),
        ("entity.name.class", Some("t")),
        ("entity.name.struct", Some("t")),
        ("entity.name.enum", Some("t")),
        ("entity.other.inherited-class", Some("t")),
        ("support.type.property-name", Some("a")),
        ("meta.mapping.key string", Some("a")),
        ("support.type", Some("t")),
        ("support.class", Some("t")),
        ("variable.other.readwrite", Some("v")),
        ("variable.parameter", Some("v")),
        ("variable.language", Some("k")),
    ];
    let number = |class: &str| NAMES.iter().position(|name| *name == class).map(|at| at as u8 + 1);
    let class = |class: &Option<&str>| class.and_then(number).unwrap_or(NONE);
    table.iter().filter_map(|(scope, name)| Some((Scope::new(scope).ok()?, class(name)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lang: &str, code: &str, expected: expect_test::Expect) {
        let mut out = String::new();
        let snippet = highlight(&mut out, lang, code, &Snippets::default()).expect("the language is known");
        let mut again = String::new();
        let known = Snippets::default().next([snippet].iter()).unwrap();
        assert!(highlight(&mut again, lang, code, &known).is_ok_and(|snippet| snippet.fresh.is_none()));
        assert_eq!(again, out);
        expected.assert_eq(&out);
    }

    #[test]
    fn code_gets_short_classes() {
        check(
            "rust",
            "// hi\nlet x = \"<\";\n",
            expect_test::expect![[r#"
    <span class="c">// hi
    </span><span class="k">let</span> x <span class="o">= </span><span class="s">"&lt;"</span>;
"#]],
        );
    }

    #[test]
    fn names_that_people_use_are_known() {
        for lang in ["shell", "yml", "JSON", "hcl", "dockerfile", "ruby", "ts", "sql", "toml", "diff"] {
            assert!(language(lang).and_then(|lang| syntax(&lang)).is_some(), "{lang}");
        }
        for lang in ["", "text", "no-such-language"] {
            assert!(language(lang).and_then(|lang| syntax(&lang)).is_none(), "{lang}");
        }
    }

    #[test]
    fn the_text_is_never_changed() {
        let code = "fn main() {\n\tprintln!(\"{}\", 1 & 2);\n}\n\n# no newline at the end";
        for lang in ["rust", "bash", "python", "yaml", "html"] {
            let mut out = String::new();
            assert!(highlight(&mut out, lang, code, &Snippets::default()).is_ok());
            let mut plain = String::new();
            let mut inside = false;
            for c in out.chars() {
                match c {
                    '<' => inside = true,
                    '>' if inside => inside = false,
                    _ if !inside => plain.push(c),
                    _ => {}
                }
            }
            assert_eq!(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), code);
        }
    }

    #[test]
    fn a_language_that_nobody_knows_is_asked_for_once() {
        let mut out = String::new();
        let Err(Some(snippet)) = highlight(&mut out, "klingon", "nuqneH", &Snippets::default()) else { panic!() };
        let known = Snippets::default().next([snippet.clone()].iter()).unwrap();
        let again = highlight(&mut out, "klingon", "nuqneH", &known);
        assert_eq!((again, out.as_str()), (Err(Some(Snippet { fresh: None, ..snippet })), ""));
    }

    #[test]
    fn colours_that_are_not_those_of_the_code_are_worked_out_again() {
        let (lang, code) = ("rust", "let é = 1;");
        let mut right = String::new();
        let key = highlight(&mut right, lang, code, &Snippets::default()).unwrap().key;
        // Too short, too long, within a character, no such class, without an end.
        for colours in [&[0x10][..], &[0xF0, 0x7F], &[0x50, 0x60], &[0xBF, 0x01], &[0xFF], &[0xFF; 12]] {
            let known = Snippets::default().next([Snippet { key, fresh: Some(colours.into()) }].iter()).unwrap();
            let mut out = String::new();
            assert!(highlight(&mut out, lang, code, &known).is_ok());
            assert_eq!(out, right, "{colours:x?}");
        }
    }

    #[test]
    fn the_version_names_the_grammars_that_are_built_in() {
        let lock = include_str!("../../Cargo.lock");
        let version = |name: &str| {
            let at = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).unwrap().1;
            format!("{name} {}", at.split_once('"').unwrap().0)
        };
        assert_eq!(["onig", "syntect", "two-face"].map(version).join(", "), GRAMMARS);
    }
}
