/**
 * Backlight: what is chosen stays bright, everything else is dimmed. Codes, coders, directions of
 * valence, and who speaks; within each of them anything chosen is bright, and all of them count.
 */

import { direction } from './valence.js';

/** @typedef {'codes' | 'coders' | 'valences' | 'voices' | 'roles'} Aspect */
/** @typedef {{id: string, role: string}} Voice */

export const ASPECTS = /** @type {const} */ (['codes', 'coders', 'valences', 'voices', 'roles']);

export class Backlight {
  constructor() {
    /** @type {Record<Aspect, Set<string>>} */
    this.chosen = { codes: new Set(), coders: new Set(), valences: new Set(), voices: new Set(), roles: new Set() };
    /** Whether turns of other people are left out, not only dimmed. */
    this.alone = false;
  }

  get on() {
    return ASPECTS.some((aspect) => this.chosen[aspect].size > 0);
  }

  get bySpeaker() {
    return this.chosen.voices.size > 0 || this.chosen.roles.size > 0;
  }

  /** @param {Aspect} aspect @param {string} id @returns {boolean} whether it is chosen now */
  toggle(aspect, id) {
    const chosen = this.chosen[aspect];
    if (chosen.delete(id)) return false;
    chosen.add(id);
    return true;
  }

  clear() {
    for (const aspect of ASPECTS) this.chosen[aspect].clear();
  }

  /** @param {Voice | null} voice @returns {boolean} */
  hears(voice) {
    const { voices, roles } = this.chosen;
    if (!this.bySpeaker) return true;
    return voice !== null && (voices.has(voice.id) || roles.has(voice.role));
  }

  /**
   * @param {{code: string, coder: string, valence: string}} coding
   * @param {(code: string, ancestor: string) => boolean} within
   * @param {() => (Voice | null)[]} voices who speaks in the excerpt, asked only if need be
   * @returns {boolean}
   */
  lights({ code, coder, valence }, within, voices) {
    const { codes, coders, valences } = this.chosen;
    if (codes.size > 0 && ![...codes].some((chosen) => within(code, chosen))) return false;
    if (coders.size > 0 && !coders.has(coder)) return false;
    if (valences.size > 0 && !valences.has(direction(valence))) return false;
    return !this.bySpeaker || voices().some((voice) => this.hears(voice));
  }
}
