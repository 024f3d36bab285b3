/** The panel of the visitor's labelled drawings, which the next run can train on. */

import { findDataset } from "../datasets/datasets.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { pictureCanvas } from "../shell/picture.js";
import { csvOf, fitting } from "./drawings.pure.js";

/**
 * @import { Drawing } from "./drawings.pure.js"
 * @import { DrawingsService } from "./drawings.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {DrawingsService} drawings
 */
export function createDrawingsView(store, loop, drawings) {
  const { state } = store;
  const list = byId("drawings-list");
  const use = byId("use-drawings", HTMLInputElement);
  let attempts = state.form.attempts;
  /** @type {Map<Drawing, HTMLElement>} */
  const items = new Map();

  use.addEventListener("change", () => drawings.use(use.checked));
  byId("delete-drawings").addEventListener("click", drawings.removeAll);
  byId("download-drawings").addEventListener("click", download);
  byId("leave-out").addEventListener("click", drawings.leaveOut);

  function download() {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([csvOf(state.drawings)], { type: "text/csv" }));
    link.download = "nudge-drawings.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href)); // after the download has begun
  }

  /** @param {Drawing} drawing */
  function itemOf(drawing) {
    const { image, shape, name } = drawing;
    const item = make("li", "drawing");
    const picture = pictureCanvas(image, shape[0], shape[1]);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `Your drawing of class ${name}`);
    const remove = make("button", "drawing-delete", "×");
    remove.type = "button";
    remove.title = "Delete this drawing";
    remove.setAttribute("aria-label", `Delete this drawing of class ${name}`);
    remove.addEventListener("click", () => {
      const next = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector(
        "button",
      );
      drawings.remove(drawing);
      (next ?? byId("drawings")).focus();
    });
    item.append(picture, make("b", "", name), remove);
    return item;
  }

  /** Adds and removes only the items that have changed. */
  function drawList() {
    const kept = new Set(state.drawings);
    for (const [drawing, item] of items) {
      if (kept.has(drawing)) continue;
      item.remove();
      items.delete(drawing);
    }
    for (const drawing of state.drawings) {
      if (items.has(drawing)) continue;
      const item = itemOf(drawing);
      items.set(drawing, item);
      list.append(item);
    }
    const none = state.drawings.length === 0;
    byId("no-drawings").hidden = !none;
    use.disabled = none;
    byId("download-drawings", HTMLButtonElement).disabled = none;
    byId("delete-drawings", HTMLButtonElement).disabled = none;
    drawUse();
  }

  function drawUse() {
    use.checked = state.useDrawings;
    const { texts, errors } = state.form;
    const dataset = findDataset(state.datasets, texts.dataset);
    const others = state.drawings.length - fitting(state.drawings, dataset).length;
    setText(
      byId("drawings-note"),
      others ? `${others} of them do not fit the chosen data and are left out.` : "",
    );
    byId("extra").hidden = state.useDrawings || !texts.extra_dataset;
    setText(byId("extra-name"), `The next run also trains on ${texts.extra_dataset}.`);
    setText(byId("error-extra_dataset"), errors.extra_dataset ?? "");
    if (attempts === state.form.attempts) return;
    attempts = state.form.attempts;
    if (errors.extra_dataset) (state.useDrawings ? use : byId("leave-out")).focus();
  }

  store.subscribe(["drawings"], () => loop.request(drawList));
  store.subscribe(["useDrawings", "form", "datasets"], () => loop.request(drawUse));
  loop.request(drawList);
}
