// Draws the diagrams of a page. The library is fetched only here, only on pages that have a diagram;
// when it cannot be fetched or a diagram has a mistake, its source stays, which people can read.

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');
const script = document.querySelector('script[data-mermaid]');
const diagrams = [...document.querySelectorAll('pre.mermaid')].map(pre => ({ pre, source: pre.textContent }));

let library;
let drawing = Promise.resolve();

// The library computes with colours, so it needs them as numbers in the scheme that is shown now.
function token(name) {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

async function draw() {
  library ??= (await import(script.dataset.mermaid)).default;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  library.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    look: 'classic',
    theme: 'base',
    themeVariables: {
      darkMode: dark,
      background: token('bg'),
      primaryColor: token('accent-bg'),
      primaryTextColor: token('text'),
      primaryBorderColor: token('accent'),
      secondaryColor: token('sunken'),
      tertiaryColor: token('surface'),
      lineColor: token('muted'),
      textColor: token('text'),
      noteBkgColor: token('warning-bg'),
      noteTextColor: token('text'),
      noteBorderColor: token('warning'),
      fontFamily: getComputedStyle(document.body).fontFamily,
    },
  });
  for (const [index, { pre, source }] of diagrams.entries()) {
    try {
      const { svg } = await library.render(`diagram-${index}`, source);
      pre.innerHTML = svg;
      pre.dataset.drawn = '';
      pre.removeAttribute('tabindex');
    } catch (error) {
      console.warn(`diagram ${index + 1} is shown as text:`, error);
    }
  }
}

// One after another: two changes of scheme in a row must not draw over each other.
function redraw() {
  drawing = drawing.then(draw).catch(error => console.warn('diagrams are shown as text:', error));
}
system.addEventListener('change', redraw);
addEventListener('handbook-theme', redraw);
redraw();
