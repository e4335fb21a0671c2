// @ts-check
/** What all lists of excerpts are made of: elements, buttons that say their key, a button that plays. */

/** @param {string} tag @param {string} className @param {string} [text] */
export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** @param {string} colour as the study gives it @param {string} [otherwise] */
export const safeColour = (colour, otherwise = "#777777") => (/^#[0-9a-f]{6}$/i.test(colour) ? colour : otherwise);

/** @param {string} className @param {string} label @param {string} key that does the same; empty for none @param {() => void} act */
export function keyButton(className, label, key, act) {
  const node = /** @type {HTMLButtonElement} */ (make("button", className, label));
  node.type = "button";
  if (key) node.append(" ", make("kbd", "", key));
  node.addEventListener("click", act);
  return node;
}

/** A button that leaves selection and focus where they are. @type {typeof keyButton} */
export function steadyButton(className, label, key, act) {
  const node = keyButton(className, label, key, act);
  node.addEventListener("mousedown", (event) => event.preventDefault());
  return node;
}

/** Something to play with, which fetches nothing before it has to. */
export function silentAudio() {
  const audio = document.createElement("audio");
  audio.preload = "none";
  return audio;
}

/**
 * A button that plays an item, and stops it; its label says which. `audio` is one for the whole list.
 * @param {HTMLButtonElement} node begins with its label
 * @param {{audio: string, from_ms: number, to_ms: number}} item
 * @param {HTMLAudioElement} audio @param {number} leadMs heard before it @param {number} tailMs and after
 */
export function playing(node, item, audio, leadMs, tailMs) {
  const label = (/** @type {string} */ words) => node.firstChild && (node.firstChild.textContent = words);
  node.addEventListener("click", async () => {
    if (!audio.paused) return audio.pause();
    const url = new URL(item.audio, location.href).href;
    if (audio.src !== url) audio.src = url;
    audio.currentTime = Math.max(0, item.from_ms - leadMs) / 1000;
    audio.ontimeupdate = () => audio.currentTime * 1000 > item.to_ms + tailMs && audio.pause();
    audio.onplay = () => label("■ Stop");
    audio.onpause = () => label("▶ Play");
    try {
      await audio.play();
    } catch (error) {
      // Stopping before the sound has arrived ends here too, and is no failure.
      if (/** @type {Error} */ (error).name !== "AbortError") label("Could not play");
    }
  });
  return node;
}
