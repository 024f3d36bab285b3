/**
 * A question about the step that comes next, made from the walk's own numbers.
 *
 * @typedef {object} Question
 * @property {string} words
 * @property {string[]} choices
 * @property {number} right which of them is true
 * @property {string} truth in words, with its numbers
 */

import { formatFigure } from "../shell/format.pure.js";
import { neuronOn } from "./path.pure.js";
import { kindOf } from "./steps.pure.js";
import { cellOf, inputName, lastLayer, neuronWords, numbersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { Path } from "./path.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/**
 * @param {Walk} walk
 * @param {number} step that will be shown
 * @param {Path} path
 * @returns {Question | null} null where there is nothing to ask
 */
export function questionOf(walk, step, path) {
  if (step >= walk.steps.length) return null;
  const kind = kindOf(walk, step);
  const layer = Number(/\.(\d+)$/.exec(walk.steps[step].tensor)?.[1] ?? lastLayer(walk));
  if (kind === "activation" && layer === lastLayer(walk)) return largestOutput(walk);
  if (kind === "cost-slope") return null;
  if (kind === "error" || (kind === "product" && layer === lastLayer(walk)))
    return pushed(walk, layer);
  if (kind === "product") return passedBack(walk, layer, neuronOn(path, layer));
  if (kind === "weights") return mostSensitive(walk, layer, neuronOn(path, layer));
  return kind === "biases" ? biasNudge(walk, layer, neuronOn(path, layer)) : null;
}

/**
 * The first step after this one before which there is something to ask.
 * @param {Walk} walk
 * @param {number} step
 * @param {Path} path
 * @returns {number | null} null: none is left
 */
export function nextAsked(walk, step, path) {
  const found = walk.steps.findIndex((_, i) => i > step && questionOf(walk, i, path) !== null);
  return found < 0 ? null : found;
}

/**
 * The place of the largest number, and the places of those that a reader sees to be smaller, so that
 * no two choices are both right.
 * @param {ArrayLike<number>} values
 * @returns {number[]} the largest first
 */
function clearlyOrdered(values) {
  const order = Array.from(values, (_, i) => i).sort((one, other) => values[other] - values[one]);
  const largest = formatFigure(values[order[0]], 2);
  return order.filter((place, i) => i === 0 || formatFigure(values[place], 2) !== largest);
}

/** @param {ArrayLike<number>} values */
const sizesOf = (values) => Array.from(values, Math.abs);

/** @param {number} one @param {number} other */
const upwards = (one, other) => one - other;

/** Which output is the largest, from their z. @param {Walk} walk @returns {Question | null} */
function largestOutput(walk) {
  const last = lastLayer(walk);
  const z = numbersOf(walk, `z.${last}`);
  const order = clearlyOrdered(z);
  if (order.length < 2) return null;
  const offered = order.slice(0, 3).sort(upwards);
  const name = (/** @type {number} */ i) => subscriptOf(walk, last, i);
  return {
    words: "The z of the outputs are known. Which output will be the largest?",
    choices: offered.map((i) => `${name(i)}: z is ${formatFigure(z[i])}`),
    right: offered.indexOf(order[0]),
    truth: `The output for ${name(order[0])}. Its z decides, ${formatFigure(z[order[0]])}: it is the largest, and the function keeps their order.`,
  };
}

/** Which way the output for the truth is pushed. @param {Walk} walk @param {number} layer @returns {Question | null} */
function pushed(walk, layer) {
  const slopes = numbersOf(walk, `C_over_z.${layer}`);
  const order = clearlyOrdered(sizesOf(slopes));
  if (order.length < 2) return null;
  const offered = order.slice(0, 3).sort(upwards);
  const name = (/** @type {number} */ i) => subscriptOf(walk, layer, i);
  const value = slopes[order[0]];
  return {
    words: "Which output will be pushed the hardest: where is ∂C/∂z the largest, up or down?",
    choices: offered.map((i) => `the output for ${name(i)}`),
    right: offered.indexOf(order[0]),
    truth: `The output for ${name(order[0])}. Its ∂C/∂z decides, ${formatFigure(value)}: of all it is the farthest from 0. So its z will be pushed ${value > 0 ? "down" : "up"}.`,
  };
}

/** What decides a product with the slope of a function. @param {number} from ∂C/∂a @param {number} value ∂C/∂z */
function decided(from, value) {
  if (from === 0) return "∂C/∂a decides: it is 0";
  if (value === 0) return "the slope decides: at this z it is 0";
  return "the slope is above 0, so the sign of ∂C/∂a decides";
}

/** Whether anything goes back through a neuron. @param {Walk} walk @param {number} layer @param {number} neuron @returns {Question} */
function passedBack(walk, layer, neuron) {
  const value = numbersOf(walk, `C_over_z.${layer}`)[neuron];
  const z = numbersOf(walk, `z.${layer}`)[neuron];
  const from = numbersOf(walk, `C_over_activations.${layer}`)[neuron];
  const words = neuronWords(walk, layer, neuron);
  const right = value === 0 ? 2 : Number(value < 0);
  return {
    words: `The z of ${words} was ${formatFigure(z)}, and ∂C/∂a is ${formatFigure(from)}. What will ∂C/∂z be?`,
    choices: ["positive", "negative", "zero"],
    right,
    truth: `It is ${formatFigure(value)}, ∂C/∂a times the slope of the function at this z: ${decided(from, value)}.`,
  };
}

/** Which of four weights the cost is the most sensitive to. @param {Walk} walk @param {number} layer @param {number} neuron @returns {Question | null} */
function mostSensitive(walk, layer, neuron) {
  const inputs = numbersOf(walk, inputName(layer));
  const order = clearlyOrdered(sizesOf(inputs));
  const isNone = cellOf(walk, `gradient.weights.${layer}`, neuron, order[0]) === 0;
  if (order.length < 4 || isNone) return null;
  const middle = Math.floor(order.length / 2);
  return among([order[0], order[1], order[middle], order[order.length - 1]]);

  /** @param {number[]} cells the first is the largest @returns {Question} */
  function among(cells) {
    const offered = cells.toSorted(upwards);
    const from = (/** @type {number} */ k) => neuronWords(walk, layer - 1, k);
    const slope = cellOf(walk, `gradient.weights.${layer}`, neuron, cells[0]);
    return {
      words: `Which of these weights of ${neuronWords(walk, layer, neuron)} is the cost the most sensitive to?`,
      choices: offered.map((k) => `from ${from(k)}, which is ${formatFigure(inputs[k])}`),
      right: offered.indexOf(cells[0]),
      truth: `The one from ${from(cells[0])}: ∂C/∂W is ${formatFigure(slope)}. All have the same ∂C/∂z, so the size of the input decides, ${formatFigure(inputs[cells[0]])}.`,
    };
  }
}

/** Whether a bias will be nudged up or down. @param {Walk} walk @param {number} layer @param {number} neuron @returns {Question} */
function biasNudge(walk, layer, neuron) {
  const slope = numbersOf(walk, `gradient.biases.${layer}`)[neuron];
  const z = numbersOf(walk, `C_over_z.${layer}`)[neuron];
  const right = slope === 0 ? 2 : Number(slope > 0);
  return {
    words: `∂C/∂z of ${neuronWords(walk, layer, neuron)} is ${formatFigure(z)}. Will its bias be nudged up or down?`,
    choices: ["up", "down", "not at all"],
    right,
    truth: `∂C/∂z decides, ${formatFigure(z)}: ∂C/∂b is the same, ${formatFigure(slope)}, and the nudge goes against it: ${["up", "down", "not at all"][right]}.`,
  };
}
