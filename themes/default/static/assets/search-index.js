// Answers searches from the index that the build wrote. What it reads and how it ranks is told in src/search/mod.rs, whose
// results are the same; the numbers of the ranking come with the index. Knows no page and draws nothing.

const ASIAN = [
  [0x0e00, 0x0eff], [0x1000, 0x109f], [0x1100, 0x11ff], [0x1780, 0x17ff], [0x2e80, 0x2fdf], [0x3005, 0x3007],
  [0x3021, 0x3029], [0x3031, 0x3035], [0x3038, 0x303b], [0x3041, 0x30fa], [0x30fc, 0x30ff], [0x3130, 0x318f],
  [0x31f0, 0x31ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xa960, 0xa97f], [0xac00, 0xd7ff], [0xf900, 0xfaff],
  [0x20000, 0x3ffff],
];
/** Words of a query beyond this many are not looked at. */
const MOST_TOKENS = 32;
/** How many groups a word with a mistake may stand for. */
const MOST_GUESSES = 4;
/** How many sections of a page are shown besides its best one. */
const MORE_SECTIONS = 3;
const LETTERS = { ς: 'σ', ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', ı: 'i' };
const POPCOUNT = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];

// Words

/** A text without what a reader may leave out: accents, case, forms of the same letter. */
export function fold(text) {
  const plain = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase();
  return plain.replace(/[ςßæœøđłı]/g, letter => LETTERS[letter]);
}

/** Whether a character belongs to a script that puts no spaces between words. */
export function isAsian(character) {
  const code = character.codePointAt(0);
  return code >= 0x0e00 && ASIAN.some(([first, last]) => first <= code && code <= last);
}

/** The words of a text, folded, and pairs of characters where words are not spaced. */
export function tokensOf(text) {
  const tokens = [];
  let end = -2;
  for (const { 0: run, index } of text.matchAll(/[\p{Alphabetic}\p{N}\p{M}]+/gu)) {
    // The `s` of a possessive is left out.
    const isPossessive = (run === 's' || run === 'S') && index === end + 1 && /['’]/.test(text[end]);
    end = index + run.length;
    if (!isPossessive) cut(fold(run), tokens);
  }
  return tokens;
}

function cut(word, tokens) {
  let plain = '';
  let run = [];
  const flush = () => {
    if (run.length === 1) tokens.push(run[0]);
    for (let at = 1; at < run.length; at++) tokens.push(run[at - 1] + run[at]);
    run = [];
  };
  for (const character of word) {
    if (isAsian(character)) {
      if (plain) tokens.push(plain);
      plain = '';
      run.push(character);
    } else {
      flush();
      plain += character;
    }
  }
  flush();
  if (plain) tokens.push(plain);
}

/** Below zero when `a` comes before `b` by code points, which UTF-16 orders otherwise. */
function compare(a, b) {
  const rank = unit => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference) return difference;
  }
  return a.length - b.length;
}

/** The last of these that does not come after the word. */
function lastUpTo(sorted, word) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle], word) <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

/** Letters left out, added, replaced or swapped; more than `most` is Infinity. */
function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let best = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2] + 1);
      row.push(best);
      least = Math.min(least, best);
    }
    if (least > most) return Infinity;
    [before, last] = [last, row];
  }
  return last[b.length] <= most ? last[b.length] : Infinity;
}

// Files

class Bytes {
  constructor(buffer) {
    this.bytes = new Uint8Array(buffer);
    this.at = 0;
    this.text = '';
  }

  number() {
    let [number, weight] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Stale('a file is too short');
      number += (byte & 127) * weight;
      if (byte < 128) return number;
      weight *= 128;
    }
  }

  string() {
    const end = this.number() + this.at;
    const text = Bytes.decoder.decode(this.bytes.subarray(this.at, end));
    this.at = end;
    return text;
  }

  /** A string that is written as what it has in common with the one before, and the rest. */
  next() {
    const keep = this.number();
    this.text = this.text.slice(0, keep) + this.string();
    return this.text;
  }
}
Bytes.decoder = new TextDecoder();

