//! Links to other sites: where they stand, what is to be asked about them, and what is wrong once the answers are there.
//! Does not ask itself.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::{self, Link, LinkKind, Options};
use crate::site::link::{self, From, Target};
use crate::site::page::Page;
use crate::site::redirect;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};
use crate::value::Spanned;
use crate::web::address::Address;
use crate::web::answer::{self, Answer, Question, Verdict};
use crate::web::{Answers, is_for_examples, is_local};

/// When no host of so many can be reached, it is not they who are missing.
const MANY_HOSTS: usize = 3;

/// The links of a site that lead to others.
#[derive(Debug, Default)]
pub struct Links {
    /// Each place where one stands, in order.
    pub places: Vec<Place>,
    /// How many addresses are private.
    pub n_private: usize,
}

/// A link where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The file that it stands in.
    pub file: String,
    /// The link.
    pub link: Link,
    /// What it leads to.
    pub address: Address,
    /// The heading or anchor there.
    pub id: Option<String>,
}

/// Every link of the site that leads to another one and is to be checked.
pub fn links(site: &Site) -> Links {
    let mut found = Found { site, places: Vec::new(), private: HashSet::new() };
    let is_read = |page: &Page| site.project.publishes(page.front.draft);
    for (index, page) in site.pages.iter().enumerate().filter(|(_, page)| is_read(page)) {
        let id = PageId(index as u32);
        let (from, file) = (from_page(page, id), site.project.file_name(&page.path));
        if site.routes.at(&page.url) == Some(Route::Page(id)) {
            page.document.links.iter().for_each(|link| found.add(from, &file, link));
        }
        let nav = page.front.section_nav.iter().map(|link| &link.url);
        for value in nav.chain(page.front.anchors.iter().map(|anchor| &anchor.to)) {
            found.add(from, &file, &of_value(value, LinkKind::Page));
        }
    }
    for redirect in site.routes.redirects.iter().filter(|redirect| !redirect.is_alias) {
        let link = Link::of_value(&redirect.to, LinkKind::Page, redirect.span);
        found.add(from_settings(&UrlPath::root()), &redirect::file(site, redirect), &link);
    }
    of_settings(site).iter().for_each(|link| {
        found.add(from_settings(&UrlPath::root()), site.project.config_name(), link);
    });
    let mut places = found.places;
    places.sort_by(|a, b| (&a.file, a.link.span, &a.address, &a.id).cmp(&(&b.file, b.link.span, &b.address, &b.id)));
    places.dedup_by(|b, a| (&a.file, a.link.span, &a.address, &a.id) == (&b.file, b.link.span, &b.address, &b.id));
    Links { places, n_private: found.private.len() }
}

struct Found<'a> {
    site: &'a Site,
    places: Vec<Place>,
    private: HashSet<Address>,
}

impl Found<'_> {
    fn add(&mut self, from: From<'_>, file: &str, link: &Link) {
        let Some((address, fragment)) = Address::parse(&link.target) else { return };
        let settings = &self.site.project.config.check;
        if link::resolve_once(self.site, from, link).target != Target::External
            || settings.ignores(link.target.trim())
            || is_for_examples(address.name())
        {
            return;
        }
        if settings.external.is_private(address.name()) || !settings.external.local && is_local(address.name()) {
            self.private.insert(address);
            return;
        }
        let id = fragment.as_deref().and_then(answer::wanted_id).filter(|_| settings.external.anchors);
        self.places.push(Place { file: file.to_string(), link: link.clone(), address, id });
    }
}

fn from_page(page: &Page, id: PageId) -> From<'_> {
    From { url: &page.url, path: Some(&page.path), page: Some(id) }
}

fn from_settings(root: &UrlPath) -> From<'_> {
    From { url: root, path: None, page: None }
}

fn of_value(value: &Spanned<String>, kind: LinkKind) -> Link {
    Link::of_value(&value.value, kind, value.span)
}

/// The links of `site.toml` but for redirects.
fn of_settings(site: &Site) -> Vec<Link> {
    let config = &site.project.config;
    let in_texts = config.texts().flat_map(|text| {
        let document = markdown::read(&text.value, 0, None, &Options::default());
        // The places are those of the value, and it may stand in the file with escapes.
        let whole = |link: Link| Link { span: text.span, destination: None, ..link };
        document.links.into_iter().map(whole).collect::<Vec<_>>()
    });
    config.linked().map(|(value, kind)| of_value(value, kind)).chain(in_texts).collect()
}

/// What is to be asked, each address once.
pub fn questions(links: &Links) -> Vec<Question> {
    let mut ids: BTreeMap<&Address, BTreeSet<String>> = BTreeMap::new();
    for place in &links.places {
        ids.entry(&place.address).or_default().extend(place.id.clone());
    }
    ids.into_iter().map(|(address, ids)| Question { address: address.clone(), ids }).collect()
}

/// Whether any other site could be reached at all.
pub fn reached(answers: &Answers) -> bool {
    answers.values().any(|answer| matches!(answer.verdict, Verdict::Fine | Verdict::Gone(_)))
}

