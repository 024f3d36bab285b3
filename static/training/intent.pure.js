/**
 * What the train button will do. It depends on the state alone, so the button, its label and its
 * effect always agree.
 */

import { differences, NEXT_RUN_FIELDS } from "../form/fields.pure.js";
import { isPretrained, isSomebodyElses, isTraining, isWaiting } from "../runs/run.pure.js";

/**
 * @import { Draft, FieldName } from "../form/fields.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 */

/**
 * The fields that the form changes but this run can't: they are for the next run.
 * @param {Run | null} run
 * @param {Draft} spec the form's
 * @returns {FieldName[]}
 */
export function heldForNextRun(run, spec) {
  return run === null ? [] : differences(spec, run.spec, NEXT_RUN_FIELDS);
}

/**
 * @param {Run | null} run
 * @param {Draft} spec the form's
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

/** What the button says, for each intent: what it will do. */
export const TRAIN_WORDS = {
  new: "Train a new network",
  resume: "Go on",
  "go-on": "Go on",
  none: "Training…",
  wait: "Waiting…",
};
