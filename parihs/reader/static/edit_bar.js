/** The line above the text while correcting: what waits to be saved, and the tools. */

import { el, plural, quietButton, setText } from './dom.js';

export const REWINDS = [0, 1, 2, 3, 5];
export const THRESHOLDS = [0.3, 0.5, 0.7, 0.9];

/** @typedef {'' | 'saving' | 'offline' | 'refused'} BarState */

export class EditBar {
  /**
   * @param {object} parts
   * @param {() => void} parts.onSave @param {() => void} parts.onUndo @param {() => void} parts.onDiscard
   * @param {() => void} parts.onFind @param {() => void} parts.onClose
   * @param {(below: number) => void} parts.onDoubt 0: off
   * @param {(by: 1 | -1) => void} parts.onNextDoubt
   * @param {(seconds: number) => void} parts.onRewind
   * @param {() => void} parts.onChoose look at the clashes
   * @param {number} parts.rewind @param {number} parts.below @param {boolean} parts.listening
   */
  constructor({ onSave, onUndo, onDiscard, onFind, onClose, onDoubt, onNextDoubt, onRewind, onChoose, rewind, below, listening }) {
    const tool = (/** @type {string} */ label, /** @type {() => void} */ act, /** @type {string} */ title, kind = 'pr-tool') =>
      quietButton(label, act, { class: kind, title });
    this.state = el('span', { class: 'pr-edit-state', role: 'status', 'aria-live': 'polite' });
    this.save = tool('Save', onSave, 'Make a new version of the transcript (Ctrl+S)', 'pr-edit-save');
    this.undo = tool('Take back', onUndo, 'Take back the last correction');
    this.discard = tool('Discard all', onDiscard, 'All words as they were');
    this.choose = tool('Choose…', onChoose, 'Somebody else changed the same turns');
    this.doubt = el('select', { class: 'pr-speed', 'aria-label': 'Doubtful words' });
    this.doubt.append(el('option', { value: '0', text: 'Doubtful words: off' }));
    for (const value of THRESHOLDS) {
      this.doubt.append(el('option', { value: String(value), text: `Doubtful: below ${value * 100} %` }));
    }
    this.doubt.value = String(below);
    this.next = tool('Next (d)', () => onNextDoubt(1), 'Next doubtful word (d; Shift+d the one before)');
    this.count = el('span', { class: 'pr-quiet' });
    const rewinds = el('select', { class: 'pr-speed', 'aria-label': 'What a pause does' });
    for (const value of REWINDS) {
      rewinds.append(el('option', { value: String(value), text: value ? `Pause goes back ${value} s` : 'Pause stays' }));
    }
    rewinds.value = String(rewind);
    rewinds.addEventListener('change', () => onRewind(Number(rewinds.value)));
    this.doubt.addEventListener('change', () => onDoubt(Number(this.doubt.value)));
    this.element = el(
      'div',
      { class: 'pr-edit-bar', role: 'toolbar', 'aria-label': 'Correcting' },
      this.state,
      this.choose,
      this.save,
      this.undo,
      this.discard,
      el('span', { class: 'pr-edit-gap' }),
      tool('Find and replace', onFind, 'Ctrl+H'),
      this.doubt,
      this.count,
      this.next,
      listening ? rewinds : null,
      tool('Leave', onClose, 'Stop correcting (e); what is not saved stays'),
    );
    this.next.hidden = true;
    this.element.hidden = true;
  }

  /** @param {{open: boolean, drafts: number, clashes: number, undo: boolean, state: BarState, why: string}} now */
  show({ open, drafts, clashes, undo, state, why }) {
    this.element.hidden = !open && drafts === 0;
    const waiting = `${plural(drafts, 'correction')} not saved yet`;
    const words = clashes > 0
      ? `${plural(clashes, 'correction')} to choose about: somebody else changed the same turns`
      : {
        '': drafts ? waiting : 'Correcting: press Enter in a turn, or double-click it',
        saving: 'Saving…',
        offline: `The study does not answer: ${waiting}, kept in this browser`,
        refused: why,
      }[state];
    setText(this.state, words ?? '');
    this.state.dataset.state = clashes > 0 ? 'refused' : state;
    this.save.disabled = drafts === 0 || state === 'saving' || clashes > 0;
    this.choose.hidden = clashes === 0;
    this.undo.disabled = !undo;
    this.discard.disabled = drafts === 0;
  }

  /** @param {number} below @param {number | null} count null while off */
  showDoubts(below, count) {
    this.doubt.value = String(below);
    setText(this.count, count === null ? '' : plural(count, 'place'));
    this.next.hidden = count === null || count === 0;
  }
}
