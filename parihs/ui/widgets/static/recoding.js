// @ts-check
/**
 * Codings to look at, one after the other: their code is no longer in the codebook, or merging left
 * one of several that were rated differently.
 *
 * Data: see `parihs/ui/widgets/recoding.py`. Trigger back: `act` = {do, id, …}, one at a time; the
 * page answers with new data. Keys: 1–9 give a code or a rating, x takes the coding back, z undoes, n and p go
 * on and back, space plays.
 */

import { make, playing, silentAudio, steadyButton as button } from "./parts.js";

const LEAD_MS = 2000;
const TAIL_MS = 1000;

/** @typedef {{json: string, at: number, audio: HTMLAudioElement, keys: AbortController | null}} State */
/** @type {WeakMap<HTMLElement, State>} */
const states = new WeakMap();

/** @param {any} words */
function text(words) {
  const points = Array.from(words.text);
  const box = make("p", "pv-words");
  const mark = make("mark", "", points.slice(words.start, words.end).join(""));
  mark.style.setProperty("--pv-colour", "#777777");
  if (words.first > 0) box.append("… ");
  box.append(points.slice(0, words.start).join(""), mark, points.slice(words.end).join(""), words.goes_on ? " …" : "");
  return box;
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
  /** @type {Map<string, any>} */
  const codes = new Map(data.codes.map((/** @type {any} */ code) => [code.id, code]));
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
    if (data.items.length) root.append(detail(data.items[here.at]));
    else root.append(make("p", "pv-empty", data.empty));
  }

  /** @param {any} item */
  function detail(item) {
    const box = make("article", "pv-item");
    box.dataset.id = item.id;
    const head = make("header", "pv-head");
    const name = make("h4", "pv-code", item.code);
    name.style.setProperty("--pv-colour", "#777777");
    const moves = make("span", "pv-moves");
    const back = button("pv-link", "Previous", "p", () => step(-1));
    const on = button("pv-link", "Later", "n", () => step(1));
    back.disabled = here.at === 0;
    on.disabled = here.at >= data.items.length - 1;
    moves.append(make("span", "pv-quiet", `${here.at + 1} of ${data.total - data.decided} waiting`), back, on);
    head.append(name, moves);
    const about = make("p", "pv-quiet", [item.ratings.length ? "" : "No longer in the codebook", `coded by ${item.coder}`, item.where].filter(Boolean).join(" · "));
    box.append(head, about, text(item.words));
    if (item.memo) {
      const memo = make("p", "pv-memo", item.memo);
      memo.style.whiteSpace = "pre-wrap";
      box.append(memo);
    }
    if (item.ratings.length) {
      const twice = "This stretch had two codes that were merged, and was rated differently under each. One coding is left";
      const why = make("p", "pv-why", `${twice}, rated “${item.rated}” for now. Which rating holds?`);
      why.style.marginTop = "0.7rem";
      box.append(why);
    }
    const acts = make("div", "pv-acts");
    if (item.mine && !data.why_not) {
      item.ratings.forEach((/** @type {[string, string]} */ [valence, name], /** @type {number} */ at) => {
        acts.append(button("pv-act pv-main", name, String(at + 1), () => act({ do: "rate", id: item.id, valence })));
      });
      if (!item.ratings.length) item.likely.forEach((/** @type {string} */ id, /** @type {number} */ at) => {
        const code = codes.get(id);
        if (!code) return;
        const give = button("pv-act pv-main", code.name, at < 9 ? String(at + 1) : "", () => act({ do: "give", id: item.id, code: id }));
        give.title = code.definition || code.above;
        acts.append(give);
      });
      if (!item.ratings.length) acts.append(other(item));
      acts.append(button("pv-act", "Take the coding back", "x", () => act({ do: "uncode", id: item.id })));
    } else {
      acts.append(make("p", "pv-quiet", data.why_not || "This is another coder’s: they, or a lead, decide about it."));
    }
    const tools = make("span", "pv-tools");
    if (item.audio) tools.append(player(item, here.audio));
    tools.append(button("pv-link", "Open in transcript", "", () => act({ do: "open", id: item.id })));
    acts.append(tools);
    box.append(acts);
    for (const id of item.likely) {
      const code = codes.get(id);
      if (code?.definition) box.append(make("p", "pv-quiet", `${code.name}: ${code.definition}`));
    }
    return box;
  }

  /** Any code of the codebook. @param {any} item */
  function other(item) {
    const chooser = /** @type {HTMLSelectElement} */ (make("select", "pv-act"));
    chooser.style.cssText = "font: inherit; font-size: 0.88rem; color: inherit; max-width: 15rem; background: var(--st-secondary-background-color);";
    chooser.setAttribute("aria-label", "Another code of the codebook");
    chooser.append(new Option(item.likely.length ? "Another code…" : "Choose a code…", ""));
    for (const code of data.codes) chooser.append(new Option(code.above ? `${code.above} › ${code.name}` : code.name, code.id));
    chooser.addEventListener("change", () => chooser.value && act({ do: "give", id: item.id, code: chooser.value }));
    return chooser;
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

  function undo() {
    if (data.last) act({ do: "undo", seq: data.last });
  }

  /** @param {Record<string, unknown>} action */
  function act(action) {
    setTriggerValue("act", { ...action, at: Date.now() });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!parentElement.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest?.("input:not([type=radio]), textarea, select, [contenteditable=true]")) return;
    if (event.key === " " && target.closest?.("button")) return;
    const item = data.items[here.at];
    const free = item && item.mine && !data.why_not;
    const at = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    const rating = free && item.ratings[at];
    const code = free && !item.ratings.length && item.likely[at];
    /** @type {Record<string, (() => void) | false>} */
    const keys = {
      n: () => step(1),
      p: () => step(-1),
      z: () => undo(),
      x: free && (() => act({ do: "uncode", id: item.id })),
      " ": () => /** @type {HTMLElement | null} */ (parentElement.querySelector(".pv-play"))?.click(),
    };
    const wanted = rating
      ? () => act({ do: "rate", id: item.id, valence: rating[0] })
      : code
        ? () => act({ do: "give", id: item.id, code })
        : keys[event.key];
    if (!wanted) return;
    wanted();
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
