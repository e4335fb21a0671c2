/**
 * Positions in text. Python counts Unicode code points, JavaScript counts UTF-16 units; everything
 * that crosses between the two goes through this module. All ends are exclusive.
 */

/**
 * Both countings of one string.
 * @typedef {object} OffsetIndex
 * @property {number} length length in code points
 * @property {(point: number) => number} toUtf16 code points to UTF-16 units
 * @property {(unit: number) => number} toPoint UTF-16 units to code points
 */

/** @param {string} text @returns {number[]} UTF-16 positions of the characters that take two units */
function pairsIn(text) {
  const pairs = [];
  for (let unit = 0; unit < text.length - 1; unit += 1) {
    const high = text.charCodeAt(unit);
    if (high < 0xd800 || high > 0xdbff) continue;
    const low = text.charCodeAt(unit + 1);
    if (low < 0xdc00 || low > 0xdfff) continue;
    pairs.push(unit);
    unit += 1;
  }
  return pairs;
}

/**
 * How many items of a rising list lie below a value.
 * @param {ArrayLike<number>} rising @param {number} value @returns {number}
 */
export function countBelow(rising, value) {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Index a string for conversion; texts without astral characters cost nothing.
 * A UTF-16 position inside a surrogate pair becomes the start of the character it would split.
 * @param {string} text @returns {OffsetIndex}
 */
export function indexOffsets(text) {
  const pairs = pairsIn(text);
  if (pairs.length === 0) {
    const clamp = (/** @type {number} */ at) => Math.max(0, Math.min(at, text.length));
    return { length: text.length, toUtf16: clamp, toPoint: clamp };
  }
  const length = text.length - pairs.length;
  // The k-th pair starts at code point (its unit − k), since k units were already saved before it.
  const pairPoints = pairs.map((unit, k) => unit - k);
  return {
    length,
    toUtf16(point) {
      const at = Math.max(0, Math.min(point, length));
      return at + countBelow(pairPoints, at);
    },
    toPoint(unit) {
      const at = Math.max(0, Math.min(unit, text.length));
      return at - countBelow(pairs, at);
    },
  };
}

/**
 * The turn that holds a position of the version text; the line break after a turn belongs to it.
 * @param {ArrayLike<number>} starts rising start positions of the turns @param {number} point
 * @returns {number} index of the turn
 */
export function turnAt(starts, point) {
  return Math.max(0, countBelow(starts, point + 1) - 1);
}
