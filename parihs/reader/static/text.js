/**
 * The transcript on the page: one text node per turn, never split, so that positions stay simple
 * and the browser's own search, copy and selection work on the whole text.
 */

import { clock, el } from './dom.js';
import { indexOffsets, turnAt } from './offsets.js';

/** @typedef {{id: string, label: string, name: string, role: string, facilitator: boolean}} Speaker */
/** @typedef {[number | null, number, string, number | null, number | null]} TurnRow */
/** @typedef {{start: number, end: number}} Excerpt code points of the version text */
/** @typedef {{turn: number, from: number, to: number}} Piece UTF-16 units within a turn */

const LINE_PX = 29;
const CHARS_PER_LINE = 66;
const ROW_GAP_PX = 12;

/** Turns that the browser lays out together, when they come near the view. */
export const TURNS_IN_PART = 20;

export class TextView {
  /**
   * @param {{title: string, speakers: Speaker[], turns: TurnRow[]}} version
   * @param {HTMLElement} page
   */
  constructor(version, page) {
    this.page = page;
    this.speakers = version.speakers;
    this.turns = version.turns;
    this.starts = Float64Array.from(version.turns, (turn) => turn[1]);
    this.offsets = version.turns.map((turn) => indexOffsets(turn[2]));
    /** @type {HTMLElement[]} */
    this.rows = [];
    /** @type {HTMLElement[]} */
    this.parts = [];
    /** @type {Text[]} */
    this.nodes = [];
    /** @type {HTMLElement[]} */
    this.gutters = [];
    /** @type {Map<number, Intl.SegmentData[]>} */
    this.words = new Map();
    /** @type {Map<number, {from: number, to: number}[]>} */
    this.sentenceCache = new Map();
    this.build();
  }

  build() {
    let previous = -1;
    this.turns.forEach(([speakerIndex, , text, startMs], index) => {
      const speaker = speakerIndex === null ? null : this.speakers[speakerIndex];
      const node = document.createTextNode(text);
      const row = document.createElement('div');
      row.className = 'pr-turn';
      row.dataset.turn = String(index);
      const margin = document.createElement('div');
      margin.className = 'pr-margin';
      if (speaker && speakerIndex !== previous) {
        const name = el('span', { class: 'pr-speaker', text: speaker.name || speaker.label });
        if (speaker.facilitator) name.classList.add('pr-facilitator');
        if (speaker.role) name.title = speaker.role;
        margin.append(name);
        row.classList.add('pr-new-speaker');
      }
      if (startMs !== null) margin.append(el('span', { class: 'pr-time', text: clock(startMs) }));
      const paragraph = document.createElement('p');
      paragraph.className = 'pr-text';
      paragraph.append(node);
      const gutter = document.createElement('div');
      gutter.className = 'pr-gutter';
      row.append(margin, paragraph, gutter);
      previous = speakerIndex ?? -1;
      this.rows.push(row);
      this.nodes.push(node);
      this.gutters.push(gutter);
    });
    for (let first = 0; first < this.rows.length; first += TURNS_IN_PART) this.parts.push(this.part(first));
    this.page.append(...this.parts);
  }

  /** @param {number} first turn of the part @returns {HTMLElement} */
  part(first) {
    const part = el('div', { class: 'pr-part', 'data-part': first / TURNS_IN_PART });
    part.append(...this.rows.slice(first, first + TURNS_IN_PART));
    // A guess near the truth keeps the scroll bar honest before a part was ever laid out.
    const lines = this.turns
      .slice(first, first + TURNS_IN_PART)
      .map(([, , text]) => (Math.ceil(text.length / CHARS_PER_LINE) || 1) * LINE_PX + ROW_GAP_PX);
    part.style.containIntrinsicSize = `auto ${lines.reduce((sum, px) => sum + px, 0)}px`;
    return part;
  }

  /** @param {number} index @returns {number} end of a turn in code points of the version text */
  endOf(index) {
    return this.starts[index] + this.offsets[index].length;
  }

