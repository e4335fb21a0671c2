/**
 * All corrections of one version that wait to be saved. They are in the browser's storage from the
 * first key on, so that a reload or a killed server loses none. Knows no DOM.
 */

import { isChanged } from './edit_draft.js';

/** @typedef {import('./edit_draft.js').Draft} Draft */
/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>} Store */

const PREFIX = 'parihs:edit:';
const DEPTH = 100;

export class Drafts {
  /**
   * @param {object} options
   * @param {Store | null} options.store @param {string} options.coderId
   * @param {string} options.transcriptId @param {string} options.versionId
   */
  constructor({ store, coderId, transcriptId, versionId }) {
    this.store = store;
    this.prefix = `${PREFIX}${coderId}:${transcriptId}:`;
    this.key = this.prefix + versionId;
    /** @type {Draft[]} in order of the text, no turn twice */
    this.list = this.read(this.key);
    /** @type {{label: string, list: Draft[]}[]} */
    this.done = [];
  }

  get size() {
    return this.list.length;
  }

  /** @param {number} turn @returns {Draft | null} the one that holds this turn */
  at(turn) {
    return this.list.find(({ first, last }) => first <= turn && turn <= last) ?? null;
  }

  /** @returns {Draft[]} those that somebody has to choose about */
  clashes() {
    return this.list.filter(({ original }) => original !== undefined);
  }

  /** Remember how everything is now, as a step to undo. @param {string} label */
  step(label) {
    this.done.push({ label, list: [...this.list] });
    if (this.done.length > DEPTH) this.done.shift();
  }

  /** @returns {string | null} what was undone */
  undo() {
    const step = this.done.pop();
    if (!step) return null;
    this.list = step.list;
    this.write();
    return step.label;
  }

  /** Keep a draft in place of all that share a turn with it; one that changes nothing goes. @param {Draft} draft */
  put(draft) {
    const apart = this.list.filter(({ first, last }) => last < draft.first || first > draft.last);
    this.list = isChanged(draft) ? [...apart, draft].sort((a, b) => a.first - b.first) : apart;
    this.write();
  }

  /** @param {number} first turn of the draft to give up */
  drop(first) {
    this.list = this.list.filter((draft) => draft.first !== first);
    this.write();
  }

  clear() {
    this.list = [];
    this.done = [];
    this.write();
  }

  /** Move to another version of the text. @param {string} versionId @param {Draft[]} list */
  moveTo(versionId, list) {
    this.clear();
    this.key = this.prefix + versionId;
    const there = this.read(this.key);
    this.list = there;
    for (const draft of list) this.put(draft);
    this.write();
  }

  /** Drafts made on other versions of this transcript. @returns {{versionId: string, list: Draft[]}[]} */
  elsewhere() {
    const found = [];
    for (let i = 0; i < (this.store?.length ?? 0); i += 1) {
      const key = this.store?.key(i);
      if (!key?.startsWith(this.prefix) || key === this.key) continue;
      const list = this.read(key);
      if (list.length > 0) found.push({ versionId: key.slice(this.prefix.length), list });
    }
    return found;
  }

  /** @param {string} versionId whose drafts were taken over */
  forget(versionId) {
    this.store?.removeItem(this.prefix + versionId);
  }

  /** @param {string} key @returns {Draft[]} */
  read(key) {
    try {
      const kept = JSON.parse(this.store?.getItem(key) ?? '[]');
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  /** @returns {boolean} whether it is in the browser's storage */
  write() {
    try {
      if (this.list.length > 0) this.store?.setItem(this.key, JSON.stringify(this.list));
      else this.store?.removeItem(this.key);
      return true;
    } catch {
      // Storage is full or forbidden: the drafts stay on the page until they are saved.
      return false;
    }
  }
}
