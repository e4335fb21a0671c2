/** The box in which one run of turns is corrected: a line is a turn. */

import { joined, retyped } from './edit_draft.js';
import { el, quietButton } from './dom.js';

/** @typedef {import('./edit_draft.js').Draft} Draft */

const HINT = 'Enter splits the turn at the caret. Backspace at the start joins it with the turn before.';

export class EditBox {
  /**
   * @param {object} parts
   * @param {Draft} parts.draft
   * @param {(turn: number) => Draft | null} parts.above the run before a turn, if there is one
   * @param {(draft: Draft) => void} parts.onChange with every key
   * @param {(how: 'done' | 'next' | 'before') => void} parts.onLeave
   * @param {() => void} parts.onJoined the run grew upwards
   * @param {(() => void) | null} parts.onHear null without a recording
   * @param {() => void} parts.onDiscard
   * @param {(event: KeyboardEvent) => boolean} parts.onKey keys of the player; true: taken
   */
  constructor({ draft, above, onChange, onLeave, onJoined, onHear, onDiscard, onKey }) {
    this.draft = draft;
    this.above = above;
    this.onChange = onChange;
    this.onLeave = onLeave;
    this.onJoined = onJoined;
    this.onKey = onKey;
    this.field = el('textarea', { class: 'pr-edit-field', rows: '1', spellcheck: 'true', 'aria-label': 'Words of this turn', 'aria-describedby': 'pr-edit-hint' });
    this.field.value = draft.text;
    const act = (/** @type {string} */ label, /** @type {() => void} */ work, /** @type {string} */ title) =>
      quietButton(label, work, { class: 'pr-act', title });
    this.element = el(
      'div',
      { class: 'pr-edit' },
      this.field,
      el(
        'div',
        { class: 'pr-edit-acts' },
        act('Done, next turn', () => onLeave('next'), 'Ctrl+Enter'),
        act('Done', () => onLeave('done'), 'Esc'),
        act('Split here', () => this.split(), 'Enter'),
        act('Join with turn before', () => this.join(), 'Backspace at the start'),
        onHear ? act('Hear it', onHear, 'From two seconds before (Ctrl+Shift+Space)') : null,
        act('Discard', onDiscard, 'The words as they were'),
      ),
      el('p', { class: 'pr-quiet pr-edit-hint', id: 'pr-edit-hint', text: HINT }),
    );
    this.sizes = new ResizeObserver(() => {
      if (this.field.clientWidth !== this.width) this.fit();
    });
    this.sizes.observe(this.field);
    this.field.addEventListener('input', () => this.typed());
    this.field.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.pressed(event));
  }

  /** After it stands in the page. @param {number} [caret] UTF-16 units */
  focus(caret = 0) {
    this.fit();
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(caret, caret);
  }

  fit() {
    this.width = this.field.clientWidth;
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  typed() {
    this.draft = retyped(this.draft, this.field.value, this.field.selectionEnd);
    this.fit();
    this.onChange(this.draft);
  }

  split() {
    this.field.focus();
    // The browser's own command, so that its undo knows of it.
    document.execCommand('insertText', false, '\n');
  }

  join() {
    const line = this.field.value.lastIndexOf('\n', this.field.selectionStart - 1);
    if (line >= 0) {
      this.field.focus();
      this.field.setSelectionRange(line, line + 1);
      document.execCommand('insertText', false, ' ');
      return;
    }
    const above = this.above(this.draft.first);
    if (!above) return;
    const caret = above.text.length + 1;
    this.draft = joined(above, this.draft);
    this.field.value = this.draft.text;
    this.onChange(this.draft);
    this.onJoined();
    this.focus(caret);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const { selectionStart, selectionEnd } = this.field;
    let taken = true;
    if (event.key === 'Escape') this.onLeave('done');
    else if (event.key === 'Enter' && control) this.onLeave(event.shiftKey ? 'before' : 'next');
    else if (event.key === 'Backspace' && selectionStart === 0 && selectionEnd === 0) this.join();
    else taken = this.onKey(event);
    if (taken) event.preventDefault();
    event.stopPropagation();
  }
}
