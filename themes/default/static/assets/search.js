// The search's box. Fetched when a reader opens it for the first time, with the script that reads the index.

/** Pages that are shown at once, as each may need a file with its headings; more follow when the reader gets to their end. */
const SHOWN = 5;
/** How long an answer may take before something is shown in its place, in milliseconds. */
const SOON = 80;
/** How long a reader must have stopped typing before texts are fetched for excerpts. */
const PAUSE = 150;
const EXCERPT = 180;
const RECENT = 8;
/** An index of at most so many files is fetched as a whole once it is used, to be there without a connection. */
const FEW_FILES = 24;
const BLOCKS = 'p, li, td, th, dd, dt, pre, figcaption, summary';
const WORD = /[\p{Alphabetic}\p{N}\p{M}]+/gu;

const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};
const wait = time => new Promise(resolve => setTimeout(resolve, time));

/** Makes the box work. `open` is to be called each time that it has been opened. */
export function start(box, engine) {
  const says = box.dataset;
  const base = says.base;
  const input = box.querySelector('input');
  const hits = box.querySelector('[role=listbox]');
  const status = box.querySelector('[role=status]');
  const folders = make('div', { className: 'within', role: 'group', ariaLabel: says.within, hidden: true });
  const forget = make('button', { type: 'button', className: 'forget', textContent: says.forget, hidden: true });
  const texts = new Map();
  let index;
  let isChecked = false;
  let turn = 0;
  let within = '';
  let answer;
  hits.before(folders);
  status.after(forget, make('p', { className: 'keys' }, says.keys));

  // The index

  /** The index as the site is now; it is asked for once each time that the box opens. */
  function current() {
    if (isChecked) return index;
    isChecked = true;
    const before = index;
    const known = async () => before?.catch(() => {});
    index = engine.Index.open(says.index, base).then(async opened => {
      const last = await known();
      return last?.manifest.id === opened.manifest.id ? last : opened.start();
    }, async error => {
      // Without a connection, what is here already has to do.
      const last = await known();
      if (last) return last;
      throw error;
    });
    index.catch(() => { isChecked = false; });
    return index;
  }
  function renew() {
    isChecked = false;
    texts.clear();
  }

  // Asking

  async function ask() {
    const mine = ++turn;
    const isMine = () => mine === turn;
    const query = input.value;
    if (!query.trim()) return showRecent();
    hits.ariaBusy = 'true';
    const work = find(query, isMine, true);
    // What is known already bridges the wait for the rest.
    const isDone = await Promise.race([work.then(() => true), wait(SOON)]);
    if (isDone || !isMine()) return;
    status.textContent = says.loading;
    box.classList.add('loading');
    const ready = await index?.catch(() => {});
    if (!isMine() || !ready || answer?.query === query) return;
    await show(ready, { query, pages: ready.titled(query), forms: new Set(), instead: new Map(), isEarly: true }, isMine);
  }

  async function find(query, isMine, isFirstTry) {
    let ready;
    try {
      ready = await current();
      const found = await ready.search(query);
      if (isMine()) await show(ready, { query, ...found }, isMine);
      keep(ready);
    } catch (error) {
      if (!isMine()) return;
      if (error instanceof engine.Stale && isFirstTry) {
        renew();
        return find(query, isMine, false);
      }
      console.error(error);
      const pages = ready?.titled(query) ?? [];
      if (ready) await show(ready, { query, pages, forms: new Set(), instead: new Map(), isEarly: true }, isMine);
      if (isMine()) finish(says.offline);
    }
  }

  function keep(ready) {
    if (ready.nFiles > FEW_FILES || ready.isKept || navigator.connection?.saveData) return;
    ready.isKept = true;
    setTimeout(() => ready.keep().then(() => { says.kept = ready.manifest.id; }, () => { ready.isKept = false; }), 10 * PAUSE);
  }

  function finish(message) {
    box.classList.remove('loading');
    hits.ariaBusy = 'false';
    status.textContent = message;
  }

  // Showing

  async function show(ready, found, isMine) {
    const isWithin = ({ page }) => ready.head_.urls[page].startsWith(within);
    const pages = found.pages.filter(isWithin);
    const shown = await Promise.all(pages.slice(0, SHOWN).map(page => ready.described(page)));
    if (!isMine()) return;
    ready.folders ??= foldersOf(ready.head_);
    answer = { ...found, ready, pages, shown: 0, marker: markerOf(found, engine) };
    showFolders(ready, found.pages);
    hits.replaceChildren();
    if (found.instead.size) hits.append(meant(found.query, found.instead));
    append(shown);
    forget.hidden = true;
    const n = pages.filter(page => page.isComplete).length;
    if (found.isEarly) {
      // More is on its way.
    } else if (!pages.length) {
      const list = { role: 'option', id: '_hit0', className: 'none', ariaSelected: 'false', tabIndex: -1, href: says.list };
      hits.append(make('a', list, says.all));
      finish(says.none);
    } else {
      const complete = n === 1 ? says.one : says.some.replace('{n}', n);
      const rest = pages.length > n ? `, ${says.rest.replace('{n}', pages.length - n)}` : '';
      finish(n === 0 ? says.nearest : complete + rest);
    }
    input.ariaExpanded = String(hits.querySelector('[role=option]') !== null);
    select(hits.querySelector('.best') ?? hits.querySelector('[role=option]'));
    hits.scrollTop = 0;
  }

  function append(pages) {
    let number = hits.querySelectorAll('[role=option]').length;
    const option = (properties, ...children) => make('a', {
      role: 'option', id: `_hit${number++}`, ariaSelected: 'false', tabIndex: -1, ...properties,
    }, ...children);
    for (const page of pages) {
      const parts = page.sections.filter(({ section }) => section);
      const own = page.sections.find(({ section }) => !section);
      const row = option({ href: linkTo(page.url), className: 'of-page' },
        make('b', {}, marked(page.title)), make('small', {}, pathOf(page.url)));
      if (own) row.append(make('span', { className: 'excerpt' }));
      const group = make('div', { role: 'group', ariaLabel: page.title }, row);
      for (const part of parts) {
        group.append(option({ href: linkTo(part.url), className: 'of-part' },
          make('b', {}, marked(part.heading)), make('span', { className: 'excerpt' })));
      }
      // The row that Enter follows is the one that answers best.
      if (answer.shown === 0) (page.sections[0].section ? group.children[1] : row).classList.add('best');
      group.found = page;
      hits.append(group);
      answer.shown++;
      watcher.observe(group);
    }
  }

  /** Where a page is: the titles of the sections above it. */
  function pathOf(url) {
    const { head_: head } = answer.ready;
    const names = answer.ready.titleOf ??= new Map(head.urls.map((url, page) => [url, head.titles[page]]));
    const parts = url.slice(base.length).split('/').slice(0, -2);
    const titles = parts.map((part, at) => names.get(`${parts.slice(0, at + 1).join('/')}/`) ?? nameOf(part));
    // What stands above all pages tells nothing.
    return titles.slice(answer.ready.folders.depth).join(' › ');
  }

  function marked(text, ranges = answer.marker(text)) {
    const fragment = document.createDocumentFragment();
    let at = 0;
    for (const [start, end] of ranges) {
      fragment.append(text.slice(at, start), make('mark', {}, text.slice(start, end)));
      at = end;
    }
    fragment.append(text.slice(at));
    return fragment;
  }

  function meant(query, instead) {
    const text = query.replace(WORD, run => instead.get(engine.tokensOf(run).join(' ')) ?? run);
    const option = make('div', { role: 'option', id: '_hit0', className: 'meant', ariaSelected: 'false' }, `${says.mean} `, make('b', {}, text), '?');
    option.onclick = () => type(text);
    return option;
  }

  /** What the top folders of the results are, for those who know in which one to look. */
  function showFolders(ready, pages) {
    const { head_: head, folders: known } = ready;
    const counts = new Map(within ? [[within, 0]] : []);
    for (const { page, isComplete } of pages) {
      const folder = known.of(head.urls[page]);
      if (folder && isComplete) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const button = (folder, name, n) => {
      const button = make('button', { type: 'button', ariaPressed: String(folder === within) }, name);
      if (n !== undefined) button.append(' ', make('small', {}, String(n)));
      button.onclick = () => {
        within = folder;
        ask();
        input.focus();
      };
      return button;
    };
    const rows = [...known.titles].filter(([folder]) => counts.has(folder));
    folders.hidden = rows.length < 2 && !within;
    folders.replaceChildren(button('', says.everywhere), ...rows.map(([folder, title]) => button(folder, title, counts.get(folder))));
  }

  // Recent searches stay in this browser.

  const store = `handbookSearches:${base}`;
  function recent() {
    try {
      return JSON.parse(localStorage[store] ?? '[]');
    } catch {
      return [];
    }
  }
  function remember(query) {
    const known = recent().filter(other => other !== query);
    try {
      localStorage[store] = JSON.stringify([query, ...known].slice(0, RECENT));
    } catch { /* storage can be forbidden; then nothing is kept */ }
  }
  function showRecent() {
    const known = recent();
    answer = undefined;
    folders.hidden = true;
    hits.replaceChildren(...known.map((query, at) => {
      const option = make('div', { role: 'option', id: `_hit${at}`, className: 'recent', ariaSelected: 'false' }, query);
      option.onclick = () => type(query);
      return option;
    }));
    input.ariaExpanded = String(known.length > 0);
    select(null);
    forget.hidden = !known.length;
    finish(known.length ? says.recent : '');
  }
  forget.onclick = () => {
    try {
      localStorage.removeItem(store);
    } catch { /* nothing was kept */ }
    showRecent();
    input.focus();
  };

  // Keys and pointer

  function type(text) {
    input.value = text;
    within = '';
    input.focus();
    ask();
  }
  function select(hit) {
    hits.querySelector('[aria-selected=true]')?.setAttribute('aria-selected', 'false');
    if (hit) {
      hit.ariaSelected = 'true';
      input.setAttribute('aria-activedescendant', hit.id);
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }
  function move(step) {
    const options = [...hits.querySelectorAll('[role=option]')];
    const at = options.findIndex(option => option.ariaSelected === 'true');
    const next = options.at(at < 0 && step < 0 ? -1 : (at + step) % options.length);
    if (!next) return;
    select(next);
    next.scrollIntoView({ block: 'nearest' });
  }
  input.oninput = event => {
    // An input method shows what it may become; that is nothing to search for yet.
    if (!event.isComposing) ask();
  };
  input.addEventListener('compositionend', ask);
  input.onkeydown = event => {
    if (event.isComposing || event.keyCode === 229) return;
    const current = hits.querySelector('[aria-selected=true]');
    if (event.key === 'Enter') {
      if ((event.ctrlKey || event.metaKey) && current?.href) {
        remember(input.value.trim());
        window.open(current.href, '_blank', 'noopener');
      } else {
        current?.click();
      }
    } else if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape') box.close();
    else return;
    event.preventDefault();
  };
  hits.addEventListener('pointermove', event => {
    const option = event.target.closest('[role=option]');
    if (option && option.ariaSelected !== 'true') select(option);
  });
  hits.addEventListener('click', event => {
    if (!event.target.closest('a')) return;
    remember(input.value.trim());
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) box.close();
  });
  // The focus stays in the field, which has the keys.
  hits.addEventListener('mousedown', event => event.preventDefault());

  // Excerpts come from the pages themselves, which are then at hand when they are opened.

  const watcher = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      if (target === hits.lastElementChild) more();
      explain(target);
    }
  }, { root: hits });

  async function more() {
    const asked = answer;
    const next = asked.pages.slice(asked.shown, asked.shown + SHOWN);
    const pages = await Promise.all(next.map(page => asked.ready.described(page))).catch(() => []);
    if (answer === asked) append(pages);
  }

  async function explain(group) {
    const asked = answer;
    if (!asked) return;
    if (!texts.has(group.found.url)) await wait(PAUSE);
    if (answer !== asked || navigator.connection?.saveData) return;
    const parts = await textOf(group.found.url);
    if (answer !== asked) return;
    for (const row of group.querySelectorAll('.excerpt')) {
      const url = group.found.sections.find(({ url }) => linkTo(url) === row.parentNode.getAttribute('href'))?.url ?? group.found.url;
      const found = excerptOf(parts?.get(decodeURIComponent(url.split('#')[1] ?? '')) ?? [], asked.marker);
      row.parentNode.setAttribute('href', linkTo(url, found.phrase));
      if (found.text) row.replaceChildren(marked(found.text, found.ranges));
      else row.remove(); // nothing but headings stands there
    }
  }

  /** The blocks of text of a page by the id of the heading above them. */
  function textOf(url) {
    if (!texts.has(url)) {
      texts.set(url, fetch(url).then(async answer => {
        if (!answer.ok) throw answer.status;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const content = page.querySelector('[data-handbook-content]');
        const parts = new Map([['', []]]);
        let part = parts.get('');
        for (const block of content?.querySelectorAll(`h1, h2, h3, h4, h5, h6, ${BLOCKS}`) ?? []) {
          if (/^H\d$/.test(block.tagName)) {
            if (block.id) parts.set(block.id, part = []);
          } else if (!block.querySelector(BLOCKS)) {
            part.push(block.textContent.replace(/\s+/g, ' ').trim());
          }
        }
        return parts;
      }).catch(() => { texts.delete(url); }));
    }
    return texts.get(url);
  }

  /** A link that brings the words along, so that the page can show where they are. */
  function linkTo(url, phrase = answer.query.trim()) {
    const [path, anchor] = url.split('#');
    const words = encodeURIComponent(phrase).replaceAll('-', '%2D');
    if (document.fragmentDirective) return `${path}#${anchor ?? ''}:~:text=${words}`;
    return `${path}?find=${encodeURIComponent(answer.query.trim())}${anchor === undefined ? '' : `#${anchor}`}`;
  }

  return {
    open() {
      renew();
      within = '';
      ask();
      if (!input.value.trim()) current().catch(() => {});
    },
    renew() {
      renew();
      if (box.open) ask();
    },
  };
}

