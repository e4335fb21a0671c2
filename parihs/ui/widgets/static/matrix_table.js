// @ts-check
/**
 * A matrix whose every cell is a button that opens the excerpts behind it.
 *
 * Data: {corner, rows: [{id, label, note}], cols: [{id, label, colour, title}],
 *        cells: [[{text, tint, tone, title, opens}]], selected: {row, col} | null}
 * `tint` is 0..1 of `tone` (a validated colour). State back: `cell` = {row, col}.
 */

import { make, safeColour } from "./parts.js";

/** @type {WeakMap<HTMLElement, {json: string}>} */
const drawn = new WeakMap();

/** @param {any} data */
function header(data) {
  const row = make("tr", "");
  row.append(make("th", "pm-corner", data.corner));
  for (const col of data.cols) {
    const cell = make("th", "pm-col");
    cell.setAttribute("scope", "col");
    cell.title = col.title || col.label;
    cell.style.setProperty("--pm-colour", safeColour(col.colour));
    cell.append(make("span", "pm-col-label", col.label));
    row.append(cell);
  }
  const head = make("thead", "");
  head.append(row);
  return head;
}

/** @param {any} data @param {(row: string, col: string) => void} open */
function body(data, open) {
  const rows = make("tbody", "");
  data.rows.forEach((/** @type {any} */ item, /** @type {number} */ r) => {
    const row = make("tr", "");
    if (item.group && item.group !== data.rows[r - 1]?.group) {
      const group = make("th", "pm-group", item.group);
      group.setAttribute("scope", "rowgroup");
      group.setAttribute("colspan", String(data.cols.length + 1));
      const line = make("tr", "");
      line.append(group);
      rows.append(line);
    }
    const name = make("th", "pm-row");
    name.setAttribute("scope", "row");
    name.append(make("span", "pm-row-label", item.label));
    if (item.note) name.append(make("span", "pm-row-note", item.note));
    row.append(name);
    data.cols.forEach((/** @type {any} */ col, /** @type {number} */ c) => {
      const value = data.cells[r][c];
      const cell = make("td", "");
      const button = /** @type {HTMLButtonElement} */ (make("button", "pm-cell", value.text));
      button.type = "button";
      button.title = value.title;
      button.setAttribute("aria-label", `${item.label}, ${col.label}: ${value.title}`);
      button.dataset.row = item.id;
      button.dataset.col = col.id;
      button.style.setProperty("--pm-tint", `${Math.round(value.tint * 62)}%`);
      button.style.setProperty("--pm-tone", safeColour(value.tone));
      if (value.opens) button.addEventListener("click", () => open(item.id, col.id));
      else button.disabled = true;
      const at = data.selected;
      if (at && at.row === item.id && at.col === col.id) button.setAttribute("aria-pressed", "true");
      cell.append(button);
      row.append(cell);
    });
    rows.append(row);
  });
  return rows;
}

/** Arrow keys walk the cells. @param {KeyboardEvent} event */
function walk(event) {
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const step = steps[/** @type {keyof typeof steps} */ (event.key)];
  const cell = /** @type {HTMLElement} */ (event.target).closest("td");
  if (!step || !cell) return;
  const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const table = /** @type {HTMLTableSectionElement} */ (row.parentElement);
  let next = row.sectionRowIndex + step[0];
  // Names of groups have rows of their own, without cells.
  while (table.rows[next] && !table.rows[next].querySelector("td")) next += step[0];
  const target = table.rows[next]?.cells[cell.cellIndex + step[1]];
  target?.querySelector("button")?.focus();
  event.preventDefault();
}

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setStateValue } = component;
  const json = JSON.stringify(data);
  if (drawn.get(parentElement)?.json === json) return;
  drawn.set(parentElement, { json });
  parentElement.querySelector(".pm-scroll")?.remove();
  const scroll = make("div", "pm-scroll");
  const table = make("table", data.cols.length > 9 ? "pm-table pm-narrow" : "pm-table");
  table.append(
    header(data),
    body(data, (row, col) => {
      for (const old of table.querySelectorAll('[aria-pressed="true"]')) old.removeAttribute("aria-pressed");
      const button = [...table.querySelectorAll("button")].find(
        (b) => b.dataset.row === row && b.dataset.col === col,
      );
      button?.setAttribute("aria-pressed", "true");
      setStateValue("cell", { row, col });
    }),
  );
  table.addEventListener("keydown", walk);
  scroll.append(table);
  parentElement.append(scroll);
}
