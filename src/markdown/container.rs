//! Callouts as other generators write them: `:::note` … `:::`, and `!!! note` with an indented text below it.
//!
//! They are written over as the block quotes that GitHub's callouts are, and then read as those. So lists, code and
//! other callouts work in them as they do anywhere, and there is one way to make a callout.

use std::sync::Arc;

use memchr::memmem;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::Document;

/// Callouts that are in as many others stay text: each line repeats the marks of all that it is in.
const DEEPEST: usize = 32;

/// A page's text with its callouts as block quotes.
pub struct Rewritten {
    /// The text. What comes before the body is as it was.
    pub text: String,
    /// The places of the callouts whose first paragraph is their title.
    pub titled: Vec<u32>,
    /// What was wrong, with places in the page's own text.
    pub diagnostics: Vec<Diagnostic>,
    /// Where runs of bytes begin in the new text, and where in the old one.
    runs: Vec<(u32, u32)>,
}

/// A callout that is open while lines are written.
struct Open {
    /// The column at which it began.
    indent: usize,
    /// The line that ends it: the one with its colons, or the first that is not indented.
    end: usize,
    by: Mark,
    /// An element, and no quote.
    is_details: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    /// This many colons.
    Colons(usize),
    /// Three exclamation marks; the text is indented by four.
    Bangs,
}

/// A line that begins a callout.
struct Opener<'t> {
    indent: usize,
    mark: Mark,
    kind: &'t str,
    title: &'t str,
}

/// What a kind of callout becomes: one of GitHub's five, or `details`. The names are those of Docusaurus, VitePress and
/// MkDocs.
fn written_as(kind: &str) -> Option<&'static str> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "summary" | "todo" | "question" | "faq" | "example" | "quote" | "secondary" => {
            "NOTE"
        }
        "tip" | "hint" | "success" | "check" => "TIP",
        "important" => "IMPORTANT",
        "warning" | "attention" => "WARNING",
        "caution" | "danger" | "error" | "failure" | "bug" => "CAUTION",
        "details" => "details",
        _ => return None,
    })
}

/// Whether there can be a callout in a text at all, which for nearly all pages there cannot.
pub fn are_named(body: &str) -> bool {
    memmem::find(body.as_bytes(), b":::").is_some() || memmem::find(body.as_bytes(), b"!!!").is_some()
}

/// Writes the callouts of the body over. `None` when there are none.
pub fn rewrite(text: &str, body_start: usize) -> Option<Rewritten> {
    let body = &text[body_start..];
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let (ends, diagnostics) = ends(&lines, body_start);
    if ends.iter().all(Option::is_none) && diagnostics.is_empty() {
        return None;
    }
    let mut out =
        Rewritten { text: text[..body_start].to_string(), titled: Vec::new(), diagnostics, runs: vec![(0, 0)] };
    let mut open: Vec<Open> = Vec::new();
    let mut at = body_start;
    for (n, line) in lines.iter().enumerate() {
        while open.last().is_some_and(|last| last.by == Mark::Bangs && last.end <= n) {
            open.pop();
            // The next line would go on with the callout's last paragraph.
            if !line.trim().is_empty() {
                out.prefix(&open, "");
                out.text.push('\n');
            }
        }
        match ends[n].zip(opener(line)) {
            Some((end, opener)) if open.len() < DEEPEST => {
                out.begin(&mut open, end, &opener, (at, line), n.checked_sub(1).map(|n| lines[n]))
            }
            _ if open.last().is_some_and(|last| last.by != Mark::Bangs && last.end == n) => {
                let is_details = open.pop().is_some_and(|last| last.is_details);
                out.prefix(&open, line);
                out.text.push('\n');
                if is_details {
                    out.prefix(&open, line);
                    out.text.push_str("</details>\n");
                }
            }
            begins => {
                if let Some((_, opener)) = begins {
                    out.diagnostics.push(too_deep(Span::new(at + opener.indent, at + line.trim_end().len())));
                }
                let skipped = out.prefix(&open, line);
                out.run(at + skipped);
                out.text.push_str(&line[skipped..]);
            }
        }
        at += line.len();
    }
    Some(out)
}

