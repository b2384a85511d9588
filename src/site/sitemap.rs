//! How the list of pages for search engines is divided: none of its files may have more than 50,000 addresses or 50 MB.
//! <https://www.sitemaps.org/protocol.html#index>

use std::ops::Range;

use crate::site::routes::Route;
use crate::site::url::UrlPath;

const MOST_URLS: usize = 50_000;
const MOST_BYTES: usize = 50_000_000;
/// What an address brings along at most: tags and a date.
const AROUND: usize = 100;
/// A byte of an address has at most this many, percent-encoded or escaped.
const ENCODED: usize = 5;

/// The name of a part, counted from 0.
pub fn part_name(part: usize) -> String {
    format!("sitemap-{}.xml", part + 1)
}

/// Whether a route can be in the list.
pub fn is_listed(route: Route) -> bool {
    matches!(route, Route::Page(_) | Route::Section(_))
}

/// The parts of the list, each as a range of the addresses that can be in it; one for a small site. Front matter plays no part
/// here, so that an edit of it moves no address to another part.
pub fn parts<'u>(urls: impl Iterator<Item = &'u UrlPath>, base_url: &str) -> Vec<Range<usize>> {
    let lengths = urls.map(|url| base_url.len() * ENCODED + url.as_str().len() * ENCODED + AROUND);
    divided(lengths, MOST_URLS, MOST_BYTES)
}

fn divided(lengths: impl Iterator<Item = usize>, most_urls: usize, most_bytes: usize) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut bytes, mut end) = (Vec::new(), 0, 0, 0);
    for length in lengths {
        if end > start && (end - start == most_urls || bytes + length > most_bytes) {
            parts.push(start..end);
            (start, bytes) = (end, 0);
        }
        bytes += length;
        end += 1;
    }
    parts.push(start..end);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_has_too_many_addresses_or_bytes() {
        let check = |lengths: &[usize], expected: &[(usize, usize)]| {
            let found: Vec<_> =
                divided(lengths.iter().copied(), 3, 10).iter().map(|part| (part.start, part.end)).collect();
            assert_eq!(found, expected, "{lengths:?}");
        };
        check(&[], &[(0, 0)]);
        check(&[1, 1, 1], &[(0, 3)]);
        check(&[1, 1, 1, 1], &[(0, 3), (3, 4)]);
        check(&[5, 5, 5], &[(0, 2), (2, 3)]);
        check(&[11, 1], &[(0, 1), (1, 2)]);
    }
}
