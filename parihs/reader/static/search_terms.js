/**
 * What somebody looks for in a transcript, read as the search of the whole study reads it: words,
 * “phrases”, beginnings*, without case and accents. Positions are UTF-16 units.
 */

/** @typedef {{literal: string, pattern: RegExp, beginning: RegExp}} Term */
/** @typedef {{from: number, to: number}} Span */

/** @type {Record<string, string>} */
const ALIKE = { '’': "'", '‘': "'", 'ʼ': "'", '‐': '-', '‑': '-' };
const MARKS = '[\\u0300-\\u036f]*';
const LETTER = '\\p{L}\\p{N}_';

/** @param {string} text @returns {string} without case and accents, each character where it was */
export function fold(text) {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (char) => {
    const base = Array.from((ALIKE[char] ?? char).normalize('NFD'))[0].toLowerCase();
    return base.length === char.length ? base : char;
  }).join('');
}

/** @param {string} typed @returns {Term[]} empty where it holds no letter or digit */
export function termsOf(typed) {
  const terms = new Map();
  for (const [, phrase, word] of fold(typed).matchAll(/["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+)/g)) {
    const parts = (phrase ?? word).match(/[\p{L}\p{N}_\u0300-\u036f]+\*?/gu) ?? [];
    if (parts.length === 0) continue;
    const [pattern, beginning] = [whole(parts, false), whole(parts, true)];
    const literal = parts.map((part) => part.replace('*', '')).reduce((a, b) => (b.length > a.length ? b : a));
    terms.set(pattern.source, { literal, pattern, beginning });
  }
  return [...terms.values()];
}

/** @param {string[]} parts @param {boolean} open whether the last one is only a beginning @returns {RegExp} */
function whole(parts, open) {
  const words = parts.map((part, at) => {
    const letters = Array.from(part.replace('*', ''), (letter) => letter + MARKS).join('');
    return part.endsWith('*') || (open && at === parts.length - 1) ? `${letters}[${LETTER}\\u0300-\\u036f]*` : letters;
  });
  return new RegExp(`(?<![${LETTER}])${words.join(`[^${LETTER}]+`)}(?![${LETTER}])`, 'gu');
}

/**
 * Where the terms stand in a text that has all of them; none overlap.
 * @param {string} folded @param {Term[]} terms @param {boolean} [beginnings] words may go on
 * @returns {Span[]}
 */
export function matchesIn(folded, terms, beginnings = false) {
  const found = [];
  for (const term of terms) {
    const here = [...folded.matchAll(beginnings ? term.beginning : term.pattern)];
    if (here.length === 0) return [];
    for (const match of here) found.push({ from: match.index, to: match.index + match[0].length });
  }
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  let reached = 0;
  return found.filter(({ from, to }) => {
    if (from < reached) return false;
    reached = to;
    return true;
  });
}
