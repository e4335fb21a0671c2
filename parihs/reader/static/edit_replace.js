/** Find and replace: every hit is shown before anything changes, and each can be left out. */

import { el, plural, quietButton } from './dom.js';
import { hitsOf, previewOf } from './edit_find.js';

/** @typedef {import('./edit_find.js').Hit} Hit */

const MOST_SHOWN = 1000;

export class ReplaceDialog {
  /**
   * @param {object} parts
   * @param {() => string[]} parts.texts of all turns as they read now
   * @param {(turn: number) => string} parts.where speaker and time of a turn
   * @param {(hits: Hit[]) => void} parts.onReplace
   * @param {() => void} parts.onClose
   */
  constructor({ texts, where, onReplace, onClose }) {
    this.texts = texts;
    this.where = where;
    /** @type {{hit: Hit, box: HTMLInputElement}[]} */
    this.shown = [];
    const field = (/** @type {string} */ label) => el('input', { class: 'pr-input', type: 'text', 'aria-label': label, placeholder: label, autocomplete: 'off' });
    const box = (/** @type {string} */ label) => {
      const input = el('input', { type: 'checkbox' });
      input.addEventListener('change', () => this.look());
      return { input, label: el('label', { class: 'pr-replace-option' }, input, label) };
    };
    this.find = field('Find');
    this.put = field('Replace with');
    this.sameCase = box('Same capitals');
    this.wholeWords = box('Whole words');
    this.wholeWords.input.checked = true;
    this.hits = el('ol', { class: 'pr-hits' });
    this.summary = el('p', { class: 'pr-quiet', role: 'status' });
    this.all = quietButton('None', () => this.tickAll(), { class: 'pr-act' });
    this.go = el('button', { type: 'button', class: 'pr-edit-save', text: 'Replace', onclick: () => this.replace(onReplace) });
    this.element = el(
      'dialog',
      { class: 'pr-help pr-replace', 'aria-label': 'Find and replace' },
      el('header', {}, el('h3', { text: 'Find and replace' }), quietButton('Close', () => this.element.close(), { class: 'pr-act' })),
      el('div', { class: 'pr-replace-fields' }, this.find, this.put),
      el('div', { class: 'pr-replace-options' }, this.wholeWords.label, this.sameCase.label),
      el('div', { class: 'pr-replace-head' }, this.summary, this.all, this.go),
      this.hits,
    );
    this.find.addEventListener('input', () => this.look());
    this.put.addEventListener('input', () => this.look());
    this.element.addEventListener('close', onClose);
  }

  /** @param {string} [words] to begin with */
  open(words = '') {
    if (words) this.find.value = words;
    this.look();
    this.element.showModal();
    this.find.focus();
    this.find.select();
  }

  look() {
    const texts = this.texts();
    const hits = hitsOf(texts, this.find.value, this.put.value, {
      sameCase: this.sameCase.input.checked,
      wholeWords: this.wholeWords.input.checked,
    });
    this.shown = hits.slice(0, MOST_SHOWN).map((hit) => {
      const box = el('input', { type: 'checkbox' });
      box.checked = true;
      box.addEventListener('change', () => this.count(hits.length));
      return { hit, box };
    });
    this.hits.replaceChildren(
      ...this.shown.map(({ hit, box }) => {
        const { before, was, now, after } = previewOf(texts[hit.turn], hit);
        return el('li', {}, el('label', {}, box, el('span', { class: 'pr-hit-where', text: this.where(hit.turn) }),
          el('span', { class: 'pr-hit' }, before, el('del', { text: was }), now ? el('ins', { text: now }) : null, after)));
      }),
    );
    this.count(hits.length);
  }

  tickAll() {
    const on = !this.shown.some(({ box }) => box.checked);
    for (const { box } of this.shown) box.checked = on;
    this.count(this.shown.length);
  }

  /** @param {number} total */
  count(total) {
    const ticked = this.shown.filter(({ box }) => box.checked).length;
    const more = total > this.shown.length ? `; the first ${this.shown.length.toLocaleString()} are shown` : '';
    this.summary.textContent = this.find.value.trim() ? `${plural(total, 'place')}${more}` : 'Type what to look for.';
    this.all.textContent = ticked > 0 ? 'Untick all' : 'Tick all';
    this.all.hidden = this.shown.length === 0;
    this.go.textContent = ticked > 0 ? `Replace ${ticked.toLocaleString()}` : 'Replace';
    this.go.disabled = ticked === 0;
  }

  /** @param {(hits: Hit[]) => void} onReplace */
  replace(onReplace) {
    const hits = this.shown.filter(({ box }) => box.checked).map(({ hit }) => hit);
    this.element.close();
    onReplace(hits);
  }
}
