/**
 * The picture of the cost along a straight line through θ: along −∇C, where the place on the line is
 * the learning rate, or along one parameter, where it is the amount of the nudge.
 *
 * @typedef {[x: number, cost: number]} Point
 *
 * @typedef {object} Line
 * @property {[x: number, cost: number | null][]} points of the curve, in order
 * @property {number | null} slope of the tangent at 0, if it is drawn
 * @property {number} at where the network would go
 *
 * @typedef {object} Picture
 * @property {string} curve
 * @property {string} tangent
 * @property {[number, number]} origin the network as it is
 * @property {[number, number]} point where it would go
 * @property {Point} low the lowest and the highest cost of the curve
 * @property {Point} high
 */

import { formatCount, formatFigure } from "../shell/format.pure.js";

/** @import { Descent } from "../story/made.pure.js" */

/** On either side: half of a slider's handle, so that the handle is under its point. */
const SIDE = 8;
const TOP = 12;
const BOTTOM = 8;

/**
 * The cost at a place on the curve, between the two points beside it.
 * @param {Point[]} points in order
 * @param {number} x
 * @returns {number | null} null beyond the curve
 */
export function costAt(points, x) {
  const next = points.findIndex(([place]) => place >= x);
  if (next < 0) return null;
  const [place, cost] = points[next];
  if (place === x) return cost;
  if (next === 0) return null;
  const [before, costBefore] = points[next - 1];
  return costBefore + ((x - before) / (place - before)) * (cost - costBefore);
}

/**
 * @param {Line} line
 * @param {{ width: number, height: number }} size
 * @returns {Picture | null} null where nothing can be drawn
 */
export function pictureOf({ points, slope, at }, { width, height }) {
  const known = finite(points);
  const here = costAt(known, 0);
  if (known.length < 2 || here === null) return null;
  const [first, last] = [points[0][0], points[points.length - 1][0]];
  const byCost = known.toSorted(([, one], [, other]) => one - other);
  const [low, high] = [byCost[0], byCost[byCost.length - 1]];
  const span = Math.max(high[1] - low[1], 1e-12);
  const x = (/** @type {number} */ value) =>
    SIDE + ((value - first) / (last - first)) * (width - 2 * SIDE);
  const y = (/** @type {number} */ cost) =>
    TOP + ((high[1] - cost) / span) * (height - TOP - BOTTOM);
  const place = ([value, cost] = /** @type {Point} */ ([0, 0])) =>
    `${x(value).toFixed(1)} ${y(cost).toFixed(1)}`;
  const tangentAt = (/** @type {number} */ value) =>
    /** @type {Point} */ ([value, here + (slope ?? 0) * value]);
  return {
    curve: `M${known.map(place).join("L")}`,
    tangent: slope === null ? "" : `M${place(tangentAt(first))}L${place(tangentAt(last))}`,
    origin: [x(0), y(here)],
    point: [x(at), y(costAt(known, at) ?? high[1])],
    low,
    high,
  };
}

/**
 * The points whose cost is a number.
 * @param {[x: number, cost: number | null][]} points
 * @returns {Point[]}
 */
export function finite(points) {
  return points.flatMap(([x, cost]) => (cost === null ? [] : [[x, cost]]));
}

/** The curve of a descent. @param {Descent} descent @returns {Line} */
export function lineOfDescent({ rates, costs, learning_rate }) {
  return { points: rates.map((rate, i) => [rate, costs[i]]), slope: null, at: learning_rate };
}

/**
 * What the curve says of the learning rate.
 * @param {Descent} descent
 * @returns {string}
 */
export function descentWords(descent) {
  const { learning_rate: rate, best, cost } = descent;
  const { points } = lineOfDescent(descent);
  const after = costAt(finite(points), rate);
  const digits = formatCount(descent.examples);
  const step = `${digits} digits, rate ${formatFigure(rate)}: cost ${formatFigure(cost)} → ${formatFigure(after)}.`;
  if (after === null || cost === null || best === null) return `${step} Far over the top.`;
  const lowest = `the lowest is near ${formatFigure(best, 2)}`;
  if (after > cost) return `${step} Over the top: ${lowest}.`;
  if (rate > 1.5 * best) return `${step} Too far: ${lowest}.`;
  if (rate < 0.5 * best) return `${step} A small step: ${lowest}.`;
  return `${step} About right: ${lowest}.`;
}

/**
 * The same where the run's own steps are not along −∇C, because its optimizer makes others.
 * @param {Descent} descent
 * @param {string} optimizer
 */
export function lowestWords({ best, examples, learning_rate }, optimizer) {
  const point = `The point: its own rate, ${formatFigure(learning_rate)} by ${optimizer}.`;
  return best === null
    ? point
    : `${point} Over ${formatCount(examples)} digits, plain gradient descent is best near ${formatFigure(best, 2)}.`;
}
