/**
 * Undo and redo as inverse operations. Nothing is ever deleted: taking a code away is undone by
 * restoring the very same coding, so its id, memo and history stay.
 */

/** @typedef {import('./queue.js').Op} Op */
/** @typedef {Omit<Op, 'op_id'>} Step an operation before it has an id */
/** @typedef {{label: string, forward: Step, back: Step}} Entry */
/** @typedef {{id: string, start: number, end: number, code: string, valence: string, memo: string}} CodingLike */

const DEPTH = 200;

/**
 * The operation that takes back another one.
 * @param {Step} step @param {CodingLike | undefined} before the coding before the step
 * @returns {Step}
 */
export function inverse(step, before) {
  const { verb, coding_id } = step;
  if (verb === 'code' || verb === 'restore') return { verb: 'uncode', coding_id };
  if (verb === 'uncode') return { verb: 'restore', coding_id };
  /** @type {Record<string, unknown>} */
  const set = {};
  for (const field of Object.keys(step.set ?? {})) {
    set[field] = /** @type {any} */ (before)?.[field];
  }
  return { verb: 'change', coding_id, set };
}

export class UndoStack {
  /** @param {Pick<Storage, 'getItem' | 'setItem'> | null} store @param {string} key */
  constructor(store, key) {
    this.store = store;
    this.key = key;
    /** @type {Entry[]} */
    this.done = [];
    /** @type {Entry[]} */
    this.undone = [];
    this.read();
  }

  /** @param {string} label @param {Step} step @param {CodingLike | undefined} before */
  record(label, step, before) {
    this.done.push({ label, forward: step, back: inverse(step, before) });
    if (this.done.length > DEPTH) this.done.shift();
    this.undone = [];
    this.write();
  }

  /** @returns {{label: string, step: Step} | null} what to do now to take the last step back */
  undo() {
    const entry = this.done.pop();
    if (!entry) return null;
    this.undone.push(entry);
    this.write();
    return { label: entry.label, step: entry.back };
  }

  /** @returns {{label: string, step: Step} | null} */
  redo() {
    const entry = this.undone.pop();
    if (!entry) return null;
    this.done.push(entry);
    this.write();
    // The coding exists already, merely taken back: restoring keeps its identity.
    const { verb, coding_id } = entry.forward;
    const step = verb === 'code' ? { verb: /** @type {const} */ ('restore'), coding_id } : entry.forward;
    return { label: entry.label, step };
  }

  /** Forget steps on a coding that the server refused. @param {string} codingId */
  forget(codingId) {
    const keep = (/** @type {Entry} */ entry) => entry.forward.coding_id !== codingId;
    this.done = this.done.filter(keep);
    this.undone = this.undone.filter(keep);
    this.write();
  }

  read() {
    try {
      const kept = JSON.parse(this.store?.getItem(this.key) ?? '{}');
      this.done = Array.isArray(kept.done) ? kept.done : [];
      this.undone = Array.isArray(kept.undone) ? kept.undone : [];
    } catch {
      this.done = [];
      this.undone = [];
    }
  }

  write() {
    try {
      this.store?.setItem(this.key, JSON.stringify({ done: this.done, undone: this.undone }));
    } catch {
      // A full storage costs the history across reloads, never the work.
    }
  }
}
