/**
 * Which turns are near the view. Stripes and colours behind words exist only there, since the
 * browser goes through every highlighted range of a page whenever anything on the page changes.
 */

import { TURNS_IN_PART } from './text.js';

const MARGIN_PX = 600;

/** @typedef {(came: number[], went: number[]) => void} Follower told of turns */

export class Nearby {
  /** @param {import('./text.js').TextView} text @param {HTMLElement} scroller */
  constructor(text, scroller) {
    this.scroller = scroller;
    this.count = text.rows.length;
    /** @type {Set<number>} */
    this.turns = new Set();
    /** @type {Follower[]} */
    this.followers = [];
    this.watcher = new IntersectionObserver((entries) => this.moved(entries), {
      root: scroller,
      rootMargin: `${MARGIN_PX}px 0px`,
    });
    for (const part of text.parts) this.watcher.observe(part);
  }

  /** @param {Follower} follower */
  follow(follower) {
    this.followers.push(follower);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  moved(entries) {
    /** @type {number[]} */
    const came = [];
    /** @type {number[]} */
    const went = [];
    for (const { target, isIntersecting } of entries) {
      const first = Number(/** @type {HTMLElement} */ (target).dataset.part) * TURNS_IN_PART;
      const last = Math.min(first + TURNS_IN_PART, this.count);
      for (let turn = first; turn < last; turn += 1) {
        if (!isIntersecting && this.turns.delete(turn)) went.push(turn);
        else if (isIntersecting) {
          this.turns.add(turn);
          came.push(turn);
        }
      }
    }
    for (const follower of this.followers) follower(came, went);
  }

  close() {
    this.watcher.disconnect();
  }
}
