/** The name of a run that its owner has not named: how it differs from the defaults. */

import { differences, FIELD_NAMES, FIELDS } from "../form/fields.pure.js";

/**
 * @import { FieldName, Spec } from "../form/fields.pure.js"
 * @import { Rates } from "../shell/page.js"
 */

/** @type {FieldName[]} */
const NOT_NAMED = ["epochs", "steps_per_second"]; // how long and how fast, not with what

/** @type {Record<string, string>} */
const PROPER_NAMES = {
  sgd: "SGD",
  relu: "ReLU",
  "leaky-relu": "leaky ReLU",
  rmsprop: "RMSprop",
  adam: "Adam",
  nesterov: "Nesterov",
  xavier: "Xavier",
  he: "He",
};

/**
 * How a run differs from the defaults, in words.
 * @param {Spec} spec
 * @param {Spec} defaults
 * @param {Rates} rates the default rate by optimizer and cost
 */
export function nameOf(spec, defaults, rates) {
  const rate = rates[spec.optimizer]?.[spec.cost] ?? null;
  const names = FIELD_NAMES.filter((name) => !NOT_NAMED.includes(name));
  const differing = differences(spec, { ...defaults, learning_rate: rate }, names);
  return differing.map((name) => words(name, spec[name])).join(", ") || "the defaults";
}

/** A choice as the form spells it. @param {unknown} choice */
export function properName(choice) {
  return PROPER_NAMES[String(choice)] ?? String(choice);
}

/** @param {FieldName} name @param {unknown} value */
function words(name, value) {
  if (name === "augment") return value ? "augmented" : "not augmented";
  if (name === "train_examples")
    return value === null ? "all training digits" : `${value} training digits`;
  if (name === "hidden" && Array.isArray(value))
    return value.length ? `hidden ${value.join("–")}` : "no hidden layer";
  const text = [value].flat().map(properName).join("–");
  if (name === "learning_rate") return `rate ${text}`;
  if (name === "output") return `${text} output`;
  return ["choice", "choices"].includes(FIELDS[name].kind) ? text : `${FIELDS[name].title} ${text}`;
}
