/** The codebook beside the text: the whole tree with counts, always in sight. */

import { el, quietButton, setText } from './dom.js';
import { Folding } from './folding.js';
import { ownMark } from './rules.js';

const STYLE = new URL('./codes.css', import.meta.url).href;

/** Once for all readers of the page. */
function addStyle() {
  if ([...document.head.querySelectorAll('link')].some(({ href }) => href === STYLE)) return;
  document.head.append(el('link', { rel: 'stylesheet', href: STYLE }));
}

/** @typedef {import('./codes.js').Codes} Codes */
/** @typedef {import('./codes.js').Recent} Recent */

export class CodebookPanel {
  /**
   * @param {object} parts
   * @param {Codes} parts.codes
   * @param {Recent} parts.recent
   * @param {(id: string) => void} parts.onPick
   * @param {(id: string) => void} parts.onBacklight
   * @param {import('./at_hand.js').AtHand} parts.atHand
   */
  constructor({ codes, recent, onPick, onBacklight, atHand }) {
    addStyle();
    this.codes = codes;
    this.recent = recent;
    this.atHand = atHand;
    this.onPick = onPick;
    this.onBacklight = onBacklight;
    this.chosen = '';
    /** @type {(id: string) => string} */
    this.colour = () => '#888888';
    /** @type {{code: string}[]} */
    this.counted = [];
    this.folding = new Folding(codes, recent.store, `${recent.key}:folded`);
    /** @type {Map<string, {row: HTMLElement, count: HTMLElement, digit: HTMLElement, light: HTMLElement, fold: HTMLElement, pin: HTMLElement}>} */
    this.rows = new Map();
    this.filter = el('input', {
      class: 'pr-input pr-filter', type: 'search', placeholder: 'Find a code', 'aria-label': 'Find a code in the codebook',
    });
    this.tree = el('div', { class: 'pr-tree', role: 'tree', 'aria-label': 'Codebook', 'data-own-keys': '' });
    this.pins = el('div', { class: 'pr-pins', role: 'group', 'aria-label': 'Pinned codes' });
    this.none = el('p', { class: 'pr-quiet pr-none', text: 'No code has these letters.', hidden: true });
    this.tree.addEventListener('mousedown', (/** @type {Event} */ event) => event.preventDefault());
    this.tree.addEventListener('click', (/** @type {Event} */ event) => {
      const row = event.target instanceof Element ? event.target.closest('[data-code]') : null;
      if (!(row instanceof HTMLElement)) return;
      const id = row.dataset.code ?? '';
      if (event.target instanceof Element && event.target.closest('.pr-fold') && row.hasAttribute('aria-expanded')) this.fold(id, !this.folding.isFolded(id));
      else onPick(id);
    });
    this.tree.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event, onPick));
    this.filter.addEventListener('input', () => this.narrow());
    this.filter.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      const first = this.visible()[0];
      if (event.key === 'ArrowDown' && first) this.focus(first);
      else if (event.key === 'Enter' && first) onPick(first.dataset.code ?? '');
      else return;
      event.preventDefault();
    });
    this.element = el('div', { class: 'pr-codebook' }, this.filter, this.pins, this.tree);
    this.build();
  }

  /** The rows of the codebook as it is now. */
  build() {
    const { codes } = this;
    const parents = new Set(codes.list.map((code) => code.parent));
    const held = document.activeElement instanceof HTMLElement && this.tree.contains(document.activeElement)
      ? document.activeElement.dataset.code : undefined;
    this.rows.clear();
    for (const code of codes.list) {
      const count = el('span', { class: 'pr-count' });
      const digit = el('kbd', { class: 'pr-digit' });
      const light = quietButton('◐', (event) => {
        event.stopPropagation();
        this.onBacklight(code.id);
      }, { class: 'pr-light', title: 'Backlight: dim all other codes', 'aria-label': `Backlight ${code.name}`, 'aria-pressed': 'false', tabindex: '-1' });
      const pin = quietButton('☆', (event) => {
        event.stopPropagation();
        this.atHand.pin(code.id);
      }, { class: 'pr-pin', title: 'Pin: keep it at hand (*)', 'aria-label': `Pin ${code.name}`, 'aria-pressed': 'false', tabindex: '-1' });
      pin.hidden = !this.atHand.able;
      const above = parents.has(code.id);
      const fold = el('span', { class: 'pr-fold', 'aria-hidden': 'true', text: above ? '▾' : '', title: above ? 'Fold or open this branch (← →)' : null });
      const row = el(
        'div',
        { class: 'pr-code', role: 'treeitem', 'aria-level': code.depth + 1, 'aria-selected': String(code.id === this.chosen), tabindex: '-1', 'data-code': code.id },
        fold,
        el('i', { class: 'pr-swatch' }),
        el('span', { class: 'pr-code-name', text: code.name }, ...ownMark(code)),
        digit, pin, light, count,
      );
      row.style.setProperty('--depth', String(code.depth));
      if (code.depth === 0) row.classList.add('pr-top');
      if (above) row.setAttribute('aria-expanded', 'true');
      this.rows.set(code.id, { row, count, digit, light, fold, pin });
    }
    this.tree.replaceChildren(...[...this.rows.values()].map(({ row }) => row), this.none);
    const first = this.rows.get(held ?? '')?.row ?? this.tree.firstElementChild;
    if (first instanceof HTMLElement && first !== this.none) first.tabIndex = 0;
    if (held && first instanceof HTMLElement) first.focus();
    this.paint(this.colour);
    this.count(this.counted);
    this.digits();
    this.showPins();
    this.narrow();
  }

  /** Pinned codes stand above the tree, and carry a star in it. */
  showPins() {
    const pinned = this.atHand.pinned();
    const ids = new Set(pinned.map(({ id }) => id));
    for (const [id, { row, pin }] of this.rows) {
      pin.setAttribute('aria-pressed', String(ids.has(id)));
      setText(pin, ids.has(id) ? '★' : '☆');
      row.classList.toggle('is-pinned', ids.has(id));
    }
    this.pins.hidden = pinned.length === 0;
    this.pins.replaceChildren(...pinned.map((code) => {
      const button = quietButton('', () => this.onPick(code.id), { class: 'pr-pin-code', title: this.codes.above(code.id) || code.name });
      button.style.setProperty('--c', this.colour(code.id));
      button.append(el('i', { class: 'pr-swatch' }), el('span', { text: code.name }));
      return button;
    }));
  }

  /** @param {(id: string) => string} colour */
  paint(colour) {
    this.colour = colour;
    for (const [id, { row }] of this.rows) row.style.setProperty('--c', colour(id));
    for (const [at, code] of this.atHand.pinned().entries()) {
      /** @type {HTMLElement | undefined} */ (this.pins.children[at])?.style.setProperty('--c', colour(code.id));
    }
  }

  /** @param {Iterable<{code: string}>} codings this coder's codings in this transcript */
  count(codings) {
    this.counted = [...codings];
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { code } of this.counted) counts.set(code, (counts.get(code) ?? 0) + 1);
    for (const [id, { count }] of this.rows) setText(count, String(counts.get(id) ?? ''));
  }

  digits() {
    for (const [id, { digit }] of this.rows) setText(digit, String(this.recent.digit(id) || ''));
  }

  /** @param {string} id */
  choose(id) {
    const old = this.rows.get(this.chosen);
    old?.row.setAttribute('aria-selected', 'false');
    this.chosen = id;
    const now = this.rows.get(id);
    now?.row.setAttribute('aria-selected', 'true');
    now?.row.scrollIntoView({ block: 'nearest' });
  }

  /** @param {Set<string>} lit codes in the backlight */
  backlight(lit) {
    for (const [id, { light, row }] of this.rows) {
      light.setAttribute('aria-pressed', String(lit.has(id)));
      row.classList.toggle('is-lit', lit.has(id));
    }
  }

  /** @param {string} id @param {boolean} folded */
  fold(id, folded) {
    this.folding.set(id, folded);
    this.narrow();
  }

  narrow() {
    const typed = this.filter.value.trim();
    const hits = new Set(this.codes.search(typed).map((code) => code.id));
    let shown = 0;
    for (const [id, { row, fold }] of this.rows) {
      const keep = hits.has(id) || (typed !== '' && [...hits].some((hit) => this.codes.isWithin(hit, id)));
      row.hidden = !keep || (typed === '' && this.folding.isInside(id));
      row.classList.toggle('pr-faint', keep && !hits.has(id));
      if (keep) shown += 1;
      if (!row.hasAttribute('aria-expanded')) continue;
      const open = typed !== '' || !this.folding.isFolded(id);
      row.setAttribute('aria-expanded', String(open));
      setText(fold, open ? '▾' : '▸');
    }
    this.none.hidden = shown > 0;
  }

  /** @returns {HTMLElement[]} */
  visible() {
    return [...this.rows.values()].map(({ row }) => row).filter((row) => !row.hidden);
  }

  /** @param {HTMLElement} row */
  focus(row) {
    for (const { row: other } of this.rows.values()) other.tabIndex = -1;
    row.tabIndex = 0;
    row.focus();
  }

  /** Fold or open a branch; from a leaf to what is above it. @param {HTMLElement | undefined} row @param {boolean} left */
  sideways(row, left) {
    const id = row?.dataset.code ?? '';
    const folded = this.folding.isFolded(id);
    if (row?.hasAttribute('aria-expanded') && folded !== left) this.fold(id, left);
    else if (left) {
      const above = this.rows.get(this.codes.get(id)?.parent ?? '')?.row;
      if (above) this.focus(above);
    }
  }

  /** @param {KeyboardEvent} event @param {(id: string) => void} onPick */
  key(event, onPick) {
    const rows = this.visible();
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === 'ArrowDown') this.focus(rows[Math.min(at + 1, rows.length - 1)]);
    else if (event.key === 'ArrowUp') {
      if (at <= 0) this.filter.focus();
      else this.focus(rows[at - 1]);
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') this.sideways(rows[at], event.key === 'ArrowLeft');
    else if (event.key === 'Home') this.focus(rows[0]);
    else if (event.key === 'End') this.focus(rows[rows.length - 1]);
    else if (event.key === 'Enter' && event.shiftKey) this.rows.get(rows[at]?.dataset.code ?? '')?.light.click();
    else if (event.key === 'Enter' || event.key === ' ') onPick(rows[at]?.dataset.code ?? '');
    else return;
    event.preventDefault();
  }
}
