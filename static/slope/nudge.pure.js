/**
 * A nudge of one parameter, tried on a copy of the network: how it changes the cost, and why it can't
 * be applied to the network itself.
 *
 * @typedef {object} Answer the server's answer about a nudge
 * @property {number | null} cost now
 * @property {number | null} slope ∂C/∂θ
 * @property {number | null} predicted the cost after it, according to the gradient
 * @property {number | null} measured the cost after it
 * @property {[amount: number, cost: number | null][] | null} curve
 * @property {number} examples that were measured
 * @property {number} before the parameter's value, before it
 * @property {number} after
 *
 * @typedef {Answer & { index: number, amount: number, reach: number }} Nudged with its question
 *
 * @typedef {object} Nudge what is known about the chosen nudge
 * @property {Nudged | null} answer
 * @property {Nudged | null} applied
 * @property {boolean} applying
 * @property {string | null} problem
 *
 * @typedef {{ index: number, value: number }} Setting of one parameter
 */

import { placeOf, shapesOf } from "../network/theta.pure.js";
import { isLive, isPretrained, isSomebodyElses } from "../runs/run.pure.js";
import { formatSigned } from "../shell/format.pure.js";

/**
 * @import { LayerTensors } from "../network/model.pure.js"
 * @import { Layers, Numbers } from "../network/safetensors.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { PastEpoch } from "../timeline/timeline.pure.js"
 */

/** How far a nudge reaches at first, to either side; as the server allows. */
export const REACH = { first: 1, least: 0.01, most: 1000 };

/**
 * The reach that fits an amount: twice as far where it has come to the end, half where it uses little.
 * @param {number} reach
 * @param {number} amount
 */
export function reachFor(reach, amount) {
  const size = Math.abs(amount);
  if (size > 0.97 * reach) return Math.min(REACH.most, 2 * Math.max(reach, size));
  if (size > 0 && size < 0.04 * reach) return Math.max(REACH.least, reach / 4);
  return reach;
}

/**
 * The layers with one parameter nudged: a copy where it is, the others as they are.
 * @param {Layers} layers
 * @param {number | null} index of θ; null: nothing is nudged
 * @param {number} amount
 * @returns {LayerTensors[]}
 */
export function nudged(layers, index, amount) {
  const place = index === null || amount === 0 ? null : placeOf(shapesOf(layers), index);
  if (!place) return layers;
  const { layer, neuron, cell } = place;
  const { weights, biases } = layers[layer];
  const [, inputs] = weights.shape;
  const changed =
    cell === null
      ? { weights, biases: { values: withAdded(biases.values, neuron, amount) } }
      : {
          weights: {
            shape: weights.shape,
            values: withAdded(weights.values, neuron * inputs + cell, amount),
          },
          biases,
        };
  return layers.map((same, i) => (i === layer ? changed : same));
}

/** @param {Numbers} values @param {number} at @param {number} amount */
function withAdded(values, at, amount) {
  const copy = values.slice();
  copy[at] += amount;
  return copy;
}

/**
 * How the cost changes, as the gradient predicts and as it was measured.
 * @param {Nudged | null} nudged
 * @returns {{ predicted: number | null, measured: number | null }}
 */
export function changesOf(nudged) {
  if (!nudged || nudged.cost === null) return { predicted: null, measured: null };
  const { cost, predicted, measured } = nudged;
  return {
    predicted: predicted === null ? null : predicted - cost,
    measured: measured === null ? null : measured - cost,
  };
}

/**
 * A change of the cost, written as a plain decimal number if that is short.
 * @param {number | null} change
 */
export function formatChange(change) {
  const size = Math.abs(change ?? 0);
  if (change === null || size < 1e-4 || size >= 1e-3) return formatSigned(change);
  return `${change < 0 ? "−" : "+"}${size.toFixed(6)}`;
}

/**
 * The reason that a nudge can't be applied to a run, in words.
 * @param {{ run: Run | null, pastEpoch: PastEpoch | null, connection: string }} state
 * @returns {string | null} null if it can be applied
 */
export function whyNotApplied({ run, pastEpoch, connection }) {
  if (run === null || connection !== "open") return "The server does not answer.";
  if (pastEpoch) return "Tried on a copy: a past epoch stays as it is.";
  if (isPretrained(run) || isSomebodyElses(run))
    return "Tried on a copy of your own: this network stays as it is.";
  if (!isLive(run)) return "Tried on a copy: this run has ended.";
  return run.status === "queued" ? "It can be applied when the run trains." : null;
}
