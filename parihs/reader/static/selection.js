/**
 * What the coder has selected, as positions in the version text. The browser's selection is only
 * the way in for the mouse; the reader keeps its own, so that it survives typing in the palette.
 */

/** @typedef {import('./text.js').TextView} TextView */
/** @typedef {import('./text.js').Excerpt} Excerpt */

export class Selecting {
  /** @param {TextView} text @param {() => void} onChange */
  constructor(text, onChange) {
    this.text = text;
    this.onChange = onChange;
    /** @type {number | null} the end that stays */
    this.anchor = null;
    /** @type {number} the end that moves */
    this.focus = 0;
    this.turn = 0;
  }

  /** @returns {Excerpt | null} */
  get excerpt() {
    if (this.anchor === null || this.anchor === this.focus) return null;
    return { start: Math.min(this.anchor, this.focus), end: Math.max(this.anchor, this.focus) };
  }

  /** @param {number} anchor @param {number} focus */
  set(anchor, focus) {
    this.anchor = anchor;
    this.focus = focus;
    this.turn = this.text.turnAt(Math.max(Math.min(anchor, focus), Math.max(anchor, focus) - 1));
    this.onChange();
  }

  clear() {
    if (this.anchor === null) return;
    this.anchor = null;
    this.onChange();
  }

  /** @param {number} turn */
  goTo(turn) {
    this.turn = Math.max(0, Math.min(turn, this.text.rows.length - 1));
    this.anchor = null;
    this.onChange();
  }

