/** The history of a coding: who did what to it and when, read when somebody opens it. */

import { el } from './dom.js';

/** @typedef {{at: string, who: string, did: string}} Line */

/** @param {string} iso @returns {string} as people write it, in their own time */
function moment(iso) {
  const format = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat('en-GB', /** @type {any} */ (format)).format(new Date(iso));
}

/** @param {Line[]} lines @returns {HTMLElement} */
function listed(lines) {
  const list = el('ol', { class: 'pr-past' });
  for (const { at, who, did } of lines) {
    const when = el('time', { class: 'pr-quiet', datetime: at, text: moment(at) });
    list.append(el('li', {}, when, el('span', { text: ` ${who} ${did}` })));
  }
  return list;
}

/**
 * A part of the inspector that stays closed, and asks nothing, until it is opened.
 * @param {(id: string) => Promise<{lines: Line[]}>} ask @param {string} codingId
 * @returns {HTMLElement}
 */
export function historyOf(ask, codingId) {
  const body = el('div', {});
  const details = el('details', { class: 'pr-more' }, el('summary', { text: 'History' }), body);
  details.addEventListener('toggle', async () => {
    if (!(/** @type {HTMLDetailsElement} */ (details).open)) return;
    body.replaceChildren(el('p', { class: 'pr-quiet', text: 'Reading…' }));
    try {
      const { lines } = await ask(codingId);
      body.replaceChildren(lines.length > 0
        ? listed(lines)
        : el('p', { class: 'pr-quiet', text: 'It came with an imported table; nothing was done to it since.' }));
    } catch {
      body.replaceChildren(el('p', { class: 'pr-quiet', text: 'Its history can be read once it is saved.' }));
    }
  });
  return details;
}
