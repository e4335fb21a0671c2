/** Handles at both ends of the selected coding or words: the mouse drags them to other words. */

import { el } from './dom.js';
import { caretAt } from './mouse.js';

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {import('./text.js').Excerpt} Excerpt */

const AFTER_PAINT_MS = 120;

export class Edges {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** @type {any} */
    this.timer = 0;
    this.start = this.handle('start');
    this.end = this.handle('end');
  }

  /** @param {'start' | 'end'} side */
  handle(side) {
    const handle = el('i', {
      class: `pr-edge pr-edge-${side}`, 'aria-hidden': 'true', title: 'Drag to other words; with Alt, to any letter',
    });
    handle.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => this.drag(event, side));
    return handle;
  }

  /** What they belong to: the selected words, or a coding that may be changed. @returns {Excerpt | null} */
  get excerpt() {
    const { selecting, work, selected, data } = this.reader;
    if (selecting.excerpt) return selecting.excerpt;
    const coding = work.codings.get(selected);
    return coding && data.can_code && coding.coder === data.coder.id ? coding : null;
  }

  /** Later, since asking where words lie costs a layout of the page. */
  update() {
    clearTimeout(this.timer);
    if (!this.excerpt) this.hide();
    this.timer = setTimeout(() => this.place(), AFTER_PAINT_MS);
  }

  hide() {
    this.start.remove();
    this.end.remove();
  }

  place() {
    const { excerpt } = this;
    if (!excerpt) return this.hide();
    const pieces = this.reader.text.pieces(excerpt);
    const [first, last] = [pieces[0], pieces[pieces.length - 1]];
    if (!first || !last) return this.hide();
    this.put(this.start, first.turn, first.from, first.from + 1, 'left');
    this.put(this.end, last.turn, last.to - 1, last.to, 'right');
  }

  /** @param {HTMLElement} handle @param {number} turn @param {number} from @param {number} to @param {'left' | 'right'} edge */
  put(handle, turn, from, to, edge) {
    const { text } = this.reader;
    const row = text.rows[turn];
    const room = row.getBoundingClientRect();
    const rects = text.range(turn, Math.max(0, from), to).getClientRects();
    const rect = edge === 'left' ? rects[0] : rects[rects.length - 1];
    if (!rect) return handle.remove();
    handle.style.cssText = `left:${rect[edge] - room.left}px;top:${rect.top - room.top}px;height:${rect.height}px`;
    if (handle.parentElement !== row) row.append(handle);
  }

  /** @param {PointerEvent} event @param {'start' | 'end'} side */
  drag(event, side) {
    const { excerpt, reader } = this;
    if (!excerpt || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const { start, end } = excerpt;
    const coding = reader.selecting.excerpt ? '' : reader.selected;
    let now = { start, end };
    reader.root.classList.add('pr-dragging');
    const move = (/** @type {PointerEvent} */ at) => {
      const caret = caretAt(at.clientX, at.clientY);
      const point = caret && reader.text.pointOf(caret.node, caret.offset);
      if (point === null) return;
      const to = at.altKey ? point : this.snap(point, side);
      const next = side === 'start' ? { start: to, end } : { start, end: to };
      if (next.end <= next.start) return;
      now = next;
      reader.highlights.mark(coding ? 'excerpt' : 'selection', now);
    };
    const done = () => {
      window.removeEventListener('pointermove', move, true);
      window.removeEventListener('pointerup', done, true);
      window.removeEventListener('pointercancel', done, true);
      reader.root.classList.remove('pr-dragging');
      if (now.start !== start || now.end !== end) {
        if (coding) reader.actions.reshape(coding, now);
        else reader.selecting.set(now.start, now.end);
      }
      this.update();
    };
    window.addEventListener('pointermove', move, true);
    window.addEventListener('pointerup', done, true);
    window.addEventListener('pointercancel', done, true);
  }

  /** The nearest place where a word or sentence begins or ends. @param {number} point @param {'start' | 'end'} side */
  snap(point, side) {
    const { selecting, text } = this.reader;
    const turn = text.turnAt(point);
    const units = [...selecting.unitsOf('word', turn), ...selecting.unitsOf('sentence', turn)];
    const edges = units.map(({ from, to }) => selecting.point(turn, side === 'start' ? from : to));
    return edges.reduce((best, edge) => (Math.abs(edge - point) < Math.abs(best - point) ? edge : best), edges[0] ?? point);
  }

  close() {
    clearTimeout(this.timer);
    this.hide();
  }
}
