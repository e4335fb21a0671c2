/** A small window over the text's upper corner: leaves with Esc, and gives the keys back. */

import { el, quietButton } from './dom.js';

export class Popover {
  /** @param {HTMLElement} host @param {string} title @param {string} name class of its own @param {() => void} onClose */
  constructor(host, title, name, onClose) {
    this.onClose = onClose;
    this.body = el('div', { class: 'pr-pop-body' });
    this.box = el(
      'section',
      { class: `pr-pop ${name}`, role: 'dialog', 'aria-label': title, hidden: true },
      el('header', {}, el('h3', { text: title }), quietButton('Close', () => this.close(), { class: 'pr-act', title: 'Close (Esc)' })),
      this.body,
    );
    host.append(this.box);
    this.box.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
  }

  get open() {
    return !this.box.hidden;
  }

  show() {
    this.box.hidden = false;
    /** @type {HTMLElement | null} */ (this.body.querySelector('textarea, button, select, input') ?? this.box.querySelector('button'))?.focus();
  }

  close() {
    if (!this.open) return;
    this.box.hidden = true;
    this.onClose();
  }
}
