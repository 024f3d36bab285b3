/**
 * The last runs of this browser: what is kept of each, what it is called, and how they are read
 * back from wherever they were written.
 *
 * @typedef {import("../runs/epochs.pure.js").Epoch} Epoch
 * @typedef {import("../form/fields.pure.js").Spec} Spec
 * @typedef {{ epoch: number, test_cost: number | null, test_accuracy: number | null }} Point
 * @typedef {{ id: string, number: number, name: string, cost: string, epochs: Point[] }} EarlierRun its
 *   cost by name: costs of two kinds can't be compared
 */

import { FIELDS, differences } from "../form/fields.pure.js";
import { thin } from "./thinning.pure.js";

/** So many runs stand behind the one that is shown. */
export const EARLIER = 4;
const POINTS = 200;
const NAME_LENGTH = 120;
const NOT_NAMED = ["epochs", "steps_per_second"]; // how long and how fast: not what it learns with

const PROPER_NAMES = {
  sgd: "SGD", relu: "ReLU", "leaky-relu": "leaky ReLU", rmsprop: "RMSprop", adam: "Adam",
  nesterov: "Nesterov", xavier: "Xavier", he: "He",
};

/**
 * The points that are kept of a run's history.
 * @param {Epoch[]} epochs
 * @returns {Point[]}
 */
export function pointsOf(epochs) {
  return thin(epochs, POINTS).map(({ epoch, test_cost, test_accuracy }) => ({ epoch, test_cost, test_accuracy }));
}

/**
 * What a run differs in from the defaults, in words.
 * @param {Spec} spec
 * @param {Spec} defaults
 * @param {Record<string, Record<string, number>>} rates the default rate by optimizer and cost
 */
export function nameOf(spec, defaults, rates) {
  const rate = rates[String(spec.optimizer)]?.[String(spec.cost)] ?? null;
  const names = Object.keys(FIELDS).filter((name) => !NOT_NAMED.includes(name));
  const differing = differences(spec, { ...defaults, learning_rate: rate }, names);
  return differing.map((name) => words(name, spec[name])).join(", ") || "the defaults";
}

/** A choice as its field spells it. @param {unknown} choice */
export function properName(choice) {
  return PROPER_NAMES[String(choice)] ?? String(choice);
}

/** @param {string} name @param {unknown} value */
function words(name, value) {
  if (name === "augment") return value ? "augmented" : "not augmented";
  if (name === "train_examples") return value === null ? "all training digits" : `${value} training digits`;
  if (name === "hidden" && Array.isArray(value)) return value.length ? `hidden ${value.join("–")}` : "no hidden layer";
  const text = [value].flat().map(properName).join("–");
  if (name === "learning_rate") return `rate ${text}`;
  if (name === "output") return `${text} output`;
  return ["choice", "choices"].includes(FIELDS[name].kind) ? text : `${FIELDS[name].title} ${text}`;
}

/**
 * The runs that a text holds; whatever in it is none is left out.
 * @param {string | null} text
 * @returns {EarlierRun[]}
 */
export function readEarlier(text) {
  let runs;
  try {
    runs = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  return Array.isArray(runs) ? runs.filter(isRun).slice(0, EARLIER + 1).map(cleaned) : [];
}

/** @param {any} run */
function isRun(run) {
  return typeof run?.id === "string" && typeof run.name === "string" && typeof run.cost === "string" && Number.isInteger(run.number)
    && Array.isArray(run.epochs) && run.epochs.length > 0 && run.epochs.length <= POINTS
    && run.epochs.every((point) => Number.isInteger(point?.epoch));
}

/** @param {any} run @returns {EarlierRun} */
function cleaned({ id, number, name, cost, epochs }) {
  const points = epochs.map(({ epoch, test_cost, test_accuracy }) => ({
    epoch, test_cost: finite(test_cost), test_accuracy: finite(test_accuracy),
  }));
  return { id, number, name: name.slice(0, NAME_LENGTH), cost, epochs: points };
}

/** @param {unknown} value */
const finite = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/**
 * The figures of an epoch, or of the last one before it that is there.
 * @template {{ epoch: number }} T
 * @param {T[]} history in order
 * @param {number} epoch
 * @returns {T | undefined}
 */
export function figuresAt(history, epoch) {
  return history.findLast((figures) => figures.epoch <= epoch);
}
