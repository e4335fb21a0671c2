/**
 * Colour behind the words by the CSS Custom Highlight API: ranges are registered with the browser
 * and the text's DOM is never touched. One quiet tint per construct, so that codes of one family
 * do not pile up to mud; the stripes carry the identity.
 */

import { rgb } from './colours.js';

/** @typedef {import('./text.js').TextView} TextView */
/** @typedef {import('./text.js').Excerpt} Excerpt */

const MARKS = { excerpt: 2, jump: 1, hit: 3, selection: 4, word: 5 };
let instances = 0;

export class Highlights {
  /**
   * @param {TextView} text @param {HTMLElement} host where its style rules go
   * @param {(code: string) => string} top id of the construct above a code
   */
  constructor(text, host, top) {
    this.text = text;
    this.top = top;
    this.space = `pr${(instances += 1)}`;
    this.sheet = document.createElement('style');
    host.append(this.sheet);
    /** @type {Map<string, Highlight>} by construct, which is the code at the top of the tree */
    this.tints = new Map();
    /** @type {Map<string, {tint: Highlight, ranges: StaticRange[]}>} by coding id */
    this.painted = new Map();
    /** @type {Map<string, Highlight>} */
    this.marks = new Map();
    for (const [name, priority] of Object.entries(MARKS)) {
      const mark = new Highlight();
      mark.priority = priority;
      this.marks.set(name, mark);
      CSS.highlights.set(`${this.space}-${name}`, mark);
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
    const ranges = this.text.staticRanges(coding);
    for (const range of ranges) tint.add(range);
    this.painted.set(coding.id, { tint, ranges });
  }

  /** @param {string} id */
  erase(id) {
    const old = this.painted.get(id);
    if (!old) return;
    for (const range of old.ranges) old.tint.delete(range);
    this.painted.delete(id);
  }

  /** @param {'excerpt' | 'jump' | 'selection'} name @param {Excerpt | null} excerpt */
  mark(name, excerpt) {
    const mark = this.marks.get(name);
    if (!mark) return;
    mark.clear();
    if (excerpt) for (const range of this.text.staticRanges(excerpt)) mark.add(range);
  }

  /** What was looked for. @param {{turn: number, from: number, to: number}[]} found UTF-16 */
  hits(found) {
    const mark = this.marks.get('hit');
    mark?.clear();
    for (const { turn, from, to } of found) {
      const node = this.text.nodes[turn];
      mark?.add(new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }));
    }
  }

  /** The word being spoken. @param {number} turn @param {number} from @param {number} to UTF-16 */
  word(turn, from, to) {
    const mark = this.marks.get('word');
    mark?.clear();
    if (turn < 0) return;
    const node = this.text.nodes[turn];
    mark?.add(new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }));
  }

  close() {
    for (const name of [...CSS.highlights.keys()]) {
      if (name.startsWith(`${this.space}-`)) CSS.highlights.delete(name);
    }
    this.sheet.remove();
  }
}
