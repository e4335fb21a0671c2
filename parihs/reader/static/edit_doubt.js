/** Which words a listener should check: heard with little confidence, or timed by guessing. */

/** @typedef {[number, number, number | null, number | null, number | null, boolean]} StoredWord see `Turn.words` in Python */
/** @typedef {{turn: number, start: number, end: number, why: string}} Doubt code points of the turn's text; 0–0: the whole turn */

/** What marks on turns mean, as people read it. */
export const MARK_WORDS = /** @type {Record<string, string>} */ ({
  overlap: 'Somebody else speaks at the same time',
  unsure: 'Who speaks is not sure',
  repetition: 'The recogniser may have been caught in a loop',
  'no speech': 'Hardly any speech was heard here',
});

/**
 * All doubtful places in order of the text. A word that a person wrote (confidence 1) is none.
 * @param {(StoredWord[] | null)[]} turns @param {Record<string, string[]>} marks by turn
 * @param {number} below confidence, 0–1 @returns {Doubt[]}
 */
export function doubtsOf(turns, marks, below) {
  return turns.flatMap((words, turn) => {
    const reasons = (marks[turn] ?? []).map((mark) => MARK_WORDS[mark] ?? mark);
    const found = reasons.length > 0 ? [{ turn, start: 0, end: 0, why: reasons.join('; ') }] : [];
    for (const [start, end, , , confidence, interpolated] of words ?? []) {
      if (confidence !== null && confidence < below) {
        found.push({ turn, start, end, why: `Heard with ${Math.round(confidence * 100)} % confidence` });
      } else if (interpolated && (confidence ?? 0) < 1) found.push({ turn, start, end, why: 'Its time is a guess' });
    }
    return found;
  });
}

/**
 * The next doubtful place from where one is.
 * @param {Doubt[]} doubts @param {{turn: number, start: number}} here @param {1 | -1} by
 * @returns {Doubt | null}
 */
export function nextDoubt(doubts, here, by) {
  const after = (/** @type {Doubt} */ doubt) => doubt.turn - here.turn || doubt.start - here.start;
  return (by > 0 ? doubts.find((doubt) => after(doubt) > 0) : doubts.findLast((doubt) => after(doubt) < 0)) ?? null;
}