class Bits {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.bit = at * 8;
  }

  /** The next bits, at most 24. */
  read(count) {
    if (!count) return 0;
    const at = this.bit >>> 3;
    const { bytes } = this;
    const word = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    const value = (word << (this.bit & 7)) >>> (32 - count);
    this.bit += count;
    return value;
  }

  gamma() {
    let zeros = 0;
    while (!this.read(1)) if (++zeros > 24) throw new Stale('a file is not what it should be');
    return (1 << zeros) | this.read(zeros);
  }

  /** One of `count` numbers. */
  below(count) {
    const bits = 31 - Math.clz32(count);
    const short = 2 ** (bits + 1) - count;
    const value = this.read(bits);
    return value < short ? value : ((value << 1) | this.read(1)) - short;
  }

  /** So many rising numbers between two, each written by the room that the others leave it. */
  rising(into, from, n, low, high) {
    if (n === 0) return;
    if (high - low + 1 === n) {
      for (let at = 0; at < n; at++) into[from + at] = low + at;
      return;
    }
    const middle = n >> 1;
    const value = low + middle + this.below(high - low - n + 2);
    into[from + middle] = value;
    this.rising(into, from, middle, low, value - 1);
    this.rising(into, from + middle + 1, n - middle - 1, value + 1, high);
  }
}

/** A file is gone, or is not the one that the manifest speaks of: the site was published anew. */
export class Stale extends Error {}

/** Words of a range of the alphabet, in groups of forms of one word, and where each group stands. */
class Terms {
  constructor(buffer, nPassages) {
    const bytes = new Bytes(buffer);
    this.nPassages = nPassages;
    this.groups = [];
    this.groupOf = new Map();
    for (let group = 0, n = bytes.number(); group < n; group++) {
      const forms = Array.from({ length: bytes.number() }, () => bytes.next());
      for (const form of forms) if (!this.groupOf.has(form)) this.groupOf.set(form, group);
      this.groups.push(forms);
    }
    this.bits = new Bits(bytes.bytes, bytes.at);
    this.read = [];
  }

  /** The passages of a group, and in which quarters of their positions it stands. Read no further than is needed. */
  postings(group) {
    while (this.read.length <= group) {
      const n = this.bits.gamma();
      const passages = new Uint32Array(n);
      const masks = new Uint8Array(n);
      this.bits.rising(passages, 0, n, 0, this.nPassages - 1);
      const nSeveral = this.bits.gamma() - 1;
      if (nSeveral > n) {
        // A word that is nearly everywhere has no places.
        masks.fill(15);
      } else {
        const several = new Uint32Array(nSeveral);
        this.bits.rising(several, 0, nSeveral, 0, n - 1);
        for (let at = 0, next = 0; at < n; at++) {
          const isSeveral = next < nSeveral && several[next] === at;
          masks[at] = isSeveral ? this.bits.read(4) : 1 << this.bits.read(2);
          next += isSeveral;
        }
      }
      this.read.push({ passages, masks });
    }
    return this.read[group];
  }
}

/** Pages and the shape of their sections. Sections and passages are numbered through the whole site. */
class Head {
  constructor(buffer) {
    const bytes = new Bytes(buffer);
    const list = (n, read) => Array.from({ length: n }, read);
    const nPages = bytes.number();
    this.urls = list(nPages, () => bytes.next());
    this.titles = list(nPages, () => bytes.string());
    this.boosts = list(nPages, () => bytes.number()); // in percent
    this.sections = new Uint32Array(nPages + 1);
    for (let page = 0; page < nPages; page++) this.sections[page + 1] = this.sections[page] + bytes.number();
    const nSections = this.sections[nPages];
    this.lengths = Uint16Array.from(list(nSections, () => bytes.number()));
    this.bodies = Uint16Array.from(list(nSections, () => bytes.number()));
    this.passages = new Uint32Array(nSections + 1);
    let page = 0;
    for (let section = 0; section < nSections; section++) {
      if (this.sections[page + 1] === section) page++;
      const isFirst = this.sections[page] === section;
      this.passages[section + 1] = this.passages[section] + (isFirst ? 2 : 1) + this.bodies[section];
    }
    this.sectionOf = new Uint32Array(this.passages[nSections]);
    for (let section = 0; section < nSections; section++) {
      this.sectionOf.fill(section, this.passages[section], this.passages[section + 1]);
    }
    this.pageOf = new Uint32Array(nSections);
    for (page = 0; page < nPages; page++) this.pageOf.fill(page, this.sections[page], this.sections[page + 1]);
  }

