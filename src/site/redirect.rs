//! Where redirects lead in the end.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::markdown::{Link, LinkKind};
use crate::site::Site;
use crate::site::link::{self, From, Resolved, Target};
use crate::site::routes::Redirect;
use crate::site::url::UrlPath;

/// No browser follows more redirects than this.
const MOST: usize = 20;

/// Where readers of a redirect arrive, over all others that it leads to: chains are made short here, not in the browser.
/// In a circle, it is what the author wrote. The problem is without a file.
pub fn end(site: &Site, redirect: &Redirect) -> Resolved {
    let first = follow(site, redirect);
    if !matches!(first.target, Target::Redirect(_)) {
        return first;
    }
    let next = |resolved: &Resolved| match resolved.target {
        Target::Redirect(index) => Some(follow(site, &site.routes.redirects[index as usize])),
        _ => None,
    };
    let last = std::iter::successors(Some(first.clone()), next).take(MOST).last().unwrap_or_else(|| first.clone());
    if matches!(last.target, Target::Redirect(_)) {
        let message = "this redirect leads in a circle, so that no page is ever shown";
        let circle = Diagnostic::new(Code::LinkPage, message).at(redirect.span).help("let it lead to a page");
        return Resolved { problem: first.problem.or(Some(circle)), ..first };
    }
    let address = address(site, &last);
    let message = format!("this redirect leads to another one, and in the end to `{address}`");
    // Text in quotes is the same in YAML and in TOML.
    let fix = Fix::replace(
        format!("lead straight to `{address}`"),
        redirect.span,
        serde_json::Value::from(address.as_str()).to_string(),
    );
    let chain = Diagnostic::new(Code::RedirectChain, message).at(redirect.span);
    let chain = chain.help(format!("write `{address}`")).fix(fix);
    Resolved { problem: Some(chain), ..last }
}

/// Where a redirect leads, as its author wrote it.
fn follow(site: &Site, redirect: &Redirect) -> Resolved {
    let page = redirect.page.map(|page| site.page(page));
    let root = UrlPath::root();
    let from = match page {
        Some(page) => From { url: &page.url, path: Some(&page.path), page: redirect.page },
        None => From { url: &root, path: None, page: None },
    };
    match page.filter(|_| redirect.is_alias) {
        Some(page) => Resolved {
            href: site.href(&page.url),
            target: redirect.page.map_or(Target::Other, Target::Page),
            through: None,
            problem: None,
        },
        None => {
            let link = Link::of_value(&redirect.to, LinkKind::Page, redirect.span);
            link::resolve_once(site, from, &link)
        }
    }
}

/// Where a link leads, as an author writes it: without the base path.
pub fn address(site: &Site, resolved: &Resolved) -> String {
    let base = site.project.config.base_url.base_path().trim_end_matches('/');
    match resolved.target {
        Target::External | Target::Missing => resolved.href.clone(),
        _ => resolved.href.strip_prefix(base).unwrap_or(&resolved.href).to_string(),
    }
}

/// What messages call the file that asks for a redirect.
pub fn file(site: &Site, redirect: &Redirect) -> String {
    match redirect.page {
        Some(page) => site.project.file_name(&site.page(page).path),
        None => site.project.config_name().to_string(),
    }
}
