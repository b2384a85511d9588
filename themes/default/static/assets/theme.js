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
for (const bar of all('.section-nav ul')) {
  const current = one('[aria-current]', bar);
  if (current) bar.scrollLeft = current.parentNode.offsetLeft - bar.offsetLeft - 32;
}

// Code: a button that copies it. Its words come with the page, which knows the language.
const words = document.currentScript.dataset;
if (navigator.clipboard) {
  for (const pre of all('.content pre:not(.mermaid)')) {
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

// A link into a closed `details` opens it.
function reveal() {
  const target = location.hash && document.getElementById(targetOf(location.hash));
  for (let box = target && target.closest('.content details'); box; box = box.parentNode.closest('details')) box.open = true;
}
addEventListener('hashchange', reveal);
reveal();

const asked = one('[data-path]');
if (asked) asked.textContent = readable(location.pathname);
