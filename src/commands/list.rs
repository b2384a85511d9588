//! `handbook list`: every page with its address, title, length and dates.

use std::io;
use std::sync::Arc;

use serde_json::json;

use crate::check::sorted;
use crate::cli::{Format, List};
use crate::commands::report::{self, count, thousands};
use crate::commands::{Console, Outcome, has_folder};
use crate::diagnostic::Severity;
use crate::project::{self, Overrides};
use crate::site::Site;
use crate::site::page::Page;
use crate::update::{Changes, update};

/// Titles are cut to this many characters, for people only.
const MOST_OF_TITLE: usize = 48;

/// Runs it.
pub fn run(arguments: &List, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let root = arguments.folder.path();
    if !has_folder(root, console)? {
        return Ok(Outcome::WrongUsage);
    }
    let overrides = Overrides { drafts: arguments.drafts, ..Overrides::default() };
    let (project, problems) = project::read(root, &overrides)?;
    let project = Arc::new(project);
    if problems.iter().any(project::is_in_settings) {
        report::print(&project, &sorted(problems), Format::Human, true, console)?;
        return Ok(Outcome::WrongUsage);
    }
    let site = update(&Site::empty(project.clone()), &project, problems, Changes::All);
    let rows: Vec<Row> =
        site.pages.iter().filter(|page| project.publishes(page.front.draft)).map(|page| row(&site, page)).collect();
    match (arguments.json, arguments.csv) {
        (true, _) => json_lines(&rows, console.out)?,
        (_, true) => csv(&rows, console.out)?,
        _ => table(&rows, console.out)?,
    }
    console.out.flush()?;
    // What is wrong with pages is for `build` and `check` to say; but a page that is not in the list must not be missed.
    let unread = sorted(site.unread.clone());
    report::print(&project, &unread, Format::Human, true, console)?;
    if !arguments.json && !arguments.csv {
        let n_words = rows.iter().map(|row| row.words).sum();
        writeln!(console.err, "{}, {} words", count(rows.len(), "page"), thousands(n_words))?;
    }
    let is_whole = unread.iter().all(|problem| problem.severity != Severity::Error);
    Ok(if is_whole { Outcome::Fine } else { Outcome::SiteProblems })
}

/// What is said about a page.
struct Row {
    url: String,
    title: String,
    words: usize,
    file: String,
    date: Option<String>,
    updated: Option<String>,
    reviewed: Option<String>,
    review_by: Option<String>,
    owners: Vec<String>,
    tags: Vec<String>,
    draft: bool,
}

fn row(site: &Site, page: &Page) -> Row {
    let front = &page.front;
    Row {
        url: site.href(&page.url),
        title: page.title.clone(),
        words: words(&page.document.body.html),
        file: site.project.file_name(&page.path),
        date: front.date.clone(),
        updated: site.updated(page).map(str::to_string),
        reviewed: front.reviewed.clone(),
        review_by: front.next_review(),
        owners: front.owners.clone(),
        tags: front.tags.clone(),
        draft: front.draft,
    }
}

/// The words of a text in HTML. A run of letters and digits is one; where a script sets no spaces, each sign is.
fn words(html: &str) -> usize {
    let (mut n, mut is_in_tag, mut is_in_word) = (0, false, false);
    let mut rest = html.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '<' => (is_in_tag, is_in_word) = (true, false),
            '>' if is_in_tag => is_in_tag = false,
            _ if is_in_tag => {}
            // An entity is a sign and no word.
            '&' => {
                let name = html[at + 1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
                let end = name.filter(|&end| html[at + 1..][end..].starts_with(';'));
                (0..end.map_or(0, |end| end + 1)).for_each(|_| _ = rest.next());
                is_in_word = false;
            }
            c if is_sign(c) => (n, is_in_word) = (n + 1, false),
            c if c.is_alphanumeric() => {
                n += usize::from(!is_in_word);
                is_in_word = true;
            }
            // `don't` and `well-known` are one.
            '\'' | '’' | '-' => {}
            _ => is_in_word = false,
        }
    }
    n
}

/// Whether the character belongs to a script that sets no spaces: Han, Hiragana, Katakana, Thai.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{0E01}'..='\u{0E2E}')
}

fn table(rows: &[Row], out: &mut dyn io::Write) -> io::Result<()> {
    let url_width = rows.iter().map(|row| row.url.chars().count()).max().unwrap_or(0).max(3);
    writeln!(out, "{:url_width$}  {:>7}  {:10}  TITLE", "URL", "WORDS", "UPDATED")?;
    for row in rows {
        let updated = row.updated.as_deref().or(row.date.as_deref()).unwrap_or("");
        let mut title: String = row.title.chars().take(MOST_OF_TITLE).collect();
        if title.len() < row.title.len() {
            title.push('…');
        }
        if row.draft {
            title.push_str(" (draft)");
        }
        writeln!(out, "{:url_width$}  {:>7}  {updated:10}  {title}", row.url, thousands(row.words))?;
    }
    Ok(())
}

fn json_lines(rows: &[Row], out: &mut dyn io::Write) -> io::Result<()> {
    for row in rows {
        let object = json!({
            "url": row.url, "title": row.title, "words": row.words, "file": row.file, "date": row.date,
            "updated": row.updated, "reviewed": row.reviewed, "review_by": row.review_by, "owners": row.owners,
            "tags": row.tags, "draft": row.draft,
        });
        writeln!(out, "{object}")?;
    }
    Ok(())
}

fn csv(rows: &[Row], out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "url,title,words,file,date,updated,reviewed,review_by,owners,tags,draft")?;
    for row in rows {
        let dates =
            [&row.date, &row.updated, &row.reviewed, &row.review_by].map(|date| date.clone().unwrap_or_default());
        let [date, updated, reviewed, review_by] = dates;
        let cells = [
            row.url.clone(),
            row.title.clone(),
            row.words.to_string(),
            row.file.clone(),
            date,
            updated,
            reviewed,
            review_by,
            row.owners.join("; "),
            row.tags.join("; "),
            row.draft.to_string(),
        ];
        writeln!(out, "{}", cells.map(|text| cell(&text)).join(","))?;
    }
    Ok(())
}

/// A cell of a table with commas, RFC 4180. A spreadsheet would run what begins like a formula, so that gets a quote.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, words};

    #[test]
    fn words_are_counted_without_markup() {
        for (html, n) in [
            ("", 0),
            ("<p>Two words</p>\n<p>and <em>three</em> more.</p>", 5),
            ("<p>well-known, don't &amp; AT&amp;T</p>", 4),
            ("<a href=\"/three/more/words\">one</a><b>two</b>", 2),
            ("<p>休暇 2 日</p>", 4),
            ("a < b", 1),
            ("fish & chips; and &nosuchentity text", 5),
        ] {
            assert_eq!(words(html), n, "{html}");
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(["a b", "a, \"b\"", "=1+1"].map(cell), ["a b", "\"a, \"\"b\"\"\"", "'=1+1"]);
    }
}
