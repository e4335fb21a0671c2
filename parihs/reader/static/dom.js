/** Small helpers to build elements; text from a study only ever enters as text. */

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] `class`, `text`, `on*` handlers, everything else an attribute
 * @param {...(Node | string | null | undefined)} children
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'text') node.textContent = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/** @param {Element} node @param {string} text changes nothing if it is there already */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {number} ms @returns {string} `m:ss` or `h:mm:ss` */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (/** @type {number} */ value) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** @param {number} count @param {string} one @param {string} [many] @returns {string} */
export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/**
 * A button that never takes the focus from the text, so that the next key is still for the reader.
 * @param {string} label @param {(event: MouseEvent) => void} act @param {Record<string, any>} [props]
 * @returns {HTMLButtonElement}
 */
export function quietButton(label, act, props = {}) {
  const button = el('button', { type: 'button', text: label, onclick: act, ...props });
  button.addEventListener('mousedown', (/** @type {Event} */ event) => event.preventDefault());
  return button;
}
