/** The drawing on the pad as a PNG, which is what the server reads. */

import { pictureShape } from "../datasets/datasets.pure.js";
import { contextOf } from "../shell/dom.js";
import { createSheet } from "./ink.js";
import { greyPng } from "./png.pure.js";

/** @import { Store } from "../shell/state.js" */

const SIDE = 140; // pixels of the drawing that is sent: five for each pixel that the network sees
const FAINT = 8; // of 255: smaller differences are rounding errors of a canvas where ink was erased

/** @param {Store} store */
export function createPadImage(store) {
  const { state } = store;
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = contextOf(canvas, { alpha: false, willReadFrequently: true });
  const sheet = createSheet(context);
  /** @type {Uint8Array<ArrayBuffer> | null | undefined} undefined: not encoded yet */
  let png = null;

  /** @returns {{ greys: Uint8Array, columns: number }} */
  function pixels() {
    const { picture, strokes } = state;
    if (picture && strokes.length === 0) {
      // Sent as it is: the server hardly changes a picture that has the size of a digit image.
      const [, columns] = pictureShape(picture.image.length, picture.shape);
      return { greys: Uint8Array.from(picture.image, (value) => Math.round(255 * value)), columns };
    }
    sheet.draw(strokes, picture);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    const greys = new Uint8Array(SIDE * SIDE);
    for (let i = 0; i < greys.length; i += 1) greys[i] = data[4 * i];
    return { greys, columns: SIDE };
  }

  /** @returns {Uint8Array<ArrayBuffer> | null} */
  function encoded() {
    if (!state.picture && state.strokes.length === 0) return null;
    const { greys, columns } = pixels();
    const lightest = greys.reduce((most, grey) => Math.max(most, grey));
    const drawn = state.strokes.length > 0;
    if (drawn && greys.every((grey) => lightest - grey < FAINT)) return null;
    return greyPng(greys, columns);
  }

  store.subscribe(["strokes", "picture"], () => (png = undefined));

  /** @returns {Uint8Array<ArrayBuffer> | null} null for an empty pad */
  return () => {
    if (png === undefined) png = encoded();
    return png;
  };
}
