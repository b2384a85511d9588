//! Ends templates that would not end by themselves, or that would fill the memory.
//!
//! The template engine has no such bounds, and a thread cannot be stopped from outside. So the templates that are not our own get
//! a question put behind each tag that repeats or keeps something: how many turns have all loops of this page taken, and how
//! large is what is kept? Those lines are nowhere to be seen, and places in messages are those of the text as it was written.

use std::cell::Cell;
use std::io::{self, Write};

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

/// All loops of a page together take no more turns than this.
pub const MOST_TURNS: u64 = 2_000_000;
/// What a template keeps is no longer than this, in bytes of text or in items.
pub const LARGEST: usize = 64 << 20;
pub const MOST_ITEMS: usize = 1_000_000;
/// No page has more bytes than this.
pub const LONGEST: usize = 1 << 30;

const TURN: &str = "handbook_turn";
const SIZE: &str = "handbook_size";

thread_local! {
    /// The turns that the page that this thread renders has taken. The engine hands functions nothing of ours to count in.
    static TURNS: Cell<u64> = const { Cell::new(0) };
}

/// A template with the questions in it.
pub struct Guarded {
    /// The text.
    pub text: String,
    /// Where something was put into the text as it was written, and how many bytes.
    insertions: Vec<(usize, usize)>,
}

impl Guarded {
    /// The place in the text as it was written.
    pub fn original(&self, at: usize) -> usize {
        let mut before = 0;
        for (place, length) in &self.insertions {
            if at < place + before {
                break;
            }
            if at < place + before + length {
                return *place;
            }
            before += length;
        }
        at - before
    }
}

/// Makes the questions known to the engine.
pub fn register(tera: &mut Tera) {
    tera.register_function(TURN, |_: Kwargs, _: &State| -> TeraResult<bool> {
        let turns = TURNS.get() + 1;
        TURNS.set(turns);
        match turns > MOST_TURNS {
            true => Err(Error::message(format!("the loops of this page take more than {MOST_TURNS} turns"))),
            false => Ok(true),
        }
    });
    tera.register_function(SIZE, |arguments: Kwargs, _: &State| -> TeraResult<bool> {
        let Some((_, value)) = arguments.iter().next() else { return Ok(true) };
        let length = value.as_str().map_or(0, str::len);
        if length > LARGEST {
            return Err(Error::message(format!("a text that is made here has more than {} MiB", LARGEST >> 20)));
        }
        match value.as_array().map_or(0, <[Value]>::len) > MOST_ITEMS {
            true => Err(Error::message(format!("a list that is made here has more than {MOST_ITEMS} items"))),
            false => Ok(true),
        }
    });
}

/// Puts the questions into a template.
pub fn guarded(text: &str) -> Guarded {
    let mut guarded = Guarded { text: String::with_capacity(text.len() + text.len() / 4), insertions: Vec::new() };
    let mut written = 0;
    // The names of the `set` tags that are open.
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(tag) = next_tag(text, at) {
        at = tag.end;
        let inside = text[tag.start + 2..tag.end - 2].trim_matches(|c: char| c == '-' || c.is_whitespace());
        let (word, rest) = inside.split_at(name_end(inside));
        let rest = rest.trim_start();
        let name = &rest[..name_end(rest)];
        let questions: Vec<String> = match word {
            "raw" => {
                at = text[at..].find("endraw").map_or(text.len(), |end| at + end);
                continue;
            }
            "for" => vec![format!("{TURN}()")],
            "set" | "set_global" if rest[name.len()..].trim_start().starts_with('=') => vec![size(name)],
            "set" | "set_global" => {
                open.push(name);
                continue;
            }
            "endset" => open.pop().map(size).into_iter().collect(),
            "component" => parameters(rest).into_iter().map(size).collect(),
            _ => continue,
        };
        // What the tag trims behind it is trimmed behind the last question.
        let close = if text[..tag.end].ends_with("-%}") { "-%}" } else { "%}" };
        let count = questions.len();
        let tags = questions.into_iter().enumerate().map(|(n, question)| {
            format!("{{% set handbook_ok = {question} {}", if n + 1 == count { close } else { "%}" })
        });
        let inserted: String = tags.collect();
        guarded.text.push_str(&text[written..tag.end]);
        guarded.text.push_str(&inserted);
        guarded.insertions.push((tag.end, inserted.len()));
        written = tag.end;
    }
    guarded.text.push_str(&text[written..]);
    guarded
}

fn size(name: &str) -> String {
    format!("{SIZE}(value={name})")
}

