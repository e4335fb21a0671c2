// @ts-check
/**
 * Suggestions, one after the other: a sentence, the code suggested for it, and why.
 *
 * Data: see `parihs/ui/widgets/suggestions.py`. They are fetched from `/api/suggestions`; taking one
 * is an ordinary coding operation, `/api/ops`. Trigger back: `open` = the one to show.
 * Keys: a takes it, x turns it down, c chooses another code, v the valence, n and p go on and back,
 * z undoes the last answer, taken or turned down, also one of an earlier day; o opens it, space plays.
 * The mode `turned down` lists what can be put back (`suggestion_answers.js`).
 */

import { keyButton as button, make, playing, safeColour, silentAudio } from "./parts.js";
import { answerInWords, turnedDownList } from "./suggestion_answers.js";

const LEAD_MS = 1000;
const TAIL_MS = 800;
const LISTING = "turned down";
const NOTHING = "Nothing to suggest here: it is coded, turned down, or you code it blind.";

/** @typedef {{json: string, at: number, items: any[], total: number, last: any, busy: boolean, said: string, wrong: boolean, valence: string, audio: HTMLAudioElement, keys: AbortController | null}} State */
/** @type {WeakMap<HTMLElement, State>} */
const states = new WeakMap();

const newId = () => crypto.randomUUID().replaceAll("-", "");

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  let state = states.get(parentElement);
  if (!state) {
    state = { json: "", at: 0, items: [], total: 0, last: null, busy: false, said: "", wrong: false, valence: "unrated", audio: silentAudio(), keys: null };
    states.set(parentElement, state);
  }
  const here = state;
  const json = JSON.stringify([data.mode, data.code, data.transcript, data.token]);
  if (here.json !== json) {
    here.json = json;
    here.at = 0;
    here.items = [];
    parentElement.querySelector(".ps")?.remove();
    parentElement.append(make("div", "ps"));
    load();
  }
  here.keys?.abort();
  here.keys = new AbortController();
  document.addEventListener("keydown", onKey, { signal: here.keys.signal });
  return () => {
    here.audio.pause();
    here.keys?.abort();
  };

  /** @param {string} path @param {any} [body] */
  async function ask(path, body) {
    const response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${data.token}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error([answer.message, answer.hint].filter(Boolean).join(" "));
    return answer;
  }

  /** @param {any} [undone] what was just undone, to be shown again where it is on this list */
  async function load(undone) {
    const query = new URLSearchParams({ mode: data.mode, code: data.code, transcript: data.transcript });
    if (!undone) tell("Looking …");
    try {
      if (data.mode === LISTING) {
        const answer = await answers(true);
        [here.items, here.total] = [answer.turned_down, answer.total];
      } else {
        const [answer] = await Promise.all([ask(`/api/suggestions?${query}`), answers()]);
        [here.items, here.total] = [answer.items, answer.total];
      }
      const known = undone ?? data.left;
      if (known) here.at = Math.max(0, here.items.findIndex((each) => same(each, known)));
      tell(undone ? here.said : "");
    } catch (error) {
      tell(/** @type {Error} */ (error).message, true);
    }
  }

  /** What was answered last; with `list` also all that was turned down. @param {boolean} [list] */
  async function answers(list = false) {
    const query = new URLSearchParams(list ? { turned_down: "1", transcript: data.transcript } : {});
    const answer = await ask(`/api/suggestions/answers?${query}`);
    here.last = answer.last;
    return answer;
  }

  /** @param {any} one @param {any} other */
  function same(one, other) {
    const places = one.version_id === other.version_id && one.start === other.start && one.end === other.end;
    return places && (data.mode !== "codes" || one.code === other.code);
  }

  /** @param {string} said @param {boolean} [wrong] */
  function tell(said, wrong = false) {
    here.said = said;
    here.wrong = wrong;
    draw();
  }

  function draw() {
    const root = parentElement.querySelector(".ps");
    if (!root) return;
    const said = make("p", here.wrong ? "ps-said ps-wrong" : "ps-said", here.said);
    said.setAttribute("role", "status");
    const top = make("div", "ps-top");
    top.append(said);
    if (here.last && data.mode !== LISTING) {
      const back = button("ps-link ps-undo", `Undo: ${answerInWords(here.last)}`, "z", undo);
      back.title = `${here.last.text} (${here.last.who}, ${here.last.where})`;
      top.append(back);
    }
    if (data.mode === LISTING) {
      const list = turnedDownList(here.items, here.total, { putBack, again, open });
      root.replaceChildren(top, here.said === "Looking …" ? make("p", "") : list);
      return;
    }
    const item = here.items[here.at];
    if (!item) {
      root.replaceChildren(top, make("p", "ps-quiet ps-none", here.said === "Looking …" ? "" : NOTHING));
      return;
    }
    root.replaceChildren(top, detail(item));
  }

  /** @param {any} item */
  function code(item) {
    const wanted = item.chosen ?? (item.code || item.guess);
    return data.codes.find((/** @type {any} */ each) => each.id === wanted) ?? data.codes[0];
  }

  /** @param {any} item */
  function detail(item) {
    const given = code(item);
    const box = make("article", "ps-item");
    const head = make("header", "ps-head");
    const name = make("h4", "ps-code", data.mode === "codes" ? given.name : `Like ${given.name}`);
    name.style.setProperty("--ps-colour", safeColour(given.colour));
    const moves = make("span", "ps-moves");
    const back = button("ps-link", "Previous", "p", () => step(-1));
    const on = button("ps-link", "Next", "n", () => step(1));
    back.disabled = here.at === 0;
    on.disabled = here.at >= here.items.length - 1;
    const more = here.total > here.items.length ? ` shown, ${here.total.toLocaleString("en")} in all` : "";
    moves.append(make("span", "ps-quiet", `${here.at + 1} of ${here.items.length}${more}`), back, on);
    head.append(name, moves);
    const sure = data.precision[item.code];
    const about = make("p", "ps-quiet", [`${item.who}, ${item.where}`, sure].filter(Boolean).join(" · "));
    const words = make("p", "ps-words");
    const mark = make("mark", "", item.text);
    mark.style.setProperty("--ps-colour", safeColour(given.colour));
    words.append(item.before, mark, item.after);
    box.append(head, about, words, acts(item), reasons(item));
    return box;
  }

  /** @param {any} item */
  function acts(item) {
    const box = make("div", "ps-acts");
    if (item.done) {
      box.append(make("strong", "", item.done));
      const mine = item.answer && item.answer !== here.last?.answer;
      if (mine) box.append(button("ps-link", item.coding_id ? "Take it back" : "Put it back", "", () => undoOne(item.answer)));
    } else if (item.why_not) {
      box.append(make("p", "ps-quiet", item.why_not));
    } else {
      const choose = pick("Code", "c", data.codes.map((/** @type {any} */ each) => [each.id, each.label]), code(item).id, (value) => {
        item.chosen = value;
        draw();
      });
      choose.classList.add("ps-choose-code");
      const valence = pick("Valence", "v", data.valences, here.valence, (value) => (here.valence = value));
      valence.classList.add("ps-choose-valence");
      box.append(
        button("ps-act ps-main", "Give this code", "a", () => take(item)),
        button("ps-act", data.mode === "codes" ? "Not this" : "Nothing missed", "x", () => refuse(item)),
        choose,
        valence,
      );
    }
    if (item.audio) box.append(player(item));
    box.append(button("ps-link", "Open in transcript", "o", () => open(item)));
    return box;
  }

  /** @param {string} label @param {string} key @param {[string, string][]} options @param {string} value @param {(value: string) => void} changed */
  function pick(label, key, options, value, changed) {
    const select = /** @type {HTMLSelectElement} */ (make("select", "ps-pick"));
    select.setAttribute("aria-label", label);
    select.title = `${label} (${key})`;
    for (const [id, words] of options) select.append(Object.assign(make("option", "", words), { value: id }));
    select.value = value;
    select.addEventListener("change", () => {
      select.blur();
      changed(select.value);
    });
    return select;
  }

  /** @param {any} item */
  function reasons(item) {
    const box = make("section", "ps-why");
    box.append(make("h5", "", item.like.length ? "Most like these coded excerpts" : "No coded excerpt shares its rarer words; who speaks and what stands around it spoke for it."));
    const list = make("ul", "");
    for (const each of item.like) {
      const li = make("li", "");
      const tag = make("span", "ps-tag", each.code);
      tag.style.setProperty("--ps-colour", safeColour(each.colour));
      li.append(make("q", "", each.quote), " ", make("span", "ps-quiet", `${each.place} · `), tag);
      list.append(li);
    }
    if (item.like.length) box.append(list);
    return box;
  }

  /** @param {any} item */
  function player(item) {
    return playing(button("ps-link ps-play", "▶ Play", "Space", () => {}), item, here.audio, LEAD_MS, TAIL_MS);
  }

  /** @param {any} item @param {Record<string, unknown>} op */
  async function send(item, op) {
    const answer = await ask("/api/ops", { version_id: item.version_id, since: 2 ** 52, ops: [{ op_id: newId(), ...op }] });
    const no = answer.refused[0];
    if (no) throw new Error(`${no.message} ${no.hint}`);
  }

  /** @param {any} item */
  async function take(item) {
    if (item.busy) return;
    item.busy = true;
    const given = code(item);
    const coding_id = newId();
    try {
      const { start, end } = item;
      await send(item, { verb: "code", coding_id, start, end, code: given.id, valence: here.valence, suggested: data.mode });
      item.coding_id = coding_id;
      await answered(item, `Coded as ${given.name}.`);
    } catch (error) {
      tell(/** @type {Error} */ (error).message, true);
    }
    item.busy = false;
  }

  /** @param {any} item */
  async function refuse(item) {
    if (item.busy) return;
    item.busy = true;
    const { version_id, start, end } = item;
    try {
      await ask("/api/suggestions/turned-down", { version_id, start, end, code: item.code });
      await answered(item, "Turned down.");
    } catch (error) {
      tell(/** @type {Error} */ (error).message, true);
    }
    item.busy = false;
  }

  /** @param {any} item @param {string} done */
  async function answered(item, done) {
    item.done = done;
    await answers();
    item.answer = here.last?.answer;
    here.said = done;
    here.wrong = false;
    onward();
  }

  function undo() {
    if (here.last) undoOne(here.last.answer);
  }

  /** @param {number} answer */
  async function undoOne(answer) {
    if (here.busy) return;
    here.busy = true;
    try {
      const undone = await ask("/api/suggestions/undo", { answer });
      const at = here.items.findIndex((each) => each.answer === answer);
      here.said = `Taken back: ${answerInWords(undone)}.`;
      here.wrong = false;
      if (at >= 0) {
        here.items[at] = { ...here.items[at], answer: 0, coding_id: "", done: "", busy: false };
        here.at = at;
        await answers();
        draw();
      } else {
        await load(undone);
      }
    } catch (error) {
      tell(/** @type {Error} */ (error).message, true);
    }
    here.busy = false;
  }

  /** @param {any} item of the list of what was turned down */
  async function putBack(item) {
    try {
      await ask("/api/suggestions/undo", { answer: item.answer });
      item.back = true;
      tell("Put back; it can be suggested to you again.");
    } catch (error) {
      tell(/** @type {Error} */ (error).message, true);
    }
  }

  /** @param {any} item */
  async function again(item) {
    const { version_id, start, end, code } = item;
    try {
      await ask("/api/suggestions/turned-down", { version_id, start, end, code });
      item.answer = (await answers()).last?.answer;
      item.back = false;
      tell("Turned down again.");
    } catch (error) {
      tell(/** @type {Error} */ (error).message, true);
    }
  }

  function onward() {
    const next = here.items.findIndex((each, number) => number > here.at && !each.done);
    if (next >= 0) here.at = next;
    draw();
  }

  /** @param {number} by */
  function step(by) {
    const at = here.at + by;
    if (at < 0 || at >= here.items.length) return;
    here.audio.pause();
    here.at = at;
    tell("");
  }

  /** @param {any} item */
  function open(item) {
    const { version_id, transcript_id: transcript, start, end, code } = item;
    setTriggerValue("open", { version_id, transcript, start, end, code, at: Date.now() });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!parentElement.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest?.("input, textarea, select, [contenteditable=true]")) return;
    if (event.key === " " && target.closest?.("button")) return;
    if (data.mode === LISTING) return;
    if (event.key === "z" && here.last) {
      undo();
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const item = here.items[here.at];
    if (!item) return;
    const free = !item.done && !item.why_not;
    const focus = (/** @type {string} */ name) => /** @type {HTMLElement | null} */ (parentElement.querySelector(name))?.focus();
    /** @type {Record<string, (() => void) | false>} */
    const keys = {
      a: free && (() => take(item)),
      x: free && (() => refuse(item)),
      c: free && (() => focus(".ps-choose-code")),
      v: free && (() => focus(".ps-choose-valence")),
      n: () => step(1),
      p: () => step(-1),
      o: () => open(item),
      " ": () => /** @type {HTMLElement | null} */ (parentElement.querySelector(".ps-play"))?.click(),
    };
    const wanted = keys[event.key];
    if (!wanted) return;
    wanted();
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
