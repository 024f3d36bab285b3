/**
 * The functions of the layers with their slopes, for the formulas: as nn_core/by_hand.py has them.
 *
 * @typedef {object} Slope
 * @property {(z: number) => number} of
 * @property {string} name how the slope is written: σ′(z)
 * @property {string} rule what it is
 */

import { activation } from "../network/activations.pure.js";

/** @import { Walk } from "./walk.pure.js" */

const LEAK = 0.01;
const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

/** @type {Record<string, Slope>} */
const SLOPES = {
  sigmoid: {
    of: (z) => sigmoid(z) * sigmoid(-z),
    name: "σ′",
    rule: "σ′(z) = σ(z) · (1 − σ(z)): steep near z = 0, nearly flat far from it",
  },
  tanh: {
    of: (z) => 4 * sigmoid(2 * z) * sigmoid(-2 * z),
    name: "tanh′",
    rule: "tanh′(z) = 1 − tanh(z)²: steep near z = 0, nearly flat far from it",
  },
  relu: {
    of: (z) => (z > 0 ? 1 : 0),
    name: "ReLU′",
    rule: "ReLU′(z) is 1 where z is above 0 and 0 elsewhere: a neuron that is off passes nothing back",
  },
  "leaky-relu": {
    of: (z) => (z > 0 ? 1 : LEAK),
    name: "f′",
    rule: `f′(z) is 1 where z is above 0 and ${LEAK} elsewhere`,
  },
  identity: { of: () => 1, name: "f′", rule: "f(z) = z, so f′(z) is 1 everywhere" },
};

/** @param {string} name of a layer's function, not softmax @returns {Slope} */
export function slopeOf(name) {
  const found = SLOPES[name];
  if (!found) throw new Error(`the view does not know the slope of ${name}`);
  return found;
}

/** @type {Record<string, string>} */
const TITLES = {
  sigmoid: "the sigmoid σ",
  tanh: "tanh",
  relu: "ReLU",
  "leaky-relu": "leaky ReLU",
  identity: "the identity",
  softmax: "softmax",
};

/** The name of a function in a sentence. @param {string} name */
export const titleOf = (name) => TITLES[name] ?? name;

/**
 * What the comments of by_hand.py, which tell of sigmoids and squared errors, do not fit.
 * @param {Pick<Walk, "functions" | "cost" | "output">} walk
 * @returns {string} nothing if they fit
 */
export function otherwiseWords({ functions, cost, output }) {
  const isSquared = cost === "squared-error";
  if (isSquared && functions.every((name) => name === "sigmoid")) return "";
  const hidden = [...new Set(functions.slice(0, -1))].map(titleOf).join(" and ");
  const costs = isSquared ? "the squared error" : "cross-entropy, made of −ln a";
  const inside = hidden && `${hidden} in its hidden layers, `;
  return `The comments tell of sigmoids and squared errors. This network has ${inside}${titleOf(output)} for its outputs, and as its cost ${costs}. The lines for that are those that run.`;
}

/** What a function makes of z, not softmax. @param {string} name @param {number} z */
export const appliedTo = (name, z) => activation(name).of(z);

/** How its value is written, for z as a text. @param {string} name @param {string} z */
export function writtenOf(name, z) {
  return name === "identity" ? z : activation(name).formula(z);
}

/** ln(1 + eᶻ), exact for any z. @param {number} z */
export function softplus(z) {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}
