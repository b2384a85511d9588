// Draws the diagrams of a page. The library is fetched only here, only on pages that have a diagram;
// when it cannot be fetched or a diagram has a mistake, its source stays, which people can read.

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');
const script = document.querySelector('script[data-mermaid]');
const diagrams = [...document.querySelectorAll('pre.mermaid')].map(pre => ({ pre, source: pre.textContent }));

let library;
let drawing = Promise.resolve();

async function draw() {
  library ??= (await import(script.dataset.mermaid)).default;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  library.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    theme: dark ? 'dark' : 'neutral',
    fontFamily: getComputedStyle(document.body).fontFamily,
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
