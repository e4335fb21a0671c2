/** Which word is spoken when: word times of the whole version in flat, rising lists. */

import { countBelow } from './offsets.js';

/** @typedef {import('./text.js').TextView} TextView */
/** @typedef {[number, number, number, number, number | null]} WordRow start, end (code points), start_ms, end_ms, confidence */
/** @typedef {{turn: number, from: number, to: number, startMs: number, endMs: number}} SpokenWord UTF-16 units */

export class WordClock {
  /** @param {TextView} text @param {(WordRow[] | null)[]} turns */
  constructor(text, turns) {
    this.text = text;
    this.turns = turns;
    /** @type {SpokenWord[]} */
    this.words = [];
    turns.forEach((words, turn) => {
      const { toUtf16 } = text.offsets[turn] ?? {};
      if (!words || !toUtf16) return;
      for (const [start, end, startMs, endMs] of words) {
        if (startMs === null || startMs === undefined) continue;
        this.words.push({ turn, from: toUtf16(start), to: toUtf16(end), startMs, endMs: endMs ?? startMs });
      }
    });
    this.words.sort((a, b) => a.startMs - b.startMs);
    this.times = Float64Array.from(this.words, (word) => word.startMs);
  }

  /** @param {number} ms @returns {SpokenWord | null} the word last begun, if its turn is still going */
  at(ms) {
    const word = this.words[countBelow(this.times, ms + 1) - 1];
    return word && ms < word.endMs + 1500 ? word : null;
  }

  /**
   * When a place in the text is spoken.
   * @param {number} point code points of the version text @returns {number | null} ms
   */
  timeOf(point) {
    const turn = this.text.turnAt(point);
    const inside = point - this.text.starts[turn];
    const words = this.turns[turn];
    const word = words?.find(([, end, startMs]) => end > inside && startMs !== null);
    return word ? word[2] : this.text.turns[turn]?.[3] ?? null;
  }

  /**
   * @param {{start: number, end: number}} excerpt
   * @returns {{startMs: number, endMs: number} | null} null where nothing is timed
   */
  span({ start, end }) {
    const startMs = this.timeOf(start);
    if (startMs === null) return null;
    const turn = this.text.turnAt(Math.max(start, end - 1));
    const inside = end - this.text.starts[turn];
    const spoken = (this.turns[turn] ?? []).filter(([from, , begins]) => from < inside && begins !== null);
    const last = spoken[spoken.length - 1];
    const turnEnd = this.text.turns[turn][4] ?? this.text.turns[turn + 1]?.[3] ?? startMs + 15000;
    return { startMs, endMs: Math.max(startMs, last ? last[3] : turnEnd) };
  }
}
