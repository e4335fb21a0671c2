// @ts-check
/**
 * The words of one place, with a line under them for each coder and code.
 *
 * Positions are code points of the transcript version. Every run of text carries `data-at`, its
 * first position, so that a selection can be turned back into positions.
 */

import { make, safeColour } from "./parts.js";

const LANE_PX = 4;
/** Solid, dashed, dotted, then again: a coder's line is known without its colour. */
const STYLES = [
  (/** @type {string} */ c) => `linear-gradient(${c}, ${c})`,
  (/** @type {string} */ c) => `repeating-linear-gradient(90deg, ${c} 0 7px, transparent 7px 11px)`,
  (/** @type {string} */ c) => `repeating-linear-gradient(90deg, ${c} 0 2px, transparent 2px 5px)`,
];

/** @param {number} style @param {string} colour */
export const stroke = (style, colour) => STYLES[style % STYLES.length](safeColour(colour));

/**
 * One line per lane, from the words downwards.
 * @param {HTMLElement} run @param {any[]} lanes @param {Set<number>} on
 */
function underline(run, lanes, on) {
  const layers = [...on].map((n) => {
    const up = (lanes.length - 1 - n) * LANE_PX;
    return `${stroke(lanes[n].style, lanes[n].colour)} 0 calc(100% - ${up}px) / 100% 2.5px no-repeat`;
  });
  run.style.background = layers.join(", ");
}

/** @param {any} turn @param {any[]} lanes */
function words(turn, lanes) {
  const points = Array.from(turn.text);
  const end = turn.start + points.length;
  const cuts = new Set([turn.start, end]);
  for (const lane of lanes)
    for (const span of lane.spans)
      for (const at of span) if (at > turn.start && at < end) cuts.add(at);
  const edges = [...cuts].sort((a, b) => a - b);
  const text = make("p", "pd-words");
  text.style.setProperty("--pd-room", `${lanes.length * LANE_PX + 1}px`);
  if (turn.cut_before) text.append("… ");
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const [from, to] = [edges[i], edges[i + 1]];
    const run = make("span", "", points.slice(from - turn.start, to - turn.start).join(""));
    run.dataset.at = String(from);
    const on = new Set(
      lanes.flatMap((lane, n) => (lane.spans.some((/** @type {number[]} */ s) => s[0] <= from && s[1] >= to) ? [n] : [])),
    );
    if (on.size) {
      run.className = "pd-coded";
      underline(run, lanes, on);
      run.title = [...on].map((n) => `${lanes[n].coder}: ${lanes[n].code} ${lanes[n].sign}`).join("\n");
    }
    text.append(run);
  }
  if (turn.cut_after) text.append(" …");
  return text;
}

/** @param {any} item */
export function placeText(item) {
  const box = make("div", "pd-text");
  for (const turn of item.turns) {
    const line = make("div", turn.context ? "pd-turn pd-context" : "pd-turn");
    const who = make("span", "pd-who", turn.speaker);
    if (turn.clock) who.append(make("span", "pd-clock", turn.clock));
    line.append(who, words(turn, turn.context ? [] : item.lanes));
    box.append(line);
  }
  return box;
}

/**
 * The positions of what is selected in a place's text, or null.
 * @param {HTMLElement} box
 */
export function selectedStretch(box) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const at = (/** @type {Node} */ node, /** @type {number} */ offset) => {
    const run = /** @type {HTMLElement | null} */ (node.parentElement?.closest("[data-at]"));
    if (!run || !box.contains(run) || node.nodeType !== Node.TEXT_NODE) return null;
    return Number(run.dataset.at) + Array.from(/** @type {Text} */ (node).data.slice(0, offset)).length;
  };
  const start = at(range.startContainer, range.startOffset);
  const end = at(range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : [start, end];
}

/** The words of a stretch, shortened in the middle. @param {any} item @param {number} start @param {number} end */
export function wordsOf(item, start, end) {
  const text = item.turns
    .map((/** @type {any} */ turn) => Array.from(turn.text).slice(Math.max(0, start - turn.start), Math.max(0, end - turn.start)).join(""))
    .filter(Boolean)
    .join(" / ");
  return text.length > 70 ? `${text.slice(0, 34)} … ${text.slice(-32)}` : text;
}
