/**
 * Setting up a sweep: what is typed beside a field becomes its values, and the presets that teach.
 *
 * @typedef {{ from: number, to: number, scale: "linear" | "log", count?: number }} Range
 * @typedef {{ title: string, watch: string, base: Partial<Spec>, vary: Partial<Record<FieldName, string>>,
 *   search?: string }} Preset
 */

import { valueOfText } from "../form/fields.pure.js";

/** @import { FieldName, Spec } from "../form/fields.pure.js" */

const RANGE = /^(\S+?)\s*(?:\.\.|…|to)\s*(\S+?)(\s+log)?(?:\s+(\d+))?$/;

/**
 * The values in a text: some with commas between (of hidden layers with semicolons), or a range, as
 * in "0.01 .. 10 log 7": seven from 0.01 to 10, each as many times the one before.
 * @param {FieldName} field
 * @param {string} text
 * @returns {unknown[] | Range}
 */
export function valuesOf(field, text) {
  const range = RANGE.exec(text.trim());
  if (range && Number.isFinite(Number(range[1])) && Number.isFinite(Number(range[2]))) {
    const [, from, to, log, count] = range;
    const scale = log ? "log" : "linear";
    return { from: Number(from), to: Number(to), scale, ...(count && { count: Number(count) }) };
  }
  const separator = field === "hidden" || text.includes(";") ? ";" : ",";
  return text
    .split(separator)
    .filter((part) => field === "hidden" || part.trim() !== "")
    .map((part) => valueOfText(field, part.trim() === "none" ? "" : part));
}

/** @type {Record<string, Preset>} */
export const PRESETS = {
  rates: {
    title: "The learning rate, from too small to too large",
    watch: "Too small, and it hardly moves. Too large, and it jumps about, or saturates.",
    base: { epochs: 20 },
    vary: { learning_rate: "0.01 .. 100 log 9" },
  },
  batches: {
    title: "Batch size against learning rate",
    watch: "Larger batches make fewer steps in an epoch, and bear larger ones.",
    base: { epochs: 10 },
    vary: { batch_size: "8, 32, 128, 512", learning_rate: "0.1 .. 10 log 5" },
  },
  depth: {
    title: "Depth, with sigmoid and with ReLU",
    watch: "Each layer of sigmoids passes back less of the gradient; ReLU passes it on.",
    base: { epochs: 15, output: "softmax", cost: "cross-entropy", initializer: "he" },
    vary: { hidden: "16; 16, 16; 16, 16, 16; 16, 16, 16, 16", activation: "sigmoid, relu" },
  },
  neurons: {
    title: "How many neurons are enough?",
    watch: "At first every neuron helps. From some number on one more makes no difference.",
    base: { epochs: 20 },
    vary: { hidden: "1; 2; 4; 8; 16; 32; 64; 128" },
  },
  seeds: {
    title: "Twenty seeds: how far chance goes",
    watch: "The same network, the same digits: only the random numbers differ.",
    base: { epochs: 20 },
    vary: { seed: "0 .. 19 20" },
  },
};

/**
 * What to ask the server for.
 * @param {Record<string, unknown>} base
 * @param {Partial<Record<FieldName, string>>} texts of the fields that are varied
 * @param {{ search: string, runs: string }} how
 */
export function askedFor(base, texts, { search, runs }) {
  const vary = Object.fromEntries(
    Object.entries(texts).map(([field, text]) => [
      field,
      valuesOf(/** @type {FieldName} */ (field), text),
    ]),
  );
  const most = runs.trim() === "" ? null : Number(runs);
  return { base: { ...base, steps_per_second: null }, vary, search, runs: most };
}
