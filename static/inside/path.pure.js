/**
 * What is chosen: a path through the network, a pixel and a neuron in each layer, so that any two
 * neighbours on it are joined by a weight. Place 0 is the pixel, place L + 1 a neuron of layer L.
 *
 * @typedef {number[]} Path
 */

import { inputName, lastLayer, numbersOf } from "./walk.pure.js";

/**
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** The path along which the cost is the most sensitive, from the output that should be 1. @param {Walk} walk @returns {Path} */
export function firstPath(walk) {
  const hidden = walk.shapes.slice(0, -1).map((_, layer) => {
    const slopes = numbersOf(walk, `C_over_z.${layer}`);
    return strongest(slopes) ?? strongest(numbersOf(walk, `activations.${layer}`)) ?? 0;
  });
  const path = [...hidden, walk.truth];
  const inputs = walk.shapes[0][1];
  const row = numbersOf(walk, "gradient.weights.0").subarray(
    path[0] * inputs,
    (path[0] + 1) * inputs,
  );
  return [strongest(row) ?? strongest(numbersOf(walk, "x")) ?? 0, ...path];
}

/** @param {ArrayLike<number>} values @returns {number | null} where the largest magnitude is; null: all are 0 */
function strongest(values) {
  let best = null;
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] && (best === null || Math.abs(values[i]) > Math.abs(values[best]))) best = i;
  }
  return best;
}

/** @param {Path} path @param {number} layer −1: the inputs */
export const neuronOn = (path, layer) => path[layer + 1];

/** The path through a neuron. @param {Path} path @param {number} layer −1: the inputs @param {number} neuron @returns {Path} */
export const through = (path, layer, neuron) => path.with(layer + 1, neuron);

/** The path along a weight, or through the neuron of a bias. @param {Path} path @param {Pointed} parameter @returns {Path} */
export function along(path, { layer, neuron, cell }) {
  const on = through(path, layer, neuron);
  return cell === null ? on : through(on, layer - 1, cell);
}

/** The weight of a layer that is on the path. @param {Path} path @param {number} layer @returns {Pointed} */
export function weightOn(path, layer) {
  return { layer, neuron: neuronOn(path, layer), cell: neuronOn(path, layer - 1) };
}

/**
 * The neurons of a layer that the picture shows: all, or those that the cost is the most sensitive
 * to, in their order, with the one that is chosen.
 * @param {Walk} walk
 * @param {number} layer
 * @param {number} chosen
 * @param {number} most
 * @returns {number[]}
 */
export function sampleOf(walk, layer, chosen, most) {
  const count = walk.shapes[layer][0];
  const all = Array.from({ length: count }, (_, i) => i);
  if (count <= most) return all;
  const slopes = numbersOf(walk, `C_over_z.${layer}`);
  const order = all.toSorted((one, other) => Math.abs(slopes[other]) - Math.abs(slopes[one]));
  const shown = order.slice(0, most);
  if (!shown.includes(chosen)) shown[most - 1] = chosen;
  return shown.sort((one, other) => one - other);
}

/** The activations that a layer takes in. @param {Walk} walk @param {number} layer */
export const inputsOf = (walk, layer) => numbersOf(walk, inputName(layer));

/** @param {Walk} walk @param {Path} path @returns {boolean} whether it fits the walk's network */
export function fits(walk, path) {
  const sizes = [walk.shapes[0][1], ...walk.shapes.map(([neurons]) => neurons)];
  return path.length === lastLayer(walk) + 2 && path.every((place, i) => place < sizes[i]);
}
