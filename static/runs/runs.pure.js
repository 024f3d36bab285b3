/** Texts for the list of the visitor's runs: a run's setup, its state, when it was made. */

import { formatCount, ordinal } from "../shell/format.pure.js";
import { namesOf, titleOf } from "./names.pure.js";
import { isPretrained } from "./run.pure.js";

/**
 * @import { Spec } from "../form/fields.pure.js"
 * @import { Run } from "./run.pure.js"
 * @import { ClassroomPage } from "../shell/page.js"
 */

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/**
 * The visitor's own runs, the newest first.
 * @param {Run[]} runs as the server lists them, the oldest first
 * @returns {Run[]}
 */
export function newestFirst(runs) {
  const own = runs.filter((run) => !isPretrained(run)).reverse();
  return own.sort((one, other) => Date.parse(other.created) - Date.parse(one.created));
}

/**
 * A run's setup, in a few words.
 * @param {Spec} spec
 * @param {Record<string, string>} names of choices
 */
export function describeSpec({ hidden, activation, optimizer, learning_rate, dataset }, names) {
  const layers = hidden.length
    ? `${hidden.join("·")} ${namesOf(activation, names)}`
    : "no hidden layer";
  return `${layers}, ${namesOf(optimizer, names)} ${learning_rate} on ${dataset}`;
}

/**
 * @param {Run} run
 * @returns {string}
 */
export function stateOf({ status, place }) {
  return status === "queued" && place ? `${ordinal(place)} in the queue` : status;
}

/**
 * @param {Run} run
 * @returns {string}
 */
export function epochsOf({ epoch, spec }) {
  const planned = typeof spec.epochs === "number" ? ` of ${formatCount(spec.epochs)}` : "";
  return `epoch ${formatCount(epoch)}${planned}`;
}

/**
 * The date and the time; for today, only the time.
 * @param {string} created ISO
 * @param {Date} now
 */
export function createdWords(created, now) {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return "";
  return DAY.format(date) === DAY.format(now)
    ? `today, ${TIME.format(date)}`
    : `${DAY.format(date)}, ${TIME.format(date)}`;
}

/**
 * Says which runs came in a zip.
 * @param {Run[]} runs
 * @param {ClassroomPage} page
 */
export function cameWords(runs, page) {
  if (runs.length === 0) return "There was no run in it.";
  const named = runs
    .slice(0, 3)
    .map((run) => `“${titleOf(run, page)}”`)
    .join(", ");
  const more = runs.length > 3 ? ` and ${runs.length - 3} more` : "";
  const noun = runs.length === 1 ? "run" : "runs";
  return `${runs.length} ${noun} came: ${named}${more}.`;
}
