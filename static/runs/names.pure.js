/** The name of a run, and those of the choices in it. */

import { differences, FIELD_NAMES, FIELDS } from "../form/fields.pure.js";

/**
 * @import { FieldName, Spec } from "../form/fields.pure.js"
 * @import { ClassroomPage } from "../shell/page.js"
 */

/** @type {FieldName[]} */
const NOT_NAMED = ["epochs", "steps_per_second"]; // how long and how fast, not with what

/**
 * The name of a run: the one that its owner gave it, or else how it differs from the defaults.
 * @param {{ name: string | null, spec: Spec }} run
 * @param {ClassroomPage} page
 */
export function titleOf({ name, spec }, { defaults, learning_rates, choice_names }) {
  if (name !== null) return name;
  const rate = learning_rates[spec.optimizer]?.[spec.cost] ?? null;
  const names = FIELD_NAMES.filter((field) => !NOT_NAMED.includes(field));
  const differing = differences(spec, { ...defaults, learning_rate: rate }, names);
  const parts = differing.map((field) => words(field, spec[field], choice_names));
  return parts.join(", ") || "the defaults";
}

/**
 * The names of one choice or of several, such as the layers' activations.
 * @param {unknown} choices
 * @param {Record<string, string>} names
 */
export function namesOf(choices, names) {
  return [choices]
    .flat()
    .map((choice) => names[String(choice)] ?? String(choice))
    .join("–");
}

/** @param {FieldName} field @param {unknown} value @param {Record<string, string>} names */
function words(field, value, names) {
  if (field === "augment") return value ? "augmented" : "not augmented";
  if (field === "train_examples")
    return value === null ? "all training digits" : `${value} training digits`;
  if (field === "hidden" && Array.isArray(value))
    return value.length ? `hidden ${value.join("–")}` : "no hidden layer";
  const text = namesOf(value, names);
  if (field === "learning_rate") return `rate ${text}`;
  if (field === "output") return `${text} output`;
  return ["choice", "choices"].includes(FIELDS[field].kind)
    ? text
    : `${FIELDS[field].title} ${text}`;
}
