/**
 * A run as the server describes it, whose it is, and what can be done with it.
 *
 * @import { Spec } from "../form/fields.pure.js"
 * @import { Images } from "./images.pure.js"
 *
 * @typedef {"queued" | "training" | "paused" | "finished" | "stopped" | "diverged" | "interrupted"
 *   | "failed"} Status
 *
 * @typedef {object} Run
 * @property {string} id
 * @property {Status} status
 * @property {string | null} reason why it has this status, in words
 * @property {Spec} spec
 * @property {Images} images what its network reads
 * @property {number} parameters their number
 * @property {number} epoch
 * @property {number} step
 * @property {number | null} test_accuracy after the last epoch, 0–1
 * @property {string | null} name that its owner gave it
 * @property {string} created ISO
 * @property {boolean} yours whether the visitor may change it
 * @property {boolean} pretrained whether it came with Nudge
 * @property {number | null} place in the queue, from 1
 * @property {string | null} [sweep] the id of the sweep that it belongs to
 * @property {string | null} [node] the machine that it trains on
 */

/**
 * Whether a run has not ended, so that it can be changed.
 * @param {Run | null} run
 */
export function isLive(run) {
  return run !== null && ["queued", "training", "paused"].includes(run.status);
}

/** @param {Run | null} run */
export function isTraining(run) {
  return run !== null && (run.status === "training" || run.status === "queued");
}

/** @param {Run | null} run */
export function isPretrained(run) {
  return run?.pretrained ?? false;
}

/**
 * Whether the run is another visitor's: this browser can watch it and draw on it, and nothing else.
 * @param {Run | null} run
 */
export function isSomebodyElses(run) {
  return run !== null && !run.yours && !isPretrained(run);
}

/**
 * Whether the page's buttons and fields control this run: it is the visitor's own and has not
 * ended.
 * @param {Run | null} run
 */
export function isSteered(run) {
  return isLive(run) && !isSomebodyElses(run);
}

/**
 * Whether the run waits in the queue. One that only waits for its process has neither a place in it
 * nor a reason.
 * @param {Run | null} run
 */
export function isWaiting(run) {
  return run?.status === "queued" && Boolean(run.place || run.reason);
}
