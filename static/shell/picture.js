/** A picture as the page shows it. */

import { contextOf } from "./dom.js";

/** Colours of the pad: of 0 in a picture, and of 1. */
export const PAD_COLOURS = { black: [10, 13, 18], white: [245, 245, 240] };

/**
 * @param {ArrayLike<number>} image 0–1, row by row
 * @param {number} rows
 * @param {number} columns
 * @param {{ black: number[], white: number[] }} [colours]
 * @param {HTMLCanvasElement} [canvas] to draw it on; without it, a new one
 */
export function pictureCanvas(
  image,
  rows,
  columns,
  { black, white } = PAD_COLOURS,
  canvas = document.createElement("canvas"),
) {
  canvas.width = columns;
  canvas.height = rows;
  const context = contextOf(canvas);
  const pixels = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i += 1) {
    for (let part = 0; part < 3; part += 1) {
      pixels.data[4 * i + part] = black[part] + image[i] * (white[part] - black[part]);
    }
    pixels.data[4 * i + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
