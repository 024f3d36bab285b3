/**
 * Which array a name in the source stands for, at a step of the walk: the link between the text, the
 * formula, the matrices and the picture.
 *
 * @typedef {object} Mark some cells of an array: those of a row, of a column, one, or all
 * @property {string} tensor
 * @property {number | null} row of a vector: the index
 * @property {number | null} column null for a vector
 */

import { lineAt, tokensOf } from "./source.pure.js";
import { roundsOf } from "./steps.pure.js";
import { inputName, lastLayer } from "./walk.pure.js";

/**
 * @import { Token } from "./source.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/**
 * What the colours of an array of slopes say: they are as everywhere, so blue means down.
 * @param {string} tensor
 * @returns {string} "" for what is no slope
 */
export function signWords(tensor) {
  if (tensor === "C_over_x") return "blue: positive; orange: negative";
  return /^(C_over_|gradient)/.test(tensor) ? "blue: positive, so down; orange: up" : "";
}

/** @param {string} tensor @param {number | null} [row] @param {number | null} [column] @returns {Mark} */
export const markOf = (tensor, row = null, column = null) => ({ tensor, row, column });

/**
 * Whether one of them is part of the other, so that both light up.
 * @param {Mark | null} one
 * @param {Mark | null} other
 */
export function touches(one, other) {
  if (!one || !other || one.tensor !== other.tensor) return false;
  return meets(one.row, other.row) && meets(one.column, other.column);
}

/** @param {number | null} one @param {number | null} other */
const meets = (one, other) => one === null || other === null || one === other;

/** Whether two marks are the same. @param {Mark | null} one @param {Mark | null} other */
export function isSameMark(one, other) {
  if (one === null || other === null) return one === other;
  return one.tensor === other.tensor && one.row === other.row && one.column === other.column;
}

/**
 * @param {Walk} walk
 * @param {number} index of the step
 * @param {Token} token of its line
 * @returns {string | null} the name of an array; null: it is none
 */
export function tensorOf(walk, index, { name, index: bracket }) {
  if (name === null) return null;
  const step = walk.steps[index];
  const isLast = bracket === "-1";
  const layer = isLast ? lastLayer(walk) : (roundsOf(walk)[index] ?? lastLayer(walk));
  const found = step.name === name ? step.tensor : byName(walk, index, name, layer, isLast);
  return found !== null && walk.tensors.has(found) ? found : null;
}

/** @param {Walk} walk @param {number} index @param {string} name @param {number} layer @param {boolean} isLast */
function byName(walk, index, name, layer, isLast) {
  if (name === "parameters.weights") return `weights.${layer}`;
  if (name === "parameters.biases") return `biases.${layer}`;
  if (name === "gradient.theta") return name;
  if (name === "weighted_inputs") return `z.${layer}`;
  if (name === "activations") return isLast ? `activations.${layer}` : inputName(layer);
  if (name === "y_true") return "truth";
  if (name === "x") return "x";
  const own = walk.steps[index].function;
  const earlier = walk.steps.slice(0, index);
  return earlier.findLast((step) => step.name === name && step.function === own)?.tensor ?? null;
}

/**
 * The arrays that a step's line names, the one that it assigns first.
 * @param {Walk} walk
 * @param {number} index
 * @returns {string[]}
 */
export function tensorsOf(walk, index) {
  const line = lineAt(walk.source.text, walk.steps[index].line).split(/\s\s#/)[0];
  const named = tokensOf(line).map((token) => tensorOf(walk, index, token));
  const all = [walk.steps[index].tensor, ...named];
  return [...new Set(all.filter((name) => name !== null))];
}

/** What an array is called in formulas: its letter, and its layer. @param {string} tensor @returns {{ letter: string, layer: number | null }} */
export function letterOf(tensor) {
  const [, family, number] = /^(.*?)(?:\.(\d+))?$/.exec(tensor) ?? ["", tensor];
  return { letter: LETTERS[family] ?? family, layer: number === undefined ? null : Number(number) };
}

/** @type {Record<string, string>} */
const LETTERS = {
  truth: "y",
  activations: "a",
  weights: "W",
  biases: "b",
  cost: "C",
  C_over_activations: "∂C/∂a",
  C_over_z: "∂C/∂z",
  C_over_x: "∂C/∂x",
  "gradient.weights": "∂C/∂W",
  "gradient.biases": "∂C/∂b",
  "parameters.theta": "θ",
  "gradient.theta": "∂C/∂θ",
};
