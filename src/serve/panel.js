// The panel with the page's problems, and the notice that the page is gone. Both are in a tree of their own, where no
// style of the page reaches them and the page's own scripts do not see them.

const STYLE = `
:host { all: initial }
section { position: fixed; z-index: 2147483647; inset: auto 0 0 0; max-height: 60vh; overflow: auto; box-sizing: border-box;
  padding: .75rem 1rem; background: #1d2026; color: #f4f4f5; border-top: 4px solid var(--mark);
  font: 14px/1.45 system-ui, sans-serif; box-shadow: 0 -4px 24px #0006 }
header { display: flex; gap: 1rem; align-items: center; justify-content: space-between }
strong { font-weight: 600 }
button { font: inherit; color: inherit; background: #3a3f4a; border: 1px solid #717784; border-radius: 4px; padding: .15rem .6rem; cursor: pointer }
button:focus-visible, summary:focus-visible { outline: 2px solid #8ab4ff; outline-offset: 2px }
details { margin-top: .5rem } summary { cursor: pointer }
code, pre { font: 12.5px/1.4 ui-monospace, monospace }
pre { margin: .4rem 0 0; padding: .5rem .75rem; overflow: auto; background: #121418; border-radius: 4px }
.place { color: #9ecbff } .error { color: #ff9b94 } .warning { color: #ffd479 }
`;

const host = document.createElement('handbook-problems');
const shadow = host.attachShadow({ mode: 'open' });
let dismissed = '';
let shown = '';
let gone = false;
let problems = { items: [], more: 0 };

const make = (name, text, kind) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (kind) element.className = kind;
  return element;
};

function showProblems(found) {
  problems = found ?? { items: [], more: 0 };
  show();
}

function showGone(isGone) {
  gone = isGone;
  show();
}

function show() {
  const { items, more } = problems;
  const state = JSON.stringify([gone, problems]);
  if (state === shown) return;
  shown = state;
  // Where a problem is may change with every line above it: that makes no other problem of it.
  const key = JSON.stringify([gone, items.map(item => [item.code, item.message])]);
  if ((!items.length && !gone) || key === dismissed) return host.remove();
  const hasError = items.some(item => item.severity === 'error');
  const section = make('section');
  section.setAttribute('role', 'status');
  section.style.setProperty('--mark', gone || hasError ? '#ff6b60' : '#ffc14d');
  const header = make('header');
  const n = items.length + more;
  const title = gone ? 'This page is not there any more. What you see is how it was last.'
    : n === 1 ? '1 problem on this page' : `${n} problems on this page`;
  const close = make('button', 'Dismiss');
  close.onclick = () => {
    dismissed = key;
    host.remove();
  };
  header.append(make('strong', title), close);
  section.append(header);
  for (const item of items) {
    const details = make('details');
    details.open = item.severity === 'error';
    const summary = make('summary');
    summary.append(make('span', item.severity, item.severity), ' ', make('code', item.place, 'place'), ' ', item.message);
    details.append(summary, make('pre', item.text));
    section.append(details);
  }
  if (more) section.append(make('p', `and ${more} more, which the terminal shows`));
  shadow.replaceChildren(make('style', STYLE), section);
  // Beside the body, so that a new version of the page does not know of it.
  document.documentElement.append(host);
}

