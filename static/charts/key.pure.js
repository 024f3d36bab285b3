/** The key of each chart: what its lines are, and their figures at a moment. */

import { formatFigure } from "../shell/format.pure.js";

/**
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { StepCost } from "../runs/step-costs.pure.js"
 */

/**
 * @typedef {{ epoch: number, figures: Epoch | undefined, made: StepCost | undefined }} Moment of a
 *   training: the last epoch and the last step until then
 * @typedef {{ name: string, value: string, dash: string, width: number, faint?: boolean }} Entry
 */

const LAYERS_IN_KEY = 4;

/** The lines also differ in their dashes, for readers who can't tell the colours apart. */
export const LINES = [
  { dash: "", width: 2 },
  { dash: "5 3", width: 1.6 },
  { dash: "1.5 2.5", width: 1.8 },
  { dash: "8 2 2 2", width: 1.4 },
];

/**
 * @param {Moment} moment
 * @param {"cost" | "accuracy"} name
 * @param {(value: number | null) => string} format
 * @returns {Entry[]}
 */
export function pairKey({ figures }, name, format) {
  if (!figures) return [];
  return [
    { name: "training", value: format(figures[name]), ...LINES[0] },
    { name: "test", value: format(figures[`test_${name}`]), ...LINES[1] },
  ];
}

/**
 * @param {StepCost} made
 * @param {Epoch | undefined} figures
 * @returns {Entry[]}
 */
export function costKey({ cost, smooth }, figures) {
  const test = { name: "test", value: formatFigure(figures?.test_cost ?? null), ...LINES[1] };
  return [
    { name: "batch", value: formatFigure(cost), dash: "", width: 1, faint: true },
    { name: "mean", value: formatFigure(smooth), ...LINES[0] },
    ...(figures ? [test] : []),
  ];
}

/** @param {Moment} moment @returns {Entry[]} */
export function gradientKey({ figures }) {
  const norms = figures?.gradient_norms ?? [];
  return norms.slice(0, LAYERS_IN_KEY).map((norm, i) => ({
    name: i === norms.length - 1 ? "out" : String(i + 1),
    value: formatFigure(norm, 2),
    ...LINES[i % LINES.length],
  }));
}
