/**
 * The transcript reader: Streamlit mounts it, everything else is ours. Streamlit calls the default
 * export again whenever its data or theme change; the reader stays and takes the news over.
 */

import { Reader } from './desk.js';

/** @typedef {import('./desk.js').ReaderData} ReaderData */

/** @type {WeakMap<HTMLElement, Reader>} */
const mounted = new WeakMap();

/**
 * @param {HTMLElement} host @param {ReaderData} data
 * @param {(name: string, value: unknown) => void} setStateValue
 * @param {Reader} [old] whose text was corrected; its player goes on without a break
 * @param {import('./desk.js').Resume} [resume]
 */
function start(host, data, setStateValue, old, resume) {
  const reader = new Reader(host, data, setStateValue);
  reader.resume = resume ?? null;
  reader.switchTo = (version_id, place) =>
    start(host, { ...reader.data, version_id, version_number: 0, jump: null }, reader.setStateValue, reader, place);
  if (old) {
    reader.jumped = old.jumped;
    if (old.player) {
      reader.layout.body.after(old.player.element);
      reader.player = old.player;
      old.player = null;
    }
    old.close();
    reader.layout.fill();
  }
  mounted.set(host, reader);
  void reader.open();
}

/**
 * @param {object} component
 * @param {ReaderData} component.data
 * @param {HTMLElement | ShadowRoot} component.parentElement
 * @param {(name: string, value: unknown) => void} component.setStateValue
 * @returns {() => void} called when the page is left
 */
export default function mount({ data, parentElement, setStateValue }) {
  const host = /** @type {HTMLElement} */ (parentElement);
  const old = mounted.get(host);
  if (old && old.isFor(data)) {
    old.update(data, setStateValue);
  } else {
    old?.close();
    start(host, data, setStateValue);
  }
  return () => {
    mounted.get(host)?.close();
    mounted.delete(host);
  };
}