  /** The tokens of each title. */
  get words() {
    return this.wordsOf ??= this.titles.map(tokensOf);
  }
}

// Letter by letter, since a whole text would get another sigma at the end of its words.
const slug = heading =>
  Array.from(heading, letter => letter.toLowerCase()).join('').replace(/[^\p{L}\p{M}\p{Nd}\p{Pc} \t-]/gu, '').replace(/[ \t]/g, '-');

/** One state of the index, and what of it was read so far. */
export class Index {
  /** The state of the site as it is now; without a connection, the one that the browser has kept. */
  static async open(folder, base) {
    const url = `${folder}index.json`;
    const ask = cache => fetch(url, { cache });
    const answer = await ask('no-cache').catch(() => ask('force-cache'));
    if (!answer.ok) throw new Stale(`${url}: ${answer.status}`);
    return new Index(folder, base, await answer.json());
  }

  constructor(folder, base, manifest) {
    Object.assign(this, { folder, base, manifest, files: new Map(), ready: new Map() });
    this.stop = new Set(manifest.stop);
    this.elsewhere = new Map(manifest.elsewhere);
    this.common = new Map(manifest.common.flatMap((forms, at) => forms.map(form => [form, manifest.terms.length + at])));
  }

  /** A file, which is fetched once; its name changes when its content does. */
  file(name, read) {
    if (!this.files.has(name)) {
      const load = async () => {
        const answer = await fetch(`${this.folder}${this.manifest.id}/${name}.bin`, { cache: 'force-cache' });
        if (!answer.ok) throw new Stale(`${name}: ${answer.status}`);
        const stream = answer.body.pipeThrough(new DecompressionStream('deflate'));
        const value = read(await new Response(stream).arrayBuffer());
        this.ready.set(name, value);
        return value;
      };
      const loading = load();
      // What failed can be asked for again.
      loading.catch(() => this.files.delete(name));
      this.files.set(name, loading);
    }
    return this.files.get(name);
  }

  head() {
    return this.file('head', buffer => new Head(buffer));
  }

  terms(number) {
    return this.file(`t${number}`, buffer => new Terms(buffer, this.head_.passages.at(-1)));
  }

  /** The headings and anchors of a page's sections; of the first, the title and nothing. */
  async names(page) {
    const starts = this.manifest.names;
    let number = starts.findLastIndex(first => first <= page);
    const read = buffer => {
      const bytes = new Bytes(buffer);
      const names = [];
      for (let at = starts[number]; at < (starts[number + 1] ?? this.head_.titles.length); at++) {
        const sections = [{ heading: this.head_.titles[at], anchor: '' }];
        for (let left = this.head_.sections[at + 1] - this.head_.sections[at]; left > 1; left--) {
          const [heading, anchor] = [bytes.string(), bytes.string()];
          sections.push({ heading, anchor: anchor === '#' ? '' : anchor || slug(heading) });
        }
        names.push(sections);
      }
      return names;
    };
    return (await this.file(`n${number}`, read))[page - starts[number]];
  }

  /** Makes everything ready that is needed before the first answer. */
  async start() {
    this.head_ ??= await this.head();
    return this;
  }

  /** How many files there are besides the head. */
  get nFiles() {
    const { terms, common, names } = this.manifest;
    return terms.length + common.length + names.length;
  }

  /** Fetches all files, so that every search has its answer without a connection. */
  async keep() {
    const { terms, common } = this.manifest;
    for (let number = 0; number < terms.length + common.length; number++) await this.terms(number);
    for (const page of this.manifest.names) await this.names(page);
  }

