/** The table of all runs, which sorts, and says of each why it stands as it does. */

import { byId, make, setText } from "../shell/dom.js";
import { formatFigure, formatShare } from "../shell/format.pure.js";
import { atRoot } from "../shell/root.js";
import { figuresOf, nameOf, titleOf, valueText } from "./sweep.pure.js";

/**
 * @import { Hands } from "./hands.js"
 * @import { Member, View } from "./sweep.pure.js"
 */

/** @typedef {{ name: string, title: string, valueIn: (member: Member) => unknown,
 *   textIn: (member: Member) => string }} Column */

/** @param {View} view @param {Hands} hands */
export function createTable(view, hands) {
  const table = byId("runs-table", HTMLTableElement);
  const body = table.createTBody();
  /** @type {Map<string, HTMLTableRowElement>} */
  const rows = new Map();
  /** @type {Column[]} */
  let columns = [];
  let sorted = "test_accuracy";
  let isDown = true;

  function begin() {
    if (columns.length || !view.sweep) return;
    columns = [...Object.keys(view.sweep.vary).map(variedColumn), ...FIXED];
    const head = table.createTHead().insertRow();
    for (const { name, title } of columns) {
      const cell = make("th");
      cell.scope = "col";
      const button = make("button", "sort", title);
      button.type = "button";
      button.addEventListener("click", () => {
        isDown = sorted === name ? !isDown : true;
        sorted = name;
        draw();
      });
      cell.append(button);
      head.append(cell);
    }
  }

  /** @type {Column[]} */
  const FIXED = [
    figure("test_accuracy", "Test accuracy", formatShare),
    figure("test_cost", "Test cost", formatFigure),
    figure("cost", "Cost", formatFigure),
    {
      name: "epoch",
      title: "Epoch",
      valueIn: epochOf,
      textIn: (member) => String(epochOf(member)),
    },
    {
      name: "parameters",
      title: "Parameters",
      valueIn: ({ parameters }) => parameters,
      textIn: ({ parameters }) => valueText(parameters),
    },
    {
      name: "status",
      title: "State, and why",
      valueIn: ({ status }) => status,
      textIn: ({ status, reason }) => {
        if (!reason) return status;
        return reason.startsWith(status) ? reason : `${status}: ${reason}`;
      },
    },
  ];

  /** @param {Member} member */
  function epochOf({ id }) {
    return figuresOf(view, id, view.epoch)?.epoch ?? 0;
  }

  /**
   * @param {"test_accuracy" | "test_cost" | "cost"} name
   * @param {string} title
   * @param {(value: number | null | undefined) => string} format
   * @returns {Column}
   */
  function figure(name, title, format) {
    const valueIn = (/** @type {Member} */ { id }) =>
      figuresOf(view, id, view.epoch)?.[name] ?? null;
    return { name, title, valueIn, textIn: (member) => format(valueIn(member)) };
  }

  /** @param {Member} member */
  function add(member) {
    const row = body.insertRow();
    row.dataset.testid = "run-row";
    row.dataset.run = member.id;
    row.addEventListener("pointerenter", () => hands.point(member.id));
    row.addEventListener("pointerleave", () => hands.point(null));
    row.addEventListener("focusin", () => hands.point(member.id));
    for (const [i] of columns.entries()) {
      const cell = row.insertCell();
      if (i > 0) continue;
      const link = make("a");
      link.href = atRoot(`/runs/${member.id}`);
      link.setAttribute("aria-label", `Open the run with ${nameOf(member)}`);
      cell.append(link);
    }
    rows.set(member.id, row);
    return row;
  }

  /** Shows all figures, sorted. */
  function draw() {
    if (!view.sweep || !columns.length) return;
    const heads = table.tHead?.rows[0].cells ?? [];
    for (const [i, { name }] of columns.entries()) {
      if (name === sorted) heads[i].setAttribute("aria-sort", isDown ? "descending" : "ascending");
      else heads[i].removeAttribute("aria-sort");
    }
    const column = columns.find(({ name }) => name === sorted) ?? columns[0];
    const inOrder = [...view.sweep.runs].sort(
      (a, b) => (isDown ? -1 : 1) * compare(column.valueIn(a), column.valueIn(b)),
    );
    for (const [place, member] of inOrder.entries()) {
      const row = rows.get(member.id) ?? add(member);
      for (const [i, { textIn }] of columns.entries()) {
        const cell = row.cells[i];
        setText(i === 0 ? (cell.firstElementChild ?? cell) : cell, textIn(member));
      }
      if (body.rows[place] !== row && !body.contains(document.activeElement))
        body.insertBefore(row, body.rows[place]);
    }
    point();
  }

  /** Shows what is pointed at, and what is brushed away. */
  function point() {
    hands.inOrder();
    for (const [id, row] of rows) {
      row.classList.toggle("stands", id === view.hovered);
      row.classList.toggle("away", !hands.isChosen(id));
    }
  }

  return { begin, draw, point };
}

/** @param {string} field @returns {Column} */
function variedColumn(field) {
  return {
    name: field,
    title: titleOf(field).replace(/^./, (letter) => letter.toUpperCase()),
    valueIn: ({ varied }) => varied[field],
    textIn: ({ varied }) => valueText(varied[field]),
  };
}

/** What is not known comes last, as the least. @param {unknown} one @param {unknown} other */
function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return String(one).localeCompare(String(other), "en", { numeric: true });
}
