/**
 * A corrected run of turns before it is saved: its text, one line per turn, and which of its
 * characters were there before. Knowing what was typed and what stayed, codings can be moved
 * exactly. Positions here are UTF-16 units; `requestOf` turns them into code points.
 */

import { indexOffsets } from './offsets.js';

/**
 * @typedef {object} Draft
 * @property {number} first @property {number} last turns of the version, both included
 * @property {string} before their texts joined by line feeds
 * @property {string} text the corrected text, a line for each turn
 * @property {[number, number, number][]} kept where a block stood, where it stands, its length
 * @property {string} [original] where somebody else changed the same turns: what both began with
 */

/** @typedef {{first: number, last: number, before: string, texts: string[], kept: [number, number, number][]}} EditRequest */

/** @param {number} first @param {string[]} texts of the turns @returns {Draft} */
export function freshDraft(first, texts) {
  const before = texts.join('\n');
  return { first, last: first + texts.length - 1, before, text: before, kept: before ? [[0, 0, before.length]] : [] };
}

/**
 * The draft after `[from, to)` of its text was replaced.
 * @param {Draft} draft @param {number} from @param {number} to @param {string} put @returns {Draft}
 */
export function spliced(draft, from, to, put) {
  const grown = put.length - (to - from);
  /** @type {[number, number, number][]} */
  const kept = [];
  for (const [old, now, length] of draft.kept) {
    const end = now + length;
    if (now < from) kept.push([old, now, Math.min(end, from) - now]);
    if (end > to) {
      const start = Math.max(now, to);
      kept.push([old + start - now, start + grown, end - start]);
    }
  }
  return { ...draft, kept, text: draft.text.slice(0, from) + put + draft.text.slice(to) };
}

/**
 * The draft after somebody typed: what was replaced is found from the text and the caret, which
 * stands behind whatever was put in.
 * @param {Draft} draft @param {string} text @param {number} caret @returns {Draft}
 */
export function retyped(draft, text, caret) {
  const old = draft.text;
  if (text === old) return draft;
  let tail = text.length - caret;
  if (tail < 0 || tail > old.length || old.slice(old.length - tail) !== text.slice(caret)) tail = 0;
  const most = Math.min(old.length, text.length) - tail;
  let head = 0;
  while (head < most && old[head] === text[head]) head += 1;
  // Without the caret's help the ends are compared.
  while (tail < Math.min(old.length, text.length) - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  return spliced(draft, head, old.length - tail, text.slice(head, text.length - tail));
}

/**
 * The draft with the run before it joined in front, on the same line.
 * @param {Draft} above @param {Draft} draft @returns {Draft}
 */
export function joined(above, draft) {
  const [old, now] = [above.before.length + 1, above.text.length + 1];
  return {
    first: above.first,
    last: draft.last,
    before: `${above.before}\n${draft.before}`,
    text: `${above.text} ${draft.text}`,
    kept: [...above.kept, .../** @type {[number, number, number][]} */ (draft.kept.map(([a, b, n]) => [a + old, b + now, n]))],
  };
}

/** Without blanks at the ends of lines and without empty lines. @param {Draft} draft @returns {Draft} */
export function cleaned(draft) {
  let clean = { ...draft };
  for (const stray of [/[^\S\n]+$/m, /^[^\S\n]+/m, /^\n+|\n+$|(?<=\n)\n+/]) {
    for (let hit = stray.exec(clean.text); hit; hit = stray.exec(clean.text)) {
      clean = spliced(clean, hit.index, hit.index + hit[0].length, '');
    }
  }
  return clean;
}

/** @param {Draft} draft @returns {boolean} whether saving it would change anything */
export function isChanged(draft) {
  return draft.original !== undefined || cleaned(draft).text !== draft.before;
}

/** @param {string} text @param {number} unit @returns {boolean} */
function isLow(text, unit) {
  const code = text.charCodeAt(unit);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** @param {Draft} draft @returns {EditRequest} positions in code points */
export function requestOf(draft) {
  const { first, last, before, text, kept } = cleaned(draft);
  const [old, now] = [indexOffsets(before), indexOffsets(text)];
  /** @type {[number, number, number][]} */
  const points = [];
  for (const [a, b, length] of kept) {
    // Two emoji may share half of their units; such a half is no character.
    const late = isLow(before, a) || isLow(text, b) ? 1 : 0;
    const early = isLow(before, a + length) || isLow(text, b + length) ? 1 : 0;
    const [from, to] = [old.toPoint(a + late), old.toPoint(a + length - early)];
    if (to > from) points.push([from, now.toPoint(b + late), to - from]);
  }
  return { first, last, before, texts: text ? text.split('\n') : [], kept: points };
}

/** What the server sends back, as a draft again. @param {EditRequest & {original?: string}} sent @returns {Draft} */
export function draftOf({ first, last, before, texts, kept, original }) {
  const text = texts.join('\n');
  const [old, now] = [indexOffsets(before), indexOffsets(text)];
  return {
    first,
    last,
    before,
    text,
    kept: kept.map(([a, b, n]) => [old.toUtf16(a), now.toUtf16(b), old.toUtf16(a + n) - old.toUtf16(a)]),
    ...(original === undefined ? {} : { original }),
  };
}

/**
 * The text in pieces, typed ones marked. @param {Draft} draft
 * @returns {{text: string, typed: boolean}[]}
 */
export function piecesOf({ text, kept }) {
  const pieces = [];
  let at = 0;
  for (const [, now, length] of kept) {
    if (now > at) pieces.push({ text: text.slice(at, now), typed: true });
    pieces.push({ text: text.slice(now, now + length), typed: false });
    at = now + length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), typed: true });
  return pieces.filter((piece) => piece.text);
}