impl Rewritten {
    /// From here on, the new text is what stands at `old` in the old one.
    fn run(&mut self, old: usize) {
        self.runs.push((self.text.len() as u32, old as u32));
    }

    /// Writes what a line in these callouts begins with. Returns how much of the line that replaces.
    fn prefix(&mut self, open: &[Open], line: &str) -> usize {
        let blank = |at: usize| line.as_bytes().get(at) == Some(&b' ');
        let mut at = 0;
        for callout in open.iter().filter(|callout| !callout.is_details) {
            while at < callout.indent && blank(at) {
                self.text.push(' ');
                at += 1;
            }
            self.text.push_str("> ");
            if callout.by == Mark::Bangs {
                if line.as_bytes().get(at) == Some(&b'\t') {
                    at += 1;
                    continue;
                }
                let end = at + 4;
                while at < end && blank(at) {
                    at += 1;
                }
            }
        }
        at
    }

    fn begin(
        &mut self,
        open: &mut Vec<Open>,
        end: usize,
        opener: &Opener<'_>,
        (at, line): (usize, &str),
        before: Option<&str>,
    ) {
        // Directly below a block quote it would be part of that.
        if before.is_some_and(|line| line.trim_start().starts_with('>')) {
            self.prefix(open, "");
            self.text.push('\n');
        }
        let indent = " ".repeat(opener.indent);
        let skipped = self.prefix(open, &indent);
        self.run(at + opener.indent);
        self.text.push_str(&indent[skipped.min(indent.len())..]);
        let kind = written_as(opener.kind).unwrap_or("NOTE");
        let is_details = kind == "details";
        open.push(Open { indent: opener.indent, end, by: opener.mark, is_details });
        if is_details {
            let title = if opener.title.is_empty() { "Details" } else { opener.title };
            self.text.push_str("<details>\n");
            self.prefix(open, &indent);
            self.text.push_str("<summary>");
            pulldown_cmark_escape::escape_html_body_text(&mut self.text, title).expect("a string takes all text");
            self.text.push_str("</summary>\n");
            self.prefix(open, "");
            self.text.push('\n');
            return;
        }
        if !opener.title.is_empty() {
            self.titled.push(self.text.len() as u32);
        }
        self.text.push_str(&format!("> [!{kind}]\n"));
        if !opener.title.is_empty() {
            self.prefix(open, &indent);
            // The title is a part of its line.
            self.run(at + (opener.title.as_ptr() as usize - line.as_ptr() as usize));
            self.text.push_str(opener.title);
            self.text.push('\n');
            self.prefix(open, &indent);
            self.text.push('\n');
        }
    }

    /// Moves the places in a document to where they are in the page's own text.
    pub fn restore(&self, page: &str, document: &mut Document) {
        let problems = document.diagnostics.iter_mut();
        for problem in problems {
            problem.span = problem.span.map(|span| self.place(page, span));
            let edits = problem.fix.iter_mut().flat_map(|fix| &mut Arc::make_mut(fix).edits);
            // What is changed by a fix has to be there letter by letter.
            let is_exact = edits.filter(|edit| edit.file.is_empty()).all(|edit| match self.exact(page, edit.span) {
                Some(span) => {
                    edit.span = span;
                    true
                }
                None => false,
            });
            problem.fix = problem.fix.take().filter(|_| is_exact);
        }
        for link in &mut document.links {
            link.destination = link.destination.and_then(|span| self.exact(page, span));
            link.span = self.place(page, link.span);
        }
        for heading in document.outline.iter_mut().chain(&mut document.title) {
            heading.span = self.place(page, heading.span);
        }
    }

    fn place(&self, page: &str, span: Span) -> Span {
        let at = |new: u32| {
            let (from, to) = self.runs[self.runs.partition_point(|run| run.0 <= new).saturating_sub(1)];
            to + (new - from)
        };
        let end = at(span.end.saturating_sub(1).max(span.start)) + u32::from(span.end > span.start);
        // What was only written here has no place of its own: the nearest will do.
        let place = Span { start: at(span.start), end }.within(page);
        Span::new(place.start, place.end)
    }

