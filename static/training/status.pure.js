/** The text about the state of a run. */

import { isLive, isPretrained, isSomebodyElses } from "../runs/run.pure.js";
import { formatCount, formatShare, ordinal } from "../shell/format.pure.js";

/**
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 */

/**
 * @typedef {{ tone: "plain" | "good" | "warning" | "bad", text: string, about?: string,
 *   lowerRate?: boolean }} Words about: more, in small print
 */

/**
 * Whether learning has stopped because the neurons are saturated: the gradient is almost zero
 * although the network still guesses.
 * @param {Epoch[]} epochs
 * @param {number} classes
 * @returns {boolean}
 */
export function isSaturated(epochs, classes) {
  if (epochs.length < 3) return false;
  return epochs.slice(-3).every((figures) => {
    const norms = figures.gradient_norms ?? [];
    const flat = norms.length > 0 && norms.every((norm) => norm !== null && norm < 1e-3);
    return flat && isGuessing(figures, classes);
  });
}

/**
 * Whether a hidden layer lets nothing through: no gradient comes to it or to those before it. So it is
 * with ReLU when all neurons of a layer put out 0 for every example.
 * @param {Epoch[]} epochs
 * @param {number} classes
 * @returns {boolean}
 */
export function isDead(epochs, classes) {
  const figures = epochs.at(-1);
  const hidden = figures?.gradient_norms.slice(0, -1) ?? [];
  const cutOff = hidden.length > 0 && hidden.every((norm) => norm !== null && norm < 1e-9);
  return figures !== undefined && cutOff && isGuessing(figures, classes);
}

/** Whether it reads no better than by chance. @param {Epoch} figures @param {number} classes */
function isGuessing({ test_accuracy }, classes) {
  return (test_accuracy ?? 1) < 1.6 / classes;
}

/**
 * The text about a run, with its tone.
 * @param {Run | null} run
 * @param {Epoch[]} epochs
 * @param {number} classes
 * @returns {Words}
 */
export function describeRun(run, epochs, classes) {
  if (run === null) return { tone: "plain", text: "Connecting…" };
  const reason = run.reason ? sentence(run.reason) : "";
  if (isPretrained(run)) return describePretrained(run, reason);
  const accuracy = epochs.at(-1)?.test_accuracy;
  const reads = `It reads ${formatShare(accuracy)} of the test digits right.`;
  if (isSomebodyElses(run)) return describeSomebodyElses(run, reason, epochs.length ? reads : "");
  if (isLive(run) || run.status === "finished") {
    if (isSaturated(epochs, classes)) return SATURATED;
    if (isDead(epochs, classes)) return DEAD;
  }
  switch (run.status) {
    case "queued":
      return { tone: "plain", text: queueWords(run, reason) };
    case "training":
      if (reason) return { tone: "warning", text: reason };
      return {
        tone: "plain",
        text: "Training: each step nudges every parameter a little downhill.",
      };
    case "paused":
      if (run.step === 0) {
        return {
          tone: "plain",
          text: joined(
            reason,
            "An untrained network, which can only guess. Train it, or take one step at a time.",
          ),
        };
      }
      return {
        tone: "plain",
        text: joined(
          `Paused after step ${formatCount(run.step)}.`,
          reason,
          accuracy === undefined ? "Take one step at a time, or resume." : reads,
        ),
      };
    case "finished":
      if (epochs.length && isGuessing(epochs[epochs.length - 1], classes)) {
        return {
          tone: "warning",
          text: `Finished, but it only guesses: it reads ${formatShare(accuracy)} of the test digits right. Train it for longer, or try another learning rate.`,
        };
      }
      return {
        tone: "good",
        text: joined("Finished.", reason, reads, "To continue, raise the number of epochs."),
      };
    case "stopped":
      return { tone: "plain", text: `Stopped. ${reason || reads}` };
    case "diverged":
      return { tone: "bad", text: `Diverged. ${reason}`, lowerRate: true };
    case "interrupted":
      return {
        tone: "warning",
        text: joined("Interrupted.", reason, "Resume continues from its last checkpoint."),
      };
    default:
      return { tone: "bad", text: `Failed. ${reason}` };
  }
}

/**
 * Why a run waits.
 * @param {Run} run
 * @param {string} reason
 */
function queueWords(run, reason) {
  const why = reason || (run.place ? `${ordinal(run.place)} in the queue.` : "");
  if (!why) return "Getting ready: a worker process is starting.";
  return joined("Waiting.", why, "It starts automatically.");
}

const SOMEBODY_ELSES = {
  queued: "It waits for its turn.",
  training: "It is training.",
  paused: "It is paused.",
  finished: "It has finished.",
  stopped: "It was stopped.",
  diverged: "It has diverged.",
  interrupted: "It was interrupted.",
  failed: "It has failed.",
};

/**
 * @param {Run} run
 * @param {string} reason
 * @param {string} reads how well, in words
 * @returns {Words}
 */
function describeSomebodyElses({ status }, reason, reads) {
  const why = status === "queued" ? "" : reason; // the reason that it waits concerns only its owner
  return {
    tone: "plain",
    text: joined(
      "You are watching somebody else's run: you can draw on it.",
      SOMEBODY_ELSES[status],
      why,
      reads,
    ),
  };
}

/** @type {Words} */
const SATURATED = {
  tone: "warning",
  text: "Saturated: the network only guesses, and its gradient is almost zero, so no nudge changes it. The steps were too large: reset it and try a smaller learning rate.",
  lowerRate: true,
};

/** @type {Words} */
const DEAD = {
  tone: "warning",
  text: "Dead: no gradient comes through to the hidden layers, because all neurons of one put out 0 for every digit. No training brings them back: reset it, and try a smaller learning rate, another activation or other initial weights.",
  lowerRate: true,
};

/** @param {Run} run @param {string} reason @returns {Words} */
function describePretrained({ parameters }, reason) {
  const says = `${formatCount(parameters)} numbers have learned to read handwriting. Draw a digit.`;
  return { tone: "plain", text: says, about: reason };
}

/** Joins sentences. @param {...string} sentences empty ones are left out */
function joined(...sentences) {
  return sentences.filter((words) => words).join(" ");
}

/** @param {string} words */
function sentence(words) {
  const trimmed = words.trim();
  const started = trimmed[0].toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
}
