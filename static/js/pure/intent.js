/**
 * What the train button will do, and what the page says about the state of a run: pure judgement
 * over the state, so that a button, its label and its effect can't disagree.
 */

import { NEXT_RUN_FIELDS, differences } from "./fields.js";
import { formatCount, formatShare } from "./format.js";

/** @typedef {import("../state.js").Run} Run */
/** @typedef {import("./fields.js").Spec} Spec */

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
 * @returns {"none" | "new" | "resume" | "go-on"}
 */
export function trainIntent(run, spec) {
  if (run === null || isPretrained(run)) return "new";
  if (isTraining(run)) return "none";
  const held = heldForNextRun(run, spec);
  if (run.status === "paused") return run.step === 0 && held.length ? "new" : "resume";
  const more = spec.epochs === null || Number(spec.epochs) > run.epoch;
  const raised = run.spec.epochs !== null && more && spec.epochs !== run.spec.epochs;
  if (["finished", "stopped"].includes(run.status) && raised && !held.length) return "go-on";
  return "new";
}

/** What the button says and what its tooltip adds, by intent. */
export const TRAIN_WORDS = {
  new: ["Train", "Train a new network from nothing, with these hyperparameters"],
  resume: ["Resume", "Go on training this network from where it paused"],
  "go-on": ["Go on", "Go on training this network, up to the larger number of epochs"],
  none: ["Training", "It is training now"],
};

/**
 * Whether learning has stopped because the neurons are saturated: the gradient is next to nothing
 * although the network still guesses.
 * @param {import("./epochs.js").Epoch[]} epochs
 * @param {number} classes
 * @returns {boolean}
 */
export function isSaturated(epochs, classes) {
  if (epochs.length < 3) return false;
  return epochs.slice(-3).every((figures) => {
    const norms = figures.gradient_norms ?? [];
    const flat = norms.length > 0 && norms.every((norm) => norm !== null && norm < 1e-3);
    return flat && (figures.test_accuracy ?? 1) < 1.6 / classes;
  });
}

/**
 * What there is to say about the run itself.
 * @param {Run | null} run
 * @param {import("./epochs.js").Epoch[]} epochs
 * @param {number} classes
 * @returns {{ tone: "plain" | "good" | "warning" | "bad", text: string, lowerRate?: boolean }}
 */
export function describeRun(run, epochs, classes) {
  if (run === null) return { tone: "plain", text: "Connecting…" };
  const reason = run.reason ? sentence(run.reason) : "";
  if (isPretrained(run)) return describePretrained(run, reason);
  if (isLive(run) && isSaturated(epochs, classes)) return SATURATED;
  const accuracy = epochs.at(-1)?.test_accuracy;
  const reads = `It reads ${formatShare(accuracy)} of the test digits right.`;
  switch (run.status) {
    case "queued":
      return { tone: "plain", text: "Getting ready: a worker process is starting." };
    case "training":
      return { tone: "plain", text: "Training: each step nudges every parameter a little downhill." };
    case "paused":
      if (run.step === 0) {
        return { tone: "plain", text: "An untrained network: all it can do is guess. Train it, or take one step at a time." };
      }
      return { tone: "plain", text: `Paused after step ${formatCount(run.step)}. ${accuracy === undefined ? "Take one step at a time, or resume." : reads}` };
    case "finished":
      if (isSaturated(epochs, classes)) return SATURATED;
      return { tone: "good", text: `Finished. ${reads} To go on with it, raise its epochs.` };
    case "stopped":
      return { tone: "plain", text: `Stopped. ${reason || reads}` };
    case "diverged":
      return { tone: "bad", text: `Diverged. ${reason}`, lowerRate: true };
    case "interrupted":
      return { tone: "warning", text: `Interrupted. ${reason}` };
    default:
      return { tone: "bad", text: `Failed. ${reason}` };
  }
}

const SATURATED = /** @type {const} */ ({
  tone: "warning",
  text: "Saturated: it still guesses, and its gradient is next to nothing, so no nudge changes it. The steps were too large; reset it and try a smaller learning rate.",
  lowerRate: true,
});

/** @param {Run} run @param {string} reason */
function describePretrained(run, reason) {
  const text = reason || "This network has been trained before.";
  return { tone: /** @type {const} */ ("plain"), text: `${text} Draw a digit, or train a network of your own from nothing.` };
}

/** @param {string} words */
function sentence(words) {
  const trimmed = words.trim();
  const started = trimmed[0].toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
}
