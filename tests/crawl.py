#!/usr/bin/env python3
"""Crawls a built site as a browser resolves its URLs, and holds `handbook check` to what it finds.

    handbook build -o public
    handbook check --format json -q > findings.json
    tests/crawl.py public findings.json --base / --host about.example.com

It knows nothing of Markdown or of our code: it reads the HTML that is there, joins every address with the page's own as
RFC 3986 says, and looks whether a file answers it as GitHub Pages would, and whether that page has the id behind the `#`.
It fails when it finds a dead link that `check` does not report, or when `check` reports one that it does not find. Links
are compared one by one: by page, kind and the address that the browser would ask for, each as often as it is there.
"""

import argparse
import json
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ADDRESSES = {
    ("a", "href"), ("area", "href"), ("img", "src"), ("img", "srcset"), ("source", "src"), ("source", "srcset"),
    ("video", "src"), ("video", "poster"), ("audio", "src"), ("embed", "src"), ("iframe", "src"), ("input", "src"),
    ("script", "src"), ("track", "src"), ("link", "href"), ("object", "data"),
}
DEAD = {
    "link-page", "link-anchor", "link-asset", "link-case", "link-draft", "link-outside", "link-scheme", "nav-page",
}


class Page(HTMLParser):
    """The ids and addresses of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.refresh = set(), [], None
        self.in_style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        values = dict(reversed(attributes))
        if values.get("id"):
            self.ids.add(values["id"])
        if tag == "a" and values.get("name"):
            self.ids.add(values["name"])
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.refresh = re.sub(r"^[^;]*;\s*url=", "", values.get("content") or "", flags=re.IGNORECASE)
        self.in_style = tag == "style"
        self.style(values.get("style") or "")
        for name, value in values.items():
            if (tag, name) not in ADDRESSES or value is None:
                continue
            if name == "srcset":
                self.links += [part.strip().split()[0] for part in value.split(", ") if part.strip()]
            else:
                self.links.append(value)

    def handle_endtag(self, tag):
        self.in_style = False

    def handle_data(self, text):
        if self.in_style:
            self.style(text)

    def style(self, text):
        """The addresses in a style, but those of parts of the page itself."""
        found = re.findall(r"""url\(\s*(['"]?)([^'"\s()]+)\1\s*\)""", text, flags=re.IGNORECASE)
        self.links += [url for _, url in found if not url.startswith("#")]


def answer(root, path):
    """The file that answers a path, as on GitHub Pages; the path is below the base path and decoded."""
    file = root / path.lstrip("/")
    if path.endswith("/") or path == "":
        file = file / "index.html"
        return file if file.is_file() else None
    for candidate in (file, file.with_name(file.name + ".html"), file / "index.html"):
        if candidate.is_file():
            return candidate
    return None


def crawl(root, base, hosts):
    """Every dead link: (page, kind, what it is called)."""
    files = sorted(root.rglob("*.html"))
    pages = {file: Page(file.read_text("utf-8", "replace")) for file in files}
    origin = "https://this.site.invalid"
    dead = Counter()
    n_links = 0
    for file, page in pages.items():
        if file.name == "404.html" and file.parent == root:
            continue  # Shown at any address.
        name = "/" + file.relative_to(root).as_posix()
        here = base.rstrip("/") + (name[: -len("index.html")] if name.endswith("/index.html") else name)
        for link in page.links:
            n_links += 1
            target = urljoin(origin + here, re.sub(r"[\t\n\r]", "", link.strip()))
            parts = urlsplit(target)
            if parts.scheme not in ("http", "https"):
                known = ("mailto", "tel", "data", "javascript", "slack", "irc", "ftp", "file", "sms", "ssh", "git", "webcal")
                if parts.scheme not in known:
                    dead[here, "link", re.sub(r"^[^:]*:/*", "", link.strip())] += 1
                continue
            own = parts.netloc == "this.site.invalid"
            if not own and parts.netloc.lower() not in hosts:
                continue
            path = unquote(parts.path) or "/"
            inside = path[len(base) - 1:] if own and path.startswith(base) else (None if own and base != "/" else path)
            found = answer(root, inside) if inside is not None else None
            if found is None:
                if link.strip():
                    dead[here, "link", path if inside is None else inside] += 1
                continue
            fragment = unquote(parts.fragment.split(":~:")[0])
            if fragment and fragment.lower() != "top" and found in pages:
                text = pages[found]
                if fragment not in text.ids and text.refresh is None:
                    dead[here, "anchor", fragment] += 1
        if page.refresh is not None and turns_in_a_circle(root, base, pages, origin, here, file):
            dead[here, "link", page.refresh] += 1
    return dead, n_links, len(pages)


def turns_in_a_circle(root, base, pages, origin, here, file):
    """Whether a page that sends its readers on never lets them arrive."""
    seen = set()
    while file in pages and pages[file].refresh is not None:
        if file in seen:
            return True
        seen.add(file)
        parts = urlsplit(urljoin(origin + here, pages[file].refresh))
        if parts.netloc != "this.site.invalid" or not parts.path.startswith(base):
            return False
        here = parts.path
        file = answer(root, unquote(here)[len(base) - 1:])
    return False


def page_of(file, prefix):
    """The address of a source file's page, as far as its name tells it."""
    name = file[len(prefix):] if file.startswith(prefix) else file
    name = re.sub(r"\.(md|markdown)$", "", name)
    name = re.sub(r"\.html$", "", name)
    name = re.sub(r"(^|/)_?index$", r"\1", name)
    name = re.sub(r"(^|/)README$", r"\1", name)
    name = re.sub(r"\s", "-", name)
    return "/" + name + ("" if name.endswith("/") or not name else "/")


def reported(findings, prefix, base, addresses, hosts):
    """The dead links that `check` reports, called as the crawl calls them."""
    dead = Counter()
    for line in findings:
        finding = json.loads(line)
        if finding["code"] not in DEAD or finding["path"] == "site.toml":
            continue
        here = base.rstrip("/") + addresses.get(finding["path"], page_of(finding["path"], prefix))
        words = re.findall(r"`([^`]*)`", finding["message"])
        if finding["code"] == "link-anchor":
            dead[here, "anchor", unquote(words[-1].lstrip("#"))] += 1
        elif finding["code"] == "link-scheme":
            dead[here, "link", without_scheme(here, finding, base)] += 1
        else:
            dead[here, "link", asked_for(here, words[0] if words else "", base)] += 1
    return dead


def without_scheme(here, finding, base):
    """What a browser makes of an address whose scheme is wrong or missing; the hint has it with the right one."""
    meant = re.search(r"`(?:https?://|mailto:)?([^`]*)`", finding["help"]).group(1)
    scheme = re.match(r"`([^`]*)`", finding["message"])
    if scheme and "lacks its colon" in finding["message"]:
        return asked_for(here, scheme.group(1) + meant, base)
    return meant if scheme else asked_for(here, meant, base)


def asked_for(here, written, base):
    """The path below the base path that a browser asks for; an address of a kind that it does not know stays as it is."""
    origin = "https://this.site.invalid"
    parts = urlsplit(urljoin(origin + here, written))
    if parts.netloc != "this.site.invalid":
        return written
    path = unquote(parts.path) or "/"
    return path[len(base) - 1:] if path.startswith(base) else path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("findings", type=Path)
    parser.add_argument("--base", default="/")
    parser.add_argument("--host", action="append", default=[])
    parser.add_argument("--content", default="content")
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    crawled, n_links, n_pages = crawl(arguments.site, arguments.base, set(arguments.host))
    lines = arguments.findings.read_text("utf-8").splitlines()
    found = reported(lines, arguments.content + "/", arguments.base, {}, set(arguments.host))

    more, fewer = crawled - found, found - crawled
    print(f"{n_pages} pages, {n_links} links: the crawl finds {sum(crawled.values())} dead ones, check {sum(found.values())}")
    for title, rest in (("only the crawl", more), ("only check", fewer)):
        for (here, kind, name), n in sorted(rest.items())[: arguments.show]:
            print(f"{title}: {here} {kind} {name} x{n}")
    return 1 if more or fewer else 0


if __name__ == "__main__":
    sys.exit(main())
