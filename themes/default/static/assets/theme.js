// What only a script can do. Every page reads, links and navigates without this file.

const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const one = (selector, from = document) => from.querySelector(selector);
// An address as people read it. One with a stray `%` is not valid, and stays as it is.
function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
const targetOf = hash => readable(hash.slice(1));

// Colours: the reader's choice goes automatic → light → dark, and is kept for the next page.
const themeButton = one('.theme');
const nextTheme = { light: 'dark', dark: '' };
function nameTheme() {
  themeButton.ariaLabel = themeButton.title = themeButton.dataset[root.dataset.theme || 'auto'];
}
function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    if (theme) localStorage.handbookTheme = theme;
    else localStorage.removeItem('handbookTheme');
  } catch { /* storage can be forbidden; the choice then lasts for this page */ }
  nameTheme();
  dispatchEvent(new Event('handbook-theme'));
}
if (themeButton) {
  nameTheme();
  themeButton.onclick = () => setTheme(nextTheme[root.dataset.theme] ?? 'light');
}

// What only a script makes has its rules here, so that the style sheet that pages wait for is without them.
const style = `@layer layout {
  .twig { position: absolute; inset-block-start: 0; inset-inline-end: 0; width: 2rem; height: 2rem; --icon: var(--i-chevron); }
  .twig::before { width: .875rem; height: .875rem; }
  .twig[aria-expanded=true]::before { rotate: 90deg; }
  @media (max-width: 56rem) { .twig { width: 2.75rem; height: 2.75rem; } }
}
@layer content {
  .codebox { position: relative; margin: 0 0 1.35rem; }
  .codebox > pre { margin: 0; }
  .codebox .icon { position: absolute; inset-block-start: .375rem; inset-inline-end: .375rem; width: auto; padding: 0 .5rem; display: flex; gap: .5rem; background: var(--code-bg); color: var(--muted); font-size: .8125rem; opacity: 0; --icon: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%23000' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'%3E%3Crect x='9' y='9' width='11' height='11' rx='2'/%3E%3Cpath d='M5 15H4V6a2 2 0 0 1 2-2h9v1'/%3E%3C/svg%3E"); }
  .codebox .icon::after { content: attr(data-lang); }
  .codebox .icon::before { order: 1; }
  .codebox:hover .icon, .codebox .icon:focus-visible, .codebox .done { opacity: 1; }
  .codebox .icon:hover { background: var(--sunken); }
  .codebox .done { color: var(--tip); --icon: var(--i-check); }
  @media (hover: none) { .codebox .icon { opacity: 1; } .codebox .icon::after { content: none; } }
}`;
const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets.push(sheet);

// The menu of small screens is a popover. Closing it when the focus leaves keeps the focus in view.
const side = one('#_nav');
if (side?.hidePopover) {
  side.addEventListener('focusout', event => {
    const to = event.relatedTarget;
    if (to && !side.contains(to) && !to.closest('.menu') && side.matches(':popover-open')) side.hidePopover();
  });
  matchMedia('(min-width: 56.01rem)').onchange = () => side.matches(':popover-open') && side.hidePopover();
  // A long tree starts where the reader is.
  const bringCurrent = () => {
    const current = one('[aria-current=page]', side);
    if (current && current.offsetTop > side.clientHeight - 80) side.scrollTop = current.offsetTop - side.clientHeight / 3;
  };
  bringCurrent();
  side.addEventListener('toggle', bringCurrent);
}
// A branch of the tree that the page left out is fetched when it is wanted: one small file that all pages share.
const home = one('.brand')?.pathname ?? '/';
function addTwig(link) {
  const item = link.parentNode;
  const button = document.createElement('button');
  let list = one(':scope > ul', item);
  const show = open => {
    button.ariaExpanded = open;
    if (list) list.hidden = !open;
  };
  button.type = 'button';
  button.className = 'icon twig';
  button.ariaLabel = `${side.dataset.below}: ${link.textContent}`;
  button.onclick = async () => {
    if (!list) {
      try {
        const answer = await fetch(`${side.dataset.branches}${link.pathname.slice(home.length).replace(/\/$/, '')}.html`);
        if (!answer.ok) throw answer.status;
        item.insertAdjacentHTML('beforeend', await answer.text());
      } catch {
        location.assign(link.href); // the section's page lists the same
        return;
      }
      list = item.lastElementChild;
      addTwigs(list);
    }
    show(button.ariaExpanded !== 'true');
  };
  show(Boolean(list));
  link.after(button);
}
function addTwigs(list) {
  for (const link of all('a.more, a:has(+ ul)', list)) addTwig(link);
}
if (side?.dataset.branches) addTwigs(side);

