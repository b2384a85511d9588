//! Makes our own style sheet and scripts small: readers should not pay for our comments.
//!
//! Only the files inside the program go through here. They keep to what these few rules understand; an owner's file is
//! published as it is.

/// A style sheet without comments and without the spaces that mean nothing.
pub fn style(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        if c == '"' || c == '\'' {
            let end = rest[1..].find(c).map_or(rest.len(), |end| end + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if !c.is_whitespace() {
            // The last declaration of a block needs no semicolon.
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(c);
            continue;
        }
        let next = rest.trim_start();
        // A space before a colon is a descendant selector; before all of these it is only air.
        let before_is_air =
            next.is_empty() || next.starts_with(['{', '}', ';', ',', '>', '~']) || next.starts_with("/*");
        let after_is_air = out.is_empty() || out.ends_with(['{', '}', ';', ',', '>', '~', ':', ' ']);
        if !before_is_air && !after_is_air {
            out.push(' ');
        }
    }
    out
}

/// A script without the lines that are only comments, without indentation and without empty lines. Nothing within a
/// line is touched, so that no string and no expression can change.
pub fn script(js: &str) -> String {
    let lines = js.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_keeps_what_has_a_meaning() {
        let css = "/* a */\n.a :is(b, c) > d::after {\n  content: \"x  /* y */\"; /* z */\n  width: calc(1rem + 2px);\n}\n@media (min-width: 1rem) { a { b: c; } }\n";
        let small =
            ".a :is(b,c)>d::after{content:\"x  /* y */\";width:calc(1rem + 2px)}@media (min-width:1rem){a{b:c}}";
        assert_eq!(style(css), small);
    }

    #[test]
    fn a_comment_between_two_words_still_parts_them() {
        assert_eq!(style("a /* x */ b{}"), "a b{}");
    }

    #[test]
    fn a_script_loses_its_comment_lines_only() {
        assert_eq!(script("// a\nlet x = 'http://y'; // b\n\n  f(x);\n"), "let x = 'http://y'; // b\nf(x);\n");
    }
}
