// @ts-check
/**
 * Hands over what is typed a moment after the last key, and when the page is hidden or left.
 *
 * Streamlit takes a field's text when the field loses the keyboard. We tell it that this happened,
 * without taking the keyboard away. One listener per document serves all fields.
 */

const PAUSE_MS = 700;

/** @type {Set<Element>} */
const waiting = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

function handOver() {
  clearTimeout(timer);
  for (const field of waiting) {
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  }
  waiting.clear();
}

/** @param {Event} event */
function typed(event) {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  if (!field.closest("[data-testid=stTextArea], [data-testid=stTextInput]")) return;
  waiting.add(field);
  clearTimeout(timer);
  timer = setTimeout(handOver, PAUSE_MS);
}

let listening = false;

/** Streamlit calls this whenever the component is drawn. */
export default function keepTyping() {
  if (listening) return;
  listening = true;
  document.addEventListener("input", typed, true);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") handOver();
  });
  window.addEventListener("pagehide", handOver);
}
