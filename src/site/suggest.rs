//! What an author may have meant by a link that leads nowhere.
//!
//! Looks at what is near: the anchors of the page, pages with the same last part, neighbours in the same folder, then
//! names, titles and headings of the whole site. Each look is quick, since a site with thousands of broken links must
//! still build at once.

use strsim::osa_distance;

use crate::markdown::LinkKind;
use crate::site::link::From;
use crate::site::names::{letters, plain};
use crate::site::page::Page;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// More neighbours, namesakes or anchors than this are not looked at.
const MOST: usize = 500;
/// A name shorter than this says too little to be sure of what was meant.
const TELLING: usize = 8;

/// What was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// For people.
    pub help: String,
    /// What to write instead, when nothing else can have been meant.
    pub sure: Option<String>,
}

/// The nearest anchor of a page, else the page that has this heading now.
pub fn anchor(site: &Site, page: &Page, fragment: &str) -> Option<Advice> {
    let wanted = plain(fragment);
    let anchors = &page.document.anchors[..page.document.anchors.len().min(MOST)];
    let mut equal = anchors.iter().filter(|anchor| letters(anchor).eq(wanted.chars()));
    if let Some(first) = equal.next() {
        let sure = equal.next().is_none() && !wanted.is_empty();
        return Some(Advice { help: format!("a similar one is `#{first}`"), sure: sure.then(|| first.clone()) });
    }
    let near = nearest(anchors.iter().map(String::as_str), fragment);
    let is_sure =
        |near: &&str| is_slip(near, fragment) && anchors.iter().filter(|other| is_slip(other, fragment)).count() == 1;
    if let Some(sure) = near.filter(is_sure) {
        return Some(Advice { help: format!("a similar one is `#{sure}`"), sure: Some(sure.to_string()) });
    }
    let elsewhere = || {
        let moved = site.names().page_with_heading(fragment).filter(|_| fragment.len() >= TELLING)?;
        let address = &site.page(moved).url;
        Some(Advice { help: format!("the heading is on another page now: `{address}#{fragment}`"), sure: None })
    };
    elsewhere().or_else(|| near.map(|near| Advice { help: format!("a similar one is `#{near}`"), sure: None }))
}

/// The nearest address of the site, in the way that the author writes addresses.
pub fn address(site: &Site, from: From<'_>, path: &str, kind: LinkKind) -> Option<Advice> {
    // A file's name is read from the file's folder, an address from the page's.
    let file = from.path.filter(|_| path.ends_with(".md") && !path.starts_with('/'));
    let wanted = match file {
        Some(file) => UrlPath::resolve(&UrlPath::of_file(file.as_str()), path)?,
        None => UrlPath::resolve(from.url, path)?,
    };
    let name = wanted.name();
    let stem = name.split('.').next().unwrap_or(name);
    let fits = |url: &&UrlPath| match (site.routes.at(url), kind) {
        (Some(Route::Asset(_)), LinkKind::Page) => name.contains('.') && file.is_none(),
        (Some(route), LinkKind::Image | LinkKind::Embed) => matches!(route, Route::Asset(_)),
        _ => true,
    };
    let written = |url: &UrlPath| match (file, site.routes.at(url)) {
        (Some(file), Some(Route::Page(page))) => relative(file.as_str(), site.page(page).path.as_str()),
        _ => url.to_string(),
    };
    let advice = |url: &UrlPath, sure: bool| {
        let near = written(url);
        Advice { help: format!("did you mean `{near}`?"), sure: sure.then_some(near) }
    };
    let named = [name, stem].into_iter().flat_map(|name| site.routes.named(name).take(MOST));
    // Of several pages with that name, the one that shares the longest end of the path.
    let moved = named
        .filter(fits)
        .max_by_key(|url| (shared_end(url.as_str(), wanted.as_str()), std::cmp::Reverse(url.as_str())));
    if let Some(moved) = moved {
        return Some(advice(moved, false));
    }
    if let Some(folder) = wanted.parent() {
        let neighbours = || site.routes.in_folder(folder.as_str()).take(MOST).filter(fits);
        let compared = if kind == LinkKind::Page && !name.contains('.') || file.is_some() { stem } else { name };
        if let Some(near) = nearest(neighbours().map(UrlPath::name), compared) {
            let slips = neighbours().filter(|url| is_slip(url.name(), compared)).count();
            let sure = slips == 1 && is_slip(near, compared);
            return neighbours().find(|url| url.name() == near).map(|url| advice(url, sure));
        }
    }
    let names = site.names();
    let titled = names.page_with_title(stem).filter(|_| kind == LinkKind::Page);
    let page = |id: PageId| &site.page(id).url;
    let near = || {
        let near = names.near(site, if kind == LinkKind::Page { stem } else { name });
        let near = near.into_iter().filter(|(_, url)| fits(url));
        near.min_by_key(|(distance, url)| {
            (*distance, std::cmp::Reverse(shared_end(url.as_str(), wanted.as_str())), url.as_str().to_string())
        })
        .map(|(_, url)| url)
    };
    if let Some(url) = titled.map(page).or_else(near) {
        return Some(advice(url, false));
    }
    let heading = names.page_with_heading(stem).filter(|_| kind == LinkKind::Page && stem.len() >= TELLING)?;
    Some(Advice { help: format!("there is a heading of that name: `{}#{stem}`", page(heading)), sure: None })
}