    fn exact(&self, page: &str, span: Span) -> Option<Span> {
        let place = self.place(page, span);
        (page.get(place.range())? == self.text.get(span.range())?).then_some(place)
    }
}

/// For each line that begins a callout, the line that ends it; and the callouts that are wrong, which stay text.
fn ends(lines: &[&str], body_start: usize) -> (Vec<Option<usize>>, Vec<Diagnostic>) {
    let mut ends = vec![None; lines.len()];
    let mut problems = Vec::new();
    // What colons have opened: the line, the colons, where in the file, and whether it is a callout.
    let mut colons: Vec<(usize, usize, Span, bool)> = Vec::new();
    // The fewest colons up to each of those. A line with fewer ends none, and need not look at all of them.
    let mut fewest: Vec<usize> = Vec::new();
    let mut base: Vec<usize> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut in_comment = false;
    let mut start = body_start;
    for (n, &line) in lines.iter().enumerate() {
        let at = start;
        start += line.len();
        let text = line.trim();
        if let Some(open) = fence {
            if text.starts_with(open) && text.trim_start_matches(&open[..1]).is_empty() {
                fence = None;
            }
            continue;
        }
        if in_comment || text.starts_with("<!--") {
            in_comment = !text.contains("-->");
            continue;
        }
        if text.is_empty() {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        while base.last().is_some_and(|&column| indent < column) {
            base.pop();
        }
        let column = base.last().copied().unwrap_or(0);
        // Code, or a paragraph that goes on.
        if indent >= column + 4 || line[indent..].starts_with(|c: char| c.is_whitespace()) {
            continue;
        }
        fence = fence_of(text);
        if let Some(column) = item_column(line) {
            base.push(column);
        }
        let span = Span::new(at + indent, at + indent + text.len());
        let n_colons = text.len() - text.trim_start_matches(':').len();
        if n_colons >= 3 && n_colons == text.len() {
            let ends_one = fewest.last().is_some_and(|&fewest| fewest <= n_colons);
            let place = if ends_one { colons.iter().rposition(|&(_, opened, ..)| opened <= n_colons) } else { None };
            let closed = place.map(|place| colons.split_off(place)).unwrap_or_default();
            fewest.truncate(colons.len());
            if let Some(&(opener, .., true)) = closed.first() {
                ends[opener] = Some(n);
            }
            problems.extend(closed.iter().skip(1).filter_map(never_ends));
            continue;
        }
        let Some(opener) = opener(line) else { continue };
        let kind = written_as(opener.kind);
        match opener.mark {
            Mark::Colons(n_colons) => {
                colons.push((n, n_colons, span, kind.is_some()));
                fewest.push(fewest.last().map_or(n_colons, |&fewest| fewest.min(n_colons)));
                problems.extend(kind.is_none().then(|| unknown(opener.kind, span)));
            }
            Mark::Bangs if kind.is_none_or(|kind| kind == "details") => {}
            Mark::Bangs => {
                let is_inside = |line: &&str| {
                    line.trim().is_empty() || line.starts_with(&" ".repeat(indent + 4)) || line.starts_with('\t')
                };
                let n_inside = lines[n + 1..].iter().take_while(|line| is_inside(line)).count();
                let last = lines[n + 1..n + 1 + n_inside].iter().rposition(|line| !line.trim().is_empty());
                if let Some(last) = last {
                    ends[n] = Some(n + last + 2);
                    base.push(indent + 4);
                }
            }
        }
    }
    problems.extend(colons.iter().filter_map(never_ends));
    (ends, problems)
}

fn never_ends(&(_, _, span, is_callout): &(usize, usize, Span, bool)) -> Option<Diagnostic> {
    let problem = Diagnostic::new(Code::Callout, "this callout never ends, so it is shown as text");
    is_callout.then(|| problem.at(span).help("write a line with as many colons, and nothing else, where it ends"))
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("this callout is in {DEEPEST} others, so it is shown as text");
    Diagnostic::new(Code::Callout, message).at(span).help("end some of those before it")
}

fn unknown(kind: &str, span: Span) -> Diagnostic {
    let message = format!("there is no callout `{kind}`, so it is shown as text");
    let help = "the callouts are `note`, `tip`, `important`, `warning`, `caution` and `details`";
    Diagnostic::new(Code::Callout, message).at(span).help(help)
}

/// The line `:::note Title`, `::: note`, `:::note[Title]` or `!!! note "Title"`.
fn opener(line: &str) -> Option<Opener<'_>> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let text = line.trim();
    let n_colons = text.len() - text.trim_start_matches(':').len();
    let (mark, rest) = match text.strip_prefix("!!! ") {
        Some(rest) => (Mark::Bangs, rest),
        None if n_colons >= 3 => (Mark::Colons(n_colons), &text[n_colons..]),
        None => return None,
    };
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
    let (kind, mut title) = (&rest[..end], rest[end..].trim());
    if kind.is_empty() || rest[end..].starts_with(|c: char| c != '[' && c != '{' && !c.is_whitespace()) {
        return None;
    }
    // What follows in braces are attributes, which the theme decides itself.
    if title.ends_with('}') {
        title = title[..title.rfind('{').unwrap_or(0)].trim_end();
    }
    let inside = |open: char, close: char| title.strip_prefix(open).and_then(|title| title.strip_suffix(close));
    let title = match mark {
        // MkDocs allows classes before the quotes, and nothing else.
        Mark::Bangs => title.find('"').and_then(|at| title[at + 1..].strip_suffix('"')).unwrap_or_default(),
        Mark::Colons(_) => inside('[', ']').unwrap_or(title),
    };
    Some(Opener { indent, mark, kind, title: title.trim() })
}

