/**
 * Drawings that their author has labelled: kept as long as the tab is open, and sent to the server
 * with the next run if that is to train on them, too.
 */

import { classesOf, findDataset } from "../datasets/datasets.pure.js";
import { imagesOf } from "../runs/images.pure.js";
import { kept } from "../shell/kept.js";
import { drawingOf, fitting, packed, sentAs, unpacked, withDrawing } from "./drawings.pure.js";

/**
 * @import { Drawing } from "./drawings.pure.js"
 * @import { FormService } from "../form/form.service.js"
 * @import { Store } from "../shell/state.js"
 */

const KEY = "nudge.drawings";

/**
 * @param {Store} store
 * @param {FormService} form
 */
export function createDrawings(store, form) {
  const { state } = store;
  /** Shows and keeps them. @param {Drawing[]} drawings */
  function set(drawings) {
    store.set({ drawings });
    if (drawings.length === 0) use(false);
    kept.set(KEY, packed(drawings));
  }

  /** Keeps the image that the network sees now. @param {number} label its class */
  function keep(label) {
    if (!state.prediction) return;
    const drawing = drawingOf(state.prediction.image, imagesOf(state.run), label);
    set(withDrawing(state.drawings, drawing));
  }

  /** @param {Drawing} drawing */
  function remove(drawing) {
    set(state.drawings.filter((other) => other !== drawing));
  }

  /** @param {boolean} wanted whether the next run trains on them, too */
  function use(wanted) {
    store.set({ useDrawings: wanted });
  }

  /** The next run trains on no extra data set. */
  function leaveOut() {
    form.edit("extra_dataset", "", true);
  }

  /** The drawings that the next run is to train on. */
  function chosen() {
    if (!state.useDrawings) return [];
    const { texts } = state.form;
    const dataset = findDataset(state.datasets, texts.dataset);
    const newest = fitting(state.drawings, dataset).slice(-state.page.max_drawings);
    return sentAs(newest, classesOf(state.datasets, texts.dataset));
  }

  store.set({ drawings: unpacked(kept.get(KEY)) });

  return { keep, remove, removeAll: () => set([]), use, leaveOut, chosen };
}

/** @typedef {ReturnType<typeof createDrawings>} DrawingsService */
