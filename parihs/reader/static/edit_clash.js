/** Two people changed the same turns: both texts side by side, and one chooses. */

import { el, plural, quietButton } from './dom.js';
import { freshDraft } from './edit_draft.js';

/** @typedef {import('./edit_draft.js').Draft} Draft */

/**
 * Ask about each clash; nothing is decided until somebody does, and closing decides nothing.
 * @param {object} parts
 * @param {Draft[]} parts.clashes @param {(turn: number) => string} parts.where
 * @param {(draft: Draft, keep: 'mine' | 'theirs' | 'edit') => void} parts.onChoose
 * @param {() => void} parts.onClose
 * @returns {HTMLDialogElement}
 */
export function clashDialog({ clashes, where, onChoose, onClose }) {
  const list = el('div', { class: 'pr-clashes' });
  const dialog = el('dialog', { class: 'pr-help pr-clash-dialog', 'aria-label': 'Both texts' });
  let left = clashes.length;
  for (const draft of clashes) {
    const side = (/** @type {string} */ name, /** @type {string} */ text) =>
      el('div', { class: 'pr-clash-side' }, el('h4', { text: name }), el('p', { text: text || '(deleted)' }));
    const choice = (/** @type {string} */ label, /** @type {'mine' | 'theirs' | 'edit'} */ keep) =>
      el('button', { type: 'button', class: 'pr-edit-save', text: label, onclick: () => {
        box.remove();
        left -= 1;
        onChoose(draft, keep);
        if (left === 0 || keep === 'edit') dialog.close();
      } });
    const box = el(
      'section',
      { class: 'pr-clash' },
      el('p', { class: 'pr-quiet', text: where(draft.first) }),
      el('details', {}, el('summary', { text: 'What both began with' }), el('p', { text: draft.original ?? '' })),
      el('div', { class: 'pr-clash-sides' }, side('Saved by somebody else', draft.before), side('Yours', draft.text)),
      el('div', { class: 'pr-clash-acts' }, choice('Keep theirs', 'theirs'), choice('Take mine', 'mine'), choice('Write it together', 'edit')),
    );
    list.append(box);
  }
  dialog.append(
    el('header', {}, el('h3', { text: `${plural(clashes.length, 'place')} that somebody else changed too` }),
      quietButton('Later', () => dialog.close(), { class: 'pr-act' })),
    el('p', { class: 'pr-quiet', text: 'Nothing of yours is lost: choose for each place, then save again.' }),
    list,
  );
  dialog.addEventListener('close', onClose);
  return dialog;
}

/** My text in place of theirs, no longer a question. @param {Draft} draft @returns {Draft} */
export function mineInstead(draft) {
  const { original, ...mine } = draft;
  return mine;
}

/** Both texts in one box, theirs first. @param {Draft} draft @returns {Draft} */
export function bothTogether({ first, before, text }) {
  const theirs = freshDraft(first, before.split('\n'));
  return { ...theirs, text: `${before}\n${text}` };
}
