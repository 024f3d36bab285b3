/** Asks the server for the walk of what is on the pad. */

import { greyPng } from "../pad/png.pure.js";
import { truthOf } from "../pad/prediction.pure.js";
import { arePictures, imagesOf, NO_PICTURES } from "../runs/images.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { oneAtATime } from "../shell/requests.js";
import { showWalk } from "./inside.state.js";
import { walkOf } from "./walk.pure.js";

/**
 * @import { PadImage, Shades } from "../pad/pad-image.js"
 * @import { Store } from "../shell/state.js"
 * @import { InsideStore } from "./inside.state.js"
 */

/**
 * @param {Store} store
 * @param {InsideStore} own
 * @param {PadImage} padImage
 */
export function createWalking(store, own, padImage) {
  const { state } = store;
  /** @type {Shades | null} what was walked through last */
  let walked = null;

  /** @param {number | null} wish the class that the visitor says it is; null: what is known of it */
  async function ask(wish) {
    const { run, watched } = state;
    const images = imagesOf(run);
    if (!run) return;
    if (!arePictures(images)) {
      own.set({ problem: NO_PICTURES });
      return;
    }
    const shades = padImage();
    if (!shades) return;
    walked = shades;
    const truth = wish ?? truthOf(state);
    const epoch = state.pastEpoch?.epoch ?? null;
    try {
      const png = greyPng(shades.values, shades.columns);
      const file = await api.walk(watched, png, { truth, epoch });
      if (state.watched === watched) showWalk(own, walkOf(watched, file, images));
    } catch (error) {
      own.set({ problem: wordsOf(error) });
    }
  }

  return { ask: oneAtATime(ask), walked: () => walked };
}

/** @typedef {ReturnType<typeof createWalking>} Walking */
