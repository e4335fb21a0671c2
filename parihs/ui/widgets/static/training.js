// @ts-check
/**
 * A training test: one excerpt after the other is coded blind; then what is right, and why.
 *
 * Data: see `parihs/ui/widgets/training.py`. What is right is in it only for excerpts answered.
 * Trigger back: `act` = {do: "answer", position, codes}. Keys: type to find a code, ↑ ↓ and Enter
 * choose it, Ctrl+Enter answers, Esc leaves the field; c goes back to it, n and p go on and back,
 * space plays.
 */

import { keyButton as button, make, playing, safeColour, silentAudio } from "./parts.js";

const LEAD_MS = 1000;
const TAIL_MS = 800;
const MOST = 12;

/** @typedef {{json: string, sitting: string, at: number, chosen: Map<number, Record<string, string>>, look: string, words: string, number: number, audio: HTMLAudioElement, keys: AbortController | null}} State */
/** @type {WeakMap<HTMLElement, State>} */
const states = new WeakMap();

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  let state = states.get(parentElement);
  if (!state) {
    state = { json: "", sitting: "", at: 0, chosen: new Map(), look: "", words: "", number: 0, audio: silentAudio(), keys: null };
    states.set(parentElement, state);
  }
  const here = state;
  /** @type {Map<string, any>} */
  const codes = new Map(data.codes.map((/** @type {any} */ each) => [each.id, each]));
  const json = JSON.stringify(data);
  if (here.json !== json) {
    here.json = json;
    if (here.sitting !== `${data.test} ${data.attempt}`) {
      here.sitting = `${data.test} ${data.attempt}`;
      here.chosen.clear();
      here.at = Math.max(0, data.items.findIndex((/** @type {any} */ item) => !item.verdict));
    }
    parentElement.querySelector(".pt")?.remove();
    parentElement.append(make("div", "pt"));
    draw();
  }
  here.keys?.abort();
  here.keys = new AbortController();
  document.addEventListener("keydown", onKey, { signal: here.keys.signal });
  return () => {
    here.audio.pause();
    here.keys?.abort();
  };

  function draw(typing = false) {
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(".pt"));
    const item = data.items[here.at];
    root.replaceChildren(head());
    if (data.error) root.append(Object.assign(make("p", "pt-error", data.error), { role: "alert" }));
    root.append(excerpt(item), item.verdict ? verdict(item) : answering(item));
    if (typing) field()?.focus();
  }

  function field() {
    return /** @type {HTMLInputElement | null} */ (parentElement.querySelector(".pt-find"));
  }

  function head() {
    const done = data.items.filter((/** @type {any} */ item) => item.verdict).length;
    const box = make("div", "pt-head");
    const bar = make("span", "pt-bar");
    bar.style.setProperty("--pt-done", `${(100 * done) / data.items.length}%`);
    const back = button("pt-link", "Previous", "p", () => step(-1));
    const on = button("pt-link", "Next", "n", () => step(1));
    back.disabled = here.at === 0;
    on.disabled = here.at >= data.items.length - 1;
    box.append(make("span", "pt-count", `Excerpt ${here.at + 1} of ${data.items.length} · ${done} answered`), bar, back, on);
    return box;
  }

  /** @param {any} item */
  function excerpt(item) {
    const box = make("section", "pt-excerpt");
    const words = make("p", "pt-words");
    words.append(item.before, make("mark", "", item.text), item.after);
    const about = make("p", "pt-about", `${item.who}, ${item.where} `);
    if (item.audio) about.append(player(item));
    box.append(about, words);
    return box;
  }

  /** @param {any} item */
  function chosenAt(item) {
    const found = here.chosen.get(item.position) ?? {};
    here.chosen.set(item.position, found);
    return found;
  }

  function matching() {
    const words = here.words.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (/** @type {any} */ code) => `${code.name} ${code.definition} ${code.when_to_use}`.toLowerCase();
    const found = data.codes.filter((/** @type {any} */ code) => words.every((word) => text(code).includes(word)));
    const first = here.words.toLowerCase();
    const rank = (/** @type {any} */ code) => (code.name.toLowerCase().startsWith(first) ? 0 : code.name.toLowerCase().includes(first) ? 1 : 2);
    return words.length ? found.sort((/** @type {any} */ a, /** @type {any} */ b) => rank(a) - rank(b)).slice(0, MOST) : found;
  }

  /** @param {any} item */
  function answering(item) {
    const box = make("div", "pt-answer");
    const left = make("section", "pt-left");
    const right = make("aside", "pt-rules");
    right.setAttribute("aria-label", "The rules of the code");
    const given = chosenAt(item);
    const find = /** @type {HTMLInputElement} */ (make("input", "pt-find"));
    find.type = "text";
    find.value = here.words;
    find.placeholder = "Type to find a code";
    find.setAttribute("aria-label", "Find a code");
    find.autocomplete = "off";
    const list = make("ul", "pt-list");
    list.setAttribute("aria-label", "Codes");
    // Its buttons are chosen by arrow keys in the field, so the list itself is what scrolls by key.
    list.tabIndex = 0;
    const fill = () => {
      const found = matching();
      here.number = Math.max(0, Math.min(here.number, found.length - 1));
      here.look = found[here.number]?.id ?? "";
      list.replaceChildren(
        ...found.map((code, number) => {
          const li = make("li", "");
          const choose = button("pt-code", here.words ? code.name : code.label, "", () => toggle(item, code.id));
          choose.style.setProperty("--pt-colour", safeColour(code.colour));
          choose.setAttribute("aria-pressed", String(code.id in given));
          choose.tabIndex = -1;
          if (number === here.number) choose.classList.add("is-at");
          choose.addEventListener("mouseenter", () => look(code.id));
          li.append(choose);
          return li;
        }),
      );
      list.querySelector(".is-at")?.scrollIntoView({ block: "nearest" });
      look(here.look);
    };
    const look = (/** @type {string} */ id) => right.replaceChildren(...(codes.has(id) ? [rules(codes.get(id))] : []));
    find.addEventListener("input", () => {
      here.words = find.value;
      here.number = 0;
      fill();
    });
    find.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) here.number += by;
      else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && here.look) toggle(item, here.look);
      else if (event.key === "Enter") answer(item);
      else if (event.key === "Escape") find.blur();
      else return;
      event.preventDefault();
      event.stopPropagation();
      if (by) fill();
    });
    left.append(chips(item, given), find, list);
    const send = button("pt-act pt-main", Object.keys(given).length ? "Check my coding" : "No code fits: check", "Ctrl+Enter", () => answer(item));
    left.append(send);
    box.append(left, right);
    queueMicrotask(fill);
    return box;
  }

  /** @param {any} item @param {Record<string, string>} given */
  function chips(item, given) {
    const box = make("ul", "pt-chips");
    box.setAttribute("aria-label", "Codes you give");
    for (const [id, valence] of Object.entries(given)) {
      const li = make("li", "pt-chip", codes.get(id).name);
      li.style.setProperty("--pt-colour", safeColour(codes.get(id).colour));
      const select = /** @type {HTMLSelectElement} */ (make("select", "pt-valence"));
      select.setAttribute("aria-label", `Valence of ${codes.get(id).name}`);
      for (const [key, words] of data.valences) select.append(Object.assign(make("option", "", words), { value: key }));
      select.value = valence;
      select.addEventListener("change", () => (given[id] = select.value));
      const off = button("pt-link", "✕", "", () => toggle(item, id));
      off.setAttribute("aria-label", `Take ${codes.get(id).name} off`);
      li.append(select, off);
      box.append(li);
    }
    return box;
  }

  /** @param {any} item @param {string} id */
  function toggle(item, id) {
    const given = chosenAt(item);
    if (id in given) delete given[id];
    else given[id] = "unrated";
    here.words = "";
    here.number = 0;
    draw(true);
  }

  /** @param {any} item */
  function answer(item) {
    setTriggerValue("act", { do: "answer", test: data.test, position: item.position, codes: { ...chosenAt(item) }, at: Date.now() });
  }

  /** @param {any} code @param {string[]} [parts] */
  function rules(code, parts = ["definition", "when_to_use", "when_not", "example"]) {
    const box = make("article", "pt-rule");
    const name = make("h5", "pt-name", code.name);
    name.style.setProperty("--pt-colour", safeColour(code.colour));
    box.append(name);
    const labels = { definition: "", when_to_use: "Use it when: ", when_not: "Not when: ", example: "For example: " };
    for (const part of parts) {
      if (!code[part]) continue;
      const p = make("p", "");
      const label = labels[/** @type {keyof typeof labels} */ (part)];
      if (label) p.append(make("strong", "", label));
      p.append(code[part]);
      box.append(p);
    }
    return box;
  }

  /** @param {any} item */
  function verdict(item) {
    const { hits, missed, extra, right, given, why } = item.verdict;
    const box = make("section", "pt-verdict");
    box.setAttribute("role", "status");
    const all = !missed.length && !extra.length;
    box.append(make("h4", all ? "pt-fine" : "", all ? (hits.length ? "All right" : "Right: no code fits here") : `${hits.length} right, ${missed.length} missed, ${extra.length} too many`));
    if (why) {
      const p = make("p", "pt-why");
      p.append(make("strong", "", "Why: "), why);
      box.append(p);
    }
    const words = (/** @type {string} */ key) => Object.fromEntries(data.valences)[key];
    const group = (/** @type {string} */ mark, /** @type {string} */ said, /** @type {string[]} */ ids, /** @type {string[]} */ parts) => {
      for (const id of ids) {
        const rule = rules(codes.get(id), parts);
        rule.prepend(make("span", `pt-mark pt-${said.split(" ")[0].toLowerCase()}`, `${mark} ${said}`));
        if (id in right && id in given && right[id] !== given[id]) rule.append(make("p", "pt-about", `Valence: you said ${words(given[id]).toLowerCase()}, the test says ${words(right[id]).toLowerCase()}.`));
        box.append(rule);
      }
    };
    group("–", "Missed", missed, ["definition", "when_to_use"]);
    group("+", "Too many", extra, ["when_not", "definition"]);
    group("✓", "Right", hits, ["when_to_use"]);
    if (here.at < data.items.length - 1) box.append(button("pt-act pt-main", "Next excerpt", "n", () => step(1)));
    else box.append(make("p", "pt-about", "This was the last one. Your result stands below."));
    return box;
  }

  /** @param {any} item */
  function player(item) {
    return playing(button("pt-link pt-play", "▶ Play", "Space", () => {}), item, here.audio, LEAD_MS, TAIL_MS);
  }

  /** @param {number} by */
  function step(by) {
    const at = here.at + by;
    if (at < 0 || at >= data.items.length) return;
    here.audio.pause();
    here.at = at;
    here.words = "";
    here.number = 0;
    data.error = "";
    draw(!data.items[at].verdict);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!parentElement.isConnected || event.altKey) return;
    if (target.closest?.("input, textarea, select, [contenteditable=true]")) return;
    if (event.key === " " && target.closest?.("button")) return;
    const item = data.items[here.at];
    const enter = event.ctrlKey || event.metaKey;
    if (enter && event.key !== "Enter") return;
    /** @type {Record<string, (() => void) | false>} */
    const keys = {
      n: () => step(1),
      p: () => step(-1),
      c: () => field()?.focus(),
      Enter: enter && !item.verdict && (() => answer(item)),
      " ": () => /** @type {HTMLElement | null} */ (parentElement.querySelector(".pt-play"))?.click(),
    };
    const wanted = keys[event.key];
    if (!wanted) return;
    wanted();
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
