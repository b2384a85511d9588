//! Code to HTML with a handful of short classes, at build time.
//!
//! The grammars' scopes are far too many for a theme and would multiply a page's bytes; they are mapped to eleven
//! classes here. Themes style those and know nothing of grammars.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Code longer than this is not highlighted: grammars may take a second for a megabyte, and nobody reads that far.
const LONGEST: usize = 256 * 1024;
/// Minified code has lines on which some grammars' expressions take more than linear time.
const LONGEST_LINE: usize = 4096;

/// The grammars, read once from the binary; they never change.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);
static CLASSES: LazyLock<Vec<(Scope, Option<&'static str>)>> = LazyLock::new(classes);

/// Writes the code escaped, with `<span class="…">` round what the language's grammar marks. `false`, and nothing
/// written, when no grammar knows the language or the code is too long.
pub fn highlight(out: &mut String, lang: &str, code: &str) -> bool {
    if code.len() > LONGEST {
        return false;
    }
    let Some(syntax) = syntax(lang) else { return false };
    let start = out.len();
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut span = Spans { out, open: None };
    for line in lines(code) {
        if line.len() > LONGEST_LINE {
            span.write(line, None);
            continue;
        }
        // A grammar that fails in the middle would leave half of the code without a meaning: none is better.
        let Ok(parsed) = state.parse_line(line, &SYNTAXES) else {
            out.truncate(start);
            return false;
        };
        let mut at = 0;
        for (offset, op) in parsed {
            span.write(&line[at..offset], class(&stack));
            at = offset;
            if stack.apply(&op).is_err() {
                out.truncate(start);
                return false;
            }
        }
        span.write(&line[at..], class(&stack));
    }
    span.close();
    true
}

/// Lines with their ends: the grammars expect them.
fn lines(code: &str) -> impl Iterator<Item = &str> {
    code.split_inclusive('\n')
}

/// The grammar for a fence's language, with the names that people use and grammars do not.
fn syntax(lang: &str) -> Option<&'static SyntaxReference> {
    let lower = lang.to_ascii_lowercase();
    let name = match lower.as_str() {
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
        other => other,
    };
    SYNTAXES.find_syntax_by_token(name).filter(|syntax| syntax.name != "Plain Text")
}

/// Writes runs of code; neighbours of one class share a span.
struct Spans<'o> {
    out: &'o mut String,
    open: Option<&'static str>,
}

impl Spans<'_> {
    fn write(&mut self, text: &str, class: Option<&'static str>) {
        if text.is_empty() {
            return;
        }
        // White space looks the same in every class: it never opens or closes a span on its own.
        let class = if text.trim().is_empty() { self.open } else { class };
        if class != self.open {
            self.close();
            if let Some(class) = class {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
            }
            self.open = class;
        }
        pulldown_cmark_escape::escape_html_body_text(&mut *self.out, text).expect("writing to a string cannot fail");
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.out.push_str("</span>");
        }
    }
}

/// The class of the innermost scope that has one.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    stack
        .as_slice()
        .iter()
        .rev()
        .find_map(|scope| CLASSES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class))?
}

/// What each scope means to a reader; the first prefix that fits counts. `None` ends the search without a class.
fn classes() -> Vec<(Scope, Option<&'static str>)> {
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
    table.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lang: &str, code: &str, expected: expect_test::Expect) {
        let mut out = String::new();
        assert!(highlight(&mut out, lang, code), "{lang} is known");
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
            assert!(syntax(lang).is_some(), "{lang}");
        }
        for lang in ["", "text", "no-such-language"] {
            assert!(syntax(lang).is_none(), "{lang}");
        }
    }

    #[test]
    fn the_text_is_never_changed() {
        let code = "fn main() {\n\tprintln!(\"{}\", 1 & 2);\n}\n\n# no newline at the end";
        for lang in ["rust", "bash", "python", "yaml", "html"] {
            let mut out = String::new();
            assert!(highlight(&mut out, lang, code));
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
}
