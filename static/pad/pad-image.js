/** The drawing on the pad as a PNG, which is what the server reads. */

import { imagesOf, pictureShape } from "../runs/images.pure.js";
import { contextOf } from "../shell/dom.js";
import { createSheet } from "./ink.js";
import { padLook, padSize } from "./pad.pure.js";
import { greyPng } from "./png.pure.js";

/** @import { Store } from "../shell/state.js" */

const SIDE = 140; // pixels at least: for digits, five for each that the network sees
const FAINT = 8; // of 255: smaller differences are rounding errors of a canvas where ink was erased
const GREYS = { black: [0, 0, 0], white: [255, 255, 255] };

/** @param {Store} store */
export function createPadImage(store) {
  const { state } = store;
  const canvas = document.createElement("canvas");
  const context = contextOf(canvas, { alpha: false, willReadFrequently: true });
  let sheet = newSheet();
  /** @type {Uint8Array<ArrayBuffer> | null | undefined} undefined: not encoded yet */
  let png = null;

  function newSheet() {
    const images = imagesOf(state.run);
    Object.assign(canvas, padSize(images.shape, SIDE));
    return createSheet(context, { ...GREYS, ...padLook(images) });
  }

  /** @returns {{ greys: Uint8Array, columns: number }} */
  function pixels() {
    const { picture, strokes } = state;
    if (picture && strokes.length === 0) {
      // Sent as it is: the server changes nothing of an image of the network's kind.
      const [, columns] = pictureShape(picture.image.length, picture.shape);
      return { greys: Uint8Array.from(picture.image, (value) => Math.round(255 * value)), columns };
    }
    sheet.draw(strokes, picture);
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    // A drawing is sent as light ink on a dark ground.
    const inverted = padLook(imagesOf(state.run)).darkInk;
    const greys = new Uint8Array(width * height);
    for (let i = 0; i < greys.length; i += 1) greys[i] = inverted ? 255 - data[4 * i] : data[4 * i];
    return { greys, columns: width };
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
  onOtherImages(store, () => {
    sheet = newSheet();
    png = undefined;
  });

  /** @returns {Uint8Array<ArrayBuffer> | null} null for an empty pad */
  return () => {
    if (png === undefined) png = encoded();
    return png;
  };
}

/**
 * Calls a function when the network that is shown reads another kind of images than the one before.
 * @param {Store} store
 * @param {() => void} changed
 */
export function onOtherImages({ state, subscribe }, changed) {
  const kind = () => JSON.stringify(imagesOf(state.run));
  let known = kind();
  subscribe(["run"], () => {
    if (state.run === null || kind() === known) return;
    known = kind();
    changed();
  });
}
