/**
 * Drawings that their author has labelled: kept as long as the tab is open, and sent to the server as
 * a data set if the next run is to train on them, too.
 */

import { findDataset } from "../datasets/datasets.pure.js";
import { imagesOf } from "../runs/images.pure.js";
import { ApiError, api } from "../shell/api.js";
import { csvOf, drawingOf, fitting, packed, unpacked, withDrawing } from "./drawings.pure.js";

/**
 * @import { Drawing } from "./drawings.pure.js"
 * @import { FormService } from "../form/form.service.js"
 * @import { Store } from "../shell/state.js"
 */

const KEY = "nudge.drawings";
const FILE = "drawings.csv";

/**
 * @param {Store} store
 * @param {FormService} form
 */
export function createDrawings(store, form) {
  const { state } = store;
  /** The drawings that were last sent, and the name of the data set that they became. */
  let sent = { csv: "", name: "" };

  /** Shows and keeps them. @param {Drawing[]} drawings */
  function set(drawings) {
    store.set({ drawings });
    if (drawings.length === 0) use(false);
    try {
      sessionStorage.setItem(KEY, packed(drawings));
    } catch {
      // Storage is full or forbidden: they are lost at a reload.
    }
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
    if (state.useDrawings && !wanted) leaveOut();
    sent = { csv: "", name: "" }; // a server that has lost them gets them again
    store.set({ useDrawings: wanted });
  }

  /** The next run trains on no extra data. */
  function leaveOut() {
    form.edit("extra_dataset", "", true);
  }

  /** If the next run is to train on them: sends them to the server, and names them in the form. */
  async function send() {
    if (!state.useDrawings) return;
    const dataset = findDataset(state.datasets, state.form.texts.dataset);
    const csv = csvOf(fitting(state.drawings, dataset));
    if (csv && csv !== sent.csv) sent = { csv, name: await upload(csv) };
    form.edit("extra_dataset", csv ? sent.name : "", true);
  }

  /** @param {string} csv @returns {Promise<string>} the data set's name */
  async function upload(csv) {
    try {
      return (await api.upload([new File([csv], FILE, { type: "text/csv" })])).name;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // It is about a file that the reader does not see, and about no field of the form.
      throw new ApiError(error.status, `Your drawings: ${error.message}`);
    }
  }

  try {
    store.set({ drawings: unpacked(sessionStorage.getItem(KEY)) });
  } catch {
    // Storage is forbidden: there are none yet.
  }

  return { keep, remove, removeAll: () => set([]), use, leaveOut, send };
}

/** @typedef {ReturnType<typeof createDrawings>} DrawingsService */
