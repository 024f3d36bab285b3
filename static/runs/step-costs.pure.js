/**
 * What the steps of a run cost, in order, thinned where they are many.
 *
 * @typedef {object} StepCost
 * @property {number} step
 * @property {number} epoch how many are complete after the step; the present one counts by its share
 * @property {number} cost the batch's, before its nudge
 * @property {number} smooth a mean over the last steps' costs
 */

import { thinned } from "../charts/thinning.pure.js";

const MOST = 2000; // more are thinned

/** @param {StepCost[]} history @returns {number} 0 if there is none */
export const lastStep = (history) => history.at(-1)?.step ?? 0;

/**
 * Adds steps to a history, in place: those that are later than all that are there.
 * @param {StepCost[]} history
 * @param {StepCost[]} incoming in order
 */
export function addSteps(history, incoming) {
  const last = lastStep(history);
  history.push(...incoming.filter(({ step }) => step > last));
  if (history.length > MOST)
    history.splice(0, history.length, ...thinned(history, MOST / 2, ({ cost }) => cost));
}

/**
 * The last step before a time, or the first one if none is.
 * @param {StepCost[]} history
 * @param {number} epoch
 * @returns {StepCost | undefined}
 */
export function stepAt(history, epoch) {
  return history.findLast((made) => made.epoch <= epoch) ?? history[0];
}
