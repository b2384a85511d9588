//! What an author may have meant by a link that leads nowhere.
//!
//! Looks only at what is near: pages with the same last part, neighbours in the same folder, anchors of one page. A
//! site with thousands of broken links must still build at once.

use strsim::osa_distance;

use crate::site::Site;
use crate::site::page::Page;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::source::SourcePath;

/// More neighbours, namesakes or anchors than this are not looked at.
const MOST: usize = 500;

/// The nearest anchor of a page, as advice.
pub fn anchor(page: &Page, fragment: &str) -> Option<String> {
    let same =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let wanted = same(fragment);
    let anchors = &page.document.anchors[..page.document.anchors.len().min(MOST)];
    let equal = anchors.iter().find(|anchor| same(anchor) == wanted);
    let near = equal.map(String::as_str).or_else(|| nearest(anchors.iter().map(String::as_str), fragment));
    near.map(|near| format!("a similar one is `#{near}`"))
}

/// The nearest address of the site, as advice, in the way that the author writes addresses.
pub fn address(site: &Site, page: &UrlPath, file: Option<&SourcePath>, path: &str) -> Option<String> {
    // A file's name is read from the file's folder, an address from the page's.
    let file = file.filter(|_| path.ends_with(".md") && !path.starts_with('/'));
    let wanted = match file {
        Some(file) => UrlPath::resolve(&UrlPath::of_file(file.as_str()), path)?,
        None => UrlPath::resolve(page, path)?,
    };
    let name = wanted.name();
    let stem = name.split('.').next().unwrap_or(name);
    let named = [name, stem].into_iter().flat_map(|name| site.routes.named(name).take(MOST));
    // Of several pages with that name, the one that shares the longest end of the path.
    let moved = named.max_by_key(|url| (shared_end(url.as_str(), wanted.as_str()), std::cmp::Reverse(url.as_str())));
    let near = moved.or_else(|| {
        let folder = wanted.parent()?;
        let neighbours = || site.routes.in_folder(folder.as_str()).take(MOST);
        let near = nearest(neighbours().map(UrlPath::name), stem)?;
        neighbours().find(|url| url.name() == near)
    })?;
    let near = match (file, site.routes.at(near)) {
        (Some(file), Some(Route::Page(page))) => relative(file.as_str(), site.page(page).path.as_str()),
        _ => near.to_string(),
    };
    Some(format!("did you mean `{near}`?"))
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
    candidates
        .filter(|candidate| candidate.len().abs_diff(wanted.len()) <= limit * 3)
        .map(|candidate| (osa_distance(candidate, wanted), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.cmp(y)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_as_seen_from_the_page() {
        assert_eq!(relative("people/leave.md", "people/time-off.md"), "time-off.md");
        assert_eq!(relative("people/leave.md", "career/levels.md"), "../career/levels.md");
        assert_eq!(relative("index.md", "a/b.md"), "a/b.md");
    }

    #[test]
    fn only_few_changed_letters_make_a_neighbour() {
        assert_eq!(nearest(["time-off", "onboarding"].into_iter(), "time-of"), Some("time-off"));
        assert_eq!(nearest(["expenses"].into_iter(), "people"), None);
    }
}
