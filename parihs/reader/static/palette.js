/**
 * The palette: type a few letters of a code's name, see its rule, press Enter. It opens beside the
 * selected words and never covers them.
 */

import { el } from './dom.js';
import { ownMark, showRules } from './rules.js';

/** @typedef {import('./codes.js').Code} Code */
/** @typedef {import('./codes.js').Codes} Codes */
/** @typedef {import('./codes.js').Recent} Recent */

let numbers = 0;

export class Palette {
  /**
   * @param {object} parts
   * @param {HTMLElement} parts.host
   * @param {Codes} parts.codes
   * @param {Recent} parts.recent
   * @param {(id: string) => string} parts.colour
   * @param {() => void} parts.onClose
   * @param {import('./at_hand.js').AtHand} parts.atHand
   * @param {(name: string, below: string) => Promise<string>} parts.onNew adds a code; its id, empty if refused
   */
  constructor({ host, codes, recent, colour, onClose, atHand, onNew }) {
    this.host = host;
    this.codes = codes;
    this.recent = recent;
    this.colour = colour;
    this.onClose = onClose;
    this.atHand = atHand;
    this.onNew = onNew;
    /** Name of a code that is about to be added, while its place is chosen. */
    this.making = '';
    /** @type {Code[]} */
    this.found = [];
    this.at = 0;
    /** @type {(id: string, more: boolean) => void} */
    this.choose = () => {};
    const id = `pr-palette-${(numbers += 1)}`;
    this.input = el('input', {
      class: 'pr-input', type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
      'aria-expanded': 'true', 'aria-controls': id, 'aria-autocomplete': 'list',
    });
    this.listbox = el('div', { class: 'pr-options', role: 'listbox', id, 'aria-label': 'Codes' });
    this.aside = el('div', { class: 'pr-palette-rules', 'aria-live': 'polite' });
    this.foot = el('div', { class: 'pr-palette-foot' });
    this.box = el(
      'div',
      { class: 'pr-palette', role: 'dialog', 'aria-label': 'Choose a code', hidden: true },
      this.input,
      el('div', { class: 'pr-palette-body' }, this.listbox, this.aside),
      this.foot,
    );
    host.append(this.box);
    this.input.addEventListener('input', () => this.refresh());
    this.input.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.box.addEventListener('mousedown', (/** @type {MouseEvent} */ event) => {
      if (event.target !== this.input) event.preventDefault();
    });
    this.listbox.addEventListener('click', (/** @type {MouseEvent} */ event) => {
      const option = event.target instanceof Element ? event.target.closest('[data-at]') : null;
      if (!(option instanceof HTMLElement)) return;
      this.at = Number(option.dataset.at);
      this.accept(event.shiftKey);
    });
    this.box.addEventListener('focusout', (/** @type {FocusEvent} */ event) => {
      if (!this.box.hidden && !this.box.contains(/** @type {Node | null} */ (event.relatedTarget))) this.close(false);
    });
  }

  get open() {
    return !this.box.hidden;
  }

  /**
   * @param {object} options
   * @param {string} options.prompt
   * @param {DOMRect | null} options.near where the words are, in client coordinates
   * @param {boolean} options.several whether Shift+Enter may keep it open
   * @param {(id: string, more: boolean) => void} options.choose
   * @param {string} [options.typed] on coming back from another question, where the box stays
   */
  show({ prompt, near, several, choose, typed }) {
    this.choose = choose;
    this.several = several;
    this.prompt = prompt;
    this.making = '';
    this.ask(prompt, several
      ? '↑ ↓ choose   Enter apply   Shift+Enter apply and stay   Alt+P pin   Esc close'
      : '↑ ↓ choose   Enter apply   Alt+P pin   Esc close', typed);
    this.box.hidden = false;
    this.refresh();
    if (typed === undefined) this.place(near);
    this.input.focus({ preventScroll: true });
  }

  /** @param {string} prompt @param {string} foot @param {string} [typed] */
  ask(prompt, foot, typed = '') {
    this.input.value = typed;
    this.input.placeholder = prompt;
    this.input.setAttribute('aria-label', prompt);
    this.foot.textContent = foot;
  }

  /** @param {DOMRect | null} near */
  place(near) {
    const room = this.host.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const words = near ?? new DOMRect(room.left + room.width / 4, room.top + 60, 0, 0);
    const left = Math.max(8, Math.min(words.left - room.left, room.width - width - 8));
    const below = words.bottom - room.top + 8;
    const above = words.top - room.top - height - 8;
    const fits = below + height <= room.height - 8;
    const top = fits ? below : above >= 8 ? above : Math.max(8, room.height - height - 8);
    this.box.style.left = `${left}px`;
    this.box.style.top = `${top}px`;
  }

