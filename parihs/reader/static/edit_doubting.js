/** Doubtful words on the page: a quiet underline where it is switched on, and steps to the next. */

import { doubtsOf, nextDoubt } from './edit_doubt.js';

/** @typedef {import('./desk.js').Reader} Reader */

const USUAL = 0.5;
let instances = 0;

export class Doubting {
  /** @param {Reader} reader @param {(below: number, count: number | null) => void} onChange */
  constructor(reader, onChange) {
    this.reader = reader;
    this.onChange = onChange;
    this.below = 0;
    /** @type {import('./edit_doubt.js').Doubt[]} */
    this.doubts = [];
    /** @type {import('./highlights.js').Spot[]} */
    this.spots = [];
    this.here = { turn: -1, start: -1 };
    this.name = `pr-doubt${(instances += 1)}`;
    /** @type {HTMLStyleElement | null} */
    this.sheet = null;
  }

  /** @param {number} below 0–1; 0: off */
  async choose(below) {
    const { api, data, highlights, root, text } = this.reader;
    this.below = below;
    this.lift();
    for (const row of root.querySelectorAll('.pr-marked')) row.classList.remove('pr-marked');
    if (below === 0) {
      this.doubts = [];
      this.onChange(0, null);
      return;
    }
    this.stored ??= await api.words(data.version_id);
    this.doubts = doubtsOf(this.stored.turns, this.stored.marks ?? {}, below);
    const mark = new Highlight();
    for (const { turn, start, end, why } of this.doubts) {
      if (end === 0) {
        const row = text.rows[turn];
        row.classList.add('pr-marked');
        /** @type {HTMLElement} */ (row.firstElementChild).title = why;
        continue;
      }
      const { toUtf16 } = text.offsets[turn];
      this.spots.push(highlights.lay(mark, { turn, from: toUtf16(start), to: toUtf16(end) }));
    }
    CSS.highlights.set(this.name, mark);
    if (!this.sheet) {
      this.sheet = document.createElement('style');
      this.sheet.textContent = `::highlight(${this.name}){text-decoration:underline dotted 2px var(--pr-constraining)}`;
      root.append(this.sheet);
    }
    this.onChange(below, this.doubts.length);
  }

  /** Go to the next doubtful place; switches the underline on if need be. @param {1 | -1} by */
  async step(by) {
    const { layout, view, text, selecting, words, player } = this.reader;
    if (this.below === 0) await this.choose(USUAL);
    const turn = Math.max(0, view.current);
    const here = this.here.turn === turn ? this.here : { turn, start: by > 0 ? -1 : 0 };
    const next = nextDoubt(this.doubts, here, by);
    if (!next) {
      layout.notice(this.doubts.length === 0 ? 'No word here is doubtful at this threshold.' : by > 0 ? 'No doubtful word further on.' : 'No doubtful word before this.');
      return;
    }
    this.here = { turn: next.turn, start: next.start };
    view.pick('', false);
    const at = text.starts[next.turn];
    if (next.end > 0) selecting.set(at + next.start, at + next.end);
    else selecting.goTo(next.turn);
    view.setCurrent(next.turn);
    view.reveal(at + next.start);
    const ms = words?.timeOf(at + next.start) ?? null;
    if (player && ms !== null) player.seek(Math.max(0, ms - 1000));
    layout.notice(`${next.why}.`, player ? '` or Ctrl+Space plays from here; e corrects the turn.' : 'e corrects the turn.');
  }

  lift() {
    this.reader.highlights.lift(this.spots);
    this.spots = [];
    CSS.highlights.delete(this.name);
  }

  close() {
    this.lift();
    this.sheet?.remove();
  }
}
