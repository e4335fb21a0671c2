// @ts-check
/**
 * Codings carried to another text, one after the other: the words they had, and the words they have.
 *
 * Data: see `parihs/ui/widgets/review.py`. Trigger back: `act` = {do, id, …}, one at a time; the page
 * answers with new data. Keys: k keeps, m moves to the selected words, x takes the coding back, z
 * undoes, n and p go on and back, space plays. Positions are code points of the version.
 */

import { make, playing, safeColour, silentAudio, steadyButton as button } from "./parts.js";

const LEAD_MS = 2000;
const TAIL_MS = 1000;

/** @typedef {{json: string, at: number, audio: HTMLAudioElement, keys: AbortController | null}} State */
/** @type {WeakMap<HTMLElement, State>} */
const states = new WeakMap();

/** @param {any} words @param {boolean} standing whether the coding stands there @param {string} colour */
function text(words, standing, colour) {
  const points = Array.from(words.text);
  const box = make("p", "pv-words");
  const run = (/** @type {number} */ from, /** @type {number} */ to, coded = false) => {
    if (to <= from) return;
    const node = make(coded ? "mark" : "span", "", points.slice(from, to).join(""));
    node.dataset.at = String(words.first + from);
    if (coded) node.style.setProperty("--pv-colour", safeColour(colour));
    box.append(node);
  };
  if (words.first > 0) box.append("… ");
  run(0, words.start);
  if (standing) run(words.start, words.end, true);
  else box.append(make("span", "pv-gone", "▸ here ◂"));
  run(standing ? words.end : words.start, points.length);
  if (words.goes_on) box.append(" …");
  return box;
}

