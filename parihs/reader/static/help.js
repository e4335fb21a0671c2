/** The cheat sheet: all keys on one page. */

import { el, quietButton } from './dom.js';
import { BINDINGS } from './keys.js';

/**
 * @param {boolean} listening whether there is a recording
 * @param {() => void} onClose
 * @returns {HTMLDialogElement}
 */
export function cheatSheet(listening, onClose) {
  const sheet = el('div', { class: 'pr-keys' });
  const groups = [...new Set(BINDINGS.map((binding) => binding.group))];
  for (const group of groups) {
    if (group === 'Listen' && !listening) continue;
    const list = el('dl', {});
    for (const { group: own, shown, help } of BINDINGS) {
      if (own !== group || !shown) continue;
      const keys = el('dt', {});
      for (const part of shown.split('  ')) keys.append(el('kbd', { text: part }));
      list.append(keys, el('dd', { text: help }));
    }
    sheet.append(el('section', {}, el('h4', { text: group }), list));
  }
  const dialog = el('dialog', { class: 'pr-help', 'aria-label': 'Keys' });
  const close = quietButton('Close', () => dialog.close(), { class: 'pr-act' });
  dialog.append(
    el('header', {}, el('h3', { text: 'Keys' }), close),
    el('p', { class: 'pr-quiet', text: 'Drag over words to select them: whole words are taken, unless you hold Alt.' }),
    sheet,
  );
  dialog.addEventListener('close', onClose);
  dialog.addEventListener('click', (/** @type {Event} */ event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
