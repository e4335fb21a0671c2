// @ts-check
/**
 * Moments of a voice: a button plays each; the one that sounds stops when another begins.
 *
 * Data: {label, items: [{id, at, text, who, audio, from_ms, to_ms}]}
 * Trigger back: `open` = id of the moment to show in its transcript.
 */

import { make, silentAudio } from "./parts.js";

const LEAD_MS = 250;
const TAIL_MS = 250;
const LONGEST_MS = 15000;

/** @type {WeakMap<HTMLElement, {json: string, audio: HTMLAudioElement}>} */
const drawn = new WeakMap();
/** All lists of the page share one ear. @type {HTMLAudioElement | null} */
let sounding = null;

/** @param {HTMLAudioElement} audio @param {HTMLElement} list */
function player(audio, list) {
  let stopAt = Infinity;
  /** @type {HTMLElement | null} */
  let playing = null;
  const show = () => {
    for (const button of list.querySelectorAll(".pv-play")) {
      const on = button === playing && !audio.paused;
      button.setAttribute("aria-pressed", String(on));
      const sign = button.querySelector(".pv-sign");
      if (sign) sign.textContent = on ? "■" : "▶";
    }
  };
  audio.addEventListener("timeupdate", () => {
    if (audio.currentTime * 1000 >= stopAt) audio.pause();
  });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, show);
  return async (/** @type {HTMLElement} */ button, /** @type {any} */ item) => {
    if (playing === button && !audio.paused) return audio.pause();
    if (sounding && sounding !== audio) sounding.pause();
    sounding = audio;
    playing = button;
    const url = new URL(item.audio, location.href).href;
    if (audio.src !== url) audio.src = url;
    const from = Math.max(0, item.from_ms - LEAD_MS);
    stopAt = Math.min(item.to_ms + TAIL_MS, from + LONGEST_MS);
    audio.currentTime = from / 1000;
    try {
      await audio.play();
    } catch (error) {
      // Stopping before the sound has arrived ends here too, and is no failure.
      if (/** @type {Error} */ (error).name !== "AbortError") button.title = "Could not play";
    }
  };
}

/** Up and down go from sample to sample, through all lists of the page. @param {KeyboardEvent} event */
function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".pv-play")]);
  const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
  if (at < 0) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, at + by))].focus();
}

/** @param {any} item @param {(button: any, item: any) => void} play @param {(id: string) => void} open */
function entry(item, play, open) {
  const node = make("li", "pv-item");
  node.dataset.id = item.id;
  const says = `${item.who ? `${item.who}, ` : ""}${item.at}`;
  if (item.audio) {
    const button = make("button", "pv-play");
    button.setAttribute("type", "button");
    button.setAttribute("aria-label", `Play ${says}`);
    button.append(make("span", "pv-sign", "▶"), make("span", "pv-at", item.at));
    button.addEventListener("click", () => play(button, item));
    button.addEventListener("keydown", step);
    node.append(button);
  } else node.append(make("span", "pv-at pv-mute", item.at || "–"));
  const words = make("p", "pv-text");
  if (item.who) words.append(make("strong", "pv-who", item.who));
  words.append(make("span", "", item.text));
  const link = make("button", "pv-open", "Open");
  link.setAttribute("type", "button");
  link.setAttribute("aria-label", `Open ${says} in the transcript`);
  link.addEventListener("click", () => open(item.id));
  node.append(words, link);
  return node;
}

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  const json = JSON.stringify(data);
  const before = drawn.get(parentElement);
  if (before?.json === json) return;
  before?.audio.pause();
  parentElement.querySelector(".pv-list")?.remove();
  const audio = silentAudio();
  drawn.set(parentElement, { json, audio });
  const list = make("ul", "pv-list");
  list.setAttribute("aria-label", data.label);
  const play = player(audio, list);
  for (const item of data.items) list.append(entry(item, play, (id) => setTriggerValue("open", id)));
  parentElement.append(list);
  return () => drawn.get(parentElement)?.audio.pause();
}
