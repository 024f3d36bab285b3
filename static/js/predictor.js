/**
 * Asks the network that is shown what it reads in the drawing: while the pen moves, when the
 * network has changed, never with more than one question open, and always with the latest drawing.
 */

import { ApiError, api } from "./api.js";
import { drawInk } from "./ink.js";
import { NO_PICTURES, isOfPictures } from "./pure/datasets.js";

const SIDE = 140; // pixels of the image that is sent: five for each that the network sees
const BETWEEN_REFRESHES = 250; // milliseconds, while the network trains

/** @param {import("./state.js").Store} store */
export function createPredictor(store) {
  const { state } = store;
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let asking = false;
  let again = false;
  let timer = 0;

  /** @returns {Promise<Blob | null>} */
  function png() {
    drawInk(context, state.strokes);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  async function ask() {
    if (asking) {
      again = true;
      return;
    }
    if (state.strokes.length === 0) {
      store.set({ prediction: null, predictionProblem: null });
      return;
    }
    asking = true;
    again = false;
    const { watched, reader, past } = state;
    const answer = await answerFor(reader);
    asking = false;
    if (state.strokes.length === 0 || state.watched !== watched || state.reader !== reader || state.past !== past) again = true;
    else store.set(answer);
    if (again) ask();
  }

  /** @param {string} reader "" is the network that is shown */
  async function answerFor(reader) {
    const dataset = state.datasets.find(({ name }) => name === state.run?.spec.dataset);
    if (!reader && !isOfPictures(dataset)) return { prediction: null, predictionProblem: NO_PICTURES };
    try {
      const image = await png();
      if (image === null) return { predictionProblem: "This browser can't make a picture of the pad." };
      const prediction = await api.predict(reader || state.watched, image, reader ? null : state.past?.epoch);
      // Another network's activations are none of those that are shown.
      return { prediction: reader ? { ...prediction, activations: [] } : prediction, predictionProblem: null };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { prediction: null, predictionProblem: error.message };
    }
  }

  /** The network has changed: ask again, but not more often than four times a second. */
  function refresh() {
    if (timer || state.strokes.length === 0) return;
    timer = setTimeout(() => {
      timer = 0;
      ask();
    }, BETWEEN_REFRESHES);
  }

  store.subscribe(["strokes", "reader", "past"], ask);
  store.subscribe(["run", "frames"], () => state.visible && refresh());
  store.subscribe(["visible"], () => state.visible && refresh());
}
