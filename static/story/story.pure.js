/**
 * One step as a story: its digits go in, the network lights up, the outputs are wrong by so much, the
 * blame flows back, the parameters are nudged.
 *
 * @typedef {"in" | "forward" | "error" | "back" | "nudge"} Phase
 *
 * @typedef {object} Moment
 * @property {Phase} phase
 * @property {number} lit how many layers have their activations
 * @property {number} blamed the first layer that shows its gradient
 * @property {number} share of the story's time
 *
 * @typedef {object} Story
 * @property {Moment} moment
 * @property {Frame} frame the network after the step, and the gradient
 * @property {Frame} before the network before it
 * @property {Prediction} reading of the batch's first digit, by the network before
 * @property {Prediction} after of the same digit, by the network after
 * @property {number} truth of that digit
 */

import { formatCount, formatFigure } from "../shell/format.pure.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { Descent } from "./made.pure.js"
 * @import { Prediction } from "../pad/prediction.pure.js"
 */

/** Slower runs tell each step; faster ones would only flicker. In steps a second. */
export const FASTEST_TOLD = 3;

const LONGEST = 3600; // milliseconds of a story
const PART_OF_STEP = 0.92; // of the time until the next step

/**
 * @param {number | null | undefined} stepsPerSecond of a run that trains; null: as fast as it can
 * @param {boolean} isPaused a single step: nothing follows it
 * @returns {number} how long a step's story takes, in milliseconds; 0: it isn't told
 */
export function durationOf(stepsPerSecond, isPaused) {
  if (isPaused) return LONGEST;
  if (!stepsPerSecond || stepsPerSecond > FASTEST_TOLD) return 0;
  return Math.min(LONGEST, (PART_OF_STEP * 1000) / stepsPerSecond);
}

/**
 * The moments of a story, in order.
 * @param {number} layers of the network
 * @returns {Moment[]}
 */
export function momentsOf(layers) {
  const all = Array.from({ length: layers }, (_, i) => i);
  const weighed = [
    { phase: /** @type {Phase} */ ("in"), lit: 0, blamed: layers, share: 3 },
    ...all.map((i) => ({
      phase: /** @type {Phase} */ ("forward"),
      lit: i + 1,
      blamed: layers,
      share: 1.5,
    })),
    { phase: /** @type {Phase} */ ("error"), lit: layers, blamed: layers, share: 4 },
    ...all.reverse().map((i) => ({
      phase: /** @type {Phase} */ ("back"),
      lit: layers,
      blamed: i,
      share: 1.5,
    })),
    { phase: /** @type {Phase} */ ("nudge"), lit: layers, blamed: layers, share: 4 },
  ];
  const sum = weighed.reduce((total, { share }) => total + share, 0);
  return weighed.map((moment) => ({ ...moment, share: moment.share / sum }));
}

/**
 * What happens in a moment, in words.
 * @param {Story} story
 * @param {string} name of the digit that is shown, with its article
 * @param {number} parameters
 */
export function storyWords({ moment, frame }, name, parameters) {
  const { step, descent } = frame;
  const examples = formatCount(descent?.examples ?? 0);
  switch (moment.phase) {
    case "in":
      return `Step ${formatCount(step)}: ${examples} digits go in. This one is ${name}.`;
    case "forward":
      return "Forward: each layer's activations follow from those before it.";
    case "error":
      return `The error: 1 for ${name}, 0 elsewhere, would be right. The cost is ${formatFigure(descent?.cost)}.`;
    case "back":
      return "Backward: the gradient says how much each parameter is to blame.";
    default:
      return `The nudge: ${formatCount(parameters)} parameters move. Cost: ${costsOf(descent)}.`;
  }
}

/**
 * What a step has done to the cost, after it.
 * @param {Descent | null} descent
 */
export function stepWords(descent) {
  if (!descent || descent.cost === null) return "";
  return `Paused after step ${formatCount(descent.step)}. The cost of its ${formatCount(descent.examples)} digits: ${costsOf(descent)}.`;
}

/** @param {Descent | null} descent */
const costsOf = (descent) => `${formatFigure(descent?.cost)} → ${formatFigure(descent?.after)}`;
