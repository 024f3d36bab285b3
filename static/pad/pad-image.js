/** The drawing on the pad as the shades that a network reads. */

import { imagesOf, pictureShape } from "../runs/images.pure.js";
import { contextOf } from "../shell/dom.js";
import { createSheet } from "./ink.js";
import { padLook, padSize } from "./pad.pure.js";

/**
 * @import { Store } from "../shell/state.js"
 *
 * @typedef {{ values: Uint8Array, rows: number, columns: number }} Shades 0–255, row by row: light
 *   ink on a dark ground
 */

const SIDE = 140; // pixels at least: for digits, five for each that the network sees
const FAINT = 8; // of 255: smaller differences are rounding errors of a canvas where ink was erased
const GREYS = { black: [0, 0, 0], white: [255, 255, 255] };

/** @param {Store} store */
export function createPadImage(store) {
  const { state } = store;
  const canvas = document.createElement("canvas");
  const context = contextOf(canvas, { alpha: false, willReadFrequently: true });
  let sheet = newSheet();
  /** @type {Shades | null | undefined} undefined: not known yet */
  let shades = null;

  function newSheet() {
    const images = imagesOf(state.run);
    Object.assign(canvas, padSize(images.shape, SIDE));
    return createSheet(context, { ...GREYS, ...padLook(images) });
  }

  /** @returns {Shades | null} */
  function shadesNow() {
    const { picture, strokes } = state;
    if (strokes.length > 0) return drawn();
    if (!picture) return null;
    // As it is: nothing is changed of an image of the network's kind.
    const [rows, columns] = pictureShape(picture.image.length, picture.shape);
    const values = Uint8Array.from(picture.image, (value) => Math.round(255 * value));
    return { values, rows, columns };
  }

  /** @returns {Shades | null} */
  function drawn() {
    sheet.draw(state.strokes, state.picture);
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    const inverted = padLook(imagesOf(state.run)).darkInk;
    const values = new Uint8Array(width * height);
    let [darkest, lightest] = [255, 0];
    for (let i = 0; i < values.length; i += 1) {
      const value = inverted ? 255 - data[4 * i] : data[4 * i];
      if (value < darkest) darkest = value;
      if (value > lightest) lightest = value;
      values[i] = value;
    }
    if (lightest - darkest < FAINT) return null;
    return { values, rows: height, columns: width };
  }

  store.subscribe(["strokes", "picture"], () => (shades = undefined));
  onOtherImages(store, () => {
    sheet = newSheet();
    shades = undefined;
  });

  /** @returns {Shades | null} the same object as long as the pad is the same; null for an empty pad */
  return () => {
    if (shades === undefined) shades = shadesNow();
    return shades;
  };
}

/** @typedef {ReturnType<typeof createPadImage>} PadImage */

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
