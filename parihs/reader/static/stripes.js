/**
 * Stripes in the gutter: who is coded what, at a glance. They live inside their turn, so they
 * scroll with it, and exist only for turns near the view. Layout is read for all turns first and
 * written afterwards.
 */

import { el, setText } from './dom.js';
import { inkOn } from './colours.js';
import { direction, stripeSign, valenceName } from './valence.js';
import { Lanes } from './lanes.js';

/** @typedef {import('./codings.js').Coding} Coding */
/** @typedef {import('./text.js').TextView} TextView */

const MOST_LANES = 8;
const FEWEST_LANES = 4;
const LANE_PX = 11;
const LABEL_PX = 19;
const EDGE_PX = 4;

export class Stripes {
  /**
   * @param {object} parts
   * @param {TextView} parts.text
   * @param {import('./nearby.js').Nearby} parts.nearby
   * @param {(id: string) => Coding | undefined} parts.find
   * @param {(coding: Coding) => {name: string, colour: string, coder: string, mine: boolean, who: number}} parts.describe
   * @param {(coding: Coding) => boolean} parts.lit whether the backlight leaves it bright
   * @param {(id: string) => void} parts.onPick
   */
  constructor({ text, nearby, find, describe, lit, onPick }) {
    this.text = text;
    this.near = nearby.turns;
    this.find = find;
    this.describe = describe;
    this.lit = lit;
    this.lanes = new Lanes((point) => text.endOf(text.turnAt(point)));
    /** @type {Map<number, Set<string>>} codings by turn */
    this.byTurn = new Map();
    /** @type {Map<string, number[]>} turns by coding */
    this.turnsOf = new Map();
    /** @type {Set<number>} */
    this.stale = new Set();
    this.width = 0;
    this.selected = '';
    this.hovered = '';
    this.tip = el('div', { class: 'pr-tip', role: 'tooltip', hidden: true });
    this.scroller = nearby.scroller;
    this.scroller.parentElement?.append(this.tip);

    const room = text.page;
    room.addEventListener('click', (event) => {
      const id = idUnder(event.target);
      if (id) onPick(id);
    });
    room.addEventListener('pointerover', (event) => this.hover(idUnder(event.target), event.target));
    room.addEventListener('focusin', (event) => this.hover(idUnder(event.target), event.target));
    room.addEventListener('pointerleave', () => this.hover('', null));
    room.addEventListener('focusout', () => this.hover('', null));
    nearby.follow((came, went) => this.moved(came, went));
  }

  /** @param {Iterable<Coding>} codings all that are shown */
  fill(codings) {
    const list = [...codings];
    this.lanes.fill(list);
    this.byTurn.clear();
    this.turnsOf.clear();
    for (const coding of list) this.index(coding);
    this.width = 0;
    this.widen(this.lanes.depth());
    this.redraw();
  }

  /** Room for the deepest place; it never shrinks while coding, since that would move the page. @param {number} depth */
  widen(depth) {
    const lanes = Math.max(FEWEST_LANES, Math.min(MOST_LANES, depth));
    if (lanes <= this.width) return;
    this.width = lanes;
    this.text.page.style.setProperty('--pr-gutter', `${lanes * LANE_PX + 8}px`);
  }

  /** A coding was made or changed. @param {Coding} coding */
  put(coding) {
    this.leave(coding.id);
    this.widen(this.lanes.add(coding) + 1);
    this.index(coding);
    this.touch(coding.id);
  }

  /** A coding is gone. @param {string} id */
  take(id) {
    this.leave(id);
    this.lanes.remove(id);
  }

  /** @param {string} id */
  leave(id) {
    this.touch(id);
    for (const turn of this.turnsOf.get(id) ?? []) this.byTurn.get(turn)?.delete(id);
    this.turnsOf.delete(id);
  }

  /** @param {Coding} coding */
  index(coding) {
    const turns = this.text.pieces(coding).map((piece) => piece.turn);
    this.turnsOf.set(coding.id, turns);
    for (const turn of turns) {
      const here = this.byTurn.get(turn) ?? new Set();
      here.add(coding.id);
      this.byTurn.set(turn, here);
    }
  }

  /** @param {string} id */
  touch(id) {
    for (const turn of this.turnsOf.get(id) ?? []) this.stale.add(turn);
  }

  /** Everything near the view anew, after a resize or another backlight. */
  redraw() {
    for (const turn of this.near) this.stale.add(turn);
    this.draw();
  }

  /** @param {number[]} came @param {number[]} went turns */
  moved(came, went) {
    for (const turn of went) if (this.byTurn.has(turn)) this.text.gutters[turn].replaceChildren();
    for (const turn of came) this.stale.add(turn);
    this.draw();
  }

  /** Bring stale turns near the view up to date. */
  draw() {
    const plans = [];
    for (const turn of this.stale) {
      if (!this.near.has(turn)) continue;
      if (!this.byTurn.get(turn)?.size && !this.text.gutters[turn].firstChild) continue;
      plans.push(this.measure(turn));
    }
    this.stale.clear();
    for (const plan of plans) this.write(plan);
  }

