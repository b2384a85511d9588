//! What a site's bytes are for: the parts of its pages, and its other files.

use std::path::Path;
use std::sync::Arc;

use handbook::output::{Content, Output};
use handbook::project::{self, Overrides};
use handbook::render::{self, Engine};
use handbook::search::Index;
use handbook::site::Site;
use handbook::site::routes::Route;
use handbook::update::{Changes, update};
use rayon::prelude::*;

/// The parts of a page in the order in which the built-in theme writes them, each with what it begins with.
const PARTS: [(&str, &str); 11] = [
    ("What stands in the head: title, description, addresses, style", "<!DOCTYPE html>"),
    ("The top bar, with at most six sections", "<body"),
    ("The sidebar", "<div class=\"frame"),
    ("The way from the home page, title and summary", "<main id=\"_main\""),
    ("The list of contents", "<details class=\"toc\">"),
    ("The text itself, with its links and headings", "<div class=\"content\" id=\"_text\""),
    ("A list of what is in the section", "<section class=\"children\""),
    ("Owner, dates and the page's address", "<footer class=\"page-foot\">"),
    ("Previous and next page", "<nav class=\"pager\""),
    ("The end of the page, with the owner's footer", "</main>"),
    ("The search box, without the index", "<dialog class=\"search\""),
];
/// From here on, the last place counts where a part could begin: a page's text may hold anything.
const FIRST_BEHIND_THE_TEXT: usize = 6;

/// What a site weighs. All are averages per page in bytes, and only pages with a text of their own count.
#[allow(dead_code, reason = "the test looks at the pages alone")]
pub struct Weight {
    /// How many pages there are.
    pub n_pages: usize,
    /// How many folders a page is in.
    pub depth: f64,
    /// The Markdown.
    pub markdown: f64,
    /// The HTML.
    pub html: f64,
    /// The HTML as web servers send it, compressed by gzip at its usual level.
    pub compressed: f64,
    /// Each part of the HTML.
    pub parts: Vec<(&'static str, f64)>,
    /// What the site's other files come to.
    pub others: Vec<(&'static str, f64)>,
}

/// One file of a site, in bytes.
struct Weighed {
    route: Route,
    size: usize,
    /// The next two only of a page.
    compressed: usize,
    parts: [usize; PARTS.len()],
}

impl Weight {
    /// Weighs the project in a folder.
    pub fn of(folder: &Path) -> Weight {
        let (project, problems) = project::read(folder, &Overrides::default()).expect("settings");
        let project = Arc::new(project);
        let site = update(&Site::empty(project.clone()), &project, problems, Changes::All);
        let (engine, _) = Engine::new(&site);
        let entries: Vec<_> = site.routes.entries.iter().collect();
        let files: Vec<Weighed> = entries
            .into_par_iter()
            .filter_map(|(url, route)| {
                let output = render::render(&engine, &site, url, *route).0?;
                let mut weighed =
                    Weighed { route: *route, size: size(&output), compressed: 0, parts: [0; PARTS.len()] };
                if let (Route::Page(_), Content::Bytes(html)) = (route, &output.content) {
                    weighed.compressed = compressed(html);
                    weighed.parts = parts(std::str::from_utf8(html).expect("pages are UTF-8"));
                }
                Some(weighed)
            })
            .collect();
        let n_pages = site.pages.len();
        let sum = |of: &dyn Fn(&Weighed) -> usize| files.iter().map(of).sum::<usize>() as f64 / n_pages as f64;
        let all = |wanted: &dyn Fn(&Route) -> bool| sum(&|file| if wanted(&file.route) { file.size } else { 0 });
        let is_page = |route: &Route| matches!(route, Route::Page(_));
        let index: usize = Index::build(&site, None).all_files().iter().map(|(_, bytes)| bytes.len()).sum();
        let others = vec![
            ("Branches of the sidebar, loaded when they are opened", all(&|route| matches!(route, Route::Branch(_)))),
            ("The index of the search", index as f64 / n_pages as f64),
            ("The list from A to Z", all(&|route| matches!(route, Route::Search))),
            ("Addresses for search engines", all(&|route| matches!(route, Route::Sitemap | Route::SitemapPart(_)))),
            ("Lists of folders without a page of their own", all(&|route| matches!(route, Route::Section(_)))),
            ("Pages of levels", all(&|route| matches!(route, Route::Level(..)))),
            ("Former addresses", all(&|route| matches!(route, Route::Redirect(_)))),
            ("Pictures, styles, scripts and typefaces", all(&|route| matches!(route, Route::Asset(_)))),
        ];
        Weight {
            n_pages,
            depth: site.pages.iter().map(|page| page.path.as_str().matches('/').count()).sum::<usize>() as f64
                / n_pages as f64,
            markdown: site.pages.iter().map(|page| page.stamp.size as f64).sum::<f64>() / n_pages as f64,
            html: all(&is_page),
            compressed: sum(&|file| file.compressed),
            parts: (0..PARTS.len()).map(|at| (PARTS[at].0, sum(&|file| file.parts[at]))).collect(),
            others,
        }
    }
}

/// How long each part of a page is.
fn parts(html: &str) -> [usize; PARTS.len()] {
    let mut starts = [html.len(); PARTS.len() + 1];
    let mut end = html.len();
    for at in (FIRST_BEHIND_THE_TEXT..PARTS.len()).rev() {
        end = html[..end].rfind(PARTS[at].1).unwrap_or(end);
        starts[at] = end;
    }
    let mut start = 0;
    for at in 0..FIRST_BEHIND_THE_TEXT {
        start = html[start..end].find(PARTS[at].1).map_or(start, |place| start + place);
        starts[at] = start;
    }
    // A part that is not there begins where the next one does.
    for at in (1..FIRST_BEHIND_THE_TEXT).rev() {
        if !html[starts[at]..].starts_with(PARTS[at].1) {
            starts[at] = starts[at + 1];
        }
    }
    std::array::from_fn(|at| starts[at + 1] - starts[at])
}

fn size(output: &Output) -> usize {
    match &output.content {
        Content::Bytes(bytes) => bytes.len(),
        Content::File(file) => std::fs::metadata(file).map_or(0, |data| data.len() as usize),
    }
}

fn compressed(bytes: &[u8]) -> usize {
    use std::io::Write;
    let mut pack = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    pack.write_all(bytes).expect("memory takes it");
    pack.finish().expect("memory takes it").len()
}
