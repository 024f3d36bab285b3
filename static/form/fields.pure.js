/**
 * The hyperparameters, one line each: how the text in a field becomes a value, and whether a run
 * takes a change of it while it trains (`live`) or only the next run does.
 *
 * @typedef {"choice" | "choices" | "name" | "widths" | "number" | "whole" | "batch"} Kind
 * @typedef {{ kind: Kind, live: boolean, title: string, nullText?: string }} Field
 * @typedef {Record<string, unknown>} Spec a RunSpec
 * @typedef {Record<string, string>} Texts what the fields hold, typed or not
 */

/** @type {Record<string, Field>} */
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
  seed: { kind: "whole", live: false, title: "seed" },
};

/** @type {string[]} */
export const LIVE_FIELDS = Object.keys(FIELDS).filter((name) => FIELDS[name].live);

/** @type {string[]} */
export const NEXT_RUN_FIELDS = Object.keys(FIELDS).filter((name) => !FIELDS[name].live);

/**
 * The text that a field shows for a value.
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
export function textOf(name, value) {
  if (value === null || value === undefined) return FIELDS[name].nullText ?? "null";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/**
 * The value that a text stands for. A text that stands for none is returned as it is: whoever
 * checks it says what is wrong with it.
 * @param {string} name
 * @param {string} text
 * @returns {unknown}
 */
export function valueOf(name, text) {
  const { kind } = FIELDS[name];
  const trimmed = text.trim();
  if (kind === "widths") return items(trimmed).map((item) => numberOr(item));
  if (kind === "choices") return trimmed.includes(",") ? items(trimmed) : trimmed;
  if (trimmed === "null" || trimmed === "") return kind === "choice" ? trimmed : null;
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  return kind === "choice" || kind === "name" ? trimmed : numberOr(trimmed);
}

/** @param {string} text numbers or names with commas or blanks between them, in [ ] or not */
export function items(text) {
  return text.replace(/^\[|\]$/g, "").split(/[\s,]+/).filter((item) => item !== "");
}

/**
 * A decimal number; anything else stays text. (Number() alone would take "0x10", too.)
 * @param {string} text
 */
function numberOr(text) {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

/**
 * @param {Spec} spec
 * @returns {Texts}
 */
export function textsOf(spec) {
  return Object.fromEntries(Object.keys(FIELDS).map((name) => [name, textOf(name, spec[name])]));
}

/**
 * @param {Texts} texts
 * @returns {Spec}
 */
export function specOf(texts) {
  return Object.fromEntries(Object.keys(FIELDS).map((name) => [name, valueOf(name, texts[name])]));
}

/**
 * Whether two values of a field are the same experiment.
 * @param {unknown} one
 * @param {unknown} other
 */
export function same(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/**
 * The names among `names` whose values differ.
 * @param {Spec} one
 * @param {Spec} other
 * @param {string[]} names
 */
export function differences(one, other, names) {
  return names.filter((name) => !same(one[name], other[name]));
}
