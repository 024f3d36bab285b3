/**
 * A neuron's button: its name, the picture of its weights, and how active it is.
 *
 * @typedef {{ context: CanvasRenderingContext2D, image: ImageData, pixels: Uint32Array }} Picture
 */

import { colourIndex } from "../shell/colour.pure.js";
import { contextOf, make } from "../shell/dom.js";

/**
 * @param {HTMLElement} button
 * @param {[number, number]} size
 * @returns {Picture}
 */
export function buildPicture(button, [rows, columns]) {
  const canvas = make("canvas");
  canvas.width = columns;
  canvas.height = rows;
  button.append(canvas);
  const context = contextOf(canvas);
  const image = context.createImageData(columns, rows);
  return { context, image, pixels: new Uint32Array(image.data.buffer) };
}

/**
 * Gives a button the name of its neuron.
 * @param {HTMLElement} button
 * @param {number} layer
 * @param {number} neuron
 * @param {string[] | null} classes if it is an output
 */
export function nameNeuron(button, layer, neuron, classes) {
  button.dataset.layer = String(layer);
  button.dataset.neuron = String(neuron);
  if (layer === 0) button.dataset.testid = "weight-tile";
  if (!classes) button.dataset.number = String(neuron + 1);
  button.setAttribute("aria-pressed", "false");
  const name = classes
    ? `Output ${classes[neuron] ?? neuron}`
    : `Layer ${layer + 1} #${neuron + 1}`;
  button.setAttribute("aria-label", name);
}

/**
 * @param {Picture} picture
 * @param {ArrayLike<number>} values
 * @param {number} start the index of its first value
 * @param {number} scale the magnitude that is drawn in full colour
 * @param {Uint32Array} colours
 */
export function paintPicture({ context, image, pixels }, values, start, scale, colours) {
  for (let i = 0; i < pixels.length; i += 1)
    pixels[i] = colours[colourIndex(values[start + i], scale)];
  context.putImageData(image, 0, 0);
}

/**
 * Shows how active a neuron is.
 * @param {HTMLElement} row the neuron's
 * @param {number | undefined} value 0 … 1
 */
export function light(row, value) {
  const lit = (value ?? 0).toFixed(2);
  if (row.dataset.lit === lit) return;
  row.dataset.lit = lit;
  row.style.setProperty("--lit", lit);
}