  /** @param {number} turn @returns {number} px from the top of its row, laid out if need be */
  heightOf(turn) {
    const paragraph = /** @type {HTMLElement} */ (this.nodes[turn].parentElement);
    return paragraph.offsetTop + paragraph.offsetHeight;
  }

  /** @param {number} y in the window @returns {number} first turn that reaches below it, −1 if none */
  turnBelow(y) {
    const reaches = (/** @type {Element} */ node) => node.getBoundingClientRect().bottom > y;
    let low = 0;
    let high = this.parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (reaches(this.parts[middle])) high = middle;
      else low = middle + 1;
    }
    for (; low < this.parts.length; low += 1) {
      // Turns that are left out have no place, and a part may hold no others.
      const row = [...this.parts[low].children].find((turn) => turn.clientHeight > 0 && reaches(turn));
      if (row instanceof HTMLElement) return Number(row.dataset.turn);
    }
    return -1;
  }

  /** @param {number} point @returns {number} */
  turnAt(point) {
    return turnAt(this.starts, point);
  }

  /** The parts of an excerpt turn by turn. @param {Excerpt} excerpt @returns {Piece[]} */
  pieces({ start, end }) {
    const pieces = [];
    for (let turn = this.turnAt(start); turn < this.starts.length && this.starts[turn] < end; turn += 1) {
      const { toUtf16 } = this.offsets[turn];
      const from = toUtf16(start - this.starts[turn]);
      const to = toUtf16(end - this.starts[turn]);
      if (to > from) pieces.push({ turn, from, to });
    }
    return pieces;
  }

  /** @param {Piece} piece @returns {StaticRange} */
  staticRange({ turn, from, to }) {
    const node = this.nodes[turn];
    return new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to });
  }

  /** @param {number} turn @param {number} from @param {number} to UTF-16 units @returns {Range} */
  range(turn, from, to) {
    const range = document.createRange();
    range.setStart(this.nodes[turn], from);
    range.setEnd(this.nodes[turn], to);
    return range;
  }

  /** @param {Excerpt} excerpt @returns {string} */
  quote(excerpt) {
    return this.pieces(excerpt)
      .map(({ turn, from, to }) => this.nodes[turn].data.slice(from, to))
      .join('\n');
  }

  /**
   * Position of a place in the document, as selections and clicks report it.
   * @param {Node} node @param {number} offset @returns {number | null} code points, null if outside
   */
  pointOf(node, offset) {
    const element = node instanceof Element ? node : node.parentElement;
    const row = element?.closest('.pr-turn');
    if (row instanceof HTMLElement && this.page.contains(row)) {
      const turn = Number(row.dataset.turn);
      const text = this.nodes[turn];
      if (node === text) return this.starts[turn] + this.offsets[turn].toPoint(offset);
      const place = document.createRange();
      place.setStart(node, offset);
      return place.comparePoint(text, 0) >= 0 ? this.starts[turn] : this.endOf(turn);
    }
    const part = node === this.page ? offset : this.parts.indexOf(/** @type {HTMLElement} */ (node));
    if (part < 0) return null;
    const turn = part * TURNS_IN_PART + (node === this.page ? 0 : offset);
    return turn < this.starts.length ? this.starts[turn] : this.endOf(this.starts.length - 1);
  }

  /** @param {number} turn @returns {Intl.SegmentData[]} word-like segments */
  wordsOf(turn) {
    let words = this.words.get(turn);
    if (!words) {
      const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(this.nodes[turn].data);
      words = [...segments].filter((segment) => segment.isWordLike);
      this.words.set(turn, words);
    }
    return words;
  }

  /** @param {number} turn @returns {{from: number, to: number}[]} sentences without outer blanks, UTF-16 */
  sentencesOf(turn) {
    let sentences = this.sentenceCache.get(turn);
    if (!sentences) {
      const segments = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(this.nodes[turn].data);
      sentences = [];
      for (const { index, segment } of segments) {
        const trimmed = segment.trim();
        if (!trimmed) continue;
        const from = index + segment.indexOf(trimmed);
        sentences.push({ from, to: from + trimmed.length });
      }
      this.sentenceCache.set(turn, sentences);
    }
    return sentences;
  }
}
