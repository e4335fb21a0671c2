/**
 * A small list beside a turn: who speaks here, and for how many turns that holds. Typing narrows
 * the list, Tab takes more turns, Enter does it.
 */

import { el } from './dom.js';

/** @typedef {{name: string, about: string, to: Record<string, string>}} Named */
/** @typedef {{said: string, send: Record<string, any>}} Choice what to say when it is done, what to send */
/** @typedef {{name: string, about: string, choice: Choice}} Option */

const NO_FIT = 3;

/** How well somebody fits what is typed: a name that begins so, one that holds it, their role. @param {Named} named @param {string} wanted @returns {number} */
function rankOf({ name, about }, wanted) {
  const at = name.toLowerCase().indexOf(wanted);
  if (at >= 0) return at === 0 ? 0 : 1;
  return about.toLowerCase().includes(wanted) ? 2 : NO_FIT;
}

export class SpeakerChooser {
  /** @param {HTMLElement} host @param {() => void} onClose */
  constructor(host, onClose) {
    this.host = host;
    this.onClose = onClose;
    this.scope = 0;
    this.at = 0;
    /** @type {Option[]} */
    this.found = [];
    this.input = el('input', {
      class: 'pr-input', type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', placeholder: 'Who speaks here?',
      'aria-label': 'Who speaks here?', 'aria-expanded': 'true', 'aria-controls': 'pr-speaker-options', 'aria-autocomplete': 'list',
    });
    this.scopes = el('div', { class: 'pr-scopes', role: 'radiogroup', 'aria-label': 'For which turns' });
    this.listbox = el('div', { class: 'pr-options', role: 'listbox', id: 'pr-speaker-options', 'aria-label': 'Speakers' });
    this.box = el(
      'div',
      { class: 'pr-palette pr-chooser', role: 'dialog', 'aria-label': 'Who speaks here', hidden: true },
      this.input,
      this.scopes,
      this.listbox,
      el('div', { class: 'pr-palette-foot', text: '↑ ↓ choose   Tab more turns   Enter do it   Esc close' }),
    );
    host.append(this.box);
    this.input.addEventListener('input', () => this.refresh());
    this.input.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.box.addEventListener('mousedown', (/** @type {MouseEvent} */ event) => {
      if (event.target !== this.input) event.preventDefault();
    });
    this.box.addEventListener('click', (/** @type {MouseEvent} */ event) => {
      const hit = event.target instanceof Element ? event.target.closest('[data-at], [data-scope]') : null;
      if (!(hit instanceof HTMLElement)) return;
      if (hit.dataset.scope) this.takeScope(Number(hit.dataset.scope));
      else {
        this.at = Number(hit.dataset.at);
        this.accept();
      }
    });
    this.box.addEventListener('focusout', (/** @type {FocusEvent} */ event) => {
      if (!this.box.hidden && !this.box.contains(/** @type {Node | null} */ (event.relatedTarget))) this.close(false);
    });
  }

  /**
   * @param {object} about
   * @param {DOMRect} about.near the turn, in client coordinates
   * @param {import('./speakers.js').Scope[]} about.scopes
   * @param {Named[]} about.named
   * @param {boolean} about.mine whether somebody is named now
   * @param {(turns: number[]) => boolean} about.unsure whether all of them are marked
   * @param {string} about.last what could be undone, empty for nothing
   * @param {(choice: Choice, turns: number[]) => void} about.choose
   */
  show(about) {
    this.about = about;
    this.scope = 0;
    this.input.value = '';
    this.box.hidden = false;
    this.refresh();
    this.place(about.near);
    this.input.focus({ preventScroll: true });
  }

  /** @param {DOMRect} near */
  place(near) {
    const room = this.host.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const below = Math.max(8, near.top - room.top + 34);
    const fits = below + height <= room.height - 8;
    const above = near.top - room.top - height - 4;
    this.box.style.left = `${Math.max(8, Math.min(near.left - room.left + 12, room.width - width - 8))}px`;
    this.box.style.top = `${fits ? below : Math.max(8, above)}px`;
  }

  /** @param {boolean} [giveBack] the focus to the text */
  close(giveBack = true) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    if (giveBack) this.onClose();
  }

  /** @param {number} scope */
  takeScope(scope) {
    const n = this.about?.scopes.length ?? 1;
    this.scope = (scope + n) % n;
    this.refresh();
  }

  /** @returns {Option[]} all that can be chosen for what is typed */
  options() {
    const { about } = this;
    if (!about) return [];
    const typed = this.input.value.trim();
    const wanted = typed.toLowerCase();
    const options = about.named
      .map((each) => ({ ...each, rank: rankOf(each, wanted) }))
      .filter(({ rank }) => rank < NO_FIT)
      .sort((a, b) => a.rank - b.rank)
      .map(({ name, about: more, to }) => ({ name, about: more, choice: { said: `given to ${name}`, send: { verb: 'move', to } } }));
    const known = about.named.some(({ name }) => name.toLowerCase() === wanted);
    if (!known) {
      const name = typed ? `New voice “${typed}”` : 'New voice';
      options.push({ name, about: typed ? '' : 'type a name, or leave it to a number', choice: { said: `given to ${typed || 'a new voice'}`, send: { verb: 'move', to: { name: typed } } } });
    }
    if (typed) return options;
    const marked = about.unsure(about.scopes[this.scope].turns);
    options.push(marked
      ? { name: 'It is sure who speaks', about: '', choice: { said: 'marked as sure', send: { verb: 'sure' } } }
      : { name: 'Not sure who speaks', about: 'marks the turns, moves nothing', choice: { said: 'marked as not sure', send: { verb: 'unsure' } } });
    if (about.mine) options.push({ name: 'Nobody named', about: '', choice: { said: 'given to nobody', send: { verb: 'move', to: {} } } });
    if (about.last) options.push({ name: 'Undo the last change', about: about.last, choice: { said: '', send: { verb: 'undo' } } });
    return options;
  }

  refresh() {
    const { about } = this;
    if (!about) return;
    this.scopes.replaceChildren(...about.scopes.map(({ label }, index) =>
      el('span', { class: 'pr-scope', role: 'radio', text: label, 'data-scope': index, 'aria-checked': String(index === this.scope) }),
    ));
    this.found = this.options();
    this.at = 0;
    this.listbox.replaceChildren(...this.found.map(({ name, about: more }, at) =>
      el(
        'div',
        { class: 'pr-option', role: 'option', id: `pr-speaker-${at}`, 'data-at': at },
        el('span', { class: 'pr-option-name', text: name }),
        el('span', { class: 'pr-option-above', text: more }),
      ),
    ));
    this.listbox.scrollTop = 0;
    this.point();
  }

  point() {
    this.listbox.querySelector('[aria-selected]')?.removeAttribute('aria-selected');
    const option = this.listbox.children[this.at];
    if (!option) return;
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', option.id);
  }

  accept() {
    const { about } = this;
    const option = this.found[this.at];
    if (!about || !option) return;
    this.close();
    about.choose(option.choice, about.scopes[this.scope].turns);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const n = Math.max(1, this.found.length);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.at = (this.at + (event.key === 'ArrowDown' ? 1 : -1) + n) % n;
      this.point();
    } else if (event.key === 'Tab') this.takeScope(this.scope + (event.shiftKey ? -1 : 1));
    else if (event.key === 'Enter') this.accept();
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