  /** @param {boolean} [giveBack] the focus to the text */
  close(giveBack = true) {
    if (!this.open) return;
    this.box.hidden = true;
    if (giveBack) this.onClose();
  }

  refresh() {
    const query = this.input.value;
    this.found = this.codes.search(query);
    if (!query.trim()) {
      const recent = /** @type {Code[]} */ (this.recent.ids.map((id) => this.codes.get(id)).filter(Boolean));
      const first = [...new Set([...recent, ...this.atHand.pinned()])];
      this.found = [...first, ...this.found.filter((code) => !first.includes(code))];
    }
    this.at = 0;
    const options = this.found.map((code, at) => {
      const digit = this.recent.digit(code.id);
      const option = el(
        'div',
        { class: 'pr-option', role: 'option', id: `${this.listbox.id}-${at}`, 'data-at': at },
        el('i', { class: 'pr-swatch' }),
        el('span', { class: 'pr-option-name', text: code.name }, ...ownMark(code)),
        el('span', { class: 'pr-option-above', text: this.codes.above(code.id) }),
        this.atHand.of(code.id).pinned ? el('span', { class: 'pr-star', text: '★', title: 'Pinned' }) : null,
        digit > 0 ? el('kbd', { text: String(digit) }) : null,
      );
      option.style.setProperty('--c', this.colour(code.id));
      return option;
    });
    this.offer = this.making || !this.atHand.able ? '' : query.trim().replace(/\s+/g, ' ');
    if (this.offer) {
      options.push(el(
        'div',
        { class: 'pr-option pr-option-new', role: 'option', id: `${this.listbox.id}-${options.length}`, 'data-at': options.length },
        el('span', { class: 'pr-option-name', text: `+ New code “${this.offer}” below …` }),
      ));
    }
    if (options.length === 0) options.push(el('div', { class: 'pr-quiet pr-none', text: 'No code has these letters.' }));
    this.listbox.replaceChildren(...options);
    this.listbox.scrollTop = 0;
    this.point();
  }

  point() {
    const code = this.found[this.at];
    this.listbox.querySelector('[aria-selected]')?.removeAttribute('aria-selected');
    const option = this.listbox.children[this.at];
    if (code && option) {
      option.setAttribute('aria-selected', 'true');
      option.scrollIntoView({ block: 'nearest' });
      this.input.setAttribute('aria-activedescendant', option.id);
      this.aside.replaceChildren(showRules(code, true));
    } else if (option && this.offer) {
      option.setAttribute('aria-selected', 'true');
      option.scrollIntoView({ block: 'nearest' });
      this.input.setAttribute('aria-activedescendant', option.id);
      this.aside.replaceChildren(el('p', {
        class: 'pr-quiet pr-none',
        text: 'Nothing in the codebook fits? Add a code of the team’s own below one of its codes. It is marked as inductive, everywhere, and everybody gets it.',
      }));
    } else this.aside.replaceChildren();
  }

  /** @param {boolean} more */
  accept(more) {
    const code = this.found[this.at];
    if (!code && this.offer) return this.begin(this.offer);
    if (!code) return;
    if (this.making) return void this.make(this.making, code.id);
    const stay = more && Boolean(this.several);
    if (!stay) this.close();
    this.choose(code.id, stay);
    if (stay) {
      this.input.value = '';
      this.refresh();
    }
  }

  /** Ask where a new code belongs. @param {string} name */
  begin(name) {
    this.making = name;
    this.ask(`“${name}” is a new code below…`, '↑ ↓ choose where it belongs   Enter add it and apply it   Esc back');
    this.refresh();
  }

  /** @param {string} name @param {string} below */
  async make(name, below) {
    const { choose } = this;
    this.making = '';
    this.close();
    const id = await this.onNew(name, below);
    if (id) choose(id, false);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.found.length - (this.offer ? 0 : 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const by = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (by) {
      const to = Math.abs(by) === 1 ? (this.at + by + last + 1) % (last + 1) : this.at + by;
      this.at = Math.max(0, Math.min(last, to));
      this.point();
    } else if (event.key === 'Enter') this.accept(event.shiftKey);
    else if (event.key === 'Escape' && this.making) {
      const name = this.making;
      this.show({ prompt: this.prompt ?? '', near: null, several: Boolean(this.several), choose: this.choose, typed: name });
    } else if (event.key === 'Escape') this.close();
    else if (event.altKey && event.code === 'KeyP') {
      const code = this.found[this.at];
      if (!code) return;
      const { at } = this;
      this.atHand.pin(code.id);
      this.refresh();
      this.at = Math.max(0, this.found.indexOf(code), this.input.value ? at : 0);
      this.point();
    }
    else if (event.key === 'Tab') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
