/** Codes as this coder keeps them at hand: pinned, and found under words of their own. The server keeps both. */

/** @typedef {import('./codes.js').Codes} Codes */
/** @typedef {{pinned: boolean, synonyms: string[]}} Choice */

const NOTHING = Object.freeze({ pinned: false, synonyms: /** @type {string[]} */ ([]) });

export class AtHand {
  /**
   * @param {object} parts
   * @param {import('./api.js').Api} parts.api
   * @param {Codes} parts.codes
   * @param {boolean} parts.able whether somebody is named whose choices these are
   * @param {() => void} parts.onChange
   * @param {(message: string, hint: string) => void} parts.tell
   */
  constructor({ api, codes, able, onChange, tell }) {
    this.api = api;
    this.codes = codes;
    this.able = able;
    this.onChange = onChange;
    this.tell = tell;
  }

  /** @param {string} id @returns {Choice} */
  of(id) {
    return this.codes.choices.get(id) ?? NOTHING;
  }

  /** @returns {import('./codes.js').Code[]} pinned codes in tree order */
  pinned() {
    return this.codes.list.filter((code) => this.of(code.id).pinned);
  }

  /** @param {string} id @returns {boolean} whether it is pinned now */
  pin(id) {
    const pinned = !this.of(id).pinned;
    void this.set(id, { pinned });
    return pinned;
  }

  /** @param {string} id @param {string} word */
  addWord(id, word) {
    const clean = word.trim().replace(/\s+/g, ' ');
    const { synonyms } = this.of(id);
    if (clean && !synonyms.some((other) => other.toLowerCase() === clean.toLowerCase())) void this.set(id, { synonyms: [...synonyms, clean] });
  }

  /** @param {string} id @param {string} word */
  dropWord(id, word) {
    void this.set(id, { synonyms: this.of(id).synonyms.filter((other) => other !== word) });
  }

  /** Shown at once; taken back where the study would not keep it. @param {string} id @param {Partial<Choice>} set */
  async set(id, set) {
    const before = this.of(id);
    this.codes.choices.set(id, { ...before, ...set });
    this.onChange();
    try {
      await this.api.choose(id, set);
    } catch {
      this.codes.choices.set(id, before);
      this.onChange();
      this.tell('This could not be kept, since the study does not answer.', 'Your codings are safe. Try again in a while.');
    }
  }
}
