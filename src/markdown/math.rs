//! LaTeX formulas to MathML, which every current browser sets without fonts, styles or scripts of ours.

use pulldown_latex::config::DisplayMode;
use pulldown_latex::event::{Content, Event};
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// The MathML of a formula, or what LaTeX command could not be understood.
pub fn mathml(latex: &str, block: bool) -> Result<String, String> {
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
}