  /**
   * Take over what the mouse selected.
   * @param {globalThis.Selection} native @param {boolean} snap to whole words
   * @returns {boolean} whether it was a selection in the transcript
   */
  take(native, snap) {
    if (native.rangeCount === 0 || native.isCollapsed) return false;
    const range = native.getRangeAt(0);
    const start = this.text.pointOf(range.startContainer, range.startOffset);
    const end = this.text.pointOf(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return false;
    const taken = this.tidy({ start, end }, snap);
    if (!taken) return false;
    this.set(taken.start, taken.end);
    return true;
  }

  /**
   * Blanks at both ends go; cut words become whole ones.
   * @param {Excerpt} excerpt @param {boolean} snap @returns {Excerpt | null}
   */
  tidy(excerpt, snap) {
    const pieces = this.text.pieces(excerpt).filter(({ turn, from, to }) => this.text.nodes[turn].data.slice(from, to).trim());
    if (pieces.length === 0) return null;
    const first = pieces[0];
    const last = pieces[pieces.length - 1];
    const head = this.text.nodes[first.turn].data;
    const tail = this.text.nodes[last.turn].data;
    let from = first.from + (head.slice(first.from).length - head.slice(first.from).trimStart().length);
    let to = last.to - (tail.slice(0, last.to).length - tail.slice(0, last.to).trimEnd().length);
    if (snap) {
      const cut = (/** @type {number} */ turn, /** @type {number} */ at) =>
        this.text.wordsOf(turn).find(({ index, segment }) => index < at && at < index + segment.length);
      const before = cut(first.turn, from);
      const after = cut(last.turn, to);
      if (before) from = before.index;
      if (after) to = after.index + after.segment.length;
    }
    return { start: this.point(first.turn, from), end: this.point(last.turn, to) };
  }

  /** @param {number} turn @param {number} unit @returns {number} */
  point(turn, unit) {
    return this.text.starts[turn] + this.text.offsets[turn].toPoint(unit);
  }

  /** Select the sentence at hand; again: one more. */
  sentence() {
    const excerpt = this.excerpt;
    if (!excerpt) {
      const sentences = this.text.sentencesOf(this.turn);
      if (sentences.length === 0) return;
      this.set(this.point(this.turn, sentences[0].from), this.point(this.turn, sentences[0].to));
      return;
    }
    const whole = this.sentencesAround(excerpt);
    if (whole.start < excerpt.start || whole.end > excerpt.end) {
      this.set(whole.start, whole.end);
      return;
    }
    this.anchor = excerpt.start;
    this.focus = excerpt.end;
    this.extend('sentence', 1);
  }

  /** From the sentence where it begins to the one where it ends. @param {Excerpt} excerpt @returns {Excerpt} */
  sentencesAround({ start, end }) {
    const around = (/** @type {number} */ point) => {
      const turn = this.text.turnAt(point);
      const unit = this.text.offsets[turn].toUtf16(point - this.text.starts[turn]);
      const hit = this.text.sentencesOf(turn).find(({ from, to }) => from <= unit && unit < to);
      return hit ? { start: this.point(turn, hit.from), end: this.point(turn, hit.to) } : { start, end };
    };
    return { start: Math.min(start, around(start).start), end: Math.max(end, around(end - 1).end) };
  }

  /** The other end moves from now on. @returns {boolean} whether anything is selected */
  swap() {
    if (this.anchor === null || !this.excerpt) return false;
    [this.anchor, this.focus] = [this.focus, this.anchor];
    return true;
  }

  /** Select the whole turn; again: the next one too. */
  wholeTurn() {
    const excerpt = this.excerpt;
    const start = this.text.starts[this.turn];
    const end = this.text.endOf(this.turn);
    if (!excerpt) this.set(start, end);
    else if (excerpt.start <= start && excerpt.end >= end) {
      this.anchor = excerpt.start;
      this.focus = excerpt.end;
      this.extend('turn', 1);
    } else this.set(this.text.starts[this.text.turnAt(excerpt.start)], end);
  }

  /** The sentence after or before, alone. @param {1 | -1} by */
  stepSentence(by) {
    const excerpt = this.excerpt;
    if (!excerpt) {
      this.sentence();
      return;
    }
    const from = by > 0 ? excerpt.end : excerpt.start;
    const edge = this.nextEdge('sentence', from, by);
    if (edge === null) return;
    const turn = this.text.turnAt(by > 0 ? edge - 1 : edge);
    const inside = edge - this.text.starts[turn];
    const unit = this.text.offsets[turn].toUtf16(inside);
    const hit = this.text.sentencesOf(turn).find(({ from: a, to: b }) => (by > 0 ? b === unit : a === unit));
    if (hit) this.set(this.point(turn, hit.from), this.point(turn, hit.to));
  }

  /** Move the free end. @param {'word' | 'sentence' | 'turn'} unit @param {1 | -1} by */
  extend(unit, by) {
    if (this.anchor === null) {
      const at = by > 0 ? this.text.starts[this.turn] : this.text.endOf(this.turn);
      this.anchor = at;
      this.focus = at;
    }
    const edge = this.nextEdge(unit, this.focus, by);
    if (edge !== null) this.set(this.anchor, edge);
  }

  /**
   * Next place where a unit ends (forward) or begins (backward).
   * @param {'word' | 'sentence' | 'turn'} unit @param {number} point @param {1 | -1} by
   * @returns {number | null}
   */
  nextEdge(unit, point, by) {
    const last = this.text.rows.length - 1;
    for (let turn = this.text.turnAt(by > 0 ? point : Math.max(0, point - 1)); turn >= 0 && turn <= last; turn += by) {
      const edges = this.unitsOf(unit, turn).map(({ from, to }) => this.point(turn, by > 0 ? to : from));
      const hit = by > 0 ? edges.find((edge) => edge > point) : edges.reverse().find((edge) => edge < point);
      if (hit !== undefined) return hit;
    }
    return null;
  }

  /** @param {'word' | 'sentence' | 'turn'} unit @param {number} turn @returns {{from: number, to: number}[]} */
  unitsOf(unit, turn) {
    if (unit === 'turn') return [{ from: 0, to: this.text.nodes[turn].data.length }];
    if (unit === 'sentence') return this.text.sentencesOf(turn);
    return this.text.wordsOf(turn).map(({ index, segment }) => ({ from: index, to: index + segment.length }));
  }
}