/// The path with the capital and small letters of what is there, when that is the only difference and nothing else can
/// be meant.
pub fn other_case(site: &Site, from: From<'_>, path: &str) -> Option<String> {
    let folder = from.path.map_or_else(UrlPath::root, |path| UrlPath::of_file(path.as_str()));
    let by_file = UrlPath::resolve(&folder, path);
    // From the first page on, a path is the same wherever it is written.
    let by_url = if path.starts_with('/') { None } else { UrlPath::resolve(from.url, path) };
    let equal = |a: &str, b: &str| a != b && same_letters(a.trim_end_matches('/'), b.trim_end_matches('/'));
    let mut found: Vec<&str> = Vec::new();
    for wanted in by_file.iter().chain(&by_url) {
        found.extend(site.routes.named(wanted.name()).map(UrlPath::as_str).filter(|url| equal(url, wanted.as_str())));
        let wanted = wanted.as_str().trim_start_matches('/');
        if wanted.ends_with(".md") {
            let files = site.pages.iter().map(|page| page.path.as_str());
            found.extend(files.filter(|file| file.len() == wanted.len() && equal(file, wanted)));
        }
    }
    found.sort_unstable();
    found.dedup();
    let [right] = found[..] else { return None };
    // What stands before, such as `../`, stays as it is written.
    let bare = path.trim_end_matches('/');
    let tail = bare.trim_start_matches(['.', '/']);
    let right = right.trim_end_matches('/');
    let start = right.len().checked_sub(tail.len())?;
    let is_end = right.is_char_boundary(start) && right[start..].to_lowercase() == tail.to_lowercase();
    is_end.then(|| format!("{}{}{}", &bare[..bare.len() - tail.len()], &right[start..], &path[bare.len()..]))
}

/// Whether two paths have the same letters, capital or small. Nearly all that are compared differ in length already.
fn same_letters(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || !(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase()
}

/// Whether a name differs by one letter that is there or not, and says enough for nothing else to be meant.
fn is_slip(a: &str, b: &str) -> bool {
    let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };
    if long.len() != short.len() + 1 || short.len() < TELLING || !long.is_ascii() {
        return false;
    }
    let at = long.bytes().zip(short.bytes()).take_while(|(a, b)| a == b).count();
    long.as_bytes()[at].is_ascii_alphabetic() && long[at + 1..] == short[at..]
}

/// The path of one file as seen from another.
fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let parts: Vec<&str> = to.split('/').collect();
    let shared = folders.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folders.len() - shared);
    up.chain(parts[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// How many parts two paths share at their ends.
fn shared_end(a: &str, b: &str) -> usize {
    let parts = |path| str::rsplit(path, '/').filter(|part| !part.is_empty());
    parts(a).zip(parts(b)).take_while(|(x, y)| x.eq_ignore_ascii_case(y)).count()
}

/// The candidate with the fewest changed letters, when these are few for its length.
fn nearest<'a>(candidates: impl Iterator<Item = &'a str>, wanted: &str) -> Option<&'a str> {
    let length = wanted.chars().count();
    let limit = (length / 3).clamp(1, 6);
    let letters = Letters::of(wanted);
    candidates
        .filter(|candidate| letters.may_be_near(candidate, limit))
        .map(|candidate| (osa_distance(candidate, wanted), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.cmp(y)))
        .map(|(_, candidate)| candidate)
}

/// How often a name has each letter. Comparing that tells most names apart, long before the distance is worked out.
struct Letters {
    counts: [i16; 128],
    length: usize,
    is_ascii: bool,
}

impl Letters {
    fn of(name: &str) -> Letters {
        let mut counts = [0; 128];
        name.bytes().filter(u8::is_ascii).for_each(|byte| counts[usize::from(byte)] += 1);
        Letters { counts, length: name.len(), is_ascii: name.is_ascii() }
    }

    /// Whether the distance may be as small as that: one step takes away, adds or replaces one letter.
    fn may_be_near(&self, other: &str, limit: usize) -> bool {
        if other.len().abs_diff(self.length) > limit * 3 {
            return false;
        }
        if !self.is_ascii || !other.is_ascii() || self.length > i16::MAX as usize {
            return true;
        }
        let mut counts = self.counts;
        let mut n_more = 0;
        for byte in other.bytes() {
            let count = &mut counts[usize::from(byte)];
            *count -= 1;
            n_more += usize::from(*count < 0);
        }
        let n_less = (self.length + n_more).saturating_sub(other.len());
        n_more.max(n_less) <= limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_that_is_near_is_told_apart_by_its_letters() {
        let names =
            ["leave", "leaves", "laeve", "sleeve", "level", "", "é", "lève", "parental-leave", "levae-x", "evael"];
        for (a, b) in names.iter().flat_map(|a| names.iter().map(move |b| (a, b))) {
            for limit in 1..6 {
                let is_near = osa_distance(a, b) <= limit;
                assert!(!is_near || Letters::of(a).may_be_near(b, limit), "{a} {b} {limit}");
            }
        }
        assert!(!Letters::of("leave").may_be_near("house", 1));
    }

    #[test]
    fn files_are_named_as_seen_from_the_page() {
        assert_eq!(relative("people/leave.md", "people/time-off.md"), "time-off.md");
        assert_eq!(relative("people/leave.md", "career/levels.md"), "../career/levels.md");
        assert_eq!(relative("index.md", "a/b.md"), "a/b.md");
    }

    #[test]
    fn a_slip_is_one_letter_more_or_less() {
        assert!(is_slip("notice-periods", "notice-period") && is_slip("notice-period", "notice-periods"));
        assert!(
            !is_slip("level-one-1", "level-one-11")
                && !is_slip("level", "levels")
                && !is_slip("time-off-a", "time-off-b")
        );
    }

    #[test]
    fn only_few_changed_letters_make_a_neighbour() {
        assert_eq!(nearest(["time-off", "onboarding"].into_iter(), "time-of"), Some("time-off"));
        assert_eq!(nearest(["expenses"].into_iter(), "people"), None);
    }
}