/** What is selected in a text, as positions. @param {HTMLElement | null} box */
function selectedIn(box) {
  const selection = getSelection();
  if (!box || !selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const at = (/** @type {Node} */ node, /** @type {number} */ offset) => {
    const run = /** @type {HTMLElement | null} */ (node.parentElement?.closest("[data-at]"));
    if (!run || !box.contains(run) || node.nodeType !== Node.TEXT_NODE) return null;
    return Number(run.dataset.at) + Array.from(/** @type {Text} */ (node).data.slice(0, offset)).length;
  };
  const [start, end] = [at(range.startContainer, range.startOffset), at(range.endContainer, range.endOffset)];
  return start === null || end === null || start >= end ? null : { start, end };
}

/** @param {any} item @param {HTMLAudioElement} audio */
const player = (item, audio) =>
  playing(button("pv-link pv-play", "▶ Play", "Space", () => {}), item, audio, LEAD_MS, TAIL_MS);

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  const json = JSON.stringify(data);
  let state = states.get(parentElement);
  if (!state) {
    state = { json: "", at: 0, audio: silentAudio(), keys: null };
    states.set(parentElement, state);
  }
  const here = state;
  if (here.json !== json) {
    here.json = json;
    here.audio.pause();
    here.at = Math.max(0, Math.min(here.at, data.items.length - 1));
    parentElement.querySelector(".pv")?.remove();
    parentElement.append(make("div", "pv"));
    draw();
  }
  here.keys?.abort();
  here.keys = new AbortController();
  document.addEventListener("keydown", onKey, { signal: here.keys.signal });
  return () => {
    here.audio.pause();
    here.keys?.abort();
  };

  function draw() {
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(".pv"));
    const head = make("div", "pv-progress");
    const bar = make("span", "pv-bar");
    bar.style.setProperty("--pv-done", data.total ? `${(100 * data.decided) / data.total}%` : "0%");
    if (data.total) head.append(make("span", "pv-count", `${data.decided} of ${data.total} looked at`), bar);
    if (data.last) head.append(button("pv-link", "Undo my last decision", "z", undo));
    root.replaceChildren(head);
    if (data.error) root.append(Object.assign(make("p", "pv-error", data.error), { role: "alert" }));
    if (!data.items.length) {
      root.append(make("p", "pv-empty", data.empty));
      return;
    }
    root.append(detail(data.items[here.at]));
  }

  /** @param {any} item */
  function detail(item) {
    const box = make("article", "pv-item");
    box.dataset.id = item.id;
    const head = make("header", "pv-head");
    const name = make("h4", "pv-code", item.code);
    name.style.setProperty("--pv-colour", item.colour);
    const moves = make("span", "pv-moves");
    const back = button("pv-link", "Previous", "p", () => step(-1));
    const on = button("pv-link", "Next", "n", () => step(1));
    back.disabled = here.at === 0;
    on.disabled = here.at >= data.items.length - 1;
    moves.append(make("span", "pv-quiet", `${here.at + 1} of ${data.total - data.decided} waiting`), back, on);
    head.append(name, moves);
    const about = make("p", "pv-quiet", [item.why, `coded by ${item.coder}`, item.where].filter(Boolean).join(" · "));
    const sides = make("div", "pv-sides");
    const side = (/** @type {string} */ label, /** @type {HTMLElement} */ words, /** @type {string} */ kind) => {
      const column = make("section", kind);
      column.append(make("h5", "", label), words);
      return column;
    };
    sides.append(
      side("The words it was given to", text(item.old, true, item.colour), "pv-old"),
      side(item.lost ? "The text now: it has no place" : "The words it stands on now", text(item.new, !item.lost, item.colour), "pv-new"),
    );
    const tools = make("span", "pv-tools");
    if (item.audio) tools.append(player(item, here.audio));
    tools.append(button("pv-link", "Open in transcript", "", () => open(item)));
    const acts = make("div", "pv-acts");
    if (item.mine && !data.why_not) {
      if (!item.lost) acts.append(button("pv-act pv-main", "Keep it here", "k", () => act({ do: "kept", id: item.id })));
      acts.append(
        button("pv-act", "Move to selected words", "m", () => move(item)),
        button("pv-act", "Take the coding back", "x", () => act({ do: "uncoded", id: item.id })),
      );
    } else {
      acts.append(make("p", "pv-quiet", data.why_not || "This is another coder’s: they, or a lead, decide about it."));
    }
    const hint = make("p", "pv-quiet pv-hint", "To move it, select words in the new text first.");
    box.append(head, about);
    if (item.memo) box.append(make("p", "pv-memo", item.memo));
    acts.append(tools);
    box.append(acts, hint, sides);
    return box;
  }

  /** @param {number} by */
  function step(by) {
    const at = here.at + by;
    if (at < 0 || at >= data.items.length) return;
    here.audio.pause();
    here.at = at;
    data.error = "";
    draw();
  }

  /** @param {any} item */
  function move(item) {
    const found = selectedIn(parentElement.querySelector(".pv-new .pv-words"));
    if (!found) {
      const hint = /** @type {HTMLElement} */ (parentElement.querySelector(".pv-hint"));
      hint.textContent = "Select the words it belongs to in the new text, then press m.";
      hint.setAttribute("role", "alert");
      return;
    }
    act({ do: "moved", id: item.id, ...found });
  }

  function undo() {
    if (data.last) act({ do: "undo", id: data.last });
  }

  /** @param {any} item */
  function open(item) {
    act({ do: "open", id: item.id, start: item.new.first + item.new.start, end: item.new.first + Math.max(item.new.end, item.new.start + 1) });
  }

  /** @param {Record<string, unknown>} action */
  function act(action) {
    setTriggerValue("act", { ...action, at: Date.now() });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!parentElement.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest?.("input, textarea, select, [contenteditable=true]")) return;
    if (event.key === " " && target.closest?.("button")) return;
    const item = data.items[here.at];
    const free = item && item.mine && !data.why_not;
    /** @type {Record<string, (() => void) | false>} */
    const keys = {
      n: () => step(1),
      p: () => step(-1),
      z: () => undo(),
      k: free && !item.lost && (() => act({ do: "kept", id: item.id })),
      m: free && (() => move(item)),
      x: free && (() => act({ do: "uncoded", id: item.id })),
      " ": () => /** @type {HTMLElement | null} */ (parentElement.querySelector(".pv-play"))?.click(),
    };
    const wanted = keys[event.key];
    if (!wanted) return;
    wanted();
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
