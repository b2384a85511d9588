//! A heading with other words.

use std::collections::BTreeMap;

use crate::diagnostic::{Edit, Span};
use crate::edit::front_matter::{self, Additions};
use crate::markdown::Heading;
use crate::moves::Planned;
use crate::moves::after::{self, Texts};
use crate::moves::place::{Move, Refused};
use crate::moves::relink::{Shift, relink};
use crate::site::{PageId, Site};

/// The edits that give the heading with this id other words, and keep every link to it.
pub fn reword(site: &Site, page: PageId, id: &str, title: &str, texts: &mut Texts<'_>) -> Result<Planned, Refused> {
    let page = site.page(page);
    let file = site.project.file_name(&page.path);
    let refuse = |message: String, help: &str| Err(Refused { message, help: help.to_string() });
    let title = title.trim();
    if title.is_empty() || title.contains(['\n', '\r']) {
        return refuse("a heading is one line of text".to_string(), "write the new words in quotes");
    }
    if page.document.title.as_ref().is_some_and(|heading| heading.id == id) {
        return refuse(
            format!("`#{id}` is the title of the page"),
            "change it in the file: nobody links to a title's id",
        );
    }
    let place = page.document.outline.iter().position(|heading| heading.id == id);
    let Some(place) = place else {
        let ids: Vec<String> =
            page.document.outline.iter().take(12).map(|heading| format!("`#{}`", heading.id)).collect();
        let help = if ids.is_empty() {
            "it has no headings".to_string()
        } else {
            format!("its headings are {}", ids.join(", "))
        };
        return Err(Refused { message: format!("`{file}` has no heading `#{id}`"), help });
    };
    let Some(text) = texts.get(&file) else {
        return refuse(format!("`{file}` cannot be read"), "check its permissions");
    };
    let Some(edit) = words(text, &page.document.outline[place], title) else {
        return refuse(
            format!("the heading `#{id}` is not written as a Markdown heading"),
            "change it in the file, and run `handbook check --fix`",
        );
    };
    let nothing = Move::default();
    let old = &page.document.outline;
    let mut edits = vec![edit];
    let mut reworded = tried(site, &nothing, &file, &edits, texts);
    // Another heading may get this one's number, or give it one: it keeps its id, so that nothing else moves.
    let others = |site: &Site| -> Vec<usize> {
        let new = outline(site, page.path.as_str());
        (0..old.len().min(new.len())).filter(|&n| n != place && old[n].id != new[n].id).collect()
    };
    let shifted = others(&reworded);
    if !shifted.is_empty() {
        let text = texts.get(&file).unwrap_or_default();
        edits.extend(shifted.iter().filter_map(|&n| with_id(text, &old[n])));
        edits.sort_by_key(|edit| edit.span);
        reworded = tried(site, &nothing, &file, &edits, texts);
    }
    let new = outline(&reworded, page.path.as_str());
    let others_stay = (0..old.len().min(new.len())).all(|n| n == place || old[n].text == new[n].text);
    if old.len() != new.len() || !others_stay || !others(&reworded).is_empty() {
        return refuse(format!("`{title}` would change more of the page than its heading"), "write other words");
    }
    let (old_id, new_id) = (id.to_string(), new[place].id.clone());
    let is_changed = old_id != new_id;
    let ids: BTreeMap<String, String> = is_changed.then(|| (old_id.clone(), new_id.clone())).into_iter().collect();
    let anchors: Vec<(String, String)> = ids.clone().into_iter().collect();
    let shift = Shift { moving: &nothing, ids: BTreeMap::from([(page.path.as_str().to_string(), ids)]) };
    let mut planned = relink(site, &reworded, &shift, texts);
    planned.n_redirects = anchors.len();
    let additions = Additions { anchors, ..Additions::default() };
    match texts.get(&file).and_then(|text| front_matter::add(text, &additions)) {
        Some(edits) => planned.add(&file, edits),
        None => {
            return refuse(
                format!("the front matter of `{file}` cannot be changed safely"),
                "mend it first; `handbook check` tells what is wrong",
            );
        }
    }
    planned.add(&file, edits);
    planned.try_out(site, &nothing, texts);
    Ok(planned)
}

/// The site with these edits in one file.
fn tried(site: &Site, nothing: &Move, file: &str, edits: &[Edit], texts: &mut Texts<'_>) -> Site {
    after::moved(site, nothing, &BTreeMap::from([(file.to_string(), edits.to_vec())]), texts)
}

fn outline<'s>(site: &'s Site, path: &str) -> &'s [Heading] {
    site.page_of_file(path).map_or(&[], |page| &site.page(page).document.outline)
}

/// The edit that gives a heading its present id in writing.
fn with_id(text: &str, heading: &Heading) -> Option<Edit> {
    let words = words(text, heading, "")?;
    let end = words.span.end;
    Some(Edit { file: String::new(), span: Span { start: end, end }, replacement: format!(" {{#{}}}", heading.id) })
}

/// The edit of a heading's words: those between the marks, in `## Words ##`, `## Words {#id}` and `Words` above a line.
fn words(text: &str, heading: &Heading, title: &str) -> Option<Edit> {
    let source = text.get(heading.span.range())?;
    let start = heading.span.start as usize;
    let line = source.lines().next()?;
    let indent = line.len() - line.trim_start().len();
    let marks = line.trim_start().bytes().take_while(|byte| *byte == b'#').count();
    let begin = match marks {
        0 => {
            // The line below makes it a heading; and only one line of words is understood.
            let below = source.lines().nth(1)?.trim();
            let is_underline =
                !below.is_empty() && (below.bytes().all(|b| b == b'=') || below.bytes().all(|b| b == b'-'));
            is_underline.then_some(indent)?
        }
        1..=6 => indent + marks,
        _ => return None,
    };
    let inside = &line[begin..];
    let begin = begin + (inside.len() - inside.trim_start().len());
    let mut end = line.trim_end().len();
    // A heading without words.
    if begin >= end {
        return None;
    }
    if line[..end].ends_with('}')
        && let Some(open) = line[begin..end].rfind('{')
    {
        end = begin + line[begin..begin + open].trim_end().len();
    }
    if marks > 0 {
        let bare = line[begin..end].trim_end_matches('#');
        // `C#` is no closing mark.
        if bare.len() < end - begin && bare.ends_with([' ', '\t']) {
            end = begin + bare.trim_end().len();
        }
    }
    (begin < end).then(|| Edit {
        file: String::new(),
        span: Span::new(start + begin, start + end),
        replacement: title.to_string(),
    })
}
