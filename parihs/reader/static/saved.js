/** Whether the work is safe, in plain words, always in sight. */

import { el, plural, setText } from './dom.js';

/** @typedef {import('./queue.js').QueueStatus} QueueStatus */

const CALM_MS = 400;

/**
 * @param {QueueStatus} status @param {number} pending @returns {string}
 */
export function savedWords(status, pending) {
  const kept = `${plural(pending, 'change')} kept on this computer`;
  switch (status) {
    case 'saved':
      return 'All saved';
    case 'saving':
      return `Saving ${pending}…`;
    case 'offline':
      return `Offline: ${kept}, will be sent`;
    case 'signed-out':
      return `Sign-in has run out: ${kept}. Reload the page to send`;
    case 'held':
      return `Not taken: you may not code this now. ${kept}`;
    default:
      return `Not saved yet: ${kept}, trying again`;
  }
}

export class SavedState {
  /** @param {HTMLElement} root carries the number pending for styles and tests */
  constructor(root) {
    this.root = root;
    this.element = el('span', { class: 'pr-saved', role: 'status', 'aria-live': 'polite' });
    /** @type {any} */
    this.timer = 0;
    this.show('saved', 0);
  }

  /** @param {QueueStatus} status @param {number} pending */
  show(status, pending) {
    this.root.dataset.pending = String(pending);
    this.root.dataset.saved = status;
    clearTimeout(this.timer);
    const write = () => {
      this.element.dataset.state = status;
      setText(this.element, savedWords(status, pending));
    };
    // A save takes a blink; words that flicker with every key would only disturb.
    if (status === 'saving' && this.element.dataset.state === 'saved') this.timer = setTimeout(write, CALM_MS);
    else write();
  }
}
