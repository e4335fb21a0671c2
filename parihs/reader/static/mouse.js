/** The mouse in the text: drag selects, a click goes to the word, in the text and in the recording. */

/** @typedef {import('./desk.js').Reader} Reader */

const DOUBLE_CLICK_MS = 220;
const STILL_PX = 4;

/** @param {number} x @param {number} y @returns {{node: Node, offset: number} | null} */
export function caretAt(x, y) {
  const place = /** @type {any} */ (document).caretPositionFromPoint?.(x, y);
  if (place) return { node: place.offsetNode, offset: place.offset };
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

/** @param {Reader} reader @returns {() => void} stops listening */
export function listenForMouse(reader) {
  const { layout, selecting, text } = reader;
  /** @type {{x: number, y: number} | null} */
  let pressed = null;
  /** @type {any} */
  let click = 0;

  const down = (/** @type {PointerEvent} */ event) => {
    clearTimeout(click);
    const target = event.target instanceof Element ? event.target : null;
    if (event.button !== 0 || target?.closest('[data-coding], .pr-speaker, .pr-unsure, .pr-who, .pr-edit, .pr-draft, .pr-memo-mark')) return;
    pressed = { x: event.clientX, y: event.clientY };
    selecting.clear();
  };

  const up = (/** @type {PointerEvent} */ event) => {
    if (!pressed) return;
    const moved = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL_PX;
    pressed = null;
    // The browser settles its selection after this event.
    setTimeout(() => {
      const native = window.getSelection();
      if (native && selecting.take(native, !event.altKey)) return;
      if (!moved) click = setTimeout(() => clicked(event), event.detail > 1 ? 0 : DOUBLE_CLICK_MS);
    }, 0);
  };

  const clicked = (/** @type {PointerEvent} */ event) => {
    const caret = caretAt(event.clientX, event.clientY);
    const point = caret && text.pointOf(caret.node, caret.offset);
    if (point === null) return;
    selecting.turn = text.turnAt(point);
    reader.view.setCurrent(selecting.turn);
    const under = reader.view
      .shown()
      .filter(({ start, end }) => start <= point && point < end)
      .sort((a, b) => a.end - a.start - (b.end - b.start));
    const at = under.findIndex(({ id }) => id === reader.selected);
    reader.view.pick(under[(at + 1) % Math.max(1, under.length)]?.id ?? '', false);
    const ms = reader.words?.timeOf(point) ?? null;
    if (reader.player && ms !== null) reader.player.playFrom(ms);
  };

  layout.page.addEventListener('pointerdown', down);
  window.addEventListener('pointerup', up);
  return () => {
    clearTimeout(click);
    layout.page.removeEventListener('pointerdown', down);
    window.removeEventListener('pointerup', up);
  };
}
