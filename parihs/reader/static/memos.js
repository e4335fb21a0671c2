/** Memos in the reader: marks in the margin where there are some, a list, and writing one. */

import { el, plural, quietButton } from './dom.js';
import { Popover } from './popover.js';
import { SendError } from './queue.js';

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {{id: string, kind_name: string, text: string, author: string, own: boolean, type: string, about: string, start: number | null, end: number | null, written_at: string}} Memo */

const KINDS = [['analytic', 'Analytic: an idea about the data'], ['methodological', 'Methodological: how we work'], ['positional', 'Positional: where I stand'], ['decision', 'Decision: what we settled']];

export class Memos {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** @type {Memo[]} */
    this.all = [];
    this.draft = '';
    this.kind = 'analytic';
    this.pop = new Popover(reader.layout.body, 'Memos', 'pr-memos', () => reader.layout.focusText());
  }

  begin() {
    void this.load();
  }

  async load() {
    const { api, data } = this.reader;
    try {
      this.all = (await api.call(`/memos?transcript=${encodeURIComponent(data.transcript_id)}`)).memos;
      this.mark();
    } catch {
      // The margin stays without marks; opening the list asks again.
    }
  }

  /** Small marks beside the turns that memos are about. */
  mark() {
    const { text } = this.reader;
    for (const old of text.page.querySelectorAll('.pr-memo-mark')) old.remove();
    /** @type {Map<number, Memo[]>} */
    const byTurn = new Map();
    for (const memo of this.all) {
      if (memo.start === null) continue;
      const turn = text.turnAt(memo.start);
      byTurn.set(turn, [...(byTurn.get(turn) ?? []), memo]);
    }
    for (const [turn, memos] of byTurn) {
      text.rows[turn].append(quietButton('✎', () => void this.list(turn), {
        class: 'pr-memo-mark', tabindex: '-1', title: memos.map((memo) => `${memo.kind_name}: ${memo.text}`).join('\n\n').slice(0, 400),
        'aria-label': `${plural(memos.length, 'memo')} on turn ${turn + 1}`,
      }));
    }
  }

  /** All of them, or those of one turn. @param {number} [turn] */
  async list(turn = -1) {
    if (this.pop.open && turn < 0) {
      this.pop.close();
      return;
    }
    await this.load();
    const { text } = this.reader;
    const shown = this.all
      .filter(({ start }) => turn < 0 || (start !== null && text.turnAt(start) === turn))
      .sort((a, b) => (a.start ?? -1) - (b.start ?? -1));
    const list = el('ol', { class: 'pr-memo-list' }, ...shown.map((memo) => this.entry(memo)));
    const write = this.reader.data.coder.id
      ? quietButton('Write a memo on this transcript', () => this.write('transcript'), { class: 'pr-act' })
      : el('p', { class: 'pr-quiet', text: 'Say who you are in the side bar to write memos.' });
    this.pop.body.replaceChildren(
      shown.length > 0 ? list : el('p', { class: 'pr-quiet', text: 'No memos here yet. Select words and press M to write one on them.' }),
      el('div', { class: 'pr-acts' }, write, turn >= 0 ? quietButton('All memos of this transcript', () => { this.pop.close(); void this.list(); }, { class: 'pr-act' }) : ''),
    );
    this.pop.show();
  }

  /** @param {Memo} memo */
  entry(memo) {
    const { start, end } = memo;
    const about = start === null || end === null
      ? el('span', { class: 'pr-quiet', text: memo.about })
      : quietButton(memo.about, () => {
        this.pop.close();
        this.reader.view.goToExcerpt({ start, end });
      }, { class: 'pr-memo-about', title: 'Go there' });
    return el('li', {},
      el('p', { class: 'pr-memo-by' }, el('strong', { text: memo.kind_name }), ` ${memo.author} · ${memo.written_at.slice(0, 10)}`),
      el('p', { class: 'pr-memo-text', text: memo.text }), about);
  }

  /** What a memo would be about now. @returns {{type: string, id: string, label: string}[]} */
  targets() {
    const { selecting, selected, work, data, text, codes } = this.reader;
    const found = [];
    const short = (/** @type {import('./text.js').Excerpt} */ place) => {
      const quote = text.quote(place).replaceAll('\n', ' / ');
      return quote.length > 60 ? `${quote.slice(0, 60)}…` : quote;
    };
    const coding = work.codings.get(selected);
    const place = selecting.excerpt ?? coding;
    if (coding && !selecting.excerpt) found.push({ type: 'coding', id: coding.id, label: `The coding “${codes.name(coding.code)}”` });
    if (place) found.push({ type: 'excerpt', id: `${data.transcript_id}:${data.version_id}:${place.start}-${place.end}`, label: `“${short(place)}”` });
    return [...found, { type: 'transcript', id: data.transcript_id, label: 'The whole transcript' }];
  }

  /** @param {string} [type] what it is about, where there is a choice */
  write(type = '') {
    const { data, layout } = this.reader;
    if (!data.coder.id) {
      layout.notice('Nobody is chosen as the coder.', 'Say who you are in the side bar to write memos.');
      return;
    }
    const targets = this.targets();
    const kind = el('select', { class: 'pr-input', 'aria-label': 'Kind of memo' }, ...KINDS.map(([value, text]) => el('option', { value, text })));
    kind.value = this.kind;
    const about = el('select', { class: 'pr-input', 'aria-label': 'What it is about' }, ...targets.map(({ label }, at) => el('option', { value: at, text: label })));
    about.value = String(Math.max(0, targets.findIndex((target) => target.type === type)));
    const text = el('textarea', { class: 'pr-memo', rows: 6, placeholder: 'What you want to note down', 'aria-label': 'Memo' });
    text.value = this.draft;
    text.addEventListener('input', () => { this.draft = text.value; });
    const save = () => void this.save(kind.value, targets[Number(about.value)], text.value);
    this.pop.body.replaceChildren(
      text,
      el('div', { class: 'pr-memo-how' }, kind, about),
      el('div', { class: 'pr-acts' }, quietButton('Save', save, { class: 'pr-edit-save', title: 'Save (Ctrl+Enter)' }), el('span', { class: 'pr-quiet', text: 'Ctrl+Enter saves, Esc leaves it for later' })),
    );
    this.pop.body.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !text.isConnected) return;
      event.preventDefault();
      event.stopPropagation();
      save();
    };
    this.pop.show();
  }

  /** @param {string} kind @param {{type: string, id: string}} target @param {string} text */
  async save(kind, target, text) {
    const { reader } = this;
    const { layout } = reader;
    this.kind = kind;
    if (!text.trim()) {
      layout.notice('The memo is empty.', 'Write something first.');
      return;
    }
    try {
      // A coding made a moment ago has to be there before a memo can speak of it.
      if (target.type === 'coding') await reader.work.queue.flush();
      await reader.api.call('/memos', { kind, type: target.type, id: target.id, text });
      this.draft = '';
      this.pop.close();
      layout.notice('Memo saved.', 'All of them are on the page “Memos”.');
      await this.load();
    } catch (error) {
      if (error instanceof SendError && (error.status === 401 || error.status === 403)) reader.renew();
      let said = { message: 'The memo was not saved: the study does not answer.', hint: 'It stays in its box; try again.' };
      try {
        said = JSON.parse(/** @type {Error} */ (error).message);
      } catch {
        // Not our answer; the sentence above holds.
      }
      layout.notice(said.message, said.hint, true);
    }
  }
}
