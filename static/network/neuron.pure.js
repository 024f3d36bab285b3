/**
 * What one neuron computes, as numbers and as formulas, and the index of its parameters in θ.
 *
 * @typedef {{ layer: number, neuron: number, cell: number | null }} Pointed a neuron; with a cell
 *   one of its weights, from that pixel or from that neuron of the layer before (an edge)
 */

import { formatFigure, formatSigned } from "../shell/format.pure.js";
import { activation } from "./activations.pure.js";

const SOFTMAX = "eᶻ ÷ Σ eᶻ of all outputs"; // it needs all neurons of its layer

/**
 * Σ wₖ·xₖ of one neuron, which is its weighted input z without its bias.
 * @param {ArrayLike<number>} weights of the layer, row by row
 * @param {number} neuron
 * @param {ArrayLike<number>} inputs
 */
export function weightedSum(weights, neuron, inputs) {
  const start = neuron * inputs.length;
  let sum = 0;
  for (let k = 0; k < inputs.length; k += 1) sum += weights[start + k] * inputs[k];
  return sum;
}

/**
 * What one neuron computes from its inputs.
 * @param {ArrayLike<number>} weights of the layer, row by row
 * @param {ArrayLike<number>} biases of the layer
 * @param {number} neuron
 * @param {ArrayLike<number>} inputs
 * @param {string} name of the layer's function
 * @returns {{ sum: number, z: number, a: number }}
 */
export function neuronOutput(weights, biases, neuron, inputs, name) {
  const sum = weightedSum(weights, neuron, inputs);
  const z = sum + biases[neuron];
  if (name !== "softmax") return { sum, z, a: activation(name).of(z) };
  let total = 0;
  for (let i = 0; i < biases.length; i += 1)
    total += Math.exp(weightedSum(weights, i, inputs) + biases[i] - z);
  return { sum, z, a: 1 / total };
}

/**
 * The name of a layer's activation function.
 * @param {{ output?: unknown, activation?: unknown } | undefined} spec
 * @param {number} layer
 * @param {boolean} last
 * @returns {string}
 */
export function activationName(spec, layer, last) {
  if (last) return String(spec?.output ?? "");
  const names = spec?.activation;
  return String((Array.isArray(names) ? names[layer] : names) ?? "");
}

/**
 * z as a formula with its numbers. @param {{ sum: number, z: number }} output
 */
export function formulaOfZ({ sum, z }) {
  const bias = z - sum;
  const added = `${bias < 0 ? "−" : "+"} ${formatFigure(Math.abs(bias))}`;
  return `z = Σ wₖ·xₖ + b\n  = ${formatFigure(sum)} ${added} = ${formatFigure(z)}`;
}

/** @param {{ z: number, a: number }} output @param {string} name of the activation */
export function formulaOfA({ z, a }, name) {
  const formula = name === "softmax" ? SOFTMAX : activation(name).formula(formatFigure(z));
  return `a = ${formula} = ${formatFigure(a)}`;
}

/**
 * How a nudge changes the cost, as the gradient predicts.
 * @param {number} gradient ∂C/∂w
 * @param {string} what
 */
export function nudgeWords(gradient, what) {
  if (gradient === 0) return `Nudging this ${what} would not change the cost.`;
  return `Raising it by 0.1 changes the cost by about ${formatSigned(0.1 * gradient)}.`;
}

/**
 * The index in θ of a weight, or of the neuron's bias if there is no cell.
 * @param {number[][]} shapes of the weights: (neurons, inputs) of each layer
 * @param {Pointed} pointed
 */
export function indexOf(shapes, { layer, neuron, cell }) {
  let start = 0;
  for (let i = 0; i < layer; i += 1) start += shapes[i][0] * (shapes[i][1] + 1);
  const [neurons, inputs] = shapes[layer];
  return start + (cell === null ? neurons * inputs + neuron : neuron * inputs + cell);
}
