/**
 * The hyperparameters, one line each: how a field's text becomes a value, and whether a running
 * training accepts a change of it (`live`) or only the next run does.
 *
 * @typedef {"choice" | "choices" | "name" | "widths" | "number" | "whole" | "batch"} Kind
 * @typedef {{ kind: Kind, live: boolean, title: string, nullText?: string }} Field
 *
 * @typedef {object} Spec a run's hyperparameters, as the server fills them in
 * @property {string} dataset
 * @property {number[]} hidden the neurons of each hidden layer
 * @property {string | string[]} activation one for all hidden layers, or one for each
 * @property {string} output
 * @property {string} cost
 * @property {string} optimizer
 * @property {number} learning_rate
 * @property {number | "full"} batch_size
 * @property {number | null} epochs null: until it is stopped
 * @property {number | null} steps_per_second null: as fast as it can
 * @property {number} momentum
 * @property {number} l1
 * @property {number} l2
 * @property {number} dropout
 * @property {string} initializer
 * @property {boolean} augment
 * @property {number | null} train_examples null: all
 * @property {string | null} extra_dataset
 * @property {number} label_noise the share of training labels that are random
 * @property {number} seed
 * @property {string[]} [silence] neurons that are held at 0; not a field of the form
 *
 * @typedef {Exclude<keyof Spec, "silence">} FieldName
 * @typedef {Record<FieldName, unknown>} Draft the values of the form's texts, valid or not
 * @typedef {Record<FieldName, string>} Texts the text in each field
 * @typedef {Partial<Record<FieldName, string>>} Errors what is wrong with each field
 */

import { numberOf, wholeNumberOf } from "../shell/number.pure.js";

/** @type {Record<FieldName, Field>} */
export const FIELDS = {
  dataset: { kind: "choice", live: false, title: "data" },
  hidden: { kind: "widths", live: false, title: "hidden layers" },
  activation: { kind: "choices", live: false, title: "activation" },
  output: { kind: "choice", live: false, title: "output" },
  cost: { kind: "choice", live: false, title: "cost" },
  optimizer: { kind: "choice", live: false, title: "optimizer" },
  learning_rate: { kind: "number", live: true, title: "learning rate" },
  batch_size: { kind: "batch", live: true, title: "batch size" },
  epochs: { kind: "whole", live: true, title: "epochs", nullText: "" },
  steps_per_second: { kind: "number", live: true, title: "pace" },
  momentum: { kind: "number", live: true, title: "momentum" },
  l1: { kind: "number", live: true, title: "L1" },
  l2: { kind: "number", live: true, title: "L2" },
  dropout: { kind: "number", live: true, title: "dropout" },
  initializer: { kind: "choice", live: false, title: "initial weights" },
  augment: { kind: "choice", live: false, title: "augment" },
  train_examples: { kind: "whole", live: false, title: "training digits", nullText: "" },
  extra_dataset: { kind: "name", live: false, title: "extra data", nullText: "" },
  label_noise: { kind: "number", live: false, title: "label noise" },
  seed: { kind: "whole", live: false, title: "seed" },
};

/**
 * @param {string} name
 * @returns {name is FieldName}
 */
export function isFieldName(name) {
  return Object.hasOwn(FIELDS, name);
}

export const FIELD_NAMES = Object.keys(FIELDS).filter(isFieldName);
export const LIVE_FIELDS = FIELD_NAMES.filter((name) => FIELDS[name].live);
export const NEXT_RUN_FIELDS = FIELD_NAMES.filter((name) => !FIELDS[name].live);

/**
 * The text that a field shows for a value.
 * @param {FieldName} name
 * @param {unknown} value
 * @returns {string}
 */
export function textOf(name, value) {
  if (value === null || value === undefined) return FIELDS[name].nullText ?? "null";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/**
 * The value of a text. A text that has none is returned as it is; validation says what is wrong
 * with it.
 * @param {FieldName} name
 * @param {string} text
 * @returns {unknown}
 */
export function valueOfText(name, text) {
  const { kind } = FIELDS[name];
  const trimmed = text.trim();
  if (kind === "widths") return items(trimmed).map((item) => numberOf(item) ?? item);
  if (kind === "choices") return trimmed.includes(",") ? items(trimmed) : trimmed;
  if (trimmed === "null" || trimmed === "") return kind === "choice" ? trimmed : null;
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  if (kind === "choice" || kind === "name") return trimmed;
  return (kind === "number" ? numberOf(trimmed) : wholeNumberOf(trimmed)) ?? trimmed;
}

/** @param {string} text numbers or names, separated by commas, semicolons or blanks, in [ ] or not */
export function items(text) {
  return text
    .replace(/^\[|\]$/g, "")
    .split(/[\s,;]+/)
    .filter((item) => item !== "");
}

/**
 * @template T
 * @param {(name: FieldName) => T} entryOf
 */
function eachField(entryOf) {
  const record = /** @type {Record<FieldName, T>} */ ({});
  for (const name of FIELD_NAMES) record[name] = entryOf(name);
  return record;
}

/**
 * @param {Draft} values
 * @returns {Texts}
 */
export function textsOf(values) {
  return eachField((name) => textOf(name, values[name]));
}

/**
 * @param {Texts} texts
 * @returns {Draft}
 */
export function draftOf(texts) {
  return eachField((name) => valueOfText(name, texts[name]));
}

/**
 * Whether two values of a field mean the same.
 * @param {unknown} one
 * @param {unknown} other
 */
export function same(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/**
 * Those of `names` whose values differ.
 * @param {Draft} one
 * @param {Draft} other
 * @param {FieldName[]} names
 */
export function differences(one, other, names) {
  return names.filter((name) => !same(one[name], other[name]));
}
