/**
 * Asks the network that is shown what it reads on the pad, while the pen moves and when the network
 * has changed, and a second network beside it. Each has never more than one question open, and is
 * always asked about the latest drawing. A server that has too much to do is asked later.
 */

import { isOfPictures, NO_PICTURES } from "../datasets/datasets.pure.js";
import { ApiError, api } from "../shell/api.js";
import { createPadImage } from "./pad-image.js";
import { secondReader } from "./prediction.pure.js";

/** @import { Store } from "../shell/state.js" */

const BETWEEN_REFRESHES = 250; // milliseconds, while the network trains
const BETWEEN_OPINIONS = 400; // milliseconds: the shown network goes first
const TOO_MANY = 429;

/** @param {Store} store */
export function createPrediction(store) {
  const { state } = store;
  const padImage = createPadImage(store);
  const ask = oneAtATime(askShown);
  const askAgain = notTooOften(ask, BETWEEN_REFRESHES);
  const askOther = notTooOften(oneAtATime(askSecond), BETWEEN_OPINIONS);
  let pause = 0; // the timer that ends it; 0: there is none

  async function askShown() {
    const png = padImage();
    if (png === null) {
      store.set({ prediction: null, predictionProblem: null, unread: false });
      return;
    }
    if (pause) return;
    const { watched, pastEpoch } = state;
    const answer = await answerTo(png);
    if (pause) return; // what was read before stays until then
    if (padImage() !== null && state.watched === watched && state.pastEpoch === pastEpoch) {
      store.set({ ...answer, unread: padImage() !== png });
    } else ask();
  }

  /** @param {Uint8Array<ArrayBuffer>} png */
  async function answerTo(png) {
    const dataset = state.datasets.find(({ name }) => name === state.run?.spec.dataset);
    if (!isOfPictures(dataset)) return { prediction: null, predictionProblem: NO_PICTURES };
    try {
      const prediction = await api.predict(state.watched, png, state.pastEpoch?.epoch);
      return { prediction, predictionProblem: null };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      pauseIfTooMany(error);
      return { prediction: null, predictionProblem: error.message };
    }
  }

  async function askSecond() {
    const png = padImage();
    const reader = secondReader(state.reader, state.watched);
    if (pause && png) return;
    const opinion = png && reader ? await opinionOf(reader, png) : null;
    if (pause && png) return;
    const holds = padImage() !== null && reader === secondReader(state.reader, state.watched);
    store.set({ opinion: holds ? opinion : null });
  }

  /** @param {string} reader @param {Uint8Array<ArrayBuffer>} png */
  async function opinionOf(reader, png) {
    try {
      const { digit, confidence } = await api.predict(reader, png);
      return { digit, confidence };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      pauseIfTooMany(error);
      return null; // the network that is shown has the same problem, and says so
    }
  }

  /**
   * Asks nothing for as long as the server wishes, then about the drawing as it is by then.
   * @param {ApiError} error
   */
  function pauseIfTooMany({ status, retryAfter }) {
    if (status !== TOO_MANY || pause) return;
    pause = setTimeout(() => {
      pause = 0;
      ask();
      askOther();
    }, 1000 * Math.max(retryAfter, 1));
  }

  /** The network has changed. While the pen is down it is asked often enough. */
  function refresh() {
    if (state.visible && !state.penDown && padImage() !== null) askAgain();
  }

  store.subscribe(["strokes", "picture"], () => store.set({ unread: true }));
  store.subscribe(["strokes", "picture", "pastEpoch"], ask);
  store.subscribe(["run", "frames", "visible", "penDown"], refresh);
  store.subscribe(["strokes", "picture", "reader", "watched"], askOther);
}

/**
 * @param {() => Promise<void>} question
 * @returns {() => Promise<void>} asks it, or once more when the one that is open is answered
 */
function oneAtATime(question) {
  let open = false;
  let again = false;
  return async () => {
    again = true;
    if (open) return;
    open = true;
    try {
      while (again) {
        again = false;
        await question();
      }
    } finally {
      open = false;
    }
  };
}

/**
 * @param {() => void} action
 * @param {number} pause milliseconds
 * @returns {() => void} does it after a pause, once for all that was asked for meanwhile
 */
function notTooOften(action, pause) {
  let timer = 0;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      action();
    }, pause);
  };
}
