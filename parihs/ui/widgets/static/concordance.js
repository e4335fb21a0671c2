// @ts-check
/**
 * Matches of a search, one to a line, with what is said before and after them.
 *
 * Data: {lines: [{id, left, match, right, who, place, codes, audio, from_ms, to_ms}]}
 * Keys: ↑ ↓ from line to line, Enter opens, p or space plays.
 * Playing starts two seconds before the words and stops one second after them.
 * Trigger back: `open` = id of the line to show in its transcript.
 */

import { make, silentAudio } from "./parts.js";

const LEAD_MS = 2000;
const TAIL_MS = 1000;

/** @type {WeakMap<HTMLElement, {json: string, audio: HTMLAudioElement}>} */
const drawn = new WeakMap();

/** @param {HTMLAudioElement} audio @param {HTMLElement} list */
function player(audio, list) {
  let stopAt = Infinity;
  /** @type {HTMLElement | null} */
  let playing = null;
  const show = () => {
    for (const button of list.querySelectorAll(".pk-play")) {
      const on = button === playing && !audio.paused;
      button.setAttribute("aria-pressed", String(on));
      button.textContent = on ? "■" : "▶";
    }
  };
  audio.addEventListener("timeupdate", () => {
    if (audio.currentTime * 1000 >= stopAt) audio.pause();
  });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, show);
  return async (/** @type {HTMLElement} */ button, /** @type {any} */ line) => {
    if (playing === button && !audio.paused) return audio.pause();
    playing = button;
    const url = new URL(line.audio, location.href).href;
    if (audio.src !== url) audio.src = url;
    stopAt = line.to_ms + TAIL_MS;
    audio.currentTime = Math.max(0, line.from_ms - LEAD_MS) / 1000;
    try {
      await audio.play();
    } catch (error) {
      // Stopping before the sound has arrived ends here too, and is no failure.
      if (/** @type {Error} */ (error).name !== "AbortError") button.title = "Could not play";
    }
  };
}

/** @param {any} line @param {(button: HTMLElement, line: any) => void} play @param {(id: string) => void} open */
function row(line, play, open) {
  const node = make("li", "pk-line");
  node.dataset.id = line.id;
  if (line.audio) {
    const button = make("button", "pk-play", "▶");
    button.setAttribute("type", "button");
    button.tabIndex = -1;
    button.title = "Hear it (p)";
    button.setAttribute("aria-label", `Hear “${line.match}”, ${line.who}, ${line.place}`);
    button.addEventListener("click", () => play(button, line));
    node.append(button);
  } else {
    const none = make("span", "pk-silent", "");
    none.title = "No recording, or no times in this transcript";
    node.append(none);
  }
  const said = make("button", "pk-said");
  said.setAttribute("type", "button");
  said.title = "Open in the transcript (Enter)";
  const left = make("span", "pk-left");
  // Cut at its beginning, while its letters keep their order.
  left.append(make("bdi", "", line.left));
  said.append(left, make("mark", "", line.match), make("span", "pk-right", line.right));
  said.addEventListener("click", () => open(line.id));
  const where = make("span", "pk-where");
  where.append(make("strong", "", line.who), ` ${line.place}`);
  if (line.codes) where.append(make("span", "pk-codes", ` · ${line.codes}`));
  where.title = [line.who, line.place, line.codes].filter(Boolean).join("\n");
  node.append(said, where);
  return node;
}

/** @param {HTMLElement} list @param {KeyboardEvent} event */
function keys(list, event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const here = target.closest(".pk-line");
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    const lines = [...list.children];
    const next = lines[Math.max(0, Math.min(lines.length - 1, lines.indexOf(here) + by))];
    const said = /** @type {HTMLElement} */ (next.querySelector(".pk-said"));
    for (const other of list.querySelectorAll(".pk-said")) /** @type {HTMLElement} */ (other).tabIndex = -1;
    said.tabIndex = 0;
    said.focus();
  } else if (event.key === "p" || (event.key === " " && target.matches(".pk-said"))) {
    /** @type {HTMLElement | null} */ (here.querySelector(".pk-play"))?.click();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  const json = JSON.stringify(data);
  const before = drawn.get(parentElement);
  if (before?.json === json) return;
  before?.audio.pause();
  parentElement.querySelector(".pk-list")?.remove();
  const audio = silentAudio();
  drawn.set(parentElement, { json, audio });
  const list = make("ol", "pk-list");
  const play = player(audio, list);
  data.lines.forEach((/** @type {any} */ line, /** @type {number} */ at) => {
    const node = row(line, play, (id) => setTriggerValue("open", id));
    /** @type {HTMLElement} */ (node.querySelector(".pk-said")).tabIndex = at ? -1 : 0;
    list.append(node);
  });
  list.addEventListener("keydown", (event) => keys(list, event));
  parentElement.append(list);
  return () => drawn.get(parentElement)?.audio.pause();
}