for (const bar of all('.section-nav ul')) {
  const current = one('[aria-current]', bar);
  if (current) bar.scrollLeft = current.parentNode.offsetLeft - bar.offsetLeft - 32;
}

// Code: a button that copies it. Its words come with the page, which knows the language.
const words = document.currentScript.dataset;
function boxCode() {
  for (const pre of all('.content pre:not(.mermaid, .codebox > pre)')) {
    const box = document.createElement('div');
    const button = document.createElement('button');
    box.className = 'codebox';
    button.className = 'icon';
    button.type = 'button';
    button.ariaLabel = words.copy;
    button.dataset.lang = pre.dataset.lang || '';
    button.onclick = async () => {
      await navigator.clipboard.writeText(pre.innerText.replace(/\n$/, ''));
      button.classList.add('done');
      button.ariaLabel = words.copied;
      setTimeout(() => {
        button.classList.remove('done');
        button.ariaLabel = words.copy;
      }, 2000);
    };
    pre.replaceWith(box);
    box.append(pre, button);
  }
}
if (navigator.clipboard) {
  boxCode();
  // `handbook serve` changes the open page in place, which can bring new code.
  addEventListener('handbook-change', boxCode);
}

// Wide things: only what really scrolls is a stop for the Tab key.
function fitWide() {
  for (const box of all('.content :is(.table-wrap, pre)')) {
    box.classList.remove('fits', 'scrolls');
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.classList.add(scrolls ? 'scrolls' : 'fits');
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
}
fitWide();
addEventListener('resize', fitWide, { passive: true });

// Table of contents: marks the section being read, and closes its strip after a choice.
const toc = one('.toc');
if (toc) {
  const summary = one('summary', toc);
  const now = document.createElement('span');
  now.className = 'now';
  summary.append(now);
  const wide = matchMedia('(min-width: 75rem)');
  const place = () => {
    toc.open = wide.matches;
    summary.tabIndex = wide.matches ? -1 : 0;
  };
  place();
  wide.onchange = place;
  const close = () => { if (!wide.matches) toc.open = false; };
  toc.addEventListener('click', event => event.target.closest('a') && close());
  document.addEventListener('click', event => toc.contains(event.target) || close());
  toc.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !wide.matches) {
      close();
      summary.focus();
    }
  });

  const links = new Map(all('a', toc).map(link => [targetOf(link.hash), link]));
  const headings = all('.content :is(h1, h2, h3, h4, h5, h6)[id]').filter(heading => links.has(heading.id));
  let current;
  const mark = () => {
    // The last heading above a line a little below the bars; at the very top of the page there is none.
    let reading;
    for (const heading of headings) {
      if (heading.getBoundingClientRect().top > 160) break;
      reading = heading;
    }
    if (innerHeight + scrollY >= root.scrollHeight - 4) reading = headings.at(-1);
    const link = reading && links.get(reading.id);
    if (link === current) return;
    current?.removeAttribute('aria-current');
    current = link;
    now.textContent = link?.textContent ?? '';
    if (!link) return;
    link.setAttribute('aria-current', 'location');
    if (wide.matches) toc.scrollTop = link.offsetTop - toc.clientHeight / 2;
  };
  const observer = new IntersectionObserver(mark, { rootMargin: '-100px 0px -60% 0px', threshold: [0, 1] });
  for (const heading of headings) observer.observe(heading);
  addEventListener('scrollend', mark, { passive: true });
  mark();
}

