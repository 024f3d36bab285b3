/**
 * The last runs of this browser: which figures are kept of each, and how they are read from
 * storage.
 *
 * @typedef {{ epoch: number, test_cost: number | null, test_accuracy: number | null }} Point
 * @typedef {{ id: string, number: number, name: string, cost: string, epochs: Point[] }} EarlierRun
 *   cost: the name of the cost, because costs of two kinds can't be compared
 */

import { thinned } from "./thinning.pure.js";

/** @import { Epoch } from "../runs/epochs.pure.js" */

/** How many runs are kept to be drawn behind the one that is shown. */
export const EARLIER = 4;
const POINTS = 200;
const NAME_LENGTH = 120;

/**
 * Some of a run's epochs, few enough to store.
 * @param {Epoch[]} epochs
 * @returns {Point[]}
 */
export function pointsOf(epochs) {
  return thinned(epochs, POINTS, (figures) => figures.test_cost).map(
    ({ epoch, test_cost, test_accuracy }) => ({
      epoch,
      test_cost,
      test_accuracy,
    }),
  );
}

/**
 * The runs in a stored text. Anything else in it is left out.
 * @param {string | null} text
 * @returns {EarlierRun[]}
 */
export function readEarlierRuns(text) {
  /** @type {Partial<Record<keyof EarlierRun, unknown>>[]} */
  let runs;
  try {
    runs = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  return Array.isArray(runs) ? runs.flatMap(readRun).slice(0, EARLIER + 1) : [];
}

/**
 * @param {Partial<Record<keyof EarlierRun, unknown>> | null} run
 * @returns {EarlierRun[]} the run, or nothing
 */
function readRun(run) {
  const { id, number, name, cost, epochs } = run ?? {};
  if (typeof id !== "string" || typeof name !== "string" || typeof cost !== "string") return [];
  if (typeof number !== "number" || !Number.isInteger(number) || !Array.isArray(epochs)) return [];
  const points = epochs.flatMap(readPoint);
  if (points.length === 0 || points.length > POINTS || points.length < epochs.length) return [];
  return [{ id, number, name: name.slice(0, NAME_LENGTH), cost, epochs: points }];
}

/**
 * @param {Partial<Record<keyof Point, unknown>> | null} point
 * @returns {Point[]} the point, or nothing
 */
function readPoint(point) {
  const { epoch, test_cost, test_accuracy } = point ?? {};
  if (typeof epoch !== "number" || !Number.isInteger(epoch)) return [];
  return [{ epoch, test_cost: finite(test_cost), test_accuracy: finite(test_accuracy) }];
}

/** @param {unknown} value */
const finite = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);
