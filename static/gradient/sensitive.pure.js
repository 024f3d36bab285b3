/**
 * How sensitive the cost is to the parameters: the length of the gradient, and its largest elements.
 */

/** @import { Layers } from "../network/safetensors.pure.js" */

/**
 * The squared length of each layer's part of the gradient, weights and biases together. The sum of
 * these is the squared length of the whole.
 * @param {Layers} layers
 * @returns {number[]}
 */
export function squaredLengths(layers) {
  return layers.map(
    ({ weights, biases }) => sumOfSquares(weights.values) + sumOfSquares(biases.values),
  );
}

/** @param {ArrayLike<number>} values */
function sumOfSquares(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] * values[i];
  return sum;
}

/** The length of a vector, from the squared lengths of its parts. @param {number[]} squares */
export function lengthOf(squares) {
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

/**
 * The neurons that have the parameters with the largest magnitudes, the largest first, each with its
 * largest parameter. (The largest parameters alone would mostly be those of one neuron.)
 * @param {Layers} layers
 * @param {number} count
 * @returns {{ index: number, value: number }[]} indices in θ; zeros are left out
 */
export function strongestByNeuron(layers, count) {
  const found = [];
  let start = 0;
  for (const { weights, biases } of layers) {
    const [neurons, inputs] = weights.shape;
    const firstBias = start + neurons * inputs;
    for (let neuron = 0; neuron < neurons; neuron += 1) {
      let index = firstBias + neuron;
      let value = biases.values[neuron];
      for (let k = neuron * inputs; k < (neuron + 1) * inputs; k += 1) {
        if (!(Math.abs(weights.values[k]) > Math.abs(value))) continue;
        index = start + k;
        value = weights.values[k];
      }
      if (Math.abs(value) > 0) found.push({ index, value });
    }
    start = firstBias + neurons;
  }
  return found.sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, count);
}
