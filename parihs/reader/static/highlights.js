/**
 * Colour behind the words by the CSS Custom Highlight API: ranges are registered with the browser
 * and the text's DOM is never touched. One quiet tint per construct, so that codes of one family
 * do not pile up to mud; the stripes carry the identity. Of what may lie anywhere in the text, only
 * what is near the view is registered.
 */

import { rgb } from './colours.js';

/** @typedef {import('./text.js').TextView} TextView */
/** @typedef {import('./text.js').Excerpt} Excerpt */
/** @typedef {{mark: Highlight, turn: number, range: StaticRange}} Spot words of one turn with their colour */

const MARKS = { excerpt: 2, jump: 1, hit: 3, selection: 4, word: 5 };
let instances = 0;

export class Highlights {
  /**
   * @param {TextView} text @param {import('./nearby.js').Nearby} nearby
   * @param {HTMLElement} host where its style rules go
   * @param {(code: string) => string} top id of the construct above a code
   */
  constructor(text, nearby, host, top) {
    this.text = text;
    this.near = nearby.turns;
    this.top = top;
    this.space = `pr${(instances += 1)}`;
    this.sheet = document.createElement('style');
    host.append(this.sheet);
    /** @type {Map<string, Highlight>} by construct, which is the code at the top of the tree */
    this.tints = new Map();
    /** @type {Map<string, Spot[]>} by coding id */
    this.painted = new Map();
    /** @type {Spot[]} */
    this.found = [];
    /** @type {Map<number, Set<Spot>>} */
    this.byTurn = new Map();
    /** @type {Map<string, Highlight>} */
    this.marks = new Map();
    for (const [name, priority] of Object.entries(MARKS)) {
      const mark = new Highlight();
      mark.priority = priority;
      this.marks.set(name, mark);
      CSS.highlights.set(`${this.space}-${name}`, mark);
    }
    nearby.follow((came, went) => this.moved(came, went));
  }

  /** @param {number[]} came @param {number[]} went turns */
  moved(came, went) {
    for (const turn of went) for (const { mark, range } of this.byTurn.get(turn) ?? []) mark.delete(range);
    for (const turn of came) for (const { mark, range } of this.byTurn.get(turn) ?? []) mark.add(range);
  }

  /**
   * Colour words whenever they are near the view.
   * @param {Highlight} mark @param {import('./text.js').Piece} piece @returns {Spot}
   */
  lay(mark, piece) {
    const { turn } = piece;
    const spot = { mark, turn, range: this.text.staticRange(piece) };
    const here = this.byTurn.get(turn) ?? new Set();
    this.byTurn.set(turn, here.add(spot));
    if (this.near.has(turn)) mark.add(spot.range);
    return spot;
  }

  /** @param {Spot[]} spots */
  lift(spots) {
    for (const spot of spots) {
      this.byTurn.get(spot.turn)?.delete(spot);
      spot.mark.delete(spot.range);
    }
  }

  /** @param {Map<string, string>} colours hex by construct @param {boolean} dark */
  colour(colours, dark) {
    const rules = [];
    let number = 0;
    for (const [construct, hex] of colours) {
      const name = `${this.space}-tint${(number += 1)}`;
      if (!this.tints.has(construct)) {
        const tint = new Highlight();
        this.tints.set(construct, tint);
        CSS.highlights.set(name, tint);
      }
      rules.push(`::highlight(${name}){background-color:rgba(${rgb(hex).join(',')},${dark ? 0.22 : 0.13})}`);
    }
    const marks = {
      excerpt: 'background-color:var(--pr-mark);text-decoration:underline 1.5px var(--pr-accent)',
      jump: 'background-color:var(--pr-mark)',
      hit: 'background-color:var(--pr-hit);color:var(--pr-on-hit)',
      selection: 'background-color:var(--pr-select);color:var(--pr-text)',
      word: 'background-color:var(--pr-accent);color:var(--pr-on-accent)',
    };
    for (const [name, rule] of Object.entries(marks)) rules.push(`::highlight(${this.space}-${name}){${rule}}`);
    this.sheet.textContent = rules.join('\n');
  }

  /** @param {{id: string, start: number, end: number, code: string}} coding */
  paint(coding) {
    this.erase(coding.id);
    const tint = this.tints.get(this.top(coding.code));
    if (!tint) return;
    this.painted.set(coding.id, this.text.pieces(coding).map((piece) => this.lay(tint, piece)));
  }

  /** @param {string} id */
  erase(id) {
    this.lift(this.painted.get(id) ?? []);
    this.painted.delete(id);
  }

  /** @param {'excerpt' | 'jump' | 'selection'} name @param {Excerpt | null} excerpt */
  mark(name, excerpt) {
    const mark = this.marks.get(name);
    if (!mark) return;
    mark.clear();
    if (excerpt) for (const piece of this.text.pieces(excerpt)) mark.add(this.text.staticRange(piece));
  }

  /** What was looked for. @param {import('./text.js').Piece[]} found */
  hits(found) {
    const mark = this.marks.get('hit');
    if (!mark) return;
    this.lift(this.found);
    this.found = found.map((piece) => this.lay(mark, piece));
  }

  /** The word being spoken. @param {number} turn @param {number} from @param {number} to UTF-16 */
  word(turn, from, to) {
    const mark = this.marks.get('word');
    mark?.clear();
    if (turn >= 0) mark?.add(this.text.staticRange({ turn, from, to }));
  }

  close() {
    for (const name of [...CSS.highlights.keys()]) {
      if (name.startsWith(`${this.space}-`)) CSS.highlights.delete(name);
    }
    this.sheet.remove();
  }
}
