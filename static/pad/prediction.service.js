/**
 * What the network that is shown reads on the pad. The page computes it once in an animation frame
 * when the drawing has changed, or the network: from the newest frame, or from the past epoch that is
 * shown.
 */

import { layersOf } from "../network/safetensors.pure.js";
import { arePictures, imagesOf, NO_PICTURES } from "../runs/images.pure.js";
import { frameShown } from "../shell/state.js";
import { nudged } from "../slope/nudge.pure.js";
import { inputImage } from "./input-image.pure.js";
import { predictionOf } from "./prediction.pure.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { PadImage, Shades } from "./pad-image.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {PadImage} padImage
 */
export function createPrediction(store, loop, padImage) {
  const { state } = store;
  /** @type {Shades | null} */
  let shades = null;
  /** @type {number[] | null} what the network sees of them */
  let image = null;
  /** @type {Frame | null} */
  let frame = null;
  let tried = ""; // the nudge that it was read with

  function read() {
    const isOther = padImage() !== shades;
    const { chosen, amount } = state;
    const nudge = chosen === null || amount === 0 ? "" : `${chosen} ${amount}`;
    if (!isOther && frameShown(state, "weights") === frame && nudge === tried) return;
    shades = padImage();
    frame = frameShown(state, "weights");
    tried = nudge;
    const images = imagesOf(state.run);
    if (isOther) image = shades && arePictures(images) ? inputImage(shades, images) : null;
    const predictionProblem = shades && !arePictures(images) ? NO_PICTURES : null;
    if (image && frame) {
      const layers = nudged(layersOf(frame, "weights"), chosen, amount);
      const prediction = predictionOf(layers, state.run?.spec, image);
      store.set({ prediction, predictionProblem });
    } else if (isOther) store.set({ prediction: null, predictionProblem });
    // Without a frame yet, what another network has read of the same drawing stays until it comes.
  }

  store.subscribe(["strokes", "picture", "run", "frames", "pastEpoch", "chosen", "amount"], () =>
    loop.prepare(read),
  );
}
