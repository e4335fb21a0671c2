/** The few buttons above the text: whose codings, undo and redo, codebook, keys, and what is saved. */

import { el, quietButton } from './dom.js';

/** @param {import('./desk.js').Reader} reader */
export function addTools(reader) {
  const { data, actions, view } = reader;
  const { tools } = reader.layout;
  const tool = (/** @type {string} */ label, /** @type {string} */ act, /** @type {string} */ title) =>
    quietButton(label, () => actions.run(act), { class: 'pr-tool', title });

  const who = el('div', { class: 'pr-coders', role: 'group', 'aria-label': 'Whose codings are shown' });
  reader.whose = () => {
    const { coders, coder } = reader.data;
    who.hidden = coders.length < 2;
    who.replaceChildren(...coders.map(({ id, name }) => {
      const label = id === coder.id ? `${name} (you)` : name;
      const toggle = quietButton(label, () => {
        toggle.setAttribute('aria-pressed', String(view.toggleCoder(id)));
      }, { class: id === coder.id ? 'pr-toggle' : `pr-toggle pr-other pr-who-${reader.coderMark(id)}`, 'aria-pressed': String(!reader.hiddenCoders.has(id)), title: 'Show or hide these codings' });
      return toggle;
    }));
  };
  reader.whose();
  tools.append(who);
  if (data.can_code) {
    tools.append(tool('Undo', 'undo', 'Undo (Ctrl+Z)'), tool('Redo', 'redo', 'Redo (Ctrl+Shift+Z)'));
  } else tools.append(el('span', { class: 'pr-quiet pr-why', text: 'Reading only', title: data.why_not }));
  reader.editTool = tool('Correct', 'edit', 'Correct the words beside the sound (e)');
  if (data.can_correct) tools.append(reader.editTool);
  tools.append(
    tool('Search', 'search', 'Search in this transcript (/)'),
    tool('View', 'viewing', 'Size, width, backlight, speakers (v)'),
    tool('Memos', 'memos', 'Memos of this transcript (i)'),
    quietButton('Not coded', () => actions.run('uncoded', 1), { class: 'pr-tool', title: 'Next turn without a code (g)' }),
    tool('Codebook', 'panel', 'Show or hide the codebook (b)'),
    tool('Keys', 'help', 'All keys (?)'),
    reader.saved?.element ?? '',
  );
}
