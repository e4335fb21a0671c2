/** The whole transcript as a strip at its side: how thickly coded, where matches are, where one is. */

import { el } from './dom.js';
import { depths, placesOf } from './density.js';
import { countBelow } from './offsets.js';

/** @typedef {import('./desk.js').Reader} Reader */

const SETTLE_MS = 150;
const DEEPEST = 5;
const LINE_PX = 29;
const CHARS_PER_LINE = 66;
const GAP_PX = 12;

export class Minimap {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    const { layout, text } = reader;
    this.places = placesOf(text.nodes.map((node) => (Math.ceil(node.data.length / CHARS_PER_LINE) || 1) * LINE_PX + GAP_PX));
    this.canvas = el('canvas', { 'aria-hidden': 'true' });
    this.window = el('i', { class: 'pr-map-window' });
    this.element = el(
      'div',
      {
        class: 'pr-map', role: 'slider', tabindex: '0', 'data-own-keys': '', 'aria-orientation': 'vertical',
        'aria-label': 'Place in the transcript', 'aria-valuemin': '1', 'aria-valuemax': text.rows.length, 'aria-valuenow': '1',
        title: 'The whole transcript: darker where more is coded, blank where nothing is. Click to go there.',
      },
      this.canvas, this.window,
    );
    layout.reading.append(this.element);
    /** @type {any} */
    this.timer = 0;
    this.frame = 0;
    this.shownAt = '';
  }

  /** @returns {() => void} stops listening */
  begin() {
    const { scroller } = this.reader.layout;
    const scrolled = () => {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.showWindow());
    };
    scroller.addEventListener('scroll', scrolled, { passive: true });
    const sizes = new ResizeObserver(() => this.draw());
    sizes.observe(this.element);
    this.element.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
      this.goTo(event.clientY);
    });
    this.element.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.goTo(event.clientY);
    });
    this.element.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.draw();
    return () => {
      clearTimeout(this.timer);
      cancelAnimationFrame(this.frame);
      sizes.disconnect();
      scroller.removeEventListener('scroll', scrolled);
    };
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -1e9, End: 1e9 };
    const by = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.show(this.reader.view.current + by);
  }

  /** @param {number} y in the window */
  goTo(y) {
    const { top, height } = this.element.getBoundingClientRect();
    const at = Math.max(0, Math.min(1, (y - top) / height)) * this.places[this.places.length - 1];
    this.show(countBelow(this.places, at + 0.5) - 1);
  }

  /** @param {number} wanted */
  show(wanted) {
    const { view, selecting, text, layout } = this.reader;
    const turn = Math.max(0, Math.min(text.rows.length - 1, wanted));
    view.pick('', false);
    selecting.goTo(turn);
    view.setCurrent(turn);
    view.reveal(text.starts[turn], 'center');
    this.element.setAttribute('aria-valuenow', String(turn + 1));
    layout.announce(`Turn ${turn + 1} of ${text.rows.length}`);
  }

  /** A place in a turn as a share of the whole. @param {number} turn @param {number} unit UTF-16 @returns {number} */
  share(turn, unit) {
    const length = Math.max(1, this.reader.text.nodes[turn].data.length);
    const whole = this.places[this.places.length - 1] || 1;
    return (this.places[turn] + (this.places[turn + 1] - this.places[turn]) * Math.min(1, unit / length)) / whole;
  }

  /** After the page is painted: it never keeps a key waiting. */
  draw() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.paint(), SETTLE_MS);
  }

  paint() {
    const { reader, canvas } = this;
    const width = Math.round(this.element.clientWidth);
    const height = Math.round(this.element.clientHeight);
    if (width === 0 || height === 0) return;
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d');
    const style = getComputedStyle(this.element);
    const spans = [];
    for (const coding of reader.work.codings.shown.values()) {
      if (!reader.view.isShown(coding) || !reader.isLit(coding)) continue;
      const pieces = reader.text.pieces(coding);
      const last = pieces[pieces.length - 1];
      if (last) spans.push({ from: this.share(pieces[0].turn, pieces[0].from), to: this.share(last.turn, last.to) });
    }
    pen.fillStyle = style.color;
    depths(spans, height).forEach((depth, row) => {
      if (depth === 0) return;
      pen.globalAlpha = 0.18 + 0.16 * Math.min(depth, DEEPEST);
      pen.fillRect(1, row, width - 5, 1);
    });
    pen.globalAlpha = 1;
    pen.fillStyle = style.caretColor;
    for (const { turn, from } of reader.search.found) pen.fillRect(width - 4, Math.round(this.share(turn, from) * height) - 1, 4, 2);
    this.showWindow();
    this.say(Math.max(0, reader.view.firstVisible()));
  }

  /** Where the page stands; written only where it differs, since every change is worked through the page. */
  showWindow() {
    const { scroller } = this.reader.layout;
    const { view, text } = this.reader;
    const first = view.firstVisible();
    if (first < 0) return;
    const height = this.element.clientHeight;
    const row = text.rows[first].getBoundingClientRect();
    const into = (scroller.getBoundingClientRect().top - row.top) / Math.max(1, row.height);
    const top = this.share(first, Math.max(0, into) * text.nodes[first].data.length) * height;
    const whole = this.places[this.places.length - 1] || 1;
    const place = `top:${Math.round(top)}px;height:${Math.max(8, Math.round((scroller.clientHeight / whole) * height))}px`;
    if (place !== this.shownAt) this.window.style.cssText = this.shownAt = place;
  }

  /** For screen readers, when the page has come to rest. @param {number} first turn at the top of the view */
  say(first) {
    this.element.setAttribute('aria-valuenow', String(first + 1));
    this.element.setAttribute('aria-valuetext', `Turn ${first + 1} of ${this.reader.text.rows.length}`);
  }
}
