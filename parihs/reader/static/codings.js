/**
 * The codings on screen: what the server knows, with the operations that still wait on top.
 * A refused operation disappears from the top and the screen rolls back by itself.
 */

/** @typedef {import('./queue.js').Op} Op */

/**
 * @typedef {object} Coding
 * @property {string} id @property {number} start @property {number} end @property {string} code
 * @property {string} coder @property {string} valence @property {string} memo
 * @property {boolean} uncoded @property {number} rev
 */

/**
 * @param {Coding | undefined} coding @param {Omit<Op, 'op_id'>} op @param {string} coder
 * @returns {Coding | undefined}
 */
export function applyOp(coding, op, coder) {
  switch (op.verb) {
    case 'code':
      if (coding) return { ...coding, uncoded: false };
      return {
        id: op.coding_id,
        start: op.start ?? 0,
        end: op.end ?? 0,
        code: op.code ?? '',
        coder,
        valence: op.valence ?? 'unrated',
        memo: op.memo ?? '',
        uncoded: false,
        rev: 0,
      };
    case 'uncode':
      return coding && { ...coding, uncoded: true };
    case 'restore':
      return coding && { ...coding, uncoded: false };
    case 'change':
      return coding && { ...coding, ...op.set };
    default:
      return coding;
  }
}

export class Codings {
  /** @param {string} coder id of the person at this screen */
  constructor(coder) {
    this.coder = coder;
    this.rev = 0;
    /** @type {Map<string, Coding>} */
    this.known = new Map();
    /** @type {Map<string, Op[]>} operations on top, by coding */
    this.top = new Map();
    /** @type {Map<string, Coding>} what the coder sees: never an uncoded one */
    this.shown = new Map();
    /** @type {Map<string, Coding>} everything, uncoded ones too */
    this.all = new Map();
  }

  /** @param {string} id @returns {Coding | undefined} */
  get(id) {
    return this.shown.get(id);
  }

  /**
   * @param {Coding[]} delta @param {number} rev
   * @param {boolean} [all] this is everything one may see now: forget what is not in it
   * @returns {Set<string>} ids touched
   */
  learn(delta, rev, all = false) {
    const touched = new Set();
    if (all) {
      const kept = new Set(delta.map(({ id }) => id));
      for (const [id, coding] of [...this.known]) {
        // An answer on its way may be older than what was saved meanwhile.
        if (kept.has(id) || coding.rev > rev) continue;
        this.known.delete(id);
        touched.add(id);
      }
    }
    for (const coding of delta) {
      const old = this.known.get(coding.id);
      if (old && old.rev > coding.rev) continue;
      this.known.set(coding.id, coding);
      touched.add(coding.id);
    }
    this.rev = Math.max(this.rev, rev);
    for (const id of touched) this.settle(id);
    return touched;
  }

  /** Put an operation on top. @param {Op} op */
  apply(op) {
    const stack = this.top.get(op.coding_id) ?? [];
    if (!stack.some((other) => other.op_id === op.op_id)) stack.push(op);
    this.top.set(op.coding_id, stack);
    this.settle(op.coding_id);
  }

  /** Take an operation off, since the server has it or refused it. @param {Op} op */
  release(op) {
    const rest = (this.top.get(op.coding_id) ?? []).filter((other) => other.op_id !== op.op_id);
    if (rest.length > 0) this.top.set(op.coding_id, rest);
    else this.top.delete(op.coding_id);
    this.settle(op.coding_id);
  }

  /** @param {string} id */
  settle(id) {
    let coding = this.known.get(id);
    for (const op of this.top.get(id) ?? []) coding = applyOp(coding, op, this.coder);
    if (coding) this.all.set(id, coding);
    else this.all.delete(id);
    if (coding && !coding.uncoded) this.shown.set(id, coding);
    else this.shown.delete(id);
  }
}