  /** Pages whose titles have words that begin like those of the query: known before any word was fetched. */
  titled(query) {
    const asked = tokensOf(query).slice(0, MOST_TOKENS);
    if (!asked.length) return [];
    const found = [];
    this.head_.words.forEach((words, page) => {
      const has = asked.every(token => words.some(word => word.startsWith(token)));
      if (has) found.push({ page, starts: words[0].startsWith(asked[0]), n: words.length });
    });
    found.sort((a, b) => b.starts - a.starts || a.n - b.n || a.page - b.page);
    return found.map(({ page }) => ({ page, score: 0, isComplete: true, sections: [{ section: 0, score: 0 }] }));
  }

  /**
   * The pages that answer a query, best first. With them: the `forms` in which the words stand there, and what was taken
   * `instead` of words that are nowhere.
   */
  async search(query) {
    await this.start();
    const { slots, nTokens, single, forms, instead } = await this.slots(query);
    const ranking = new Ranking(this.head_, this.manifest, slots, nTokens, this.isAcronym(single));
    return { pages: ranking.pages(), forms, instead };
  }

  /** A page with what is shown of it. */
  async described({ page, score, ranking, sections = ranking.sections(page) }) {
    // The page itself needs no names.
    const names = sections.some(({ section }) => section) ? await this.names(page) : [{}];
    const url = this.base + this.head_.urls[page];
    const named = ({ section, score }) => {
      const { heading, anchor } = names[section];
      return { section, score, heading: section ? heading : '', url: anchor ? `${url}#${anchor.replaceAll('%', '%25')}` : url };
    };
    return { page, score, url, title: this.head_.titles[page], sections: sections.map(named) };
  }

  /** The words of a query that count, each with the passages that hold what it may mean. */
  async slots(query) {
    const { params, terms } = this.manifest;
    const tokens = tokensOf(query).slice(0, MOST_TOKENS);
    const isOpen = !/\s$/.test(query);
    const isLight = token => this.stop.has(token) || this.common.has(token);
    const nHeavy = tokens.filter(token => !isLight(token)).length;
    const leavesOut = tokens.length > (params.short_query ?? 0) && nHeavy >= params.rare_enough;
    const asked = tokens.map((token, at) => ({ token, at, isOpen: isOpen && at === tokens.length - 1 }));
    const counted = asked.filter(({ token }) => !leavesOut || !isLight(token));
    const meanings = await Promise.all(counted.map(({ token, isOpen }) => {
      if (this.common.has(token)) return this.exact(this.common.get(token), token).then(groups => ({ groups }));
      return terms.length ? this.meanings(token, isOpen) : { groups: [] };
    }));
    const instead = new Map();
    const forms = new Set();
    // Words that say little are not marked beside others.
    const areMarked = counted.every(({ token }) => this.stop.has(token));
    const slots = meanings.map(({ groups, correction }, index) => {
      if (correction) instead.set(counted[index].token, correction);
      if (areMarked || !this.stop.has(counted[index].token)) {
        for (const { shard, group } of groups) for (const form of this.ready.get(`t${shard}`).groups[group]) forms.add(form);
      }
      const found = slot(counted[index].at, groups.map(({ shard, group, weight }) => (
        { ...this.ready.get(`t${shard}`).postings(group), weight }
      )), this.manifest.n_passages);
      return { ...found, isStop: this.stop.has(counted[index].token) };
    });
    // Words that say little weigh little beside others.
    if (slots.some(({ isStop }) => !isStop)) {
      for (const slot of slots) if (slot.isStop) slot.idf *= params.stop;
    }
    return { slots, nTokens: tokens.length, single: tokens.length === 1 ? tokens[0] : '', forms, instead };
  }

