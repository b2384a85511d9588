// Keeps the open page up to date. `handbook serve` adds this script to the pages that it sends; it is in no built site.

const own = document.querySelector('script[data-handbook-tag]');
let tag = own.dataset.handbookTag;
// The page as the server sent it. Asked for once, since scripts have changed the one in the browser.
let sent = null;
let source = null;
let busy = Promise.resolve();

const parse = text => new DOMParser().parseFromString(text, 'text/html');
const tagOf = page => page.querySelector('script[data-handbook-tag]')?.dataset.handbookTag;

async function load() {
  const response = await fetch(location.pathname + location.search, { cache: 'no-cache' });
  return parse(await response.text());
}

async function remember() {
  const page = await load();
  if (tagOf(page) === tag) sent = page;
  own.dataset.handbookReady = '';
}

async function renew(wanted) {
  if (wanted === tag) return showGone(false);
  if (wanted === 'missing') return showGone(true);
  // The page as it was stays readable; the panel says what is wrong.
  if (wanted === 'failed') return;
  const page = await load();
  const next = tagOf(page);
  showGone(false);
  if (next === tag) return;
  if (!sent || needsReload(sent, page)) return location.reload();
  swapHead(sent.head, page.head);
  for (const { name, value } of page.documentElement.attributes) {
    if (sent.documentElement.getAttribute(name) !== value) document.documentElement.setAttribute(name, value);
  }
  morph(document.body, sent.body, page.body);
  sent = page;
  tag = next;
  dispatchEvent(new CustomEvent('handbook-change'));
}

// What only a new start can bring: other scripts, a diagram that a script draws, a page that sends its readers on.
function needsReload(before, after) {
  const scripts = page => [...page.querySelectorAll('head script:not([data-handbook-tag])')].map(script => script.outerHTML).join();
  const diagrams = page => [...page.querySelectorAll('pre.mermaid')].map(diagram => diagram.textContent).join();
  return scripts(before) !== scripts(after) || diagrams(before) !== diagrams(after)
    || !!after.querySelector('meta[http-equiv=refresh i]') || !before.querySelector('body > *');
}

function swapHead(before, after) {
  document.title = after.querySelector('title')?.textContent ?? '';
  const known = new Set([...before.children].map(node => node.outerHTML));
  const wanted = new Set([...after.children].map(node => node.outerHTML));
  const isOurs = node => !node.matches('title, script');
  const gone = [...document.head.children].filter(node => isOurs(node) && known.has(node.outerHTML) && !wanted.has(node.outerHTML));
  const here = new Set([...document.head.children].map(node => node.outerHTML));
  for (const node of [...after.children].filter(isOurs)) {
    if (here.has(node.outerHTML)) continue;
    const made = document.importNode(node, true);
    // The old style sheet goes when the new one is there, so that the page is never without.
    const place = gone.find(old => old.matches('link[rel~=stylesheet]') && made.matches('link[rel~=stylesheet]'));
    if (!place) {
      document.head.append(made);
      continue;
    }
    gone.splice(gone.indexOf(place), 1);
    swapSheet(place, made);
  }
  gone.forEach(node => node.remove());
}

function swapSheet(old, made) {
  made.onload = made.onerror = () => old.remove();
  old.after(made);
}

// Files whose addresses do not change with them.
function renewFiles(paths) {
  const isChanged = address => paths.includes(new URL(address, location.href).pathname);
  const fresh = address => {
    const url = new URL(address, location.href);
    url.searchParams.set('handbook', Date.now());
    return url.pathname + url.search;
  };
  for (const link of document.querySelectorAll('link[rel~=stylesheet][href]')) {
    // One with a version in its address is swapped with the page that names it.
    if (!isChanged(link.href) || new URL(link.href).searchParams.has('v')) continue;
    const made = link.cloneNode();
    made.href = fresh(link.href);
    swapSheet(link, made);
  }
  for (const image of document.querySelectorAll('img[src], source[src], video[src], audio[src]')) {
    if (isChanged(image.src)) image.src = fresh(image.src);
  }
}

// Browsers allow few connections to a server, and each open stream takes one: only pages that are seen have one.
function connect() {
  source?.close();
  source = null;
  if (document.hidden) return;
  const query = `page=${encodeURIComponent(location.pathname)}&tag=${encodeURIComponent(tag)}`;
  const stream = source = new EventSource(`/__handbook/live?${query}`);
  const on = (name, run) => stream.addEventListener(name, event => {
    const data = JSON.parse(event.data);
    busy = busy.then(() => run(data)).catch(() => {});
  });
  on('page', ({ tag: wanted }) => renew(wanted));
  on('problems', showProblems);
  on('files', renewFiles);
  stream.onerror = () => {
    // The server is away, or another one by now: it has to be told again what this page shows.
    stream.close();
    if (stream === source) setTimeout(() => stream === source && connect(), 300);
  };
}

document.addEventListener('visibilitychange', connect);
addEventListener('pageshow', event => event.persisted && connect());
addEventListener('pagehide', () => source?.close());
busy = remember().catch(() => {});
connect();
