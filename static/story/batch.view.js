/** The digits of the step whose story is told, beside the image. */

import { byId, setText } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { pictureCanvas } from "../shell/picture.js";
import { pixelsOf } from "../shell/pixels.pure.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { Story } from "./story.pure.js"
 */

/** @type {Frame | null} the frame whose digits are drawn */
let drawn = null;

/** @param {Story | null} story @param {[number, number]} shape of an image */
export function drawBatch(story, [rows, columns]) {
  byId("story-batch").hidden = !story;
  if (!story || story.frame === drawn) return;
  drawn = story.frame;
  const { batch, descent } = story.frame;
  byId("story-digits").replaceChildren(
    ...(batch?.images ?? []).map((image) => pictureCanvas(pixelsOf(image), rows, columns)),
  );
  setText(byId("story-count"), `${formatCount(descent?.examples ?? 0)} digits`);
}
