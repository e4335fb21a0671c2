// @ts-check
/** What can be done about one place: settle it, reopen it, talk about it, ask for a clearer code. */

import { selectedStretch, stroke, wordsOf } from "./disagreement_text.js";
import { make, safeColour } from "./parts.js";

/** @typedef {(action: Record<string, unknown>) => void} Act */

/** @param {string} className @param {string} label @param {() => void} click */
export function button(className, label, click) {
  const node = /** @type {HTMLButtonElement} */ (make("button", className, label));
  node.type = "button";
  node.addEventListener("click", click);
  return node;
}

/**
 * A field with its button; Enter sends what is written, Escape leaves the field.
 * @param {string} label @param {string} hint @param {string} verb @param {(text: string) => void} send
 * @param {string} [list]
 */
function field(label, hint, verb, send, list) {
  const form = make("form", "pd-field");
  const input = /** @type {HTMLInputElement} */ (make("input", ""));
  input.type = "text";
  input.placeholder = hint;
  input.setAttribute("aria-label", label);
  if (list) input.setAttribute("list", list);
  const save = /** @type {HTMLButtonElement} */ (make("button", "pd-save", verb));
  form.append(input, save);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.value.trim()) return input.focus();
    save.disabled = true;
    send(input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.blur();
  });
  return form;
}

/** Each coder's codings, side by side. @param {any} item */
export function sides(item) {
  const row = make("div", "pd-sides");
  item.coders.forEach((/** @type {any} */ coder) => {
    const side = make("div", "pd-side");
    side.append(make("strong", "", coder.name));
    for (const coding of coder.codings) {
      const chip = make("span", "pd-chip");
      chip.style.setProperty("--pd-colour", safeColour(coding.colour));
      const sample = make("span", "pd-sample");
      sample.style.background = `${stroke(coder.style, coding.colour)} 0 50% / 100% 2.5px no-repeat`;
      chip.append(sample, coding.sign ? `${coding.code} ${coding.sign}` : coding.code);
      if (coding.title) chip.title = coding.title;
      side.append(chip);
      if (coding.memo) side.append(make("span", "pd-memo", `“${coding.memo}”`));
    }
    if (!coder.codings.length) side.append(make("span", "pd-quiet", "no code here"));
    row.append(side);
  });
  return row;
}

/** @param {any} item @param {any} data @param {Act} act */
export function settling(item, data, act) {
  const box = make("section", "pd-settle");
  if (item.decisions.length) {
    for (const decision of item.decisions) box.append(decided(decision, item, data, act));
    return box;
  }
  if (!data.may_settle) {
    box.append(make("p", "pd-quiet", data.why_not));
    return box;
  }
  box.append(make("h4", "", "What should stand?"));
  const choices = make("div", "pd-outcomes");
  /** @type {string} */
  let outcome = "";
  const editor = editing(item, data);
  const reason = field(
    "Reason",
    "Why? One line for the record",
    "Settle",
    (text) =>
      act({ do: "settle", id: item.id, outcome, reason: text, result: outcome === "edited" ? editor.result() : [] }),
    "pd-reasons",
  );
  reason.hidden = true;
  const choose = (/** @type {string} */ value, /** @type {HTMLElement} */ pressed) => {
    outcome = value;
    for (const node of choices.children) node.setAttribute("aria-pressed", String(node === pressed));
    reason.hidden = false;
    editor.node.hidden = value !== "edited";
    if (value !== "edited") reason.querySelector("input")?.focus({ preventScroll: true });
  };
  item.outcomes.forEach((/** @type {any} */ option, /** @type {number} */ number) => {
    const key = option.value === "edited" ? "e" : String(number + 1);
    const node = button("pd-outcome", "", () => choose(option.value, node));
    node.dataset.key = key;
    node.setAttribute("aria-pressed", "false");
    node.append(make("kbd", "", key), make("span", "pd-outcome-name", option.label), make("span", "pd-quiet", option.holds));
    choices.append(node);
  });
  const reasons = make("datalist", "");
  reasons.id = "pd-reasons";
  for (const earlier of data.reasons) {
    const option = /** @type {HTMLOptionElement} */ (make("option", ""));
    option.value = earlier;
    reasons.append(option);
  }
  box.append(choices, editor.node, reason, reasons);
  return box;
}

