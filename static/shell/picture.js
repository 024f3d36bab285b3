/** A picture as the pad shows it, with light ink on a dark ground. */

import { contextOf } from "./dom.js";

export const GROUND = [10, 13, 18];
export const INK = [245, 245, 240];

/**
 * @param {ArrayLike<number>} image 0–1, row by row
 * @param {number} rows
 * @param {number} columns
 * @param {HTMLCanvasElement} [canvas] to draw it on; without it, a new one
 */
export function pictureCanvas(image, rows, columns, canvas = document.createElement("canvas")) {
  canvas.width = columns;
  canvas.height = rows;
  const context = contextOf(canvas);
  const pixels = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i += 1) {
    for (let part = 0; part < 3; part += 1) {
      pixels.data[4 * i + part] = GROUND[part] + image[i] * (INK[part] - GROUND[part]);
    }
    pixels.data[4 * i + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