  /** The groups of words that a token may mean, and the word that is there instead of one that is not. */
  async meanings(token, isBeginning) {
    const { params, terms } = this.manifest;
    const own = lastUpTo(terms, token);
    const length = [...token].length;
    let groups = await this.exact(this.place(token), token);
    if (isBeginning && (length >= params.prefix_from || isAsian(token))) {
      const [known] = groups;
      const isKnown = ({ shard, group }) => known?.shard === shard && known.group === group;
      groups = groups.concat((await this.beginnings(own, token)).filter(found => !isKnown(found)));
    }
    if (groups.length) return { groups };
    if (length >= params.ending_from) groups = this.endings(own, token, length);
    if (length < params.typo_from) return { groups };
    const most = length < params.typo2_from || groups.length ? 1 : 2;
    const { groups: near, correction } = await this.typos(own, token, most);
    for (const guess of near) {
      if (!groups.some(({ shard, group }) => shard === guess.shard && group === guess.group)) groups.push(guess);
    }
    return { groups, correction };
  }

  /** The number of the file that has a word which is not common. */
  place(word) {
    return this.elsewhere.get(word) ?? lastUpTo(this.manifest.terms, word);
  }

  async exact(shard, form) {
    const group = (await this.terms(shard)).groupOf.get(form);
    return group === undefined ? [] : [{ shard, group, weight: 1 }];
  }

  async beginnings(own, token) {
    const { params, terms } = this.manifest;
    let end = own + 1;
    while (end < terms.length && end < own + params.prefix_shards && terms[end].startsWith(token)) end++;
    const numbers = Array.from({ length: end - own }, (_, at) => own + at);
    const found = [];
    for (const shard of await Promise.all(numbers.map(async number => ({ number, ...await this.terms(number) })))) {
      shard.groups.forEach((forms, group) => {
        if (forms.some(form => form.startsWith(token))) found.push({ shard: shard.number, group, weight: params.prefix });
      });
    }
    return found.slice(0, params.prefix_groups);
  }

  endings(own, token, length) {
    const letters = [...token];
    const least = Math.max(length - 3, 4);
    const start = letters.slice(0, least).join('');
    let [best, found] = [0, []];
    this.ready.get(`t${own}`).groups.forEach((forms, group) => {
      let most = 0;
      for (const form of forms) {
        if (!form.startsWith(start)) continue;
        const others = [...form];
        let same = least;
        while (same < length && letters[same] === others[same]) same++;
        if (others.length <= same + 3) most = Math.max(most, same);
      }
      if (most > best) [best, found] = [most, []];
      if (most && most === best) found.push({ shard: own, group, weight: this.manifest.params.ending });
    });
    return found.slice(0, MOST_GUESSES);
  }

  /** The groups of the words that are nearest to one that is nowhere. */
  async typos(own, token, most) {
    const { params } = this.manifest;
    const letters = [...token];
    let [least, near] = [most, []];
    const look = form => {
      const other = distance(letters, [...form], least);
      if (other < least) [least, near] = [other, []];
      if (other === least) near.push(form);
    };
    for (const forms of this.ready.get(`t${own}`).groups) forms.forEach(look);
    this.titleWords ??= [...new Set(this.head_.words.flat())].sort(compare);
    this.titleWords.forEach(look);
    const weight = least <= 1 ? params.typo1 : params.typo2;
    const groups = [];
    let correction;
    for (const form of near) {
      for (const { shard, group } of await this.exact(this.common.get(form) ?? this.place(form), form)) {
        correction ??= form;
        const isKnown = groups.some(known => known.shard === shard && known.group === group);
        if (groups.length < MOST_GUESSES && !isKnown) groups.push({ shard, group, weight });
      }
    }
    return { groups, correction };
  }

  /** Whether a page's title begins with these letters, word by word. */
  isAcronym(word) {
    const letters = [...word];
    if (letters.length < 2 || letters.length > 6) return () => false;
    const has = words => words.map(token => [...token][0]).join('') === word;
    return page => {
      const words = this.head_.words[page];
      return words.length >= 2 && (has(words) || has(words.filter(token => !this.common.has(token))));
    };
  }
}

