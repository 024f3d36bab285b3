/** The charts' figures as a table. It is only drawn while it is open. */

import { byId, make, setText } from "../shell/dom.js";
import { formatCount, formatFigure, formatShare } from "../shell/format.pure.js";
import { atRoot } from "../shell/root.js";

/**
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/** @type {[title: string, text: (figures: Epoch) => string][]} the first is the row's heading */
const COLUMNS = [
  ["Epoch", ({ epoch }) => String(epoch)],
  ["Cost", ({ cost }) => formatFigure(cost)],
  ["Test cost", ({ test_cost }) => formatFigure(test_cost)],
  ["Accuracy", ({ accuracy }) => formatShare(accuracy)],
  ["Test accuracy", ({ test_accuracy }) => formatShare(test_accuracy)],
  [
    "Gradient, layer by layer",
    ({ gradient_norms }) => gradient_norms.map((norm) => formatFigure(norm)).join(" · "),
  ],
  ["Learning rate", ({ learning_rate }) => formatFigure(learning_rate)],
];
const ROWS = 200;
const BETWEEN_DRAWS = 500; // milliseconds

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createTableView(store, loop) {
  const { state } = store;
  const details = byId("figures", HTMLDetailsElement);
  let timer = 0;
  byId("figures-head").append(...COLUMNS.map(([title]) => heading("col", title)));

  function draw() {
    const newest = state.epochs.slice(-ROWS).reverse();
    byId("figures-body").replaceChildren(...newest.map(rowOf));
    const all = state.epochs.length <= ROWS;
    const count = formatCount(all ? state.epochs.length : ROWS);
    setText(
      byId("figures-note"),
      all ? `${count} epochs, the newest first.` : `The newest ${count} epochs.`,
    );
    byId("figures-csv", HTMLAnchorElement).href = atRoot(
      `/api/runs/${encodeURIComponent(state.watched)}/epochs?format=csv`,
    );
  }

  /** @param {"col" | "row"} scope @param {string} text */
  function heading(scope, text) {
    const cell = make("th", "", text);
    cell.scope = scope;
    return cell;
  }

  /** @param {Epoch} figures */
  function rowOf(figures) {
    const row = make("tr");
    const [first, ...rest] = COLUMNS.map(([, text]) => text(figures));
    row.append(heading("row", first), ...rest.map((text) => make("td", "", text)));
    return row;
  }

  function request() {
    if (!details.open || timer) return;
    timer = setTimeout(() => {
      timer = 0;
      loop.request(draw);
    }, BETWEEN_DRAWS);
  }

  details.addEventListener("toggle", () => details.open && loop.request(draw));
  store.subscribe(["epochs", "watched"], request);
}
