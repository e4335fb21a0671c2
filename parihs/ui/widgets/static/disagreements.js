// @ts-check
/**
 * Disagreements, one after the other: a list, and the place in its text with what to do about it.
 *
 * Data: see `parihs/ui/widgets/disagreements.py`. Trigger back: `act` = {do, id, …}, one at a time;
 * the page answers with new data. Keys: n and p go to the next and the previous place, the numbers
 * and e choose an outcome, t opens the discussion, space plays.
 */

import { button, clarify, settling, sides, talk } from "./disagreement_forms.js";
import { placeText } from "./disagreement_text.js";
import { make, playing, safeColour, silentAudio } from "./parts.js";

const LEAD_MS = 2000;
const TAIL_MS = 1000;
const MARKS = { open: "", settled: "✓", stale: "!" };

/**
 * @typedef {{json: string, at: number, id: string | null, next: string | null, talking: boolean,
 *            audio: HTMLAudioElement, keys: AbortController | null}} State
 */
/** @type {WeakMap<HTMLElement, State>} */
const states = new WeakMap();

/** @param {any} data */
function progress(data) {
  const { settled, stale, total } = data.progress;
  const box = make("div", "pd-progress");
  const bar = make("span", "pd-bar");
  bar.style.setProperty("--pd-done", total ? `${(100 * settled) / total}%` : "0%");
  const words = `${settled.toLocaleString("en")} of ${total.toLocaleString("en")} settled`;
  box.append(make("span", "pd-count", stale ? `${words} · ${stale} to look at again` : words), bar);
  return box;
}

/** @param {any} data @param {State} state @param {(at: number) => void} show */
function list(data, state, show) {
  const nav = make("ol", "pd-list");
  nav.setAttribute("aria-label", "Disagreements");
  data.items.forEach((/** @type {any} */ item, /** @type {number} */ number) => {
    const li = make("li", "");
    const entry = button("pd-entry", "", () => show(number));
    entry.dataset.id = item.id;
    entry.style.setProperty("--pd-colour", safeColour(item.colour));
    if (number === state.at) entry.setAttribute("aria-current", "true");
    const mark = MARKS[/** @type {keyof typeof MARKS} */ (item.state)];
    entry.append(make("span", "pd-entry-title", item.title), make("span", "pd-quiet", `${item.kind} · ${item.where}`));
    if (mark) entry.append(make("span", `pd-mark pd-mark-${item.state}`, mark));
    li.append(entry);
    nav.append(li);
  });
  return nav;
}

/** @param {any} item @param {HTMLAudioElement} audio */
function player(item, audio) {
  const node = playing(button("pd-link pd-play", "▶ Play", () => {}), item, audio, LEAD_MS, TAIL_MS);
  node.title = "From two seconds before";
  return node;
}

/** @param {any} data @param {State} state @param {(action: Record<string, unknown>) => void} act @param {(by: number) => void} step */
function detail(data, state, act, step) {
  const item = data.items[state.at];
  const box = make("article", "pd-detail");
  box.dataset.id = item.id;
  const head = make("header", "pd-head");
  const position = data.first + state.at + 1;
  const moves = make("span", "pd-moves");
  const back = button("pd-link", "Previous (p)", () => step(-1));
  const on = button("pd-link", "Next (n)", () => step(1));
  back.disabled = position <= 1;
  on.disabled = position >= data.total;
  moves.append(make("span", "pd-quiet", `${position.toLocaleString("en")} of ${data.total.toLocaleString("en")} shown`), back, on);
  head.append(make("span", "pd-kind", item.kind), moves);
  const tools = make("p", "pd-tools");
  tools.append(make("span", "pd-quiet", item.place));
  if (item.audio) tools.append(player(item, state.audio));
  tools.append(button("pd-link", "Open in transcript", () => act({ do: "open", id: item.id })));
  box.append(head, make("p", "pd-says", item.says), sides(item), placeText(item), tools);
  if (data.error) box.append(Object.assign(make("p", "pd-error", data.error), { role: "alert" }));
  box.append(settling(item, data, act), talk(item, data, act, state.talking));
  if (data.may_settle && item.can_discuss) box.append(clarify(item, data, act));
  return box;
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return event.ctrlKey || event.metaKey || event.altKey || Boolean(target.closest?.("input, textarea, select, [contenteditable=true]"));
}

/** @param {any} data @param {State} state */
function settleOnPlace(data, state) {
  const find = (/** @type {string | null} */ id) => data.items.findIndex((/** @type {any} */ item) => item.id === id);
  const wanted = [data.focus, state.next, state.id].map(find).find((at) => at >= 0);
  state.at = wanted ?? Math.min(state.at, data.items.length - 1);
  state.next = null;
  state.id = data.items[state.at]?.id ?? null;
}

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  const json = JSON.stringify(data);
  let state = states.get(parentElement);
  if (!state) {
    state = { json: "", at: 0, id: null, next: null, talking: false, audio: silentAudio(), keys: null };
    states.set(parentElement, state);
  }
  const here = state;
  if (here.json !== json) {
    here.json = json;
    here.audio.pause();
    settleOnPlace(data, here);
    parentElement.querySelector(".pd")?.remove();
    parentElement.append(make("div", "pd"));
    draw();
  }
  listen();
  return () => {
    here.audio.pause();
    here.keys?.abort();
  };

  function draw() {
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(".pd"));
    const scrolled = root.querySelector(".pd-list")?.scrollTop ?? 0;
    root.replaceChildren(progress(data));
    if (!data.items.length) {
      root.append(make("p", "pd-empty", data.empty));
      return;
    }
    const columns = make("div", "pd-columns");
    const entries = list(data, here, show);
    columns.append(entries, detail(data, here, act, step));
    root.append(columns);
    entries.scrollTop = scrolled;
    const current = /** @type {HTMLElement | null} */ (entries.querySelector('[aria-current="true"]'));
    if (current) {
      const [top, bottom] = [current.offsetTop, current.offsetTop + current.offsetHeight];
      if (top < entries.scrollTop || bottom > entries.scrollTop + entries.clientHeight) entries.scrollTop = top - 60;
    }
  }

  /** @param {number} at */
  function show(at) {
    here.audio.pause();
    here.at = at;
    here.id = data.items[at].id;
    here.talking = false;
    data.error = "";
    draw();
  }

  /** @param {number} by */
  function step(by) {
    const at = here.at + by;
    if (at >= 0 && at < data.items.length) return show(at);
    const place = data.first + at;
    if (place >= 0 && place < data.total) act({ do: "page", place });
  }

  /** @param {Record<string, unknown>} action */
  function act(action) {
    if (action.do === "settle") here.next = data.items[here.at + 1]?.id ?? null;
    else here.next = here.id;
    here.talking = action.do === "discuss";
    setTriggerValue("act", { ...action, at: Date.now() });
  }

  function listen() {
    here.keys?.abort();
    here.keys = new AbortController();
    document.addEventListener("keydown", onKey, { signal: here.keys.signal });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!parentElement.isConnected || !data.items.length || isTyping(event)) return;
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(".pd-detail"));
    /** @type {Record<string, () => void>} */
    const keys = {
      n: () => step(1),
      p: () => step(-1),
      t: () => {
        const talking = /** @type {HTMLDetailsElement | null} */ (root.querySelector(".pd-talk"));
        if (talking) talking.open = true;
        talking?.querySelector("input")?.focus();
      },
    };
    const outcome = /** @type {HTMLElement | null} */ (root.querySelector(`.pd-outcome[data-key="${CSS.escape(event.key)}"]`));
    if (outcome) outcome.click();
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  }
}
