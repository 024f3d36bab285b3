/**
 * A batch: some test examples, each with its own gradient, and their mean.
 *
 * @typedef {object} Member
 * @property {number} label
 * @property {Walk} walk
 *
 * @typedef {object} Batch
 * @property {Member[]} members that have arrived
 * @property {number} wanted how many it will have; 0: nobody has asked for one
 * @property {string | null} problem
 */

import { layersOf } from "../network/safetensors.pure.js";
import { costWith } from "./chain.pure.js";
import { numbersOf } from "./walk.pure.js";

/**
 * @import { LayerTensors } from "../network/model.pure.js"
 * @import { Tensor } from "../network/safetensors.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** How many examples a batch has here. */
export const SIZE = 16;

/** The mean of vectors of the same length. @param {ArrayLike<number>[]} vectors at least one @returns {Float64Array} */
export function meanOf(vectors) {
  const mean = new Float64Array(vectors[0].length);
  for (const vector of vectors) {
    for (let i = 0; i < mean.length; i += 1) mean[i] += vector[i] / vectors.length;
  }
  return mean;
}

/** The mean gradient of the first members, laid out as θ. @param {Member[]} members @param {number} count */
export const meanGradient = (members, count) =>
  meanOf(members.slice(0, count).map(({ walk }) => numbersOf(walk, "gradient.theta")));

/**
 * The weights of a neuron of the first layer, out of a vector laid out as θ.
 * @param {Walk} walk
 * @param {Float64Array | Float32Array} theta
 * @param {number} neuron
 */
export function rowOf(walk, theta, neuron) {
  const inputs = walk.shapes[0][1];
  return theta.subarray(neuron * inputs, (neuron + 1) * inputs);
}

/**
 * The network after a nudge against a gradient: θ − rate · gradient.
 * @param {Walk} walk
 * @param {ArrayLike<number>} gradient
 * @param {number} rate
 * @returns {LayerTensors[]}
 */
export function nudgedAll(walk, gradient, rate) {
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  let at = 0;
  for (const layer of walk.shapes.keys()) {
    for (const kind of ["weights", "biases"]) {
      const tensor = walk.tensors.get(`${kind}.${layer}`);
      if (!tensor) continue;
      const start = at;
      const values = Float64Array.from(
        tensor.values,
        (value, i) => value - rate * gradient[start + i],
      );
      tensors.set(`${kind}.${layer}`, { shape: tensor.shape, values });
      at += values.length;
    }
  }
  const frame = { epoch: 0, step: 0, examples: 0, descent: null, batch: null, tensors };
  return layersOf(frame, "weights");
}

/**
 * The mean cost of the members with other parameters.
 * @param {Member[]} members
 * @param {LayerTensors[]} layers
 */
export function meanCost(members, layers) {
  const costs = members.map(({ walk }) => costWith(walk, layers));
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}
