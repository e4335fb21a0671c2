/** What a code means and when it applies, as the codebook says it. */

import { el } from './dom.js';

/** @typedef {import('./codes.js').Code} Code */

/** @param {any} sign a plain string, or an object with a text @returns {string} */
function words(sign) {
  return typeof sign === 'string' ? sign : String(sign?.text ?? sign?.name ?? '');
}

/**
 * @param {Code} code @param {boolean} brief definition and when-rules only
 * @returns {HTMLElement}
 */
export function showRules(code, brief) {
  const box = el('div', { class: 'pr-rules' });
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
  if (!box.firstChild) box.append(el('p', { class: 'pr-quiet', text: 'The codebook gives no rules for this code.' }));
  return box;
}
