/**
 * Asks the network that is shown what it reads on the pad, while the pen moves and when the network
 * has changed; and asks a second network the same. If the server has too much to do (429), both are
 * asked again after the pause that it wants.
 */

import { arePictures, imagesOf, NO_PICTURES } from "../runs/images.pure.js";
import { ApiError, api, wordsOf } from "../shell/api.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
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
  let pause = 0; // the timer that ends the pause; 0: there is no pause

  async function askShown() {
    const png = padImage();
    if (png === null) {
      store.set({ prediction: null, predictionProblem: null, unread: false });
      return;
    }
    if (pause) return;
    const { watched, pastEpoch } = state;
    const answer = await answerTo(png);
    if (pause) return; // what was read before stays until it ends
    if (padImage() !== null && state.watched === watched && state.pastEpoch === pastEpoch) {
      store.set({ ...answer, unread: padImage() !== png });
    } else ask(); // the answer is about another network, or about nothing
  }

  /** @param {Uint8Array<ArrayBuffer>} png */
  async function answerTo(png) {
    if (!arePictures(imagesOf(state.run)))
      return { prediction: null, predictionProblem: NO_PICTURES };
    try {
      const prediction = await api.predict(state.watched, png, {
        fromPad: true,
        epoch: state.pastEpoch?.epoch ?? null,
      });
      return { prediction, predictionProblem: null };
    } catch (error) {
      pauseIfTooMany(error);
      return { prediction: null, predictionProblem: wordsOf(error) };
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
      const { digit, confidence } = await api.predict(reader, png, { fromPad: true });
      return { digit, confidence };
    } catch (error) {
      pauseIfTooMany(error);
      if (!(error instanceof ApiError)) throw error;
      return null; // the network that is shown has the same problem, and says so
    }
  }

  /** After a 429: asks nothing for as long as the server wants, then again. @param {unknown} error */
  function pauseIfTooMany(error) {
    if (!(error instanceof ApiError) || error.status !== TOO_MANY || pause) return;
    pause = setTimeout(() => {
      pause = 0;
      ask();
      askOther();
    }, 1000 * Math.max(error.retryAfter, 1));
  }

  /** The network has changed. (While the pen is down, each move asks anyway.) */
  function refresh() {
    if (state.visible && !state.penDown && padImage() !== null) askAgain();
  }

  store.subscribe(["strokes", "picture"], () => store.set({ unread: true }));
  store.subscribe(["strokes", "picture", "pastEpoch"], ask);
  store.subscribe(["run", "frames", "visible", "penDown"], refresh);
  store.subscribe(["strokes", "picture", "reader", "watched"], askOther);
}
