/** Pictures of signed numbers, alone or over a digit. */

import { colourAt } from "../shell/colour.pure.js";
import { contextOf } from "../shell/dom.js";

/** @import { Ramp } from "../shell/colour.pure.js" */

const FAINT = 0.28; // how much of the ink is seen under the colours

/**
 * Draws signed numbers with the strongest colour at the largest magnitude, over the ink of an image.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number | null>} values row by row
 * @param {number[]} shape rows and columns
 * @param {Ramp} ramp
 * @param {ArrayLike<number>} [ink] 0–1
 */
export function drawSigned(canvas, values, [rows, columns], ramp, ink) {
  canvas.width = columns;
  canvas.height = rows;
  const context = contextOf(canvas);
  const pixels = context.createImageData(columns, rows);
  let largest = 1e-12;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, Math.abs(values[i] ?? 0));
  for (let i = 0; i < values.length; i += 1) {
    const share = (values[i] ?? 0) / largest;
    // Small shares are many: the root lets them be seen.
    const colour = colourAt(ramp, Math.sign(share) * Math.sqrt(Math.abs(share)));
    const under = FAINT * (ink?.[i] ?? 0) * (1 - Math.sqrt(Math.abs(share)));
    pixels.data.set([...colour.map((part) => part + under * (128 - part)), 255], 4 * i);
  }
  context.putImageData(pixels, 0, 0);
}
