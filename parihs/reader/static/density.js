/** How thickly a transcript is coded along its length: numbers for the map at its side. */

/**
 * Heights of turns as a page guesses them, so that the map and the scroll bar agree.
 * @param {ArrayLike<number>} heights of each turn @returns {Float64Array} where each begins, and the end
 */
export function placesOf(heights) {
  const places = new Float64Array(heights.length + 1);
  for (let turn = 0; turn < heights.length; turn += 1) places[turn + 1] = places[turn] + heights[turn];
  return places;
}

/**
 * How many spans lie over each row of the map.
 * @param {Iterable<{from: number, to: number}>} spans shares of the whole, 0–1
 * @param {number} rows @returns {Uint16Array}
 */
export function depths(spans, rows) {
  const steps = new Int32Array(rows + 1);
  for (const { from, to } of spans) {
    const first = Math.max(0, Math.min(rows - 1, Math.floor(from * rows)));
    steps[first] += 1;
    steps[Math.max(first + 1, Math.min(rows, Math.ceil(to * rows)))] -= 1;
  }
  const found = new Uint16Array(rows);
  let depth = 0;
  for (let row = 0; row < rows; row += 1) {
    depth += steps[row];
    found[row] = depth;
  }
  return found;
}

/**
 * The next turn that fits, from the other end again after the last.
 * @param {number} from @param {1 | -1} by @param {number} count @param {(turn: number) => boolean} fits
 * @returns {number} −1 where there is none
 */
export function nextTurn(from, by, count, fits) {
  for (let step = 1; step <= count; step += 1) {
    const turn = (((from + by * step) % count) + count) % count;
    if (fits(turn)) return turn;
  }
  return -1;
}
