/** The few buttons above the text: whose codings, undo and redo, codebook, keys, and what is saved. */

import { el, quietButton } from './dom.js';

/** @param {import('./desk.js').Reader} reader */
export function addTools(reader) {
  const { data, actions, view } = reader;
  const { tools } = reader.layout;
  const tool = (/** @type {string} */ label, /** @type {string} */ act, /** @type {string} */ title) =>
    quietButton(label, () => actions.run(act), { class: 'pr-tool', title });

  if (data.coders.length > 1) {
    const who = el('div', { class: 'pr-coders', role: 'group', 'aria-label': 'Whose codings are shown' });
    for (const { id, name } of data.coders) {
      const label = id === data.coder.id ? `${name} (you)` : name;
      const toggle = quietButton(label, () => {
        toggle.setAttribute('aria-pressed', String(view.toggleCoder(id)));
      }, { class: 'pr-toggle', 'aria-pressed': 'true', title: 'Show or hide these codings' });
      who.append(toggle);
    }
    tools.append(who);
  }
  if (data.can_code) {
    tools.append(tool('Undo', 'undo', 'Undo (Ctrl+Z)'), tool('Redo', 'redo', 'Redo (Ctrl+Shift+Z)'));
  } else tools.append(el('span', { class: 'pr-quiet', text: 'Reading only' }));
  tools.append(
    tool('Codebook', 'panel', 'Show or hide the codebook (b)'),
    tool('Keys', 'help', 'All keys (?)'),
    reader.saved?.element ?? '',
  );
}
