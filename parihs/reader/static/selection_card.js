/** What can be done with the selected words, as buttons: the mouse reaches all that keys reach. */

import { el, plural, quietButton } from './dom.js';

/** @typedef {import('./desk.js').Reader} Reader */

export class SelectionCard {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    this.said = el('p', { class: 'pr-quiet' });
    const act = (/** @type {string} */ label, /** @type {string} */ key, /** @type {string} */ name, /** @type {any} */ arg) => {
      const button = quietButton(label, () => reader.actions.run(name, arg), { class: 'pr-act', title: `${label} (${key})` });
      button.append(el('kbd', { text: key }));
      return button;
    };
    const { can_code: canCode, recording } = reader.data;
    this.reshape = act('Give the coding these words', 'a', 'reshape', undefined);
    this.element = el('div', {},
      this.said,
      el('div', { class: 'pr-acts' },
        canCode ? act('Code', 'c', 'palette', undefined) : null,
        canCode ? this.reshape : null,
        act('Whole sentence', 's', 'sentence', undefined),
        act('Whole turn', 't', 'wholeTurn', undefined),
        act('Memo', 'M', 'writeMemo', undefined),
        recording ? act('Play', 'p', 'playExcerpt', undefined) : null,
      ),
    );
  }

  /** Beside the selection, unless something else is shown there. */
  update() {
    const { selecting, text, inspector, codes, work, reshaping } = this.reader;
    const { excerpt } = selecting;
    if (!excerpt) {
      if (this.element.isConnected) inspector.rest();
      return;
    }
    const words = text.quote(excerpt).split(/\s+/).filter(Boolean).length;
    this.said.textContent = `${plural(words, 'word')} selected`;
    const coding = work.codings.get(reshaping);
    this.reshape.hidden = !coding;
    if (coding) this.reshape.firstChild.textContent = `Give “${codes.name(coding.code)}” these words`;
    if (!this.element.isConnected) inspector.card(this.element);
  }
}
