/** The digits of the step whose story is told, beside the image. */

import { imagesOf } from "../runs/images.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { pictureCanvas } from "../shell/picture.js";
import { pixelsOf } from "../shell/pixels.pure.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createBatchView(store, loop) {
  const { state } = store;
  /** @type {Frame | null} the frame whose digits are drawn */
  let drawn = null;

  function draw() {
    const { story, run } = state;
    byId("story-batch").hidden = !story;
    byId("scene").dataset.phase = story?.moment.phase ?? "";
    byId("pad-panel").classList.toggle("waits", story !== null); // another digit goes through
    if (!story || story.frame === drawn) return;
    drawn = story.frame;
    const { batch, descent } = story.frame;
    const [rows, columns] = imagesOf(run).shape;
    byId("story-digits").replaceChildren(
      ...(batch?.images ?? []).map((image) => pictureCanvas(pixelsOf(image), rows, columns)),
    );
    const count = batch?.images.length ?? 0;
    const all = descent?.examples ?? count;
    setText(
      byId("story-count"),
      count < all ? `${count} of ${formatCount(all)}` : `${count} digits`,
    );
  }

  store.subscribe(["story"], () => loop.request(draw));
}
