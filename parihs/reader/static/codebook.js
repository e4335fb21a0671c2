/** The codebook beside the text: the whole tree with counts, always in sight. */

import { el, quietButton, setText } from './dom.js';

/** @typedef {import('./codes.js').Codes} Codes */
/** @typedef {import('./codes.js').Recent} Recent */

export class CodebookPanel {
  /**
   * @param {object} parts
   * @param {Codes} parts.codes
   * @param {Recent} parts.recent
   * @param {(id: string) => void} parts.onPick
   * @param {(id: string) => void} parts.onBacklight
   */
  constructor({ codes, recent, onPick, onBacklight }) {
    this.codes = codes;
    this.recent = recent;
    this.chosen = '';
    /** @type {Map<string, {row: HTMLElement, count: HTMLElement, digit: HTMLElement, light: HTMLElement}>} */
    this.rows = new Map();
    this.filter = el('input', {
      class: 'pr-input pr-filter', type: 'search', placeholder: 'Find a code', 'aria-label': 'Find a code in the codebook',
    });
    this.tree = el('div', { class: 'pr-tree', role: 'tree', 'aria-label': 'Codebook', 'data-own-keys': '' });
    for (const code of codes.list) {
      const count = el('span', { class: 'pr-count' });
      const digit = el('kbd', { class: 'pr-digit' });
      const light = quietButton('◐', (event) => {
        event.stopPropagation();
        onBacklight(code.id);
      }, { class: 'pr-light', title: 'Backlight: dim all other codes', 'aria-label': `Backlight ${code.name}`, 'aria-pressed': 'false', tabindex: '-1' });
      const row = el(
        'div',
        { class: 'pr-code', role: 'treeitem', 'aria-level': code.depth + 1, 'aria-selected': 'false', tabindex: '-1', 'data-code': code.id },
        el('i', { class: 'pr-swatch' }),
        el('span', { class: 'pr-code-name', text: code.name }),
        digit, light, count,
      );
      row.style.setProperty('--depth', String(code.depth));
      if (code.depth === 0) row.classList.add('pr-top');
      this.rows.set(code.id, { row, count, digit, light });
      this.tree.append(row);
    }
    this.none = el('p', { class: 'pr-quiet pr-none', text: 'No code has these letters.', hidden: true });
    this.tree.append(this.none);
    const first = this.tree.firstElementChild;
    if (first instanceof HTMLElement && first !== this.none) first.tabIndex = 0;

    this.tree.addEventListener('mousedown', (/** @type {Event} */ event) => event.preventDefault());
    this.tree.addEventListener('click', (/** @type {Event} */ event) => {
      const row = event.target instanceof Element ? event.target.closest('[data-code]') : null;
      if (row instanceof HTMLElement) onPick(row.dataset.code ?? '');
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
    this.element = el('div', { class: 'pr-codebook' }, this.filter, this.tree);
    this.digits();
  }

  /** @param {(id: string) => string} colour */
  paint(colour) {
    for (const [id, { row }] of this.rows) row.style.setProperty('--c', colour(id));
  }

  /** @param {Iterable<{code: string}>} codings this coder's codings in this transcript */
  count(codings) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { code } of codings) counts.set(code, (counts.get(code) ?? 0) + 1);
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

  /** @param {string} id code in the backlight, empty for none */
  backlight(id) {
    for (const [other, { light, row }] of this.rows) {
      light.setAttribute('aria-pressed', String(other === id));
      row.classList.toggle('is-lit', other === id);
    }
  }

  narrow() {
    const typed = this.filter.value.trim();
    const hits = new Set(this.codes.search(typed).map((code) => code.id));
    let shown = 0;
    for (const [id, { row }] of this.rows) {
      const keep = hits.has(id) || (typed !== '' && [...hits].some((hit) => this.codes.isWithin(hit, id)));
      row.hidden = !keep;
      row.classList.toggle('pr-faint', keep && !hits.has(id));
      if (keep) shown += 1;
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

  /** @param {KeyboardEvent} event @param {(id: string) => void} onPick */
  key(event, onPick) {
    const rows = this.visible();
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === 'ArrowDown') this.focus(rows[Math.min(at + 1, rows.length - 1)]);
    else if (event.key === 'ArrowUp') {
      if (at <= 0) this.filter.focus();
      else this.focus(rows[at - 1]);
    } else if (event.key === 'Home') this.focus(rows[0]);
    else if (event.key === 'End') this.focus(rows[rows.length - 1]);
    else if (event.key === 'Enter' || event.key === ' ') onPick(rows[at]?.dataset.code ?? '');
    else return;
    event.preventDefault();
  }
}
