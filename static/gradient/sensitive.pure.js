/**
 * How sensitive the cost is to the parameters: the length of the gradient, each layer's share of
 * it, and its largest elements.
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

/** @param {Float32Array} values */
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
 * Each part's share, 0–1; all are 0 if the sum is.
 * @param {number[]} squares
 */
export function sharesOf(squares) {
  const sum = squares.reduce((total, square) => total + square, 0);
  return squares.map((square) => (sum > 0 && Number.isFinite(sum) ? square / sum : 0));
}

/**
 * The parameters with the largest magnitudes, the largest first. It takes one pass, in which nearly
 * every value needs one comparison only, as it is below the smallest of those found.
 * @param {Layers} layers
 * @param {number} count
 * @returns {{ index: number, value: number }[]} indices in θ; zeros are left out
 */
export function strongest(layers, count) {
  /** @type {{ index: number, value: number }[]} */
  const found = [];
  let threshold = 0;
  let start = 0;
  for (const { weights, biases } of layers) {
    for (const { values } of [weights, biases]) {
      for (let i = 0; i < values.length; i += 1) {
        const size = Math.abs(values[i]);
        if (!(size > threshold)) continue;
        insert(found, { index: start + i, value: values[i] });
        if (found.length > count) found.pop();
        if (found.length === count) threshold = Math.abs(found[count - 1].value);
      }
      start += values.length;
    }
  }
  return found;
}

/**
 * @param {{ index: number, value: number }[]} found in order
 * @param {{ index: number, value: number }} entry
 */
function insert(found, entry) {
  let at = found.length;
  while (at > 0 && Math.abs(found[at - 1].value) < Math.abs(entry.value)) at -= 1;
  found.splice(at, 0, entry);
}
