/** The text about the state of a run. */

import { isLive, isPretrained, isSomebodyElses } from "../runs/run.pure.js";
import { formatCount, formatShare, ordinal } from "../shell/format.pure.js";
import { areTwins, isDead, isGuessing, isSaturated } from "./faults.pure.js";

/**
 * @import { Suspect } from "./suspect.pure.js"
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 */

/**
 * @typedef {{ tone: "plain" | "good" | "warning" | "bad", text: string, about?: string,
 *   lowerRate?: boolean }} Words about: more, in small print
 */

/**
 * The text about a run, with its tone.
 * @param {Run | null} run
 * @param {Epoch[]} epochs
 * @param {number} classes
 * @param {Suspect | null} suspect what was last changed, to be named first if it goes wrong
 * @returns {Words}
 */
export function describeRun(run, epochs, classes, suspect = null) {
  if (run === null) return { tone: "plain", text: "Connecting…" };
  const reason = run.reason ? sentence(run.reason) : "";
  if (isPretrained(run)) return describePretrained(run, reason);
  const accuracy = epochs.at(-1)?.test_accuracy;
  const reads = `It reads ${formatShare(accuracy)} of the test digits right.`;
  if (isSomebodyElses(run)) return describeSomebodyElses(run, reason, epochs.length ? reads : "");
  if (isLive(run) || run.status === "finished") {
    if (areTwins(run, epochs)) return { tone: "warning", text: joined(reads, TWINS) };
    const stopped = isDead(epochs, classes);
    if (stopped && hasRelu(run)) return fault(DEAD, suspect);
    if (stopped || isSaturated(epochs, classes)) return fault(SATURATED, suspect);
  }
  switch (run.status) {
    case "queued":
      return { tone: "plain", text: queueWords(run, reason) };
    case "training":
      if (reason) return { tone: "warning", text: reason };
      return {
        tone: "plain",
        text: `Training${where(run)}: each step nudges every parameter a little downhill.`,
      };
    case "paused":
      if (run.step === 0) {
        return {
          tone: "plain",
          text: joined(
            reason,
            run.name?.startsWith(COPY)
              ? "Your own copy of a network. Correct it, or train it further."
              : "An untrained network, which can only guess. Train it, or take one step at a time.",
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
      return describeFinished(epochs, classes, reason, suspect);
    case "stopped":
      return { tone: "plain", text: `Stopped. ${reason || reads}` };
    case "diverged":
      return describeDiverged(reason, suspect);
    case "interrupted":
      return {
        tone: "warning",
        text: joined("Interrupted.", reason, "Resume continues from its last checkpoint."),
      };
    default:
      return { tone: "bad", text: `Failed. ${reason}` };
  }
}

/** On which machine of a cluster. @param {Run} run */
function where({ node }) {
  return node && node !== "local" ? ` on ${node}` : "";
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

const COPY = "copy of "; // the server calls a copied run so

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

const TWINS =
  "All neurons of a layer stay equal, because their initial weights were all 0: each gets the same gradient as the others. Choose other initial weights, and start again.";

const SATURATED = {
  what: "Saturated: it only guesses, and its gradient is almost 0, so no nudge changes it.",
  advice: "The steps were too large: start again with a smaller learning rate.",
};

const DEAD = {
  what: "Dead: no gradient comes through to the hidden layers, because all neurons of one put out 0 for every digit. No training brings them back.",
  advice: "Start again with a smaller learning rate, another activation or other initial weights.",
};

/** Whether neurons of it can put out 0 for every digit. @param {Run} run */
const hasRelu = ({ spec }) => [spec.activation].flat().includes("relu");

/**
 * @param {{ what: string, advice: string }} fault
 * @param {Suspect | null} suspect
 * @returns {Words}
 */
function fault({ what, advice }, suspect) {
  const text = suspect ? `${suspect.words}, and start again. ${what}` : `${what} ${advice}`;
  return { tone: "warning", text, lowerRate: suspect?.isRate ?? true };
}

/**
 * @param {string} reason
 * @param {Suspect | null} suspect
 * @returns {Words}
 */
function describeDiverged(reason, suspect) {
  const bySteps = !OTHER_CAUSES.some((words) => reason.includes(words));
  const text =
    bySteps && suspect
      ? joined("Diverged.", `${suspect.words}, and start again.`, reason)
      : joined("Diverged.", reason);
  return { tone: "bad", text, lowerRate: bySteps && (suspect?.isRate ?? true) };
}

/**
 * @param {Epoch[]} epochs
 * @param {number} classes
 * @param {string} reason
 * @param {Suspect | null} suspect
 * @returns {Words}
 */
function describeFinished(epochs, classes, reason, suspect) {
  const accuracy = epochs.at(-1)?.test_accuracy ?? null;
  if (accuracy === null) return { tone: "plain", text: joined("Finished.", reason, GO_ON) };
  const reads = `reads ${formatShare(accuracy)} of the test digits right.`;
  if (isGuessing({ test_accuracy: accuracy }, classes)) {
    const advice = suspect
      ? `${suspect.words}, or train it for longer.`
      : "Train it for longer, or try another learning rate.";
    return { tone: "warning", text: `Finished, but it only guesses: it ${reads} ${advice}` };
  }
  return {
    tone: accuracy < HALF ? "plain" : "good",
    text: joined("Finished.", reason, `It ${reads}`, GO_ON),
  };
}

/** In the server's reasons for which no step was too large (nn_core/divergence.py). */
export const OTHER_CAUSES = ["nudged by hand", "from the start"];

const GO_ON = "To continue, raise the number of epochs.";
const HALF = 0.5; // to read fewer than half is no success

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
