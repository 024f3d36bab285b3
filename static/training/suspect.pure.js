/**
 * What was last changed before a run went wrong, in words: a hyperparameter while it trained, or how
 * it differs from a run before it that learned.
 *
 * @typedef {{ name: FieldName, from: unknown, to: unknown }} Difference
 * @typedef {Difference & { step: number, time: number }} Change of a live run; time: milliseconds
 * @typedef {{ words: string, isRate: boolean }} Suspect words: without the full stop; isRate: it is
 *   the learning rate alone
 */

import {
  differences,
  FIELD_NAMES,
  FIELDS,
  LIVE_FIELDS,
  same,
  textOf,
} from "../form/fields.pure.js";
import { namesOf } from "../runs/names.pure.js";
import { formatCount } from "../shell/format.pure.js";

/**
 * @import { FieldName, Spec } from "../form/fields.pure.js"
 * @import { Epoch } from "../runs/epochs.pure.js"
 */

/** How long and how fast a run trains, and by which chance, makes none go wrong. @type {FieldName[]} */
const HARMLESS = ["epochs", "steps_per_second", "seed"];
const ONE_DRAG = 3000; // milliseconds: changes in quick succession are one, as when a slider is moved
const MOST = 3; // of more differences none is to be suspected

/** @type {Partial<Record<FieldName, string>>} where the form's title does not do in a sentence */
const TITLES = { l1: "L1 penalty", l2: "L2 penalty", augment: "augmentation" };

/**
 * @param {Spec} before
 * @param {Spec} now
 * @param {FieldName[]} names
 * @returns {Difference[]}
 */
function differing(before, now, names) {
  return differences(now, before, names)
    .filter((name) => !HARMLESS.includes(name))
    .map((name) => ({ name, from: before[name], to: now[name] }));
}

/**
 * The changes of a live run, with those that its spec now shows.
 * @param {Change[]} changes
 * @param {Spec} before
 * @param {Spec} now
 * @param {{ step: number, time: number }} when
 * @returns {Change[]}
 */
export function withChanges(changes, before, now, when) {
  let all = changes;
  for (const found of differing(before, now, LIVE_FIELDS)) {
    const last = all.at(-1);
    const goesOn = last?.name === found.name && when.time - last.time < ONE_DRAG;
    all = goesOn
      ? [...all.slice(0, -1), { ...last, to: found.to, time: when.time }]
      : [...all, { ...found, ...when }];
  }
  return all.filter(({ from, to }) => !same(from, to));
}

/**
 * The last change while it trained, if it may have done harm.
 * @param {Change[]} changes
 * @param {Epoch[]} epochs they tell of a change of the rate that the page has not seen
 * @param {Spec} spec
 * @param {Record<string, string>} names of choices
 * @returns {Suspect | null}
 */
export function suspectChange(changes, epochs, spec, names) {
  const seen = changes.at(-1);
  const change = seen ?? rateChange(epochs, spec);
  if (!change || !mayHarm(change)) return null;
  const when = `${seen ? "at" : "after"} step ${formatCount(change.step)}`;
  const other = direction(change) < 0 ? "raise" : "lower";
  return {
    words: `You ${changedWords(change, names)} ${when}: set it back or ${other} it`,
    isRate: change.name === "learning_rate",
  };
}

/**
 * @param {Epoch[]} epochs
 * @param {Spec} spec
 * @returns {Difference & { step: number } | undefined}
 */
function rateChange(epochs, { learning_rate }) {
  const before = epochs.findLast((figures) => figures.learning_rate !== learning_rate);
  return (
    before && {
      name: "learning_rate",
      from: before.learning_rate,
      to: learning_rate,
      step: before.step,
    }
  );
}

/**
 * How a run differs from one before it that learned, if in little.
 * @param {Spec} learned
 * @param {Spec} spec
 * @param {(spec: Spec) => number} usualRate that the server chooses for a spec
 * @param {Record<string, string>} names of choices
 * @returns {Suspect | null}
 */
export function suspectDifference(learned, spec, usualRate, names) {
  const follows = [learned, spec].every((one) => one.learning_rate === usualRate(one));
  const found = differing(learned, spec, FIELD_NAMES)
    .filter(({ name }) => !(follows && name === "learning_rate"))
    .filter(mayHarm);
  if (found.length === 0 || found.length > MOST) return null;
  const changed = found.map((difference) => changedWords(difference, names));
  return {
    words: `Since your last run that learned you ${listOf(changed)}: change that back`,
    isRate: found.length === 1 && found[0].name === "learning_rate",
  };
}

/**
 * Whether a change can be why a run went wrong: smaller steps and smaller penalties are never.
 * @param {Difference} difference
 */
function mayHarm(difference) {
  const isLess = direction(difference) < 0;
  if (difference.name === "batch_size" || difference.name === "train_examples") return isLess;
  return !isLess;
}

/** @param {Difference} difference @returns {number} 1 raised, −1 lowered, 0 neither */
function direction({ name, from, to }) {
  if (!["number", "whole", "batch"].includes(FIELDS[name].kind)) return 0;
  return Math.sign(sizeOf(to) - sizeOf(from));
}

/** The full batch and all examples are more than any number. @param {unknown} value */
const sizeOf = (value) => (typeof value === "number" ? value : Number.MAX_VALUE);

/** @param {Difference} difference @param {Record<string, string>} names */
function changedWords(difference, names) {
  const { name, from, to } = difference;
  const verb = { "-1": "lowered", 0: "changed", 1: "raised" }[direction(difference)];
  const title = TITLES[name] ?? FIELDS[name].title;
  return `${verb} the ${title} from ${valueWords(name, from, names)} to ${valueWords(name, to, names)}`;
}

/** @param {FieldName} name @param {unknown} value @param {Record<string, string>} names */
function valueWords(name, value, names) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (name === "train_examples" && value === null) return "all";
  const { kind } = FIELDS[name];
  return (
    (kind === "choice" || kind === "choices" ? namesOf(value, names) : textOf(name, value)) ||
    "none"
  );
}

/** @param {string[]} parts */
function listOf(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts[0];
}