  /** @param {number} turn */
  measure(turn) {
    const ids = this.byTurn.get(turn) ?? new Set();
    const start = this.text.starts[turn];
    const end = this.text.endOf(turn);
    const row = this.text.rows[turn].getBoundingClientRect();
    // A turn off screen may still have a guessed height; its paragraph is measured for real.
    const height = ids.size > 0 ? this.text.heightOf(turn) : 0;
    const strips = [];
    for (const id of ids) {
      const coding = this.find(id);
      if (!coding) continue;
      const begins = coding.start >= start;
      const ends = coding.end <= end;
      let top = begins ? EDGE_PX : 0;
      let bottom = ends ? height - EDGE_PX : height;
      if (coding.start > start || coding.end < end) {
        const { toUtf16 } = this.text.offsets[turn];
        const range = this.text.range(turn, toUtf16(coding.start - start), toUtf16(coding.end - start));
        const inner = range.getBoundingClientRect();
        if (coding.start > start) top = inner.top - row.top;
        if (coding.end < end) bottom = inner.bottom - row.top;
      }
      strips.push({ coding, begins, ends, top, bottom });
    }
    strips.sort((a, b) => a.top - b.top || this.lanes.of(a.coding.id) - this.lanes.of(b.coding.id));
    return { turn, height, strips };
  }

  /** @param {ReturnType<Stripes['measure']>} plan */
  write({ turn, height, strips }) {
    const parts = document.createDocumentFragment();
    let clear = 0;
    let more = 0;
    /** @type {HTMLElement | null} */
    let last = null;
    for (const strip of strips) {
      const { coding } = strip;
      const { name, colour, coder, mine, who } = this.describe(coding);
      const stripe = document.createElement('button');
      stripe.type = 'button';
      stripe.className = `pr-stripe pr-${direction(coding.valence)}`;
      if (!mine) stripe.classList.add('pr-other', `pr-who-${who}`);
      this.mark(stripe, coding);
      stripe.dataset.coding = coding.id;
      stripe.tabIndex = coding.id === this.selected && strip.begins ? 0 : -1;
      stripe.style.cssText =
        `--c:${colour};--ink:${inkOn(colour)};top:${strip.top}px;` +
        // A stripe that goes on in the next turn runs through the gap between them.
        (strip.ends ? `height:${Math.max(strip.bottom - strip.top, 12)}px;` : 'bottom:0;') +
        `left:${Math.min(this.lanes.of(coding.id), MOST_LANES - 1) * LANE_PX}px`;
      if (strip.begins) {
        stripe.setAttribute('aria-label', `${name}, ${valenceName(coding.valence)}, ${coder}`);
        stripe.classList.add('pr-begins');
        const sign = stripeSign(coding.valence);
        if (sign) stripe.dataset.sign = sign;
      } else stripe.setAttribute('aria-hidden', 'true');
      if (strip.ends) stripe.classList.add('pr-ends');
      parts.append(stripe);
      if (!strip.begins) continue;
      const top = Math.max(strip.top, clear);
      if (last && top + LABEL_PX > height) {
        more += 1;
        continue;
      }
      clear = top + LABEL_PX;
      const label = el('span', { class: 'pr-label', 'data-coding': coding.id, 'aria-hidden': 'true' });
      label.append(el('i'), el('span', { text: name }));
      label.style.cssText = `--c:${colour};top:${top}px`;
      this.mark(label, coding);
      parts.append(label);
      last = label;
    }
    if (more > 0) last?.append(el('b', { text: `+${more}` }));
    this.text.gutters[turn].replaceChildren(parts);
  }

  /** @param {HTMLElement} node @param {Coding} coding */
  mark(node, coding) {
    node.classList.toggle('pr-dim', !this.lit(coding));
    node.classList.toggle('is-selected', coding.id === this.selected);
  }

  /** @param {string} id */
  select(id) {
    const old = this.selected;
    this.selected = id;
    this.touch(old);
    this.touch(id);
    this.draw();
  }

  /** @param {string} id @param {EventTarget | null} target */
  hover(id, target) {
    if (id === this.hovered) return;
    this.hovered = id;
    const page = this.text.page;
    page.classList.toggle('is-hovering', id !== '');
    for (const node of page.querySelectorAll('.is-hovered')) node.classList.remove('is-hovered');
    const coding = id ? this.find(id) : undefined;
    this.tip.hidden = !coding;
    if (!coding || !(target instanceof Element)) return;
    for (const node of page.querySelectorAll(`[data-coding="${CSS.escape(id)}"]`)) node.classList.add('is-hovered');
    const { name, coder } = this.describe(coding);
    setText(this.tip, [name, valenceName(coding.valence), coder].join(' · '));
    const box = target.getBoundingClientRect();
    const room = /** @type {HTMLElement} */ (this.scroller.parentElement).getBoundingClientRect();
    const y = Math.max(room.top + 4, box.top - 30) - room.top;
    this.tip.style.cssText = `top:${y}px;left:${Math.min(box.left - room.left, room.width - 260)}px`;
  }

  close() {
    this.tip.remove();
  }
}

/** @param {EventTarget | null} target @returns {string} id of the coding, empty if none */
function idUnder(target) {
  const hit = target instanceof Element ? target.closest('[data-coding]') : null;
  return hit instanceof HTMLElement ? hit.dataset.coding ?? '' : '';
}
