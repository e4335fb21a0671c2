/** The card below the codebook: the selected coding with valence and memo, or the rules of a code. */

import { el, plural, quietButton, setText } from './dom.js';
import { historyOf } from './past.js';
import { showRules } from './rules.js';
import { VALENCES, valenceName } from './valence.js';

/** @typedef {import('./codings.js').Coding} Coding */
/** @typedef {import('./codes.js').Codes} Codes */

const MEMO_PAUSE_MS = 700;

/**
 * @typedef {object} Actions
 * @property {(id: string, valence: string) => void} rate
 * @property {(id: string, memo: string) => void} memo
 * @property {(id: string) => void} recode
 * @property {(id: string) => void} remove
 * @property {(id: string) => void} play
 * @property {(by: 1 | -1) => void} step
 * @property {(id: string) => Promise<any>} history
 * @property {() => void} leave gives the focus back to the text
 */

export class Inspector {
  /**
   * @param {object} parts
   * @param {Codes} parts.codes
   * @param {(id: string) => string} parts.colour
   * @param {boolean} parts.canPlay
   * @param {boolean} parts.canCode
   * @param {Actions} parts.actions
   * @param {(code: import('./codes.js').Code) => HTMLElement} parts.own what the coder keeps of a code
   */
  constructor({ codes, colour, canPlay, canCode, actions, own }) {
    this.own = own;
    /** Id of the code whose rules are shown, empty if none. */
    this.code = '';
    this.codes = codes;
    this.colour = colour;
    this.canPlay = canPlay;
    this.canCode = canCode;
    this.actions = actions;
    this.element = el('section', { class: 'pr-inspector', 'aria-label': 'Selected coding' });
    this.scrolled = false;
    this.element.addEventListener('scroll', () => { this.scrolled = true; }, { passive: true });
    /** @type {Coding | null} */
    this.coding = null;
    this.shown = '';
    /** @type {any} */
    this.timer = 0;
    this.rest();
  }

  /** Only where it was scrolled: asking costs a layout with every coding. */
  toTop() {
    if (this.scrolled) this.element.scrollTop = 0;
    this.scrolled = false;
  }

  /** Nothing selected: say how to begin. */
  rest() {
    const hint = this.canCode
      ? 'Select words in the text and press c to code them. Click a code above to read its rules.'
      : 'Click a stripe beside the text to see a coding, or a code above to read its rules.';
    this.keepMemo();
    this.coding = null;
    this.shown = '';
    this.element.replaceChildren(el('p', { class: 'pr-quiet', text: hint }));
  }

  /** Something of somebody else's, such as what to do with selected words. @param {HTMLElement} card */
  card(card) {
    this.keepMemo();
    this.coding = null;
    this.shown = '';
    this.element.replaceChildren(card);
    this.toTop();
  }

  /** @param {string} id of a code */
  rules(id) {
    const code = this.codes.get(id);
    if (!code) return;
    this.keepMemo();
    this.coding = null;
    this.shown = '';
    this.element.replaceChildren(this.head(id, this.codes.above(id)), showRules(code, false), this.own(code));
    this.code = id;
    this.toTop();
  }

  /** The same rules again, after the codebook or what the coder keeps of it has changed. */
  again() {
    if (!this.coding && this.code && this.element.querySelector('.pr-words')) this.rules(this.code);
  }

  /**
   * @param {Coding} coding @param {string} quote @param {string} by name of the coder
   * @param {boolean} editable
   */
  show(coding, quote, by, editable) {
    const face = `${coding.id} ${coding.code} ${quote} ${editable}`;
    if (this.shown === face) {
      this.coding = coding;
      this.refresh();
      return;
    }
    this.keepMemo();
    this.coding = coding;
    this.shown = face;
    const { actions } = this;
    const code = this.codes.get(coding.code);
    const words = quote.split(/\s+/).filter(Boolean).length;
    const act = (/** @type {string} */ label, /** @type {string} */ key, /** @type {(id: string) => void} */ work, able = true) => {
      const button = quietButton(label, () => work(coding.id), { class: 'pr-act', title: `${label} (${key})` });
      button.append(el('kbd', { text: key }));
      button.disabled = !able;
      return button;
    };
    this.scale = el('div', { class: 'pr-scale', role: 'radiogroup', 'aria-label': 'Valence' });
    for (const { value, sign, name, key } of VALENCES) {
      const button = quietButton(sign, () => actions.rate(coding.id, value), {
        class: 'pr-valence', role: 'radio', 'data-valence': value, title: `${name} (${key})`, 'aria-label': name,
      });
      button.disabled = !editable;
      this.scale.append(button);
    }
    this.valence = el('span', { class: 'pr-valence-name' });
    this.memo = el('textarea', {
      class: 'pr-memo', rows: 2, placeholder: editable ? 'Note on this coding (m)' : 'No note', 'aria-label': 'Memo', readonly: !editable,
    });
    this.memo.value = coding.memo;
    this.memo.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keepMemo(), MEMO_PAUSE_MS);
    });
    this.memo.addEventListener('blur', () => this.keepMemo());
    this.memo.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return;
      event.preventDefault();
      event.stopPropagation();
      this.keepMemo();
      actions.leave();
    });
    this.memoOf = coding.id;
    const quoted = el('blockquote', { class: 'pr-quote', text: quote });
    quoted.title = quote;
    this.element.replaceChildren(
      this.head(coding.code, this.codes.above(coding.code)),
      quoted,
      el('p', { class: 'pr-by', text: `${plural(words, 'word')} · coded by ${by}` }),
      el('div', { class: 'pr-rate' }, this.scale, this.valence),
      this.memo,
      el(
        'div',
        { class: 'pr-acts' },
        this.canPlay ? act('Play', 'p', actions.play) : null,
        act('Change code', 'r', actions.recode, editable),
        act('Remove', 'u', actions.remove, editable),
      ),
      code ? el('details', { class: 'pr-more', open: true }, el('summary', { text: 'Rules of this code' }), showRules(code, true)) : '',
      historyOf(actions.history, coding.id),
    );
    this.toTop();
    this.refresh();
  }

  /** Bring valence and memo up to date without touching what is being typed. */
  refresh() {
    const { coding } = this;
    if (!coding || !this.scale) return;
    for (const button of this.scale.children) {
      button.setAttribute('aria-checked', String(button.dataset.valence === coding.valence));
    }
    setText(this.valence, valenceName(coding.valence));
    if (document.activeElement !== this.memo) this.memo.value = coding.memo;
  }

  focusMemo() {
    this.memo?.focus();
  }

  /** Save what was typed, if it differs. */
  keepMemo() {
    clearTimeout(this.timer);
    if (!this.coding || !this.memo || this.memo.readOnly || this.memoOf !== this.coding.id) return;
    const { id, memo } = this.coding;
    const typed = this.memo.value;
    if (typed === memo) return;
    this.coding = { ...this.coding, memo: typed };
    this.actions.memo(id, typed);
  }

  /** @param {string} id @param {string} above */
  head(id, above) {
    const swatch = el('i', { class: 'pr-swatch' });
    const head = el(
      'header',
      { class: 'pr-inspector-head' },
      swatch,
      el('h3', { text: this.codes.name(id) }),
      above ? el('span', { class: 'pr-above', text: above }) : null,
    );
    head.style.setProperty('--c', this.colour(id));
    return head;
  }
}
