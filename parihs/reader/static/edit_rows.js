/** Corrections that are not saved yet, shown in place of the words they correct. */

import { el } from './dom.js';
import { piecesOf } from './edit_draft.js';

/** @typedef {import('./edit_draft.js').Draft} Draft */

export class DraftRows {
  /** @param {import('./text.js').TextView} text */
  constructor(text) {
    this.text = text;
  }

  /** @param {Draft} draft */
  show(draft) {
    const { rows } = this.text;
    if (draft.last >= rows.length) return;
    this.hide(draft);
    const lines = el('div', { class: 'pr-draft', title: 'Corrected, not saved yet; click to go on' });
    if (draft.original !== undefined) lines.classList.add('pr-draft-clash');
    let line = el('p', { class: 'pr-text' });
    lines.append(line);
    for (const { text, typed } of piecesOf(draft)) {
      text.split('\n').forEach((part, number) => {
        if (number > 0) lines.append((line = el('p', { class: 'pr-text' })));
        if (part) line.append(typed ? el('ins', { text: part }) : part);
      });
    }
    if (!draft.text.trim()) lines.replaceChildren(el('p', { class: 'pr-text pr-quiet', text: 'This turn will be deleted.' }));
    rows[draft.first].append(lines);
  }

  /** Take the old words of these turns out of sight. @param {Draft} draft */
  hide(draft) {
    this.unhide(draft);
    for (let turn = draft.first; turn <= draft.last; turn += 1) {
      const row = this.text.rows[turn];
      row.classList.add('pr-drafted');
      if (turn > draft.first) row.hidden = true;
    }
  }

  /** @param {Draft} draft */
  unhide({ first, last }) {
    for (let turn = first; turn <= last; turn += 1) {
      const row = this.text.rows[turn];
      row?.querySelector('.pr-draft')?.remove();
      row?.classList.remove('pr-drafted');
      if (row) row.hidden = false;
    }
  }
}