/** @param {any} decision @param {any} item @param {any} data @param {Act} act */
function decided(decision, item, data, act) {
  const box = make("div", decision.stale ? "pd-decision pd-stale" : "pd-decision");
  const line = make("p", "");
  line.append(make("strong", "", `Settled: ${decision.outcome}`), ` ${decision.holds}`);
  box.append(line, make("p", "pd-quiet", `${decision.by}, ${decision.when}: “${decision.reason}”`));
  if (decision.stale) box.append(make("p", "", decision.stale));
  if (!data.may_settle) return box;
  const form = field("Reason for reopening", "Why look at it again?", "Reopen", (reason) =>
    act({ do: "reopen", id: item.id, settlement: decision.id, reason }),
  );
  form.hidden = true;
  const open = button("pd-link pd-reopen", "Reopen", () => {
    form.hidden = false;
    open.hidden = true;
    form.querySelector("input")?.focus({ preventScroll: true });
  });
  box.append(open, form);
  return box;
}

/** A coding of one's own to stand instead. @param {any} item @param {any} data */
function editing(item, data) {
  const node = make("div", "pd-edit");
  node.hidden = true;
  const rows = make("div", "");
  /** @type {{start: number, end: number, code: HTMLSelectElement, valence: HTMLSelectElement, row: HTMLElement}[]} */
  const holds = [];
  const add = (/** @type {any} */ given) => {
    const row = make("div", "pd-edit-row");
    const code = select("Code", data.codes, given.code_id);
    const valence = select("Valence", data.valences, given.valence);
    const stretch = make("span", "pd-quiet", `“${wordsOf(item, given.start, given.end)}”`);
    const entry = { start: given.start, end: given.end, code, valence, row };
    const take = button("pd-link", "Take the selected words", () => {
      const box = /** @type {HTMLElement | null} */ (node.closest(".pd-detail")?.querySelector(".pd-text"));
      const found = box && selectedStretch(box);
      if (!found) {
        stretch.textContent = "Select words in the text above first.";
        return;
      }
      [entry.start, entry.end] = found;
      stretch.textContent = `“${wordsOf(item, found[0], found[1])}”`;
    });
    // A press on the button must not take the selection away.
    take.addEventListener("mousedown", (event) => event.preventDefault());
    const remove = button("pd-link", "Leave out", () => {
      holds.splice(holds.indexOf(entry), 1);
      row.remove();
    });
    row.append(code, valence, stretch, take, remove);
    rows.append(row);
    holds.push(entry);
  };
  for (const given of item.edit) add(given);
  node.append(rows, button("pd-link", "Add another code", () => add(item.edit[0])));
  const result = () =>
    holds.map((h) => ({ start: h.start, end: h.end, code_id: h.code.value, valence: h.valence.value }));
  return { node, result };
}

/** @param {string} label @param {{id: string, label: string}[]} options @param {string} chosen */
function select(label, options, chosen) {
  const node = /** @type {HTMLSelectElement} */ (make("select", ""));
  node.setAttribute("aria-label", label);
  for (const item of options) {
    const option = /** @type {HTMLOptionElement} */ (make("option", "", item.label));
    option.value = item.id;
    option.selected = item.id === chosen;
    node.append(option);
  }
  return node;
}

/** @param {any} item @param {any} data @param {Act} act @param {boolean} open */
export function talk(item, data, act, open) {
  const box = /** @type {HTMLDetailsElement} */ (make("details", "pd-talk"));
  box.open = open || item.thread.length > 0;
  const n = item.thread.length;
  box.append(make("summary", "", n ? `Discussion (${n})` : "Discuss this place"));
  for (const remark of item.thread) {
    const line = make("p", "pd-remark");
    line.append(make("strong", "", remark.author), make("span", "pd-quiet", ` ${remark.when}`), make("br", ""), remark.text);
    box.append(line);
  }
  if (data.may_settle && item.can_discuss)
    box.append(field("Remark", "Say something about it", "Add", (text) => act({ do: "discuss", id: item.id, text })));
  return box;
}

/** @param {any} item @param {any} data @param {Act} act */
export function clarify(item, data, act) {
  const box = make("details", "pd-talk");
  box.append(make("summary", "", "Propose a clearer rule for the codebook"));
  for (const proposal of item.proposals) box.append(make("p", "pd-remark", proposal));
  const code = select("Code to clarify", item.codes, item.codes[0]?.id);
  const form = field("Proposal", "How should the rule read, or which example is missing?", "Propose", (text) =>
    act({ do: "propose", id: item.id, code_id: code.value, text }),
  );
  form.prepend(code);
  box.append(form);
  return box;
}
