// @ts-check
/** Answers to suggestions: how one is called, and the list of those turned down, to be put back. */

import { keyButton as button, make, safeColour } from "./parts.js";

const SHORT = 48;

/** @param {string} text */
function short(text) {
  const points = Array.from(text.replace(/\s+/g, " ").trim());
  return points.length > SHORT ? `${points.slice(0, SHORT).join("").trimEnd()}…` : points.join("");
}

/** What was answered, as in “Undo: …”. @param {any} answer */
export function answerInWords(answer) {
  const what = answer.taken ? `coded as ${answer.name}` : answer.code === "overlooked" ? "nothing missed" : `not ${answer.name}`;
  return `${what}, “${short(answer.text)}”`;
}

/**
 * @param {any[]} items as `/api/suggestions/answers` gives them @param {number} total
 * @param {{putBack: (item: any) => void, again: (item: any) => void, open: (item: any) => void}} act
 */
export function turnedDownList(items, total, act) {
  const box = make("section", "ps-answers");
  if (!items.length) {
    box.append(make("p", "ps-quiet", "You have turned nothing down here."));
    return box;
  }
  const more = total > items.length ? `The newest ${items.length} of ${total.toLocaleString("en")}, the newest first.` : "";
  if (more) box.append(make("p", "ps-quiet", more));
  const list = make("ul", "ps-list");
  for (const item of items) {
    const row = make("li", item.back ? "ps-row ps-back" : "ps-row");
    const words = make("div", "ps-row-words");
    const name = make("span", "ps-tag", item.name);
    name.style.setProperty("--ps-colour", safeColour(item.colour));
    const day = new Date(item.at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    words.append(name, make("p", "", item.text), make("p", "ps-quiet", `${item.who}, ${item.where} · turned down ${day}`));
    const acts = make("div", "ps-row-acts");
    if (item.back) acts.append(make("span", "ps-quiet", "Put back"), button("ps-act", "Turn down again", "", () => act.again(item)));
    else acts.append(button("ps-act", "Put back", "", () => act.putBack(item)));
    acts.append(button("ps-link", "Open in transcript", "", () => act.open(item)));
    row.append(words, acts);
    list.append(row);
  }
  box.append(list);
  return box;
}
