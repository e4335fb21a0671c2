// @ts-check
/**
 * A list of excerpts, each with who said it where, and a button that plays it.
 *
 * Data: {items: [{id, before, quote, after, speaker, place, codes: [{name, colour, valence}], note,
 *        audio, from_ms, to_ms, missing}]}
 * Playing starts two seconds before the excerpt and stops one second after it.
 * Trigger back: `open` = id of the excerpt to show in its transcript.
 */

import { make, safeColour, silentAudio } from "./parts.js";

const LEAD_MS = 2000;
const TAIL_MS = 1000;

/** @type {WeakMap<HTMLElement, {json: string, audio: HTMLAudioElement}>} */
const drawn = new WeakMap();

/** @param {number} ms */
const clock = (ms) => {
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
};

/** @param {HTMLAudioElement} audio @param {HTMLElement} list */
function player(audio, list) {
  let stopAt = Infinity;
  /** @type {HTMLButtonElement | null} */
  let playing = null;
  const show = () => {
    for (const button of list.querySelectorAll(".pe-play")) {
      const on = button === playing && !audio.paused;
      button.setAttribute("aria-pressed", String(on));
      button.textContent = on ? "■ Stop" : "▶ Play";
    }
  };
  audio.addEventListener("timeupdate", () => {
    if (audio.currentTime * 1000 >= stopAt) audio.pause();
  });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, show);
  return async (/** @type {HTMLButtonElement} */ button, /** @type {any} */ item) => {
    if (playing === button && !audio.paused) return audio.pause();
    playing = button;
    const url = new URL(item.audio, location.href).href;
    if (audio.src !== url) audio.src = url;
    const start = Math.max(0, item.from_ms - LEAD_MS) / 1000;
    stopAt = item.to_ms + TAIL_MS;
    audio.currentTime = start;
    try {
      await audio.play();
    } catch (error) {
      // Stopping before the sound has arrived ends here too, and is no failure.
      if (/** @type {Error} */ (error).name !== "AbortError") button.textContent = "Could not play";
    }
  };
}

/** @param {any} item @param {(button: any, item: any) => void} play @param {(id: string) => void} open */
function entry(item, play, open) {
  const node = make("li", "pe-item");
  node.dataset.id = item.id;
  const quote = make("p", "pe-quote");
  quote.append(make("span", "pe-context", item.before), make("mark", "", item.quote), make("span", "pe-context", item.after));
  if (item.codes.length) quote.style.setProperty("--pe-colour", safeColour(item.codes[0].colour));
  const who = make("p", "pe-who");
  who.append(make("strong", "", item.speaker), make("span", "", item.place));
  const codes = make("p", "pe-codes");
  for (const code of item.codes) {
    const chip = make("span", "pe-code", code.valence ? `${code.name} ${code.valence}` : code.name);
    chip.style.setProperty("--pe-colour", safeColour(code.colour));
    codes.append(chip);
  }
  if (item.note) codes.append(make("span", "pe-note", item.note));
  const actions = make("p", "pe-actions");
  if (item.audio) {
    const button = /** @type {HTMLButtonElement} */ (make("button", "pe-play", "▶ Play"));
    button.type = "button";
    button.title = `From ${clock(Math.max(0, item.from_ms - LEAD_MS))}, two seconds before the excerpt`;
    button.addEventListener("click", () => play(button, item));
    actions.append(button);
  } else actions.append(make("span", "pe-note", item.missing));
  const link = /** @type {HTMLButtonElement} */ (make("button", "pe-open", "Open in transcript"));
  link.type = "button";
  link.addEventListener("click", () => open(item.id));
  actions.append(link);
  node.append(quote, who, codes, actions);
  return node;
}

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  const json = JSON.stringify(data);
  const before = drawn.get(parentElement);
  if (before?.json === json) return;
  before?.audio.pause();
  parentElement.querySelector(".pe-list")?.remove();
  const audio = silentAudio();
  drawn.set(parentElement, { json, audio });
  const list = make("ol", "pe-list");
  const play = player(audio, list);
  for (const item of data.items) list.append(entry(item, play, (id) => setTriggerValue("open", id)));
  parentElement.append(list);
  // Opened by a number further up: bring the first excerpts into sight, if they are not.
  if (data.items.length && list.getBoundingClientRect().top > innerHeight - 160)
    list.scrollIntoView({ block: "start", behavior: "smooth" });
  return () => drawn.get(parentElement)?.audio.pause();
}