/** The passages of a slot: where several groups are in one, the one that fits best counts. */
function slot(at, groups, nPassages) {
  let passages, masks, weights;
  if (groups.length === 1) {
    ({ passages, masks } = groups[0]);
    weights = new Float64Array(passages.length).fill(groups[0].weight);
  } else {
    const best = new Map();
    for (const group of groups) {
      group.passages.forEach((passage, index) => {
        const known = best.get(passage);
        if (!known || group.weight > known.weight) best.set(passage, { weight: group.weight, mask: group.masks[index] });
        else if (group.weight === known.weight) known.mask |= group.masks[index];
      });
    }
    passages = Uint32Array.from(best.keys()).sort();
    masks = new Uint8Array(passages.length);
    weights = new Float64Array(passages.length);
    passages.forEach((passage, index) => ({ mask: masks[index], weight: weights[index] } = best.get(passage)));
  }
  const n = passages.length;
  return { at, passages, masks, weights, idf: Math.log(1 + (nPassages - n + 0.5) / (n + 0.5)) };
}

/** How well each section answers a query. The steps and their order are those of src/search/rank.rs. */
class Ranking {
  constructor(head, manifest, slots, nTokens, isAcronym) {
    Object.assign(this, { head, manifest, params: manifest.params, slots, nTokens, isAcronym });
    this.idfs = slots.reduce((sum, { idf }) => sum + idf, 0);
    // Which words should stand near each other: neighbours, and those with nothing between them but words that say little.
    this.pairs = slots.slice(1).map((_, slot) => [slot, slot + 1]);
    const heavy = slots.map((_, slot) => slot).filter(slot => !slots[slot].isStop);
    this.pairs.push(...heavy.slice(1).map((slot, at) => [heavy[at], slot]).filter(([first, second]) => second - first > 1));
    // For each slot, of the page at hand: its hits, those of the section at hand, and what it finds in the title, in what
    // is said about the page, and best in the text. Kept from page to page, as thousands are looked at for each key.
    const numbers = () => new Float64Array(slots.length);
    const places = () => new Uint32Array(slots.length);
    Object.assign(this, { from: places(), to: places(), own: places(), at: places() });
    Object.assign(this, { titles: numbers(), titleMasks: places(), metas: numbers(), metaMasks: places() });
    Object.assign(this, { headingMasks: places(), best: numbers(), bestIn: numbers(), second: numbers() });
  }

  /** All pages that have a word, best first. */
  pages() {
    const { head, slots, from, to } = this;
    const pages = [];
    to.fill(0);
    for (;;) {
      let first = Infinity;
      for (let slot = 0; slot < slots.length; slot++) {
        const { passages } = slots[slot];
        from[slot] = to[slot];
        if (to[slot] < passages.length && passages[to[slot]] < first) first = passages[to[slot]];
      }
      if (first === Infinity) break;
      const page = head.pageOf[head.sectionOf[first]];
      const end = head.passages[head.sections[page + 1]];
      let isComplete = true;
      for (let slot = 0; slot < slots.length; slot++) {
        const { passages } = slots[slot];
        while (to[slot] < passages.length && passages[to[slot]] < end) to[slot]++;
        isComplete &&= from[slot] < to[slot];
      }
      const score = this.rank(page);
      pages.push({ page, score, rounded: Math.round(score * 1e4), isComplete, ranking: this });
    }
    return pages.sort((a, b) => b.rounded - a.rounded || a.page - b.page);
  }

  /** The sections of a page that are shown, best first. */
  sections(page) {
    const { head, slots, from, to } = this;
    const [start, end] = [head.passages[head.sections[page]], head.passages[head.sections[page + 1]]];
    slots.forEach(({ passages }, slot) => {
      from[slot] = firstFrom(passages, start);
      to[slot] = firstFrom(passages, end);
    });
    const ranked = [];
    this.rank(page, ranked);
    ranked.sort((a, b) => b.score - a.score || a.section - b.section);
    const least = this.params.section_share * ranked[0].score;
    return ranked.filter(({ score }, at) => at === 0 || score >= least).slice(0, 1 + MORE_SECTIONS);
  }

