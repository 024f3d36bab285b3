/** The pad: shows the drawing, and the words around it. */

import { drawingWords, imagesOf } from "../runs/images.pure.js";
import { byId, contextOf, setText } from "../shell/dom.js";
import { PAD_COLOURS } from "../shell/picture.js";
import { createSheet } from "./ink.js";
import { padLook, padSize } from "./pad.pure.js";
import { onOtherImages } from "./pad-image.js";
import { followPointers } from "./pointers.view.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const SIDE = 448; // pixels at least

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createPadView(store, loop) {
  const { state } = store;
  const canvas = byId("draw-pad", HTMLCanvasElement);
  const context = contextOf(canvas, { alpha: false });
  let sheet = newSheet();

  followPointers(store, canvas);

  /** A sheet of the form and with the colours of the images that the network reads. */
  function newSheet() {
    const images = imagesOf(state.run);
    const look = padLook(images);
    const size = padSize(images.shape, SIDE);
    Object.assign(canvas, size);
    const box = byId("pad-box");
    box.style.setProperty("--ratio", String(size.width / size.height));
    box.dataset.ink = look.darkInk ? "dark" : "light";
    return createSheet(context, { ...PAD_COLOURS, ...look });
  }

  function drawDrawing() {
    sheet.draw(state.strokes, state.picture);
    byId("pad-hint").hidden = state.strokes.length > 0 || state.picture !== null;
  }

  function drawWords() {
    const { title, hint } = drawingWords(imagesOf(state.run));
    setText(byId("pad-title"), title);
    setText(byId("pad-hint"), hint);
  }

  store.subscribe(["strokes", "picture"], () => loop.request(drawDrawing));
  store.subscribe(["run"], () => loop.request(drawWords));
  onOtherImages(store, () => {
    sheet = newSheet();
    loop.request(drawDrawing);
  });
  loop.request(drawDrawing);
  loop.request(drawWords);
}
