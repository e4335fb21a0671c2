/** Find and replace over the turns of a transcript; knows no DOM. */

/** @typedef {{turn: number, from: number, to: number, put: string}} Hit UTF-16 units of a turn's text */
/** @typedef {{sameCase: boolean, wholeWords: boolean}} FindOptions */

const ABOUT = 40;

/**
 * Every place of a text in the turns, with what would stand there. `$` and the like mean nothing.
 * @param {string[]} texts @param {string} find @param {string} put @param {FindOptions} options
 * @returns {Hit[]}
 */
export function hitsOf(texts, find, put, { sameCase, wholeWords }) {
  if (!find.trim()) return [];
  const literal = find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const edge = { before: '(?<![\\p{L}\\p{N}\\p{M}_])', after: '(?![\\p{L}\\p{N}\\p{M}_])' };
  const pattern = new RegExp(wholeWords ? `${edge.before}${literal}${edge.after}` : literal, sameCase ? 'gu' : 'giu');
  return texts.flatMap((text, turn) =>
    [...text.matchAll(pattern)]
      .map(({ 0: hit, index }) => ({ turn, from: index, to: index + hit.length, put: likeIt(hit, put, sameCase) }))
      .filter(({ from, to, put: now }) => text.slice(from, to) !== now),
  );
}

/**
 * A replacement at the beginning of a sentence keeps its capital.
 * @param {string} hit @param {string} put @param {boolean} sameCase @returns {string}
 */
function likeIt(hit, put, sameCase) {
  const [a, b] = [hit[0] ?? '', put[0] ?? ''];
  const wasCapital = a !== a.toLowerCase() && a === a.toUpperCase();
  return !sameCase && wasCapital && b === b.toLowerCase() ? b.toUpperCase() + put.slice(1) : put;
}

/** The words around a hit. @param {string} text @param {Hit} hit @returns {{before: string, was: string, now: string, after: string}} */
export function previewOf(text, { from, to, put }) {
  const start = Math.max(0, from - ABOUT);
  const end = Math.min(text.length, to + ABOUT);
  return {
    before: (start > 0 ? '…' : '') + text.slice(start, from),
    was: text.slice(from, to),
    now: put,
    after: text.slice(to, end) + (end < text.length ? '…' : ''),
  };
}
