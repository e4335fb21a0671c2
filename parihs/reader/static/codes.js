/** The codebook in memory: lookup by id, path for people, search by what a coder would type. */

/**
 * @typedef {object} Code
 * @property {string} id @property {string} key @property {string} name
 * @property {string | null} parent @property {number} depth @property {string | null} construct
 * @property {string | null} colour @property {string} definition @property {string} when_to_use
 * @property {string} when_not @property {string} example
 * @property {any[]} enabling @property {any[]} constraining
 * @property {string} [origin] `inductive` for the team's own
 */

/**
 * A codebook version as the server sends it.
 * @typedef {object} Book
 * @property {string} id @property {string} book lasting id of the codebook @property {number} number
 * @property {string} name @property {string} note @property {Code[]} codes
 * @property {Record<string, string>} [retired] names of codes that only earlier versions have
 * @property {Record<string, {pinned: boolean, synonyms: string[]}>} [choices] of this coder
 * @property {Record<string, number>} [counts] codings in the study that this coder may see
 */

/** @param {string} text @returns {string} without case and accents */
export function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * How well a code answers a query; higher is better, 0 is not at all.
 * @param {Code} code @param {string} query already plain @param {string[]} own words of the coder's own
 * @returns {number}
 */
function score(code, query, own) {
  const name = plain(code.name);
  const key = plain(code.key ?? '');
  if (name.startsWith(query) || own.some((word) => plain(word).startsWith(query))) return 6;
  if (name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(query))) return 5;
  if (key.split(/[._-]/).some((part) => part.startsWith(query)) || key.startsWith(query)) return 4;
  if (name.includes(query) || own.some((word) => plain(word).includes(query))) return 3;
  const words = query.split(/\s+/).filter(Boolean);
  if (words.length > 1 && words.every((word) => name.includes(word) || key.includes(word))) return 2;
  if (plain(`${code.definition ?? ''} ${code.when_to_use ?? ''}`).includes(query)) return 1;
  return 0;
}

export class Codes {
  /** @param {Code[]} list in tree order @param {Partial<Book>} [book] */
  constructor(list, book = {}) {
    this.replace({ ...book, codes: list });
  }

  /** Another version, in place: whoever holds these codes goes on with it. @param {Partial<Book> & {codes: Code[]}} book */
  replace({ codes, retired = {}, choices = {}, counts = {} }) {
    this.list = codes;
    /** @type {Map<string, Code>} */
    this.byId = new Map(codes.map((code) => [code.id, code]));
    this.retired = new Map(Object.entries(retired));
    this.choices = new Map(Object.entries(choices));
    this.counts = new Map(Object.entries(counts));
  }

  /** @param {string} id @returns {Code | undefined} */
  get(id) {
    return this.byId.get(id);
  }

  /** @param {string} id @returns {string} */
  name(id) {
    const gone = this.retired.get(id);
    return this.byId.get(id)?.name ?? (gone ? `${gone} (no longer in the codebook)` : 'A code of another codebook version');
  }

  /** @param {string} id @returns {string} names of the codes above it, empty at the top */
  above(id) {
    const names = [];
    let parent = this.byId.get(id)?.parent ?? null;
    while (parent !== null && names.length < 12) {
      const code = this.byId.get(parent);
      if (!code) break;
      names.unshift(code.name);
      parent = code.parent;
    }
    return names.join(' › ');
  }

  /** @param {string} id @returns {string} the construct: the code at the top of its branch */
  top(id) {
    let at = id;
    for (let step = 0; step < 12; step += 1) {
      const parent = this.byId.get(at)?.parent;
      if (!parent || !this.byId.has(parent)) break;
      at = parent;
    }
    return at;
  }

  /** @param {string} id @param {string} ancestor @returns {boolean} */
  isWithin(id, ancestor) {
    /** @type {string | null} */
    let at = id;
    for (let step = 0; at !== null && step < 12; step += 1) {
      if (at === ancestor) return true;
      at = this.byId.get(at)?.parent ?? null;
    }
    return false;
  }

  /** @param {string} typed @returns {Code[]} best first; everything in tree order for an empty query */
  search(typed) {
    const query = plain(typed.trim());
    if (!query) return this.list;
    return this.list
      .map((code, place) => ({ code, place, rank: score(code, query, this.choices.get(code.id)?.synonyms ?? []) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank || a.place - b.place)
      .map(({ code }) => code);
  }
}

/** Codes used last, most recent first; they carry the digits 1–9. */
export class Recent {
  /** @param {Pick<Storage, 'getItem' | 'setItem'> | null} store @param {string} key @param {Codes} codes */
  constructor(store, key, codes) {
    this.store = store;
    this.key = key;
    /** @type {string[]} */
    this.ids = [];
    try {
      const kept = JSON.parse(store?.getItem(key) ?? '[]');
      if (Array.isArray(kept)) this.ids = kept.filter((id) => codes.get(id));
    } catch {
      this.ids = [];
    }
    this.last = this.ids[0] ?? '';
  }

  /**
   * A code already among the nine keeps its digit, so that fingers can learn it.
   * @param {string} id
   */
  use(id) {
    this.last = id;
    if (!this.ids.includes(id)) {
      if (this.ids.length < 9) this.ids.push(id);
      else this.ids = [...this.ids.slice(0, 8), id];
    }
    try {
      this.store?.setItem(this.key, JSON.stringify(this.ids));
    } catch {
      // Recent codes are a comfort only.
    }
  }

  /** @param {string} id @returns {number} its digit, 0 if it has none */
  digit(id) {
    return this.ids.indexOf(id) + 1;
  }
}
