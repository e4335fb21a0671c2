/**
 * The transcript reader: Streamlit mounts it, everything else is ours. Streamlit calls the default
 * export again whenever its data or theme change; the reader stays and takes the news over.
 */

import { Reader } from './desk.js';

/** @typedef {import('./desk.js').ReaderData} ReaderData */

/** @type {WeakMap<HTMLElement, Reader>} */
const mounted = new WeakMap();

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
    const reader = new Reader(host, data, setStateValue);
    mounted.set(host, reader);
    void reader.open();
  }
  return () => {
    mounted.get(host)?.close();
    mounted.delete(host);
  };
}
