/** How an excerpt bears on implementation: values as stored, words and signs as shown. */

/** @type {ReadonlyArray<{value: string, sign: string, name: string, key: string}>} */
export const VALENCES = [
  { value: '-2', sign: '−2', name: 'Strongly constraining', key: '−' },
  { value: '-1', sign: '−1', name: 'Constraining', key: '−' },
  { value: '0', sign: '0', name: 'Neutral', key: '0' },
  { value: '1', sign: '+1', name: 'Enabling', key: '+' },
  { value: '2', sign: '+2', name: 'Strongly enabling', key: '+' },
  { value: 'mixed', sign: '±', name: 'Mixed', key: 'x' },
  { value: 'unrated', sign: '·', name: 'Not rated', key: 'z' },
];

/** @param {string} value @returns {string} */
export function valenceName(value) {
  return VALENCES.find((item) => item.value === value)?.name ?? 'Not rated';
}

/** @param {string} value @returns {'enabling' | 'constraining' | 'neutral' | 'mixed' | 'unrated'} */
export function direction(value) {
  if (value === 'mixed' || value === 'unrated') return value;
  const number = Number(value);
  if (number === 0) return 'neutral';
  return number > 0 ? 'enabling' : 'constraining';
}

/** Sign on a stripe, empty where there is no direction. @param {string} value @returns {string} */
export function stripeSign(value) {
  return { enabling: '+', constraining: '−', mixed: '±', neutral: '0', unrated: '' }[direction(value)];
}

/**
 * One step along the scale; from no rating a step gives the mildest one in its direction.
 * @param {string} value @param {1 | -1} by @returns {string}
 */
export function stepValence(value, by) {
  if (value === 'mixed' || value === 'unrated') return String(by);
  return String(Math.max(-2, Math.min(2, Number(value) + by)));
}
