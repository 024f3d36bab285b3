/**
 * Whose a run is, what can be done with it, and what the train button will do: pure judgement over
 * the state, so that a button, its label and its effect can't disagree.
 */

import { NEXT_RUN_FIELDS, differences } from "../form/fields.pure.js";

/** @typedef {import("../shell/state.js").Run} Run */
/** @typedef {import("../form/fields.pure.js").Spec} Spec */

/**
 * Whether a run can still be changed: it has a worker.
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
  return run !== null && run.id.startsWith("pretrained");
}

/**
 * Whether the run is another visitor's: it can be watched and drawn on, and no more.
 * @param {Run | null} run
 */
export function isSomebodyElses(run) {
  return run !== null && !run.yours && !isPretrained(run);
}

/**
 * Whether what is done on the page is done to this run: it is one's own, and can still be changed.
 * @param {Run | null} run
 */
export function isSteered(run) {
  return isLive(run) && !isSomebodyElses(run);
}

/**
 * Whether the run is in the queue; one that only waits for its process to start has no reason to.
 * @param {Run | null} run
 */
export function isWaiting(run) {
  return run?.status === "queued" && Boolean(run.place || run.reason);
}

/**
 * The fields of the form that this run can't take on: they are for the next one.
 * @param {Run | null} run
 * @param {Spec} spec the form's
 * @returns {string[]}
 */
export function heldForNextRun(run, spec) {
  return run === null ? [] : differences(spec, run.spec, NEXT_RUN_FIELDS);
}

/**
 * @param {Run | null} run
 * @param {Spec} spec the form's
 * @returns {"none" | "wait" | "new" | "resume" | "go-on"}
 */
export function trainIntent(run, spec) {
  if (run === null || isPretrained(run) || isSomebodyElses(run)) return "new";
  if (isWaiting(run)) return "wait";
  if (isTraining(run)) return "none";
  const held = heldForNextRun(run, spec);
  if (run.status === "paused") return run.step === 0 && held.length ? "new" : "resume";
  const more = spec.epochs === null || Number(spec.epochs) > run.epoch;
  if (held.length || !more) return "new";
  if (run.status === "stopped" || run.status === "interrupted") return "resume";
  const raised = run.spec.epochs !== null && spec.epochs !== run.spec.epochs;
  return run.status === "finished" && raised ? "go-on" : "new";
}

/** What the button says and what its tooltip adds, by intent. */
export const TRAIN_WORDS = {
  new: ["Train", "Train a new network from nothing, with these hyperparameters"],
  resume: ["Resume", "Go on training this network from where it is"],
  "go-on": ["Go on", "Go on training this network, up to the larger number of epochs"],
  none: ["Training", "It is training now"],
  wait: ["Waiting", "It trains when its turn comes"],
};
