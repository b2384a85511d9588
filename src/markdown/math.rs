//! LaTeX formulas to MathML, which every current browser sets without fonts, styles or scripts of ours.

use std::panic::catch_unwind;

use pulldown_latex::config::DisplayMode;
use pulldown_latex::event::{Content, Event};
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// Formulas longer than this are not set. The parser calls itself for each command that stands in another, so that a few
/// thousand `\frac` in a row would end the program.
const LONGEST: usize = 8 * 1024;

/// Formulas whose braces stand in each other more often than this are not set: the parser takes quadratic time for them.
const DEEPEST: usize = 100;

/// The MathML of a formula, or what LaTeX command could not be understood.
pub fn mathml(latex: &str, block: bool) -> Result<String, String> {
    if latex.len() > LONGEST {
        return Err(format!("it has more than {} KiB", LONGEST / 1024));
    }
    if depth(latex) > DEEPEST {
        return Err(format!("its braces stand in each other more than {DEEPEST} times"));
    }
    // The parser takes a white space of another script for one byte, and panics.
    let latex = latex.replace(|c: char| c.is_whitespace() && !c.is_ascii(), " ");
    // It does so too where it looks for a number and finds a letter that is not ASCII, which cannot be told from
    // outside. One formula must not stop the build.
    catch_unwind(|| set(&latex, block)).unwrap_or_else(|_| Err("it confuses the parser".to_string()))
}

/// How many braces are open at once.
fn depth(latex: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in latex.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn set(latex: &str, block: bool) -> Result<String, String> {
    let storage = Storage::new();
    let mut problem = None;
    let events = Parser::new(latex, &storage).inspect(|event| {
        if let (Err(error), None) = (event, &problem) {
            problem = Some(first_line(&error.to_string()));
        }
    });
    let events = events.map(|event| event.map(without_markup));
    let config = RenderConfig {
        display_mode: if block { DisplayMode::Block } else { DisplayMode::Inline },
        annotation: None,
        ..RenderConfig::default()
    };
    let mut out = String::new();
    let pushed = push_mathml(&mut out, events, config);
    match (problem, pushed) {
        (Some(problem), _) => Err(problem),
        (None, Err(error)) => Err(first_line(&error.to_string())),
        (None, Ok(())) => Ok(escaped(&out)),
    }
}

/// The crate escapes text and nothing else, so that the name of an operator could bring tags along. As text it cannot.
fn without_markup(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Content(Content::Function(name)) if name.contains(['<', '>', '&']) => {
            Event::Content(Content::Text(name))
        }
        event => event,
    }
}

/// Escapes the signs that the crate writes as they are, such as that of `a < b`. Each of them is alone in its element, so that
/// what follows tells it from the beginning of a tag or an entity.
fn escaped(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    for (at, c) in mathml.char_indices() {
        let next = mathml.as_bytes().get(at + 1).copied().unwrap_or_default();
        match c {
            '<' if !next.is_ascii_alphabetic() && next != b'/' => out.push_str("&lt;"),
            '&' if !next.is_ascii_alphabetic() => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_mathml() {
        let html = mathml("a^2 + \\frac{b}{c}", false).unwrap();
        assert!(html.starts_with("<math") && html.contains("<mfrac>"), "{html}");
    }

    #[test]
    fn signs_that_mean_something_in_html_are_escaped() {
        let html = |latex| mathml(latex, false).unwrap();
        assert_eq!(html("a<b"), "<math display=\"inline\"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>");
        assert_eq!(html("a>\\&"), "<math display=\"inline\"><mi>a</mi><mo>></mo><mi>&amp;</mi></math>");
        assert_eq!(html("\\text{<b>}"), "<math display=\"inline\"><mtext>&lt;b&gt;</mtext></math>");
        assert_eq!(html("\\operatorname{<b>}"), "<math display=\"inline\"><mtext>&lt;b&gt;</mtext></math>");
    }

    #[test]
    fn an_unknown_command_is_reported() {
        assert!(mathml("\\nosuchcommand{x}", true).is_err());
    }

    #[test]
    fn commands_in_commands_end_before_the_stack_does() {
        for command in ["\\frac", "\\not", "\\bar", "\\sqrt{", "x^{", "\\left("] {
            for length in [LONGEST, 1 << 20] {
                let _ = mathml(&command.repeat(length / command.len()), true);
            }
        }
    }

    #[test]
    fn braces_in_braces_have_a_bound() {
        let nested = |depth: usize| mathml(&format!("{}x{}", "{".repeat(depth), "}".repeat(depth)), false);
        assert!(nested(DEEPEST).is_ok());
        assert_eq!(nested(DEEPEST + 1), Err("its braces stand in each other more than 100 times".to_string()));
    }

    #[test]
    fn characters_outside_of_ascii_are_read() {
        assert!(mathml("\\kern 1em\u{3000}日", false).is_ok());
        assert!(mathml("\\begin{alignat}{é}\\end{alignat}", false).is_err());
    }
}