/// The marks that a fence of code begins with.
fn fence_of(text: &str) -> Option<&str> {
    let sign = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.len() - text.trim_start_matches(sign).len();
    let is_fence = length >= 3 && (sign == '~' || !text[length..].contains('`'));
    is_fence.then_some(&text[..length])
}

/// Where the text of a list's item begins, if the line begins one.
fn item_column(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(' ');
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = match (digits, text[digits..].chars().next()?) {
        (0, '-' | '*' | '+') => 1,
        (1..=9, '.' | ')') => digits + 1,
        _ => return None,
    };
    let rest = &text[mark..];
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    (1..=4).contains(&spaces).then_some(line.len() - text.len() + mark + spaces)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let rewritten = rewrite(text, 0);
        let (text, problems) = rewritten.map_or((text.to_string(), Vec::new()), |page| (page.text, page.diagnostics));
        let problems = problems.iter().map(|problem| format!("{}\n", problem.message));
        expected.assert_eq(
            &(text.lines().map(|line| line.trim_end().to_owned() + "\n").chain(problems)).collect::<String>(),
        );
    }

    #[test]
    fn colons_become_a_quote() {
        check(
            "a\n:::note\nText\n\n- b\n:::\nc\n",
            expect![[r#"
            a
            > [!NOTE]
            > Text
            >
            > - b

            c
        "#]],
        );
        check(
            "::: danger Mind the *gap*\nText\n:::\n\n:::tip[Title]{.x}\nT\n:::\n",
            expect![[r#"
            > [!CAUTION]
            > Mind the *gap*
            >
            > Text


            > [!TIP]
            > Title
            >
            > T

        "#]],
        );
    }

    #[test]
    fn callouts_nest_and_stand_in_lists() {
        check(
            "::::note\n:::tip\na\n:::\nb\n::::\n\n- item\n\n  :::info\n  c\n  :::\n",
            expect![[r#"
            > [!NOTE]
            > > [!TIP]
            > > a
            >
            > b


            - item

              > [!NOTE]
              > c

        "#]],
        );
    }

    #[test]
    fn exclamation_marks_take_the_indented_text() {
        check(
            "!!! warning \"Hot\"\n    a\n\n        code\n\n    - b\nc\n",
            expect![[r#"
            > [!WARNING]
            > Hot
            >
            > a
            >
            >     code
            >
            > - b

            c
        "#]],
        );
        check(
            "!!! note\nnot indented\n",
            expect![[r#"
            !!! note
            not indented
        "#]],
        );
    }

    #[test]
    fn code_and_comments_stay() {
        for text in [
            "```md\n:::note\na\n:::\n```\n",
            "    :::note\n    a\n    :::\n",
            "<!--\n:::note\n:::\n-->\n",
            "what!!! no\n",
        ] {
            assert!(rewrite(text, 0).is_none(), "{text}");
        }
    }

    #[test]
    fn details_are_an_element() {
        check(
            "::: details More & more\na\n:::\nb\n",
            expect![[r#"
            <details>
            <summary>More &amp; more</summary>

            a

            </details>
            b
        "#]],
        );
    }

    #[test]
    fn what_is_wrong_is_told_and_stays() {
        check(
            ":::note\na\n\n:::spam\nb\n",
            expect![[r#"
            :::note
            a

            :::spam
            b
            there is no callout `spam`, so it is shown as text
            this callout never ends, so it is shown as text
        "#]],
        );
    }

    #[test]
    fn depth_has_an_end() {
        let n = 5000;
        for text in [
            ":::note\n".repeat(n) + "text\n" + &":::\n".repeat(n),
            (0..60).map(|depth| " ".repeat(depth * 4) + "!!! note\n").collect::<String>() + &" ".repeat(240) + "text\n",
        ] {
            let rewritten = rewrite(&text, 0).expect("callouts");
            assert!(rewritten.text.len() < text.len() + 2 * n * (2 * DEEPEST + 2), "{}", rewritten.text.len());
            assert_eq!(rewritten.text.matches("[!NOTE]").count(), DEEPEST);
            let deep = rewritten.diagnostics.iter().filter(|problem| problem.message.contains("is in 32 others"));
            assert_eq!(deep.count(), text.matches("note").count() - DEEPEST);
        }
    }

    #[test]
    fn places_are_those_of_the_page() {
        let text = "# T\n\n:::note Title\nSee [a](b.md).\n:::\n\n[c](d.md)\n";
        let rewritten = rewrite(text, 0).expect("a callout");
        let mut document = Document::default();
        for target in ["[a](b.md)", "[c](d.md)"] {
            let start = rewritten.text.find(target).expect("it is there");
            document.links.push(crate::markdown::Link {
                target: String::new(),
                kind: crate::markdown::LinkKind::Page,
                span: Span::new(start, start + target.len()),
                destination: None,
            });
        }
        rewritten.restore(text, &mut document);
        let found: Vec<&str> = document.links.iter().map(|link| &text[link.span.range()]).collect();
        assert_eq!(found, ["[a](b.md)", "[c](d.md)"]);
    }

    #[test]
    fn whatever_is_written_places_stay_within_the_page() {
        let parts = [
            ":::note",
            ":::",
            "::::tip é",
            "!!! note \"日本\"",
            "    ",
            "  ",
            "- ",
            "> ",
            "a [b](c.md) é",
            "```",
            "<!--",
            "-->",
            "\t",
            "\n",
            "\n",
            "\n\n",
            "{x}",
            "::: details 日",
            "# é",
        ];
        let mut seed = 1u32;
        for _ in 0..3000 {
            let mut text = String::new();
            for _ in 0..16 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(parts[(seed >> 16) as usize % parts.len()]);
            }
            let page = crate::markdown::read(&text, 0, None, &crate::markdown::Options::default());
            let links = page.links.iter().flat_map(|link| [Some(link.span), link.destination]);
            let others = page.outline.iter().map(|heading| Some(heading.span));
            let problems = page.diagnostics.iter().map(|problem| problem.span);
            for span in links.chain(others).chain(problems).flatten() {
                assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
            }
        }
    }
}