/// What is wrong with the links. An address without an answer was not asked for, and nothing is said of it.
pub fn problems(site: &Site, links: &Links, answers: &Answers) -> Vec<Diagnostic> {
    let hosts: BTreeSet<&str> = answers.keys().map(|address| address.host.as_str()).collect();
    if hosts.len() >= MANY_HOSTS && !reached(answers) {
        let message = format!("none of the {} other hosts that links lead to could be reached", hosts.len());
        let problem = Diagnostic::new(Code::ExternalUnreachable, message).in_file(site.project.config_name());
        return vec![problem.help("is there a network? A proxy is taken from `HTTPS_PROXY` and `HTTP_PROXY`")];
    }
    let of_place = |place: &Place| {
        let answer = answers.get(&place.address)?;
        let problem = problem(place, answer)?.at(place.link.span);
        Some(match place.file == site.project.config_name() {
            true => site.project.in_settings(problem),
            false => problem.in_file(place.file.clone()),
        })
    };
    links.places.iter().filter_map(of_place).collect()
}

fn problem(place: &Place, answer: &Answer) -> Option<Diagnostic> {
    let written = place.link.target.trim();
    let shown = shortened(written);
    let unreachable = |why: &str| {
        let message = format!("`{shown}` could not be checked: {why}");
        let help = "look at it in a browser; if only your people can see it, add its host to `private` under `[check.external]`";
        Some(Diagnostic::new(Code::ExternalUnreachable, message).help(help))
    };
    match &answer.verdict {
        Verdict::Local => None,
        Verdict::Unreachable(why) => unreachable(why),
        Verdict::NoHost => {
            let message = format!("`{shown}` leads nowhere: there is no host `{}`", place.address.name());
            Some(Diagnostic::new(Code::ExternalDead, message).help("correct its spelling, or take the link away"))
        }
        Verdict::Gone(why) => {
            let message = format!("`{shown}` leads to nothing: {why}");
            let help =
                "find out where it has gone, or take the link away; <https://web.archive.org/> may have an old copy";
            Some(Diagnostic::new(Code::ExternalDead, message).help(help))
        }
        Verdict::Fine => anchor(place, answer, &shown).or_else(|| moved(place, answer, written, &shown)),
    }
}

fn anchor(place: &Place, answer: &Answer, shown: &str) -> Option<Diagnostic> {
    let id = place.id.as_ref().filter(|id| answer.ids.get(*id) == Some(&false))?;
    let message = format!("`{shown}` leads to the top of its page, which has no heading or anchor `#{id}`");
    let help =
        "look for the section's new address; a page that is put together in the browser may have it all the same";
    Some(Diagnostic::new(Code::ExternalAnchor, message).help(help))
}

fn moved(place: &Place, answer: &Answer, written: &str, shown: &str) -> Option<Diagnostic> {
    let to = answer.moved_to.as_ref()?;
    let fragment = written.split_once('#').map(|(_, fragment)| format!("#{fragment}")).unwrap_or_default();
    let meant = format!("{to}{fragment}");
    let message = format!("`{shown}` has moved for good to `{}`", shortened(to));
    let mut problem = Diagnostic::new(Code::ExternalMoved, message).help(format!("write `{meant}`"));
    // Of all moves, only this one is sure to lead to the same.
    let secured = Address { is_safe: true, ..place.address.clone() };
    if !place.address.is_safe && secured.to_string() == *to {
        problem.fix = link::fix(&place.link, &meant);
    }
    Some(problem)
}

/// An address that is not too long for a line.
fn shortened(address: &str) -> String {
    const MOST: usize = 120;
    match address.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &address[..end]),
        None => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn place(target: &str) -> Place {
        let span = Span::new(0, target.len());
        let (address, fragment) = Address::parse(target).unwrap();
        let link = Link::of_value(target, LinkKind::Page, span);
        Place { file: "content/a.md".into(), link, address, id: fragment.as_deref().and_then(answer::wanted_id) }
    }

    fn of(target: &str, answer: Answer) -> Option<(Code, String, bool)> {
        let problem = problem(&place(target), &answer)?;
        Some((problem.code, problem.message, problem.fix.is_some()))
    }

    #[test]
    fn only_a_move_to_the_secure_address_is_sure() {
        let moved = |to: &str| Answer { moved_to: Some(to.into()), ..Answer::of(Verdict::Fine) };
        let (code, message, has_fix) = of("http://a.de/x#y", moved("https://a.de/x")).unwrap();
        assert_eq!((code, has_fix), (Code::ExternalMoved, true));
        assert_eq!(message, "`http://a.de/x#y` has moved for good to `https://a.de/x`");
        assert!(!of("http://a.de/x", moved("https://a.de/")).unwrap().2);
        assert!(!of("https://a.de/x", moved("https://b.de/x")).unwrap().2);
    }

    #[test]
    fn an_anchor_that_cannot_be_told_is_not_missed() {
        assert_eq!(of("https://a.de/#y", Answer::of(Verdict::Fine)), None);
        let ids = BTreeMap::from([("y".to_string(), false)]);
        let answer = Answer { ids, moved_to: Some("https://b.de/".into()), ..Answer::of(Verdict::Fine) };
        assert_eq!(of("https://a.de/#y", answer).unwrap().0, Code::ExternalAnchor);
    }
}
