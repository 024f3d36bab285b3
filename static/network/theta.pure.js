/**
 * θ, the vector of all parameters: the index of each, and its name. The order is layer by layer,
 * the weights row by row and then the biases.
 *
 * @typedef {number[][]} Shapes (neurons, inputs) of each layer
 * @typedef {{ layer: number, neuron: number, cell: number | null }} Place cell is the
 *   number of one of the neuron's weights, from 0; null is its bias
 * @typedef {{ inputShape: number[] | null, classes: string[] }} Names
 */

import { imagesOf, pictureShape, pixelPlace } from "../runs/images.pure.js";
import { formatCount } from "../shell/format.pure.js";
import { layersOf } from "./safetensors.pure.js";

/**
 * @import { Run } from "../runs/run.pure.js"
 * @import { Frame, Layers } from "./safetensors.pure.js"
 */

/**
 * The gradient in a frame; empty before the first step.
 * @param {Frame | null} frame
 * @returns {Layers}
 */
export function gradientIn(frame) {
  return layersOf(frame?.step || frame?.examples ? frame : null, "gradient");
}

/** @param {Layers} layers @returns {Shapes} */
export function shapesOf(layers) {
  return layers.map(({ weights }) => weights.shape);
}

/** The number of parameters. @param {Shapes} shapes */
export function countOf(shapes) {
  return shapes.reduce((sum, [neurons, inputs]) => sum + neurons * (inputs + 1), 0);
}

/**
 * @param {Shapes} shapes
 * @param {number} index of θ
 * @returns {Place | null} null beyond the last parameter
 */
export function placeOf(shapes, index) {
  let rest = index;
  for (const [layer, [neurons, inputs]] of shapes.entries()) {
    const weights = neurons * inputs;
    if (rest < weights) return { layer, neuron: Math.floor(rest / inputs), cell: rest % inputs };
    if (rest < weights + neurons) return { layer, neuron: rest - weights, cell: null };
    rest -= weights + neurons;
  }
  return null;
}

/**
 * The number at an index of θ.
 * @param {Layers} layers
 * @param {number} index
 * @returns {number | null} null where the layers hold nothing
 */
export function valueAt(layers, index) {
  const place = placeOf(shapesOf(layers), index);
  if (!place) return null;
  const { weights, biases } = layers[place.layer];
  if (place.cell === null) return biases.values[place.neuron];
  return weights.values[place.neuron * weights.shape[1] + place.cell];
}

/**
 * The names of a run's inputs and outputs, as far as they are known.
 * @param {{ run: Run | null }} state
 * @returns {Names}
 */
export function namesOf({ run }) {
  const { shape, class_names } = imagesOf(run);
  return { inputShape: shape, classes: class_names };
}

/**
 * The name of a parameter: "Weight: layer 1 #5 → layer 2 #6", "Bias: output 7". Neurons, rows and
 * columns count from 1.
 * @param {Shapes} shapes
 * @param {number} index of θ
 * @param {Names} names
 */
export function nameOf(shapes, index, { inputShape, classes }) {
  const place = placeOf(shapes, index);
  if (!place) return "";
  const { layer, neuron, cell } = place;
  const isOutput = layer === shapes.length - 1;
  const to = isOutput ? `output ${classes[neuron] ?? neuron}` : `layer ${layer + 1} #${neuron + 1}`;
  if (cell === null) return `Bias: ${to}`;
  const from =
    layer > 0 ? `layer ${layer} #${cell + 1}` : inputName(cell, shapes[0][1], inputShape);
  return `Weight: ${from} → ${to}`;
}

/** @param {number} cell @param {number} inputs @param {number[] | null} inputShape */
function inputName(cell, inputs, inputShape) {
  const [rows, columns] = pictureShape(inputs, inputShape);
  if (rows === 1) return `input ${cell + 1}`;
  return pixelPlace(cell, columns);
}

/**
 * The number of parameters as a sum, a line for each layer: "12,544 + 16" … "= 13,002". If there
 * are many layers, those in the middle share a line.
 * @param {Shapes} shapes
 * @returns {string[]} at most four lines
 */
export function sumLines(shapes) {
  const line = (/** @type {number[]} */ [neurons, inputs]) =>
    `${formatCount(neurons * inputs)} + ${formatCount(neurons)}`;
  const total = `= ${formatCount(countOf(shapes))}`;
  if (shapes.length <= 3) return [...shapes.map(line), total];
  const middle = formatCount(countOf(shapes.slice(1, -1)));
  return [
    line(shapes[0]),
    `${shapes.length - 2} layers: ${middle}`,
    line(shapes[shapes.length - 1]),
    total,
  ];
}
