/** Which branches of the codebook are folded; remembered in this browser. */

/** @typedef {import('./codes.js').Codes} Codes */

export class Folding {
  /** @param {Codes} codes @param {Pick<Storage, 'getItem' | 'setItem'> | null} store @param {string} key */
  constructor(codes, store, key) {
    this.codes = codes;
    this.store = store;
    this.key = key;
    /** @type {Set<string>} */
    this.folded = new Set();
    try {
      const kept = JSON.parse(store?.getItem(key) ?? '[]');
      if (Array.isArray(kept)) this.folded = new Set(kept.filter((id) => codes.get(id)));
    } catch {
      // All branches are open then.
    }
  }

  /** @param {string} id @returns {boolean} */
  isFolded(id) {
    return this.folded.has(id);
  }

  /** @param {string} id @returns {boolean} whether a branch above it is folded */
  isInside(id) {
    let parent = this.codes.get(id)?.parent ?? null;
    for (let step = 0; parent !== null && step < 12; step += 1) {
      if (this.folded.has(parent)) return true;
      parent = this.codes.get(parent)?.parent ?? null;
    }
    return false;
  }

  /** @param {string} id @param {boolean} folded */
  set(id, folded) {
    if (folded) this.folded.add(id);
    else this.folded.delete(id);
    try {
      this.store?.setItem(this.key, JSON.stringify([...this.folded]));
    } catch {
      // A comfort only.
    }
  }
}
