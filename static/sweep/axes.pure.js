/**
 * Axes: where a value of a varied field is, from 0 at the start to 1 at the end.
 *
 * @typedef {object} Axis
 * @property {string} field
 * @property {string} title
 * @property {(value: unknown) => number | null} place 0–1; null: it is not on the axis
 * @property {{ at: number, text: string }[]} ticks
 * @property {boolean} isLog
 */

import { titleOf, valueText } from "./sweep.pure.js";

/** @import { Range, Sweep } from "./sweep.pure.js" */

const FACTOR = 20; // from which on a list of numbers is shown by its logarithm
const MARGIN = 0.06; // of an axis, before the first value and after the last

/** @param {Sweep} sweep @returns {Axis[]} one for each field that is varied */
export const axesOf = (sweep) =>
  Object.entries(sweep.vary).map(([field, varied]) => axisOf(field, varied));

/** @param {string} field @param {unknown[] | Range} varied @returns {Axis} */
function axisOf(field, varied) {
  if (!Array.isArray(varied))
    return numberAxis(field, varied.values ?? [varied.from, varied.to], varied.scale === "log");
  const numbers = varied.filter((value) => typeof value === "number");
  if (numbers.length < varied.length || numbers.length < 2) return choiceAxis(field, varied);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return numberAxis(field, numbers, low > 0 && high / low >= FACTOR);
}

/** @param {string} field @param {number[]} numbers @param {boolean} isLog @returns {Axis} */
function numberAxis(field, numbers, isLog) {
  const scaled = isLog ? Math.log : (/** @type {number} */ value) => value;
  const low = scaled(Math.min(...numbers));
  const span = scaled(Math.max(...numbers)) - low || 1;
  /** @param {unknown} value */
  const place = (value) =>
    typeof value === "number" ? inside((scaled(value) - low) / span) : null;
  const ticks = thinned([...new Set(numbers)].sort((a, b) => a - b)).map((value) => ({
    at: Number(place(value)),
    text: valueText(value),
  }));
  return { field, title: titleOf(field), place, ticks, isLog };
}

/** @param {string} field @param {unknown[]} values @returns {Axis} */
function choiceAxis(field, values) {
  const names = values.map((value) => JSON.stringify(value));
  /** @param {unknown} value */
  const place = (value) => {
    const index = names.indexOf(JSON.stringify(value));
    return index < 0 ? null : inside(values.length > 1 ? index / (values.length - 1) : 0.5);
  };
  const ticks = thinned(values).map((value) => ({
    at: Number(place(value)),
    text: valueText(value),
  }));
  return { field, title: titleOf(field), place, ticks, isLog: false };
}

/** @param {number} share */
const inside = (share) => MARGIN + share * (1 - 2 * MARGIN);

/** At most five or so of some values, evenly spread. @template T @param {T[]} values */
function thinned(values) {
  const every = Math.ceil(values.length / 6);
  return values.filter((_, index) => index % every === 0);
}

/** The axis of the result. @returns {Axis} */
export function resultAxis() {
  return {
    field: "test_accuracy",
    title: "test accuracy",
    place: (value) => (typeof value === "number" ? value : null),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${100 * at}%` })),
    isLog: false,
  };
}

/**
 * Whether a run is between the brushes of all axes.
 * @param {Record<string, [number, number]>} brushes
 * @param {(field: string) => number | null} placeOf where the run is on an axis
 */
export const isBrushed = (brushes, placeOf) =>
  Object.entries(brushes).every(([field, [low, high]]) => {
    const place = placeOf(field);
    return place !== null && place >= low && place <= high;
  });

/**
 * The nearest of some points, if one is near.
 * @template T
 * @param {{ x: number, y: number, of: T }[]} points
 * @param {{ x: number, y: number }} to
 * @param {number} within pixels
 * @returns {T | null}
 */
export function nearest(points, to, within = 24) {
  let best = null;
  let least = within;
  for (const { x, y, of } of points) {
    const distance = Math.hypot(x - to.x, y - to.y);
    if (distance < least) {
      least = distance;
      best = of;
    }
  }
  return best;
}
