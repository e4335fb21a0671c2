// @ts-check
/**
 * A table of numbers that sorts by any column; a row may be opened.
 *
 * Data: {corner, heads: [{label, title}], opens, selected,
 *        rows: [{id, label, colour, depth, note, values: [{text, sort, note, title}]}]}
 * A click on a head sorts from high to low, then low to high, then as given. Cells whose `sort` is
 * null come last both ways. State back: `row` = id of the row opened.
 */

import { make, safeColour } from "./parts.js";

/** @type {WeakMap<HTMLElement, {json: string, column: number, way: number, opened: string | null}>} */
const drawn = new WeakMap();
const AS_GIVEN = -1;

/** @param {any[]} rows @param {number} column @param {number} way */
function sorted(rows, column, way) {
  if (column === AS_GIVEN) return rows;
  const worth = (/** @type {any} */ row) => row.values[column].sort;
  return [...rows].sort((a, b) => {
    const [x, y] = [worth(a), worth(b)];
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
    return (y - x) * way;
  });
}

/** @param {any} row @param {any} data @param {boolean} tree @param {string | null} opened */
function line(row, data, tree, opened) {
  const tr = make("tr", "");
  tr.dataset.row = row.id;
  if (row.id === opened) tr.setAttribute("aria-selected", "true");
  const head = make("th", "pt-name");
  head.setAttribute("scope", "row");
  head.style.setProperty("--pt-colour", safeColour(row.colour, "transparent"));
  head.style.setProperty("--pt-depth", String(tree ? row.depth : 0));
  const label = make(data.opens ? "button" : "span", "pt-label", row.label);
  if (data.opens) /** @type {HTMLButtonElement} */ (label).type = "button";
  head.append(label);
  if (row.note) head.append(make("span", "pt-note", row.note));
  tr.append(head);
  row.values.forEach((/** @type {any} */ value, /** @type {number} */ number) => {
    const td = make("td", value.sort === null ? "pt-none" : "", value.text);
    if (value.title) td.title = value.title;
    td.dataset.label = data.heads[number].label;
    if (value.note) td.append(make("span", "pt-note", value.note));
    tr.append(td);
  });
  return tr;
}

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setStateValue } = component;
  const json = JSON.stringify(data);
  const before = drawn.get(parentElement);
  if (before?.json === json) return;
  const state = { json, column: AS_GIVEN, way: 1, opened: data.selected, ...before };
  state.json = json;
  if (data.selected) state.opened = data.selected;
  drawn.set(parentElement, state);
  parentElement.querySelector(".pt-scroll")?.remove();
  const scroll = make("div", "pt-scroll");
  const table = make("table", data.opens ? "pt-table pt-opens" : "pt-table");
  const head = make("thead", "");
  const body = make("tbody", "");

  const fill = () => {
    const tree = state.column === AS_GIVEN;
    body.replaceChildren(
      ...sorted(data.rows, state.column, state.way).map((row) => line(row, data, tree, state.opened)),
    );
    head.querySelectorAll("th").forEach((th, number) => {
      if (!number) return;
      const on = number - 1 === state.column;
      th.setAttribute("aria-sort", !on ? "none" : state.way > 0 ? "descending" : "ascending");
    });
  };

  const titles = make("tr", "");
  titles.append(make("th", "pt-corner", data.corner));
  data.heads.forEach((/** @type {any} */ item, /** @type {number} */ number) => {
    const th = make("th", "pt-head");
    th.setAttribute("scope", "col");
    const button = /** @type {HTMLButtonElement} */ (make("button", "", item.label));
    button.type = "button";
    button.title = `${item.title ? `${item.title} ` : ""}Select to sort.`;
    button.addEventListener("click", () => {
      if (state.column !== number) [state.column, state.way] = [number, 1];
      else if (state.way > 0) state.way = -1;
      else state.column = AS_GIVEN;
      fill();
    });
    th.append(button);
    titles.append(th);
  });
  head.append(titles);
  if (data.opens)
    body.addEventListener("click", (event) => {
      const tr = /** @type {HTMLElement} */ (event.target).closest("tr");
      if (!tr?.dataset.row) return;
      for (const old of body.querySelectorAll('[aria-selected="true"]')) old.removeAttribute("aria-selected");
      tr.setAttribute("aria-selected", "true");
      state.opened = tr.dataset.row;
      setStateValue("row", state.opened);
    });
  table.append(head, body);
  fill();
  scroll.append(table);
  parentElement.append(scroll);
}