fn name_end(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The names of a component's parameters: `ui.button(label: string, variant = "primary", ...rest)`.
fn parameters(component: &str) -> Vec<&str> {
    let inside = component.split_once('(').map_or("", |(_, inside)| inside);
    let mut names = Vec::new();
    let (mut depth, mut start, mut at) = (0, 0, 0);
    while at < inside.len() {
        match inside.as_bytes()[at] {
            b'"' | b'\'' | b'`' => at = string_end(inside, at) - 1,
            b'(' | b'[' | b'{' => depth += 1,
            b')' if depth == 0 => break,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                names.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    names.push(inside.get(start..at).unwrap_or_default());
    let name = |text: &'_ str| -> usize { name_end(text) };
    names.into_iter().map(str::trim).map(|text| &text[..name(text)]).filter(|name| !name.is_empty()).collect()
}

/// The next `{% … %}` from here, strings in it and comments before it looked over.
fn next_tag(text: &str, from: usize) -> Option<std::ops::Range<usize>> {
    let mut at = from;
    loop {
        at += text[at..].find('{')?;
        match text.as_bytes().get(at + 1)? {
            b'#' => at += text[at..].find("#}").map_or(text.len() - at, |end| end + 2),
            b'{' => at = end_of(text, at + 2, "}}")?,
            b'%' => return end_of(text, at + 2, "%}").map(|end| at..end),
            _ => at += 1,
        }
    }
}

/// One past the mark that ends what begins here, which may hold strings with that mark.
fn end_of(text: &str, from: usize, mark: &str) -> Option<usize> {
    let mut at = from;
    while at < text.len() {
        if text.as_bytes()[at..].starts_with(mark.as_bytes()) {
            return Some(at + mark.len());
        }
        at = match text.as_bytes()[at] {
            b'"' | b'\'' | b'`' => string_end(text, at),
            _ => at + 1,
        };
    }
    None
}

/// One past the quote that ends the string at `start`.
fn string_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != bytes[start] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// A page that is being written, up to the longest that there may be.
pub struct Page(pub Vec<u8>);

impl Page {
    /// An empty page, with all turns still to come.
    pub fn begin() -> Page {
        TURNS.set(0);
        Page(Vec::with_capacity(16 * 1024))
    }
}

impl Write for &mut Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tera::Context;

    fn render(text: &str) -> Result<String, String> {
        let mut tera = Tera::new();
        register(&mut tera);
        tera.add_raw_template("t.html", &guarded(text).text).map_err(|error| error.to_string())?;
        let mut page = Page::begin();
        let rendered = tera.render_to("t.html", &Context::new(), &mut page);
        rendered.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(page.0).unwrap())
    }

    #[test]
    fn what_a_template_writes_stays_the_same() {
        for text in [
            "a {% for x in [1, 2] -%}  b{{ x }}{%- endfor %} c",
            "a {% for x in [1, 2] %}\n b{{ x }}\n{% else %}none{% endfor -%} \n c",
            "{# {% for x in #} {% raw %}{% for x in y %}{% endraw %} {{ \"{% set\" }}",
            "{% set a = \"%}\" -%}\n {{ a }} {% set b %} x {% set c = 1 %}{{ c }} {% endset %}{{ b }}",
            "{% component box(a: string, b = \"(,)\", ...rest) -%} \n{{ a }}{{ b }}{% endcomponent box %}{{ <box a=\"1\" /> }}",
            "{% if true %}{% set_global x = [1] %}{% endif %}{{ x | length }}",
        ] {
            let mut tera = Tera::new();
            tera.add_raw_template("t.html", text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let plain = tera.render("t.html", &Context::new()).unwrap();
            assert_eq!(render(text), Ok(plain), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text_as_it_was_written() {
        let text = "{% set a = 1 %}bc{% for x in [1] -%} d{% endfor %}e";
        let guarded = guarded(text);
        for what in ["set a", "bc", "for x", " d", "endfor", "e"] {
            let at = guarded.text.rfind(what).unwrap();
            assert_eq!(guarded.original(at), text.rfind(what).unwrap(), "{what}");
        }
        assert_eq!(guarded.original(guarded.text.find(SIZE).unwrap()), text.find("bc").unwrap());
    }

    #[test]
    fn what_does_not_end_or_grows_without_end_is_ended() {
        let doubled = "{% set s = \"0123456789\" %}".to_string() + &"{% set s = s ~ s %}".repeat(40);
        for (text, message) in [
            (&*doubled, "a text that is made here has more than 64 MiB"),
            ("{% set_global s = \"ab\" %}{% for i in range(end=50) %}{% set_global s = s ~ s %}{% endfor %}", "64 MiB"),
            (
                "{% set s %}{{ range(end=100000) | join(sep=\"0123456789\") }}{% endset %}{% set t = s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s %}",
                "64 MiB",
            ),
            (
                "{% component r(s: string) %}{{ <r s={s ~ s ~ s ~ s ~ s ~ s ~ s ~ s} /> }}{% endcomponent r %}{{ <r s=\"0123456789\" /> }}",
                "64 MiB",
            ),
            (
                "{% set a = [1] %}{% for i in range(end=40) %}{% set_global a = [...a, ...a] %}{% endfor %}",
                "1000000 items",
            ),
        ] {
            let error = render(text).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
