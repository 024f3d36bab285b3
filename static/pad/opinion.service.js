/**
 * Asks the server what a second network reads on the pad. If the server has too much to do (429), it
 * is asked again after the pause that it wants.
 */

import { ApiError, api } from "../shell/api.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
import { greyPng } from "./png.pure.js";
import { secondReader } from "./prediction.pure.js";

/**
 * @import { PadImage, Shades } from "./pad-image.js"
 * @import { Store } from "../shell/state.js"
 */

const BETWEEN = 400; // milliseconds
const TOO_MANY = 429;

/**
 * @param {Store} store
 * @param {PadImage} padImage
 */
export function createOpinion(store, padImage) {
  const { state } = store;
  const ask = notTooOften(oneAtATime(askNow), BETWEEN);
  let pause = 0; // the timer that ends the pause; 0: there is no pause

  async function askNow() {
    const shades = state.ghost ? null : padImage();
    const reader = secondReader(state.reader, state.watched);
    if (pause && shades) return;
    const opinion = shades && reader ? await opinionOf(reader, shades) : null;
    if (pause && shades) return; // what was read before stays until it ends
    const holds = padImage() !== null && reader === secondReader(state.reader, state.watched);
    store.set({ opinion: holds ? opinion : null });
  }

  /** @param {string} reader @param {Shades} shades */
  async function opinionOf(reader, { values, columns }) {
    try {
      const png = greyPng(values, columns);
      const { digit, confidence } = await api.predict(reader, png, { fromPad: true });
      return { digit, confidence };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === TOO_MANY) askLater(error.retryAfter);
      return null;
    }
  }

  /** Asks nothing for as long as the server wants, then again. @param {number} seconds */
  function askLater(seconds) {
    pause = setTimeout(() => {
      pause = 0;
      ask();
    }, 1000 * Math.max(seconds, 1));
  }

  store.subscribe(["strokes", "picture", "reader", "watched", "ghost"], ask);
}