/** What a folder is called that has no page of its own. */
function nameOf(part) {
  const words = decodeURIComponent(part).replace(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The top folders of the handbook, below those that all pages have in common. */
function foldersOf({ urls, titles }) {
  const paths = urls.map(url => url.split('/').slice(0, -1));
  let depth = 0;
  for (;;) {
    const deeper = paths.filter(path => path.length > depth);
    if (deeper.length < 2 || deeper.some(path => path[depth] !== deeper[0][depth])) break;
    depth++;
  }
  const of = url => (url.split('/').length > depth + 1 ? `${url.split('/').slice(0, depth + 1).join('/')}/` : '');
  const counts = new Map();
  for (const url of urls) counts.set(of(url), (counts.get(of(url)) ?? 0) + 1);
  const isFolder = folder => folder && counts.get(folder) > 1;
  const found = [...counts.keys()].filter(isFolder);
  const title = folder => titles[urls.indexOf(folder)] ?? nameOf(folder.split('/').at(-2));
  return { depth, of: url => (isFolder(of(url)) ? of(url) : ''), titles: new Map(found.map(folder => [folder, title(folder)])) };
}

/** A function that gives the places of the found words in a text. */
function markerOf({ query, forms, isEarly }, { fold, isAsian, tokensOf }) {
  const asked = tokensOf(query);
  const isFound = word => (isEarly ? asked.some(token => word.startsWith(token)) : forms.has(word));
  return text => {
    const ranges = [];
    const add = (start, end) => {
      const last = ranges.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else ranges.push([start, end]);
    };
    for (const { 0: run, index } of text.matchAll(WORD)) {
      const characters = [...run];
      if (!characters.some(isAsian)) {
        if (isFound(fold(run))) add(index, index + run.length);
        continue;
      }
      // Where words are not spaced, the index knows pairs of characters; other words may stand between.
      let at = index;
      let plain = '';
      characters.forEach((character, place) => {
        const next = characters[place + 1];
        const end = at + character.length;
        if (!isAsian(character)) {
          plain += character;
          if ((!next || isAsian(next)) && isFound(fold(plain))) add(end - plain.length, end);
          if (!next || isAsian(next)) plain = '';
        } else if (next && isAsian(next) && isFound(fold(character + next))) {
          add(at, end + next.length);
        } else if (isFound(fold(character))) {
          add(at, end);
        }
        at = end;
      });
    }
    return ranges;
  };
}

/** The part of these texts that shows most of the words, where they stand in it, and what to look for on the page. */
function excerptOf(blocks, marker) {
  let best = { n: -1 };
  for (const text of blocks) {
    const ranges = marker(text);
    // The densest part that fits.
    for (let first = 0; first < Math.max(ranges.length, 1); first++) {
      let last = first;
      const seen = new Set();
      while (last < ranges.length && ranges[last][1] - (ranges[first][0]) <= EXCERPT - 40) {
        seen.add(text.slice(...ranges[last]).toLowerCase());
        last++;
      }
      if (seen.size > best.n) best = { n: seen.size, text, ranges, first, last };
      if (last === ranges.length) break;
    }
  }
  if (best.n < 0) return { text: '', ranges: [] };
  const { text, ranges, first, last } = best;
  if (!best.n) return { text: text.slice(0, EXCERPT), ranges: [] };
  const [from, to] = [ranges[first][0], ranges[Math.max(last - 1, first)][1]];
  let start = Math.max(0, from - 30, Math.min(from - 30, text.length - EXCERPT));
  // Not from the middle of a word, where words have an end.
  if (start > 0) start = text.lastIndexOf(' ', start + 12) > start - 12 ? text.lastIndexOf(' ', start + 12) + 1 : start;
  start = Math.min(start, from);
  let end = Math.max(Math.min(text.length, start + EXCERPT), to);
  if (end < text.length && text.lastIndexOf(' ', end) > Math.max(to - 1, end - 20)) end = text.lastIndexOf(' ', end);
  const lead = start > 0 ? '… ' : '';
  const moved = ranges.filter(([a, b]) => a >= start && b <= end).map(range => range.map(at => at - start + lead.length));
  const phrase = text.slice(from, to);
  return {
    text: lead + text.slice(start, end) + (end < text.length ? ' …' : ''),
    ranges: moved,
    phrase: phrase.length <= 80 ? phrase : text.slice(...ranges[first]),
  };
}

/** Marks the words that a link from the search brought along, for browsers that do not do so themselves. */
export function mark(words, { fold, isAsian, tokensOf }) {
  const content = document.querySelector('[data-handbook-content]');
  if (!content) return;
  const forms = new Set(tokensOf(words));
  const marker = markerOf({ query: words, forms, isEarly: false }, { fold, isAsian, tokensOf });
  let id = location.hash.slice(1);
  try {
    id = decodeURIComponent(id);
  } catch { /* one with a stray `%` stays as it is */ }
  const target = document.getElementById(id);
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const isBehind = node => !target || target.compareDocumentPosition(node) & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY);
  let first;
  for (const node of nodes) {
    if (!isBehind(node) || node.parentNode.closest('script, style, svg, math, textarea')) continue;
    for (const [start, end] of marker(node.data).reverse()) {
      const found = node.splitText(start);
      found.splitText(end - start);
      const place = document.createElement('mark');
      found.replaceWith(place);
      place.append(found);
      if (!first || place.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = place;
    }
  }
  for (let box = first?.closest('details'); box; box = box.parentNode.closest('details')) box.open = true;
  first?.scrollIntoView({ block: 'center' });
}
