/**
 * Which stripe runs in which lane beside the text.
 *
 * Two stripes may share a lane only if no line of text carries both. Lines are known only after
 * layout, so stripes of one turn keep a line's length of distance: far apart enough for any width.
 */

/** Characters that certainly fill a line of the text column. */
export const LINE = 90;

/**
 * A stripe's claim on lines, in code points of the version text.
 * @typedef {{id: string, start: number, end: number}} Span
 */

export class Lanes {
  /** @param {(point: number) => number} turnEnd end position of the turn that holds a position */
  constructor(turnEnd) {
    this.turnEnd = turnEnd;
    /** @type {Map<string, {start: number, reach: number, lane: number}>} */
    this.taken = new Map();
  }

  /**
   * Give a stripe the first lane that is free along it; stripes already drawn never move.
   * @param {Span} span @returns {number}
   */
  add(span) {
    const reach = this.reach(span);
    const own = this.taken.get(span.id);
    if (own && own.start === span.start && own.reach === reach) return own.lane;
    this.taken.delete(span.id);
    const busy = new Set();
    for (const other of this.taken.values()) {
      if (other.start < reach && span.start < other.reach) busy.add(other.lane);
    }
    let lane = 0;
    while (busy.has(lane)) lane += 1;
    this.taken.set(span.id, { start: span.start, reach, lane });
    return lane;
  }

  /**
   * Start anew with many stripes: long ones take the inner lanes, next to the text.
   * @param {Iterable<Span>} spans
   */
  fill(spans) {
    this.taken.clear();
    const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
    /** @type {number[]} reach of the last stripe in each lane */
    const ends = [];
    for (const span of sorted) {
      let lane = ends.findIndex((end) => end <= span.start);
      if (lane < 0) lane = ends.length;
      const reach = this.reach(span);
      ends[lane] = reach;
      this.taken.set(span.id, { start: span.start, reach, lane });
    }
  }

  /** @param {string} id */
  remove(id) {
    this.taken.delete(id);
  }

  /** @param {string} id @returns {number} lane counted from the text, 0 if unknown */
  of(id) {
    return this.taken.get(id)?.lane ?? 0;
  }

  /** @returns {number} how many lanes are in use */
  depth() {
    let depth = 0;
    for (const { lane } of this.taken.values()) depth = Math.max(depth, lane + 1);
    return depth;
  }

  /** @param {Span} span @returns {number} */
  reach(span) {
    return Math.min(span.end + LINE, Math.max(span.end, this.turnEnd(Math.max(span.start, span.end - 1))));
  }
}
