/**
 * The forward pass: from the inputs of a network to the activations of each layer, and its outputs.
 * The same as `Network.forward` in nn_core/network.py, for one example.
 */

import { activation } from "./activations.pure.js";
import { activationName, weightedSum } from "./neuron.pure.js";

/** @import { LayerTensors } from "./model.pure.js" */

/**
 * @param {LayerTensors[]} layers as a frame has them
 * @param {{ output?: unknown, activation?: unknown } | undefined} spec names the functions
 * @param {number[]} inputs
 * @returns {number[][]} each layer's activations: the hidden layers, then the outputs
 */
export function forward(layers, spec, inputs) {
  /** @type {number[][]} */
  const activations = [];
  for (const [i, { weights, biases }] of layers.entries()) {
    const a = activations[i - 1] ?? inputs;
    const z = Array.from(biases.values, (b, neuron) => weightedSum(weights.values, neuron, a) + b);
    const name = activationName(spec, i, i === layers.length - 1);
    activations.push(name === "softmax" ? softmax(z) : z.map(activation(name).of));
  }
  return activations;
}

/**
 * Subtracting the largest z first changes nothing and keeps eᶻ from overflowing.
 * @param {number[]} z
 */
function softmax(z) {
  const largest = Math.max(...z);
  const powers = z.map((each) => Math.exp(each - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
