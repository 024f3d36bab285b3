/**
 * What the picture shows at a step: for each layer the last numbers that were computed of its
 * neurons, and of its weights.
 *
 * @typedef {object} ShownLayer
 * @property {string | null} neurons the array; null: nothing yet
 * @property {string} weights the array: the weights, or once it is known their gradient
 */

import { placeOf } from "../network/theta.pure.js";
import { markOf, tensorsOf } from "./names.pure.js";
import { lastLayer } from "./walk.pure.js";

/**
 * @import { Mark } from "./names.pure.js"
 * @import { Walk } from "./walk.pure.js"
 *
 * @typedef {object} Lit what of the picture a mark stands for; null: none or any
 * @property {{ layer: number, neuron: number | null } | null} neurons
 * @property {{ layer: number, neuron: number | null, cell: number | null } | null} edges
 * @property {{ pixel: number | null } | null} image
 * @property {boolean} cost
 */

const BY_NEURON = /^(z|activations|C_over_activations|C_over_z|biases|gradient\.biases)\.(\d+)$/;
const BY_WEIGHT = /^(weights|gradient\.weights)\.(\d+)$/;

const OF_NEURONS = /^(z|activations|C_over_activations|C_over_z)\.(\d+)$/;

/** @param {Walk} walk @param {number} step @returns {ShownLayer[]} */
export function shownAt(walk, step) {
  /** @type {ShownLayer[]} */
  const layers = walk.shapes.map((_, layer) => ({ neurons: null, weights: `weights.${layer}` }));
  for (const { tensor } of walk.steps.slice(0, step + 1)) {
    const [, family, number] = OF_NEURONS.exec(tensor) ?? [];
    if (family) layers[Number(number)].neurons = tensor;
    const gradient = /^gradient\.weights\.(\d+)$/.exec(tensor);
    if (gradient) layers[Number(gradient[1])].weights = tensor;
  }
  return layers;
}

/**
 * The layer that a step's numbers belong to: its neurons stand out.
 * @param {Walk} walk
 * @param {number} step
 * @returns {number} −1: the image; the number of layers: the cost; one more: none, or all
 */
export function columnAt(walk, step) {
  const { tensor } = walk.steps[step];
  if (tensor === "x" || tensor === "C_over_x") return -1;
  if (tensor === "cost") return lastLayer(walk) + 1;
  if (tensor === "parameters.theta") return lastLayer(walk) + 2;
  const number = /\.(\d+)$/.exec(tensor)?.[1];
  return number === undefined ? lastLayer(walk) : Number(number);
}

/**
 * The layer whose weights a step uses or computes.
 * @param {Walk} walk
 * @param {number} step
 * @returns {number | null}
 */
export function edgesAt(walk, step) {
  const { tensor } = walk.steps[step];
  if (tensor === "C_over_x") return 0;
  const [, family, number] = /^(.*)\.(\d+)$/.exec(tensor) ?? [];
  if (family === "z" || family === "gradient.weights") return Number(number);
  return family === "C_over_activations" && Number(number) < lastLayer(walk)
    ? Number(number) + 1
    : null;
}

/** The places in the picture of a mark. @param {Walk} walk @param {Mark | null} mark @returns {Lit} */
export function litBy(walk, mark) {
  /** @type {Lit} */
  const lit = { neurons: null, edges: null, image: null, cost: mark?.tensor === "cost" };
  if (!mark) return lit;
  const { tensor, row, column } = mark;
  const neurons = BY_NEURON.exec(tensor);
  const weights = BY_WEIGHT.exec(tensor);
  if (tensor.endsWith(".theta")) return row === null ? lit : litByParameter(walk, row, lit);
  if (tensor === "truth") lit.neurons = { layer: lastLayer(walk), neuron: row };
  else if (tensor === "x" || tensor === "C_over_x") lit.image = { pixel: row };
  else if (neurons) lit.neurons = { layer: Number(neurons[2]), neuron: row };
  else if (weights) {
    lit.edges = { layer: Number(weights[2]), neuron: row, cell: column };
    if (weights[2] === "0" && column !== null) lit.image = { pixel: column };
  }
  return lit;
}

/** @param {Walk} walk @param {number} index @param {Lit} lit @returns {Lit} */
function litByParameter(walk, index, lit) {
  const place = placeOf(walk.shapes, index);
  if (!place) return lit;
  const { layer, neuron, cell } = place;
  if (cell === null) return { ...lit, neurons: { layer, neuron } };
  const image = layer === 0 ? { pixel: cell } : null;
  return { ...lit, edges: { layer, neuron, cell }, image };
}

/**
 * What a neuron in the picture stands for at a step: a cell of an array of its line, if there is one.
 * @param {Walk} walk
 * @param {number} step
 * @param {number} layer
 * @param {number} neuron
 */
export function markOfNeuron(walk, step, layer, neuron) {
  const found = tensorsOf(walk, step).find((name) => BY_NEURON.exec(name)?.[2] === String(layer));
  return markOf(found ?? shownAt(walk, step)[layer].neurons ?? `z.${layer}`, neuron);
}

/** What a weight in the picture stands for at a step. @param {Walk} walk @param {number} step @param {number} layer @param {number} neuron @param {number | null} cell */
export function markOfWeight(walk, step, layer, neuron, cell) {
  const found = tensorsOf(walk, step).find((name) => BY_WEIGHT.exec(name)?.[2] === String(layer));
  return markOf(found ?? `weights.${layer}`, neuron, cell);
}
