// Prints a section as one booklet: its own page, then all below it in the order of the cards.

// In the lowest layer: there `important` counts most, more than that of the theme's rules for paper.
const style = `@layer base {
.booklet { display: none; }
@media print {
  body > :not(.booklet) { display: none !important; }
  .booklet { display: block; }
  .booklet article { break-before: page; }
  .booklet > ol { list-style: none; padding: 0; }
  .booklet > ol li { margin: 0; padding-inline-start: calc(var(--depth) * 1.25rem); }
}
}`;

// The page at an address and those below it. `seen` is what has been gathered, in order.
async function gather(url, depth, seen, tell) {
  if (seen.some(page => page.url === url)) return;
  // One page that does not come is missing; the others are printed.
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const main = page.querySelector('main');
  if (!main) return;
  const find = selector => main.querySelector(selector);
  seen.push({ url, depth, head: find('.page-head'), text: find('[data-handbook-content]'), meta: find('.meta'), title: find('h1')?.textContent ?? page.title });
  tell(seen.length);
  for (const link of main.querySelectorAll('.children a')) {
    const href = link.getAttribute('href');
    if (URL.canParse(href, url)) await gather(new URL(href, url).href, depth + 1, seen, tell);
  }
}

// One page of the booklet. Ids get its number, and links to pages of the booklet lead to them.
function article(page, n, pages) {
  const box = document.createElement('article');
  const numbers = new Map(pages.map((page, n) => [page.url, n]));
  page.head?.querySelectorAll('nav, .find').forEach(part => part.remove());
  box.append(...[page.head, page.text, page.meta].filter(Boolean));
  box.id = `_page${n}`;
  for (const part of box.querySelectorAll('[id]')) part.id = `_page${n}-${part.id}`;
  for (const part of box.querySelectorAll('[src]')) {
    const src = part.getAttribute('src');
    if (URL.canParse(src, page.url)) part.src = new URL(src, page.url);
  }
  for (const link of box.querySelectorAll('a[href]')) {
    if (!URL.canParse(link.getAttribute('href'), page.url)) continue;
    const target = new URL(link.getAttribute('href'), page.url);
    const other = numbers.get(target.href.split('#')[0]);
    // Paper shows the address of what is elsewhere, and only of that.
    const away = target.origin === location.origin ? target.pathname + target.hash : target.href;
    link.href = other === undefined ? away : `#_page${other}${target.hash.replace('#', '-')}`.replace(/-$/, '');
  }
  for (const picture of box.querySelectorAll('img')) picture.loading = 'eager';
  return box;
}

// Shows the booklet in place of the page, on paper, and takes it away when it is printed.
async function show(pages) {
  const booklet = document.createElement('div');
  booklet.className = 'booklet';
  const list = document.createElement('ol');
  list.append(...pages.map((page, n) => {
    const entry = document.createElement('li');
    const link = document.createElement('a');
    Object.assign(link, { href: `#_page${n}`, textContent: page.title });
    entry.style.setProperty('--depth', page.depth);
    entry.append(link);
    return entry;
  }));
  const title = document.createElement('h1');
  title.textContent = pages[0].title;
  booklet.append(title, list, ...pages.map((page, n) => article(page, n, pages)));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets.push(sheet);
  document.body.append(booklet);
  // Pictures that are not there yet would be missing on paper; one that is broken is not waited for.
  await Promise.allSettled([...booklet.querySelectorAll('img')].map(picture => picture.decode()));
  addEventListener('afterprint', () => {
    booklet.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(other => other !== sheet);
  }, { once: true });
}

export async function printSection(button) {
  const name = button.textContent;
  button.disabled = true;
  try {
    const pages = [];
    await gather(location.href.split(/[?#]/)[0], 0, pages, n => { button.textContent = `${name} … ${n}`; });
    if (!pages.length) throw new Error(`no page came from ${location.href}`);
    await show(pages);
  } catch (error) {
    // Without the network there is no booklet. What is here already can be printed, and the button tries again.
    console.error(error);
  } finally {
    button.textContent = name;
    button.disabled = false;
  }
  print();
}
