/** Saving corrections, and coming along when somebody else has saved theirs. */

import { plural } from './dom.js';
import { bothTogether, clashDialog, mineInstead } from './edit_clash.js';
import { draftOf, requestOf } from './edit_draft.js';
import { SendError } from './queue.js';

/** @typedef {import('./edit_draft.js').Draft} Draft */

/** @param {unknown} error @returns {string} */
function reason(error) {
  try {
    const { message, hint } = JSON.parse(/** @type {Error} */ (error).message);
    return `${message} ${hint ?? ''}`.trim();
  } catch {
    return 'The study would not take these corrections. They are kept in this browser.';
  }
}

export class Saving {
  /** @param {import('./editing.js').Editing} editing */
  constructor(editing) {
    this.editing = editing;
    this.reader = editing.reader;
    /** @type {string} a newer version to come along to, when the open turn is left */
    this.newer = '';
    this.coming = false;
  }

  /** Corrections made here on an older version, before the page was closed, come along. */
  async gather() {
    const { api, data } = this.reader;
    for (const { versionId, list } of this.editing.drafts.elsewhere()) {
      try {
        const answer = await api.correct(versionId, list.map(requestOf), false);
        if (answer.version_id !== data.version_id) continue;
        for (const each of [...answer.edits, ...answer.clashes]) this.editing.put(draftOf(each));
        this.editing.drafts.forget(versionId);
      } catch {
        // They stay where they are and are asked for again.
      }
    }
    this.editing.tell();
  }

  async save() {
    const open = this.editing.box?.draft.first ?? -1;
    // The answer names the newest text anyway.
    this.newer = '';
    this.editing.leave();
    if (this.editing.drafts.size === 0 || this.editing.state === 'saving') return;
    if (this.editing.drafts.clashes().length > 0) return this.choose();
    this.editing.state = 'saving';
    this.editing.tell();
    const { api, data, work } = this.reader;
    const sent = this.editing.drafts.list.map(requestOf);
    try {
      // What was coded on these words goes first, so that it is moved with them.
      await work.queue.flush();
      const answer = await api.correct(data.version_id, sent, true);
      this.editing.state = '';
      if (answer.clashes.length > 0) {
        this.editing.drafts.moveTo(answer.version_id, [...answer.edits, ...answer.clashes].map(draftOf));
        this.switchTo(answer.version_id, open, []);
        return;
      }
      this.editing.drafts.clear();
      if (answer.version_id === data.version_id) {
        for (const { first, last } of sent) this.editing.rows.unhide(/** @type {Draft} */ ({ first, last }));
        this.editing.tell();
        return;
      }
      this.switchTo(answer.version_id, open, sent, `${plural(sent.length, 'correction')} saved as version ${answer.number}.`);
    } catch (error) {
      const status = error instanceof SendError ? error.status : -1;
      if (status === -1) console.error(error);
      if (status === 401 || status === 403) this.reader.renew();
      this.editing.state = status >= 400 && status < 500 ? 'refused' : 'offline';
      this.editing.why = reason(error);
      this.editing.tell();
    }
  }

  /** Somebody corrected the text: come along now, or when the open turn is left. @param {string} versionId */
  superseded(versionId) {
    const { data } = this.reader;
    if (data.frozen || versionId === data.version_id || this.editing.state === 'saving') return;
    this.newer = versionId;
    if (!this.editing.box) void this.comeAlong(versionId);
  }

  /** The open turn was left. */
  left() {
    if (this.newer && this.editing.state !== 'saving') void this.comeAlong(this.newer);
  }

  /** @param {string} versionId */
  async comeAlong(versionId) {
    const { api, data, work } = this.reader;
    if (this.coming) return;
    this.coming = true;
    try {
      await work.queue.flush();
      let target = versionId;
      if (this.editing.drafts.size > 0) {
        const answer = await api.correct(data.version_id, this.editing.drafts.list.map(requestOf), false);
        target = answer.version_id;
        this.editing.drafts.moveTo(target, [...answer.edits, ...answer.clashes].map(draftOf));
      }
      this.switchTo(target, -1, [], 'Somebody corrected this transcript. This is the newest text.');
    } catch {
      // The next answer of the study asks again.
    } finally {
      this.coming = false;
    }
  }

  /**
   * @param {string} versionId @param {number} open turn to go on correcting, −1 for none
   * @param {{first: number, last: number, texts: string[]}[]} made what was saved, to find the place again
   * @param {string} [message]
   */
  switchTo(versionId, open, made, message = '') {
    const shift = (/** @type {number} */ turn) =>
      turn + made.filter(({ last }) => last < turn).reduce((sum, { first, last, texts }) => sum + texts.length - (last - first + 1), 0);
    const { reader } = this;
    const top = Math.max(0, reader.view.firstVisible());
    const offset = reader.text.rows[top].getBoundingClientRect().top - reader.layout.scroller.getBoundingClientRect().top;
    reader.switchTo(versionId, {
      place: shift(top),
      offset,
      current: shift(Math.max(0, reader.view.current)),
      open: open < 0 ? -1 : shift(open),
      editing: this.editing.on,
      message,
    });
  }

  /** Ask about what two people changed. */
  choose() {
    const { root, layout } = this.reader;
    this.editing.leave();
    const dialog = clashDialog({
      clashes: this.editing.drafts.clashes(),
      where: (turn) => this.editing.where(turn),
      onChoose: (draft, keep) => {
        this.editing.drafts.drop(draft.first);
        this.editing.rows.unhide(draft);
        if (keep === 'mine') this.editing.put(mineInstead(draft));
        if (keep === 'edit') {
          this.editing.put(bothTogether(draft));
          this.editing.open(draft.first);
        }
        this.editing.tell();
      },
      onClose: () => {
        dialog.remove();
        if (!this.editing.box) layout.focusText();
      },
    });
    root.append(dialog);
    dialog.showModal();
  }
}
