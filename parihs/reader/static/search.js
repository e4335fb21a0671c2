/** Search in this transcript: a box above the text, matches marked in it, and how many there are elsewhere. */

import { el, plural, quietButton, setText } from './dom.js';
import { fold, matchesIn, termsOf } from './search_terms.js';

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {{turn: number, from: number, to: number}} Match UTF-16 units within a turn */

const PAUSE_MS = 150;
const ELSEWHERE_MS = 500;

export class Search {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** @type {string[]} */
    this.folded = [];
    /** @type {Match[]} */
    this.found = [];
    this.at = -1;
    this.beginnings = false;
    /** @type {any} */
    this.timer = 0;
    this.asked = 0;
    this.input = el('input', {
      class: 'pr-input pr-search-words', type: 'text', role: 'searchbox', spellcheck: 'false', autocomplete: 'off',
      placeholder: 'Words, "a phrase", beginning*', 'aria-label': 'Search in this transcript',
    });
    this.count = el('span', { class: 'pr-quiet pr-search-count', role: 'status' });
    this.elsewhere = el('a', { class: 'pr-tool', hidden: true, target: '_self' });
    this.element = el(
      'search',
      { class: 'pr-search', 'aria-label': 'Search in this transcript', hidden: true },
      this.input,
      quietButton('Previous', () => this.step(-1), { class: 'pr-tool', title: 'Previous match (N)' }),
      quietButton('Next', () => this.step(1), { class: 'pr-tool', title: 'Next match (n)' }),
      this.count,
      this.elsewhere,
      quietButton('Close', () => this.close(), { class: 'pr-tool', title: 'Close and forget the matches (Esc in the box)' }),
    );
    reader.layout.bar.after(this.element);
    this.input.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), PAUSE_MS);
    });
    this.input.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter') {
      this.look();
      this.step(event.shiftKey ? -1 : 1);
      if (this.found.length > 0) this.reader.layout.focusText();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  open() {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
  }

  close() {
    clearTimeout(this.timer);
    this.element.hidden = true;
    this.found = [];
    this.at = -1;
    this.mark();
    this.reader.layout.focusText();
  }

  /** Find what is typed; where no whole word fits, words that begin so. */
  look() {
    clearTimeout(this.timer);
    const { text } = this.reader;
    const typed = this.input.value;
    if (typed === this.last && this.found.length > 0) return;
    this.last = typed;
    this.folded = text.nodes.map((node, turn) => this.folded[turn] ?? fold(node.data));
    const terms = termsOf(typed);
    this.beginnings = false;
    this.found = this.all(terms, false);
    if (this.found.length === 0 && terms.length > 0) {
      this.found = this.all(terms, true);
      this.beginnings = this.found.length > 0;
    }
    this.at = -1;
    this.mark();
    this.say(terms.length > 0);
    clearTimeout(this.waiting);
    this.elsewhere.hidden = true;
    if (terms.length > 0) this.waiting = setTimeout(() => void this.lookElsewhere(typed), ELSEWHERE_MS);
  }

  /** @param {import('./search_terms.js').Term[]} terms @param {boolean} beginnings @returns {Match[]} */
  all(terms, beginnings) {
    if (terms.length === 0) return [];
    const found = [];
    for (let turn = 0; turn < this.folded.length; turn += 1) {
      for (const { from, to } of matchesIn(this.folded[turn], terms, beginnings)) found.push({ turn, from, to });
    }
    return found;
  }

  /** @param {string} typed */
  async lookElsewhere(typed) {
    const asked = (this.asked += 1);
    try {
      const { total, in_transcripts } = await this.reader.api.call(`/search?words=${encodeURIComponent(typed)}`);
      if (asked !== this.asked || this.element.hidden) return;
      const others = total - (in_transcripts[this.reader.data.transcript_id] ?? 0);
      this.elsewhere.hidden = others <= 0;
      this.elsewhere.href = `search?words=${encodeURIComponent(typed)}`;
      setText(this.elsewhere, `${others.toLocaleString()} in other transcripts`);
    } catch {
      // The matches in this transcript stand without it.
    }
  }

  /** @param {boolean} any whether anything is looked for */
  say(any) {
    const { length } = this.found;
    const said = !any ? '' : length === 0 ? 'No match here'
      : `${this.at < 0 ? '' : `${(this.at + 1).toLocaleString()} of `}${plural(length, 'match', 'matches')}${this.beginnings ? ', words that begin so' : ''}`;
    setText(this.count, said);
  }

  /** @param {1 | -1} by */
  step(by) {
    const { reader } = this;
    if (this.element.hidden || this.found.length === 0) {
      if (this.element.hidden) this.open();
      return;
    }
    if (this.at < 0) {
      const here = Math.max(0, reader.view.current);
      const first = this.found.findIndex(({ turn }) => turn >= here);
      this.at = by > 0 ? Math.max(0, first) : (first <= 0 ? this.found.length : first) - 1;
    } else this.at = (this.at + by + this.found.length) % this.found.length;
    const { turn, from, to } = this.found[this.at];
    const { selecting } = reader;
    // The words are selected, so that the next key can code them or take their sentence.
    selecting.set(selecting.point(turn, from), selecting.point(turn, to));
    reader.view.reveal(selecting.point(turn, from));
    this.say(true);
    reader.layout.announce(`Match ${this.at + 1} of ${this.found.length}: ${reader.text.nodes[turn].data.slice(from, to)}`);
  }

  mark() {
    this.reader.highlights.hits(this.found);
    this.reader.minimap.draw();
  }
}
