/** What a code means and when it applies, as the codebook says it. */

import { el, plural, quietButton } from './dom.js';

/** @typedef {import('./codes.js').Code} Code */

/** @param {any} sign a plain string, or an object with a text @returns {string} */
function words(sign) {
  return typeof sign === 'string' ? sign : String(sign?.text ?? sign?.name ?? '');
}

/** What marks a code of the team's own, beside its name. @param {Code} code @returns {HTMLElement[]} */
export function ownMark(code) {
  if (code.origin !== 'inductive') return [];
  return [el('span', { class: 'pr-own', text: 'own', title: 'Inductive: added by the team from its own data' })];
}

/**
 * Under which words of their own a coder finds a code, and how often it is used.
 * @param {Code} code @param {import('./at_hand.js').AtHand} atHand @param {number} here the coder's codings here
 * @returns {HTMLElement}
 */
export function ownWords(code, atHand, here) {
  const box = el('div', { class: 'pr-words' });
  const study = atHand.codes.counts.get(code.id) ?? 0;
  box.append(el('p', { class: 'pr-quiet', text: `${plural(here, 'coding')} of yours here · ${plural(study, 'coding')} in the study that you may see` }));
  if (!atHand.able) return box;
  const { pinned, synonyms } = atHand.of(code.id);
  const pin = quietButton(pinned ? '★ Pinned' : '☆ Pin', () => atHand.pin(code.id), { class: 'pr-act', 'aria-pressed': String(pinned), title: 'Keep it above the codebook (*)' });
  const add = el('input', { class: 'pr-input pr-word-new', type: 'text', placeholder: 'Add a word, Enter', 'aria-label': `Your own word for ${code.name}`, maxlength: 60 });
  add.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') add.blur();
    else if (event.key === 'Enter' && add.value.trim()) atHand.addWord(code.id, add.value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const chips = synonyms.map((word) => el(
    'span', { class: 'pr-word' }, el('span', { text: word }),
    quietButton('×', () => atHand.dropWord(code.id, word), { 'aria-label': `Remove the word ${word}`, title: 'Remove' }),
  ));
  box.append(
    el('div', { class: 'pr-acts' }, pin),
    el('p', { class: 'pr-quiet', text: 'Your own words for it, to find it by:' }),
    el('div', { class: 'pr-words-row' }, ...chips, add),
  );
  return box;
}

/**
 * @param {Code} code @param {boolean} brief definition and when-rules only
 * @returns {HTMLElement}
 */
export function showRules(code, brief) {
  const box = el('div', { class: 'pr-rules' });
  if (code.origin === 'inductive') box.append(el('p', { class: 'pr-quiet', text: 'Inductive: the team’s own code, from its own data.' }));
  if (code.definition) box.append(el('p', { class: 'pr-definition', text: code.definition }));
  const list = el('dl', {});
  const add = (/** @type {string} */ term, /** @type {string} */ text, /** @type {string} */ style = '') => {
    if (text) list.append(el('dt', { text: term, class: style }), el('dd', { text }));
  };
  add('Use when', code.when_to_use);
  add('Not when', code.when_not);
  if (!brief) {
    if (code.example) add('Example', `“${code.example.replace(/^[“"]|[”"]$/g, '')}”`, 'pr-eg');
    for (const [term, signs, style] of /** @type {[string, any[], string][]} */ ([
      ['+ Enabling', code.enabling, 'pr-plus'],
      ['− Constraining', code.constraining, 'pr-minus'],
    ])) {
      if (!signs?.length) continue;
      const items = el('ul', {});
      for (const sign of signs) items.append(el('li', { text: words(sign) }));
      list.append(el('dt', { text: term, class: style }), el('dd', {}, items));
    }
  }
  if (list.firstChild) box.append(list);
  if (!list.firstChild && !code.definition) box.append(el('p', { class: 'pr-quiet', text: 'The codebook gives no rules for this code.' }));
  return box;
}