  /** The score of a page's best section; `all` receives those of every section that has a word. */
  rank(page, all) {
    const { head, params, manifest, slots, from, to, own, at, titles, metas, best, bestIn, second } = this;
    const first = head.sections[page];
    const norm = (b, length, average) => 1 - b + (b * length) / average;
    const part = (sum, length) => sum / Math.sqrt(Math.max(length, 1));
    const titleNorm = norm(params.b_title, head.lengths[first], manifest.avg_title);
    // How well the page as a whole answers, beside each of its sections.
    const length = head.passages[head.sections[page + 1]] - head.passages[first];
    const pageNorm = norm(params.b_page, length, manifest.avg_page);
    let [pageText, pageCovered, aboutPage] = [0, 0, 0];
    for (let slot = 0; slot < slots.length; slot++) {
      const { passages, masks, weights, idf } = slots[slot];
      let [above, mass] = [0, 0];
      titles[slot] = metas[slot] = best[slot] = second[slot] = this.titleMasks[slot] = this.metaMasks[slot] = 0;
      bestIn[slot] = -1;
      at[slot] = from[slot];
      for (let hit = from[slot]; hit < to[slot]; hit++) {
        const section = head.sectionOf[passages[hit]];
        const place = section === first ? passages[hit] - head.passages[first] : 2;
        const weight = weights[hit];
        if (place === 0) {
          titles[slot] = weight / titleNorm;
          above += params.page_title * weight;
          aboutPage += idf * weight;
          this.titleMasks[slot] = masks[hit];
        } else if (place === 1) {
          metas[slot] = weight;
          this.metaMasks[slot] = masks[hit];
          above += params.page_meta * weight;
        } else {
          const isHeading = passages[hit] === head.passages[section];
          mass += isHeading ? params.page_heading * weight : weight * POPCOUNT[masks[hit]];
        }
        if (place < 2) continue;
        if (section === bestIn[slot]) {
          if (weight > best[slot]) best[slot] = weight;
        } else if (weight > best[slot]) {
          second[slot] = best[slot];
          best[slot] = weight;
          bestIn[slot] = section;
        } else if (weight > second[slot]) {
          second[slot] = weight;
        }
      }
      const y = mass / pageNorm + above;
      pageText += (idf * y) / (y + params.k_page);
      pageCovered += y > 0 ? idf : 0;
    }
    const whole = this.idfs > 0 ? pageText * (pageCovered / this.idfs) ** params.cover_page : 0;
    const isTitle = head.lengths[first] === this.nTokens && this.isRow(this.titleMasks);
    const bonus = (isTitle ? params.exact_title : 0);
    const acronym = this.isAcronym(page) ? params.acronym : 0;
    let highest = -Infinity;
    for (;;) {
      let next = Infinity;
      for (let slot = 0; slot < slots.length; slot++) {
        if (at[slot] < to[slot] && slots[slot].passages[at[slot]] < next) next = slots[slot].passages[at[slot]];
      }
      if (next === Infinity) return highest;
      const section = head.sectionOf[next];
      const start = head.passages[section];
      const end = head.passages[section + 1];
      const headingNorm = norm(params.b_heading, head.lengths[section], manifest.avg_heading);
      const bodyNorm = norm(params.b_body, head.bodies[section], manifest.avg_body);
      let [text, covered, about] = [0, 0, 0];
      for (let slot = 0; slot < slots.length; slot++) {
        const { passages, masks, weights, idf } = slots[slot];
        let [heading, body] = [0, 0];
        this.headingMasks[slot] = 0;
        own[slot] = at[slot];
        let hit = at[slot];
        for (; hit < to[slot] && passages[hit] < end; hit++) {
          const place = passages[hit] - start;
          if (section === first && place < 2) continue;
          if (place === 0) {
            heading = weights[hit] / headingNorm;
            about += idf * weights[hit];
            this.headingMasks[slot] = masks[hit];
          } else {
            body += (weights[hit] * POPCOUNT[masks[hit]]) / bodyNorm;
          }
        }
        at[slot] = hit;
        const other = bestIn[slot] === section ? second[slot] : best[slot];
        const isHere = titles[slot] > 0 || metas[slot] > 0 || heading > 0 || body > 0;
        const x = params.title * titles[slot] + params.meta * metas[slot] + params.heading * heading + params.body * body
          + params.other * other;
        text += (idf * x) / (x + params.k1);
        covered += idf * (isHere ? 1 : other > 0 ? params.other_cover : 0);
      }
      let near = 0;
      for (const [a, b] of this.pairs) near += Math.min(slots[a].idf, slots[b].idf) * this.nearness(a, b);
      const isHeading = section > first && head.lengths[section] === this.nTokens && this.isRow(this.headingMasks);
      const bonuses = bonus + (isHeading ? params.exact_heading : 0) + acronym + (this.isPhrase() ? params.phrase : 0);
      const share = this.idfs > 0 ? covered / this.idfs : 0;
      const matter = params.about_page * part(aboutPage, head.lengths[first]) + params.about * part(about, head.lengths[section]);
      const sum = matter + params.page * whole + text * share ** params.cover + params.near * near + bonuses * this.idfs;
      const score = (sum * head.boosts[page]) / 100;
      all?.push({ section: section - first, score });
      if (score > highest) highest = score;
    }
  }

