/**
 * The hidden layers as a list, with the neurons and the activation of each; and how that list
 * becomes the form's two texts again.
 *
 * @typedef {{ neurons: string, activation: string }} Layer neurons as typed, a number or not
 */

import { items } from "./fields.pure.js";

const FIRST_LAYER = "16"; // neurons of a first layer

/**
 * @param {string} hidden such as "32, 16"
 * @param {string} activation one name, or a list
 * @returns {Layer[]}
 */
export function layersOf(hidden, activation) {
  const names = items(activation);
  return items(hidden).map((neurons, layer) => ({
    neurons,
    activation: names[layer] ?? names.at(-1) ?? "",
  }));
}

/**
 * @param {Layer[]} layers
 * @param {string} activation what to keep if there is no layer that has one
 * @returns {{ hidden: string, activation: string }}
 */
export function textsOfLayers(layers, activation) {
  const names = layers.map((layer) => layer.activation);
  const alike = names.every((name) => name === names[0]);
  return {
    hidden: layers.map(({ neurons }) => neurons).join(", "),
    activation: alike ? (names[0] ?? items(activation)[0] ?? "") : names.join(", "),
  };
}

/**
 * The layers with one more, like its neighbour.
 * @param {Layer[]} layers
 * @param {number} place of the new one
 * @param {string} activation of a first layer
 * @returns {Layer[]}
 */
export function inserted(layers, place, activation) {
  const like = layers[place - 1] ??
    layers[0] ?? { neurons: FIRST_LAYER, activation: items(activation)[0] ?? "" };
  return layers.toSpliced(place, 0, { ...like });
}

/**
 * The layers with one of them changed.
 * @param {Layer[]} layers
 * @param {number} index
 * @param {Partial<Layer>} changes
 * @returns {Layer[]}
 */
export function withChange(layers, index, changes) {
  return layers.map((layer, i) => (i === index ? { ...layer, ...changes } : layer));
}

/**
 * The next number of neurons: steps of one up to 16, then steps that grow with the layer, because
 * one neuron more in a hundred makes no difference.
 * @param {number} neurons
 * @param {1 | -1} direction
 */
export function nextWidth(neurons, direction) {
  if (!(neurons >= 1)) return 1;
  const from = direction > 0 ? neurons : neurons - 1;
  const step = from < 16 ? 1 : 2 ** (Math.floor(Math.log2(from)) - 2);
  const next = direction > 0 ? Math.floor(neurons / step) + 1 : Math.ceil(neurons / step) - 1;
  return Math.max(1, next * step);
}
