// Changes the page that is open into a newer version of itself.
//
// Three trees are compared: the page as the server sent it (`old`), as it sends it now (`now`), and as it is in the
// browser (`live`), where scripts and the reader have been at work. Only what differs between the first two is changed
// in the third: so an open menu, a filled-in field, a button that a script has added, the focus and the place on the
// page stay what they are.

// What the reader decides: whether a part is open, and what is in a field.
const READERS = new Set(['open', 'value', 'checked', 'selected']);

function morph(live, old, now) {
  if (old.isEqualNode(now)) return;
  if (live.nodeType !== Node.ELEMENT_NODE) {
    if (live.nodeValue !== now.nodeValue) live.nodeValue = now.nodeValue;
    return;
  }
  attributes(live, old, now);
  children(live, old, now);
}

function attributes(live, old, now) {
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value && !READERS.has(name)) live.setAttribute(name, value);
  }
  for (const { name } of old.attributes) {
    if (!now.hasAttribute(name) && !READERS.has(name)) live.removeAttribute(name);
  }
}

function children(live, old, now) {
  const before = [...old.childNodes];
  const after = [...now.childNodes];
  const places = placesOf(live, before);
  if (!places) {
    // A script has made something else of this: the new version takes its place.
    live.replaceChildren(...after.map(copy));
    return;
  }
  const pairs = match(before, after);
  const kept = new Set(pairs.filter(index => index >= 0));
  before.forEach((node, index) => kept.has(index) || places[index].outer.remove());
  // Backwards, so that what comes next is in its place already.
  let next = null;
  for (let index = after.length - 1; index >= 0; index--) {
    const from = pairs[index];
    if (from < 0) {
      const node = copy(after[index]);
      if (next) next.before(node);
      else append(live, node, places, kept);
      next = node;
    } else {
      morph(places[from].inner, before[from], after[index]);
      next = places[from].outer;
    }
  }
}

// Behind the last child that the server knows of, and before those that scripts have added at the end.
function append(live, node, places, kept) {
  const last = places.filter((_, index) => kept.has(index)).at(-1);
  if (last) last.outer.after(node);
  else live.prepend(node);
}

// Where each of the server's children is now, in the same order: itself, or within a box that a script has put round
// it. `null` when they cannot be told apart any more.
function placesOf(live, before) {
  const nodes = [...live.childNodes];
  const places = [];
  let at = 0;
  for (const node of before) {
    let inner = null;
    while (at < nodes.length && !(inner = within(nodes[at], node))) at++;
    if (!inner) return null;
    places.push({ outer: nodes[at++], inner });
  }
  return places;
}

function within(live, old) {
  if (isSame(live, old)) return live;
  if (live.nodeType !== Node.ELEMENT_NODE || old.nodeType !== Node.ELEMENT_NODE) return null;
  return [...live.children].find(child => isSame(child, old)) ?? null;
}

function isSame(live, old) {
  if (live.nodeType !== old.nodeType || live.nodeName !== old.nodeName) return false;
  if (live.nodeType !== Node.ELEMENT_NODE) return live.nodeValue === old.nodeValue;
  return live.id === old.id;
}

// For each new child the old one that it comes from, or -1; in rising order, so that nothing has to be moved.
function match(before, after) {
  const pairs = new Array(after.length).fill(-1);
  let start = 0;
  let endBefore = before.length;
  let endAfter = after.length;
  while (start < endBefore && start < endAfter && before[start].isEqualNode(after[start])) pairs[start] = start++;
  while (endBefore > start && endAfter > start && before[endBefore - 1].isEqualNode(after[endAfter - 1])) {
    pairs[--endAfter] = --endBefore;
  }
  // In between: equal ones first, then those that look like versions of each other.
  const text = node => node.outerHTML ?? node.nodeValue;
  const places = new Map();
  for (let index = start; index < endBefore; index++) {
    const key = text(before[index]);
    if (!places.has(key)) places.set(key, []);
    places.get(key).push(index);
  }
  let least = start;
  for (let index = start; index < endAfter; index++) {
    const found = places.get(text(after[index]))?.find(place => place >= least);
    // A blank between elements is equal to every other one, and says nothing.
    if (found === undefined || !text(after[index]).trim()) continue;
    pairs[index] = found;
    least = found + 1;
  }
  for (let index = start, from = start; index < endAfter; index++) {
    if (pairs[index] >= 0) {
      from = pairs[index] + 1;
      continue;
    }
    const following = pairs.slice(index + 1, endAfter).find(pair => pair >= 0) ?? endBefore;
    for (let place = from; place < following; place++) {
      if (isVersion(before[place], after[index])) {
        pairs[index] = place;
        from = place + 1;
        break;
      }
    }
  }
  return pairs;
}

function isVersion(old, now) {
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName) return false;
  if (old.nodeType !== Node.ELEMENT_NODE) return true;
  // A heading keeps its place when its words, and with them its id, change.
  return old.id === now.id || /^H[1-6]$/.test(old.nodeName);
}

// A copy that runs the scripts in it, as they would have run with the page.
function copy(node) {
  const made = document.importNode(node, true);
  if (made.nodeType === Node.ELEMENT_NODE) {
    for (const script of [...made.querySelectorAll('script'), ...(made.nodeName === 'SCRIPT' ? [made] : [])]) {
      const fresh = document.createElement('script');
      for (const { name, value } of script.attributes) fresh.setAttribute(name, value);
      fresh.textContent = script.textContent;
      if (script === made) return fresh;
      script.replaceWith(fresh);
    }
  }
  return made;
}

