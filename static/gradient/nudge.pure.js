/**
 * A nudge of one parameter: how it changes the cost, why it can't be applied, and a small picture
 * of the cost along it, with its tangent.
 *
 * @typedef {object} Answer the server's answer about a nudge
 * @property {number | null} cost now
 * @property {number | null} predicted the cost after it, according to the gradient
 * @property {number | null} measured the cost after it
 *
 * @typedef {Answer & { index: number, amount: number }} Nudged an answer with its question
 *
 * @typedef {object} Nudge what is known about the chosen nudge
 * @property {Nudged | null} answer
 * @property {[amount: number, cost: number][]} samples
 * @property {Nudged | null} applied
 * @property {boolean} applying
 * @property {string | null} problem
 */

import { isLive, isPretrained, isSomebodyElses } from "../runs/run.pure.js";
import { formatSigned } from "../shell/format.pure.js";

/**
 * @import { Run } from "../runs/run.pure.js"
 * @import { PastEpoch } from "../timeline/timeline.pure.js"
 */

/** The amounts for which the cost is measured, in addition to the chosen one. */
export const SAMPLES = [-1, -0.66, -0.33, 0.33, 0.66, 1];

/** The slider's range, to either side of 0. */
export const REACH = 1;

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
  if (pastEpoch) return "A past epoch can't be changed. Press Live first.";
  if (isPretrained(run)) return "To apply it, train your own network.";
  if (isSomebodyElses(run)) return "To apply it, train your own network like this one.";
  if (!isLive(run)) return "This run has ended, so it can't be applied.";
  return run.status === "queued" ? "It can be applied when the run trains." : null;
}

/**
 * The cost along the nudge: the tangent at the present cost, the curve through all measured costs,
 * and the point at the chosen amount.
 * @param {Nudged} nudged
 * @param {[amount: number, cost: number][]} samples of the curve: amounts and costs
 * @param {{ width: number, height: number, margin: number }} size
 * @returns {{ tangent: string, curve: string, origin: number[], point: number[] } | null} null if a
 *   cost is not finite, or the amount is 0
 */
export function pictureOf(
  { amount, cost, predicted, measured },
  samples,
  { width, height, margin },
) {
  if (cost === null || predicted === null || measured === null || amount === 0) return null;
  const reach = Math.max(REACH, Math.abs(amount));
  const slope = (predicted - cost) / amount;
  /** @type {[amount: number, cost: number][]} */
  const known = [...samples, [0, cost], [amount, measured]];
  known.sort(([a], [b]) => a - b);
  const ends = [cost - slope * reach, cost + slope * reach];
  const costs = known.map(([, value]) => value);
  // The picture is scaled to the curve; a steep tangent may leave it.
  const low = Math.min(...costs, ...(samples.length ? [] : ends));
  const high = Math.max(...costs, ...(samples.length ? [] : ends));
  const span = Math.max(high - low, 1e-12);
  const x = (/** @type {number} */ value) =>
    margin + ((value + reach) / (2 * reach)) * (width - 2 * margin);
  const y = (/** @type {number} */ value) =>
    height - margin - ((value - low) / span) * (height - 2 * margin);
  const at = (/** @type {[number, number]} */ [a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`;
  return {
    tangent: `M${at([-reach, ends[0]])}L${at([reach, ends[1]])}`,
    curve: samples.length ? `M${known.map(at).join("L")}` : "",
    origin: [x(0), y(cost)],
    point: [x(amount), y(measured)],
  };
}
