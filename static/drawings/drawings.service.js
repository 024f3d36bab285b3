/**
 * Drawings that their author has labelled: kept as long as the browser's tab is, and sent to the
 * server as a data set when the next run is to train on them, too.
 */

import { errorsFromAnswer } from "../form/validation.pure.js";
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
  /** What the server has last been sent, and what it calls that. */
  let sent = { csv: "", name: "" };

  /** @param {Drawing[]} drawings */
  function set(drawings) {
    store.set({ drawings });
    if (drawings.length === 0) use(false);
    try {
      sessionStorage.setItem(KEY, packed(drawings));
    } catch {
      // Full, or forbidden: the page still has them until it is left.
    }
  }

  /** Keeps what the network sees now. @param {number} label what it is */
  function keep(label) {
    if (state.prediction)
      set(withDrawing(state.drawings, drawingOf(state.prediction.image, label)));
  }

  /** @param {Drawing} drawing */
  function remove(drawing) {
    set(state.drawings.filter((other) => other !== drawing));
  }

  /** @param {boolean} wanted whether the next run trains on them, too */
  function use(wanted) {
    if (state.useDrawings && !wanted) leaveOut();
    sent = { csv: "", name: "" }; // a server that has lost them gets them once more
    store.set({ useDrawings: wanted });
  }

  /** The next run trains on no extra data. */
  function leaveOut() {
    form.edit("extra_dataset", "", true);
  }

  /** Sends them to the server, if the next run trains on them, and names them in the form. */
  async function send() {
    if (!state.useDrawings) return;
    const dataset = state.datasets.find(({ name }) => name === state.form.texts.dataset);
    const csv = csvOf(fitting(state.drawings, dataset));
    if (csv && csv !== sent.csv) sent = { csv, name: await upload(csv) };
    form.edit("extra_dataset", csv ? sent.name : "", true);
  }

  /** @param {string} csv @returns {Promise<string>} the data set's name */
  async function upload(csv) {
    try {
      return (await api.upload(new File([csv], FILE, { type: "text/csv" }), () => {})).name;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // What it names are parts of the file, not fields of the form.
      const { fields, rest } = errorsFromAnswer(error.detail);
      throw new ApiError(
        error.status,
        `Your drawings: ${[...rest, ...Object.values(fields)].join(" ")}`,
      );
    }
  }

  try {
    store.set({ drawings: unpacked(sessionStorage.getItem(KEY)) });
  } catch {
    // The browser allows no storage: there are none yet.
  }

  return { keep, remove, removeAll: () => set([]), use, leaveOut, send };
}

/** @typedef {ReturnType<typeof createDrawings>} DrawingsService */
