/**
 * What is on the pad becomes the numbers that a network reads: an image of the kind that it was
 * trained on. The same as nn_core/input_image.py makes of it, which explains it.
 */

import { digitImage, isDigitImage, roundHalfEven, SIDE } from "./digit-image.pure.js";
import { resizeByArea } from "./scaling.pure.js";

/**
 * @import { Grid } from "./scaling.pure.js"
 * @import { Images } from "../runs/images.pure.js"
 */

const WHITE = 255;
const SCALE = Math.fround(1 / WHITE);
const EDGE = 0.03; // of the longer side: how wide the frame's edge is

/**
 * @param {Grid} shades 0–255: light ink on a dark ground, or an image of the kind as it is
 * @param {Images} images that the network reads, of a kind that has rows and columns
 * @returns {number[] | null} its inputs, 0–1, row by row; null if nothing is drawn
 */
export function inputImage(shades, images) {
  return images.drawing === "digits" ? digit(shades) : whole(shades, images);
}

/** @param {Grid} shades */
function digit(shades) {
  const image = withoutEnlargement(shades, SIDE, SIDE);
  if (image && isDigitImage(image)) return image.map((value) => Math.fround(value * SCALE));
  return digitImage(shades);
}

/**
 * The image of which each pixel has been made a block; null if it is none.
 * @param {Grid} shades
 * @param {number} rows of the image
 * @param {number} columns
 * @returns {number[] | null}
 */
function withoutEnlargement(shades, rows, columns) {
  const [down, across] = [shades.rows / rows, shades.columns / columns];
  if (!Number.isInteger(down) || !Number.isInteger(across)) return null;
  /** @type {number[]} */
  const image = [];
  for (let i = 0; i < shades.values.length; i += 1) {
    const [row, column] = [Math.floor(i / shades.columns), i % shades.columns];
    const pixel = Math.floor(row / down) * columns + Math.floor(column / across);
    if (pixel === image.length) image.push(shades.values[i]);
    else if (image[pixel] !== shades.values[i]) return null;
  }
  return image;
}

/** A picture scaled to the kind's frame. @param {Grid} shades @param {Images} images */
function whole(shades, { shape, ground }) {
  const [rows, columns] = shape;
  const isOfShape = shades.rows === rows && shades.columns === columns;
  if (!isOfShape && shades.values.every((value) => value === shades.values[0])) return null;
  if (isOfShape || withoutEnlargement(shades, rows, columns)) return scaled(shades, rows, columns);
  if (ground !== "light") return fitted(shades, rows, columns);
  return fitted({ ...shades, values: shades.values.map((value) => WHITE - value) }, rows, columns);
}

/**
 * A picture in its own form, as large as fits, in the middle of its own ground.
 * @param {Grid} shades
 * @param {number} rows
 * @param {number} columns
 */
function fitted(shades, rows, columns) {
  const scale = Math.min(rows / shades.rows, columns / shades.columns);
  const [height, width] = [shades.rows, shades.columns].map((length) =>
    Math.max(1, roundHalfEven(length * scale)),
  );
  const [top, left] = [rows - height, columns - width].map((rest) => Math.floor(rest / 2));
  const image = new Array(rows * columns).fill(Math.fround(groundOf(shades) * SCALE));
  scaled(shades, height, width).forEach((value, i) => {
    image[(top + Math.floor(i / width)) * columns + left + (i % width)] = value;
  });
  return image;
}

/** The median of the shades at the edge of the frame. @param {Grid} shades */
function groundOf({ values, rows, columns }) {
  const width = Math.max(1, roundHalfEven(EDGE * Math.max(rows, columns)));
  const edge = values
    .filter((_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return Math.min(row, column, rows - 1 - row, columns - 1 - column) < width;
    })
    .sort();
  return (edge[Math.floor((edge.length - 1) / 2)] + edge[Math.floor(edge.length / 2)]) / 2;
}

/** A picture with so many rows and columns, 0–1. @param {Grid} shades @param {number} rows @param {number} columns */
function scaled(shades, rows, columns) {
  const { values } = resizeByArea(shades, rows, columns);
  return Array.from(values, (value) =>
    Math.fround(Math.fround(Math.min(Math.max(value, 0), WHITE)) * SCALE),
  );
}