// What stands in for a frame becomes the frame when it is asked for; a new tab gets the page instead.
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[data-frame]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const frame = document.createElement('iframe');
  Object.assign(frame, { className: 'embed', src: link.dataset.frame, title: one('strong', link).textContent, allow: 'autoplay; fullscreen; picture-in-picture' });
  frame.style.cssText = link.style.cssText;
  link.replaceWith(frame);
  frame.focus();
});

// A section is printed by a script of its own, which few readers need.
const printer = one('[data-print]');
if (printer) printer.onclick = async () => (await import(printer.dataset.print)).printSection(printer);

// A link into a closed `details` opens it.
function reveal() {
  const target = location.hash && document.getElementById(targetOf(location.hash));
  for (let box = target && target.closest('.content details'); box; box = box.parentNode.closest('details')) box.open = true;
}
addEventListener('hashchange', reveal);
reveal();

// Search: everything but the opening of its box is fetched when a reader opens it for the first time.
const box = one('#_search');
const finders = all('[data-search]');
let search;
function loadSearch() {
  search ??= Promise.all([box.dataset.script, box.dataset.engine].map(url => import(url)));
  search.catch(() => { search = undefined; });
  return search;
}
let opened;
let styled;
const fetchStyle = () => {
  const link = document.createElement('link');
  // Until it is there the box takes what is typed, and is not seen.
  Object.assign(link, { rel: 'stylesheet', href: box.dataset.style, onerror: () => { box.style.opacity = 1; } });
  document.head.append(link);
  return link;
};
async function openSearch() {
  styled ??= fetchStyle();
  if (!box.open) box.showModal();
  one('input', box).select();
  try {
    const [script, engine] = await loadSearch();
    opened ??= script.start(box, engine);
    opened.open();
  } catch {
    if (navigator.onLine) location.assign(one('a[data-search]').href); // the list from A to Z
  }
}
// A browser that cannot unpack the index follows the plain links to the list from A to Z, which then needs no button.
const canSearch = box?.showModal && 'DecompressionStream' in window;
if (!canSearch) finders.filter(finder => !finder.href).forEach(finder => finder.remove());
if (canSearch && finders.length) {
  one('.close', box).onclick = () => box.close();
  box.addEventListener('click', event => event.target === box && box.close());
  for (const finder of finders) {
    finder.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab is wanted
      event.preventDefault();
      openSearch();
    };
  }
  document.addEventListener('keydown', event => {
    // Right after the box was closed, its field still gets the keys.
    const writes = event.target.closest?.('input, textarea, select, [contenteditable]') && (box.open || !box.contains(event.target));
    const asks = event.key === '/' && !writes && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!asks && !(event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    openSearch();
  });
  addEventListener('handbook-change', () => opened?.renew());
  // A link from the search brings its words along; browsers that know text fragments show them by themselves.
  const sought = new URLSearchParams(location.search).get('find');
  if (sought) loadSearch().then(([script, engine]) => script.mark(sought, engine), () => {});
}

// The page that is not there: what was asked for, and the nearest sections above it that are.
const asked = one('[data-path]');
const near = one('.near');
if (asked) asked.textContent = readable(location.pathname);
if (near) {
  // The list of all pages is the search page.
  const list = async () => {
    const answer = await fetch(one('a[data-search]').href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return all('#_index a', page).map(link => ({ title: link.textContent, url: link.getAttribute('href') }));
  };
  list().then(known => {
    for (let path = location.pathname; path.length > home.length;) {
      path = path.replace(/[^/]*\/?$/, '');
      const page = known.find(page => page.url === path);
      if (!page) continue;
      const item = document.createElement('li');
      const link = document.createElement('a');
      Object.assign(link, { href: page.url, textContent: page.title });
      item.append(link);
      one('ul', near).append(item);
      near.hidden = false;
    }
  }, () => {});
}