  /** How near two words stand in the title, about the page, or in the section's own text. */
  nearness(first, second) {
    const { own, at, titleMasks, metaMasks } = this;
    const [left, right] = [this.slots[first], this.slots[second]];
    let best = Math.max(
      this.level(first, second, titleMasks[first], titleMasks[second]),
      this.level(first, second, metaMasks[first], metaMasks[second]),
    );
    for (let i = own[first], j = own[second]; i < at[first] && j < at[second] && best < 1;) {
      const difference = left.passages[i] - right.passages[j];
      if (difference === 0) best = Math.max(best, this.level(first, second, left.masks[i], right.masks[j]));
      if (difference <= 0) i++;
      if (difference >= 0) j++;
    }
    return best;
  }

  level(first, second, left, right) {
    if (!left || !right) return 0;
    return this.rotated(first, second, left) & right ? 1 : this.params.same_passage;
  }

  /** Whether all words, if they are more than a few, stand in one passage, each as far behind the one before as in the query. */
  isPhrase() {
    const { slots, own, at } = this;
    if (slots.length < this.params.phrase_from) return false;
    if (this.isRow(this.titleMasks, true) || this.isRow(this.metaMasks, true)) return true;
    for (let hit = own[0]; hit < at[0]; hit++) {
      const passage = slots[0].passages[hit];
      let mask = slots[0].masks[hit];
      for (let slot = 1; mask && slot < slots.length; slot++) {
        const { passages, masks } = slots[slot];
        let other = own[slot];
        while (other < at[slot] && passages[other] < passage) other++;
        mask = other < at[slot] && passages[other] === passage ? this.rotated(slot - 1, slot, mask) & masks[other] : 0;
      }
      if (mask) return true;
    }
    return false;
  }

  /** The places that are as far behind these as the second word is behind the first in the query. */
  rotated(first, second, mask) {
    const distance = (this.slots[second].at - this.slots[first].at) % 4;
    return ((mask << distance) | (mask >> (4 - distance))) & 15;
  }

  /** Whether each word stands here behind the one before as in the query; `isStrict` when all must be the same row. */
  isRow(masks, isStrict = false) {
    // Behind a heading stand those above it, so the first word of a whole one is at the beginning.
    if (!isStrict && !(masks[0] & (1 << this.slots[0].at % 4))) return false;
    let mask = masks[0];
    for (let slot = 1; mask && slot < masks.length; slot++) {
      const row = this.rotated(slot - 1, slot, mask) & masks[slot];
      mask = isStrict || !row ? row : masks[slot];
    }
    return Boolean(mask);
  }
}

/** The place of the first of these rising numbers that is not below another. */
function firstFrom(numbers, least) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
