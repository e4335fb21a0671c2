/**
 * Undo and redo as inverse operations. Nothing is ever deleted: taking a code away is undone by
 * restoring the very same coding, so its id, memo and history stay. The steps of this page are kept
 * here; older ones the study knows, since every operation says which step it takes back.
 */

/** @typedef {import('./queue.js').Op} Op */
/** @typedef {Omit<Op, 'op_id'>} Step an operation before it has an id */
/** @typedef {{id: string, label: string, forward: Step[], back: Step[]}} Entry */
/** @typedef {{label: string, steps: Step[]}} Doing what to do now */
/** @typedef {{id: string, start: number, end: number, code: string, valence: string, memo: string}} CodingLike */

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

/** The coding exists already, merely taken back: restoring keeps its identity. @param {Step} step @returns {Step} */
function again(step) {
  return step.verb === 'code' ? { verb: 'restore', coding_id: step.coding_id } : step;
}

export class UndoStack {
  constructor() {
    /** @type {Entry[]} */
    this.done = [];
    /** @type {Entry[]} */
    this.undone = [];
  }

  /**
   * @param {string} id of the operation @param {string} label @param {Step} step
   * @param {CodingLike | undefined} before
   */
  record(id, label, step, before) {
    this.done.push({ id, label, forward: [again(step)], back: [inverse(step, before)] });
    this.undone = [];
  }

  /** @returns {Doing | null} what to do now to take the last step back */
  undo() {
    const entry = this.done.pop();
    if (!entry) return null;
    this.undone.push(entry);
    return { label: entry.label, steps: entry.back.map((step) => ({ ...step, undoes: entry.id })) };
  }

  /** @returns {Doing | null} */
  redo() {
    const entry = this.undone.pop();
    if (!entry) return null;
    this.done.push(entry);
    return { label: entry.label, steps: entry.forward.map((step) => ({ ...step, redoes: entry.id })) };
  }

  /** Take over what the study knows, all of this page's steps included. @param {{done: Entry[], undone: Entry[]}} past */
  learn({ done, undone }) {
    this.done = done;
    this.undone = undone;
  }

  /** Forget steps on a coding that the server refused. @param {string} codingId */
  forget(codingId) {
    const keep = (/** @type {Entry} */ entry) => entry.forward.every((step) => step.coding_id !== codingId);
    this.done = this.done.filter(keep);
    this.undone = this.undone.filter(keep);
  }
}
