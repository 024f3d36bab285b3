/** The charts' figures as a table. It is only drawn while it is open. */

import { byId, make, setText } from "../shell/dom.js";
import { formatCount, formatFigure, formatShare } from "../shell/format.pure.js";
import { atRoot } from "../shell/root.js";

/**
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

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

  /** @param {Epoch} figures */
  function rowOf(figures) {
    const row = make("tr");
    const head = make("th", "", String(figures.epoch));
    head.scope = "row";
    row.append(head);
    for (const text of [
      formatFigure(figures.cost),
      formatFigure(figures.test_cost),
      formatShare(figures.accuracy),
      formatShare(figures.test_accuracy),
      figures.gradient_norms.map((norm) => formatFigure(norm)).join(" · "),
      formatFigure(figures.learning_rate),
    ]) {
      row.append(make("td", "", text));
    }
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
