/** The key of each chart: what its lines are, and their figures at a moment. */

import { hasNoise } from "../runs/epochs.pure.js";
import { formatFigure } from "../shell/format.pure.js";
import { categoryDash, categoryStyle } from "./colours.pure.js";

/**
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { StepCost } from "../runs/step-costs.pure.js"
 */

/**
 * @typedef {{ epoch: number, figures: Epoch | undefined, made: StepCost | undefined,
 *   layers: number }} Moment of a training: the last epoch and the last step until then
 * @typedef {{ name: string, value: string, colour: string, dash: string, width: number,
 *   faint?: boolean }} Entry colour: as a style has it
 */

export const LAYER_WIDTH = 2;

/** Training and test also differ in their dashes, for readers who can't tell the colours apart. */
export const LINES = [
  { colour: "var(--ink)", dash: "", width: 2.4 },
  { colour: "var(--quiet)", dash: "5 3", width: 2 },
];

/** The accuracy on labels that are random. */
export const NOISY_LINE = { colour: categoryStyle(1), dash: categoryDash(6), width: 2 };

/**
 * @param {Moment} moment
 * @param {"cost" | "accuracy"} name
 * @param {(value: number | null) => string} format
 * @returns {Entry[]}
 */
export function pairKey({ figures }, name, format) {
  if (name === "accuracy" && hasNoise(figures)) {
    return [
      { name: "true labels", value: format(figures?.clean_accuracy ?? null), ...LINES[0] },
      { name: "random labels", value: format(figures?.noisy_accuracy ?? null), ...NOISY_LINE },
      { name: "test", value: format(figures?.test_accuracy ?? null), ...LINES[1] },
    ];
  }
  return [
    { name: "training", value: format(figures?.[name] ?? null), ...LINES[0] },
    { name: "test", value: format(figures?.[`test_${name}`] ?? null), ...LINES[1] },
  ];
}

/**
 * @param {StepCost} made
 * @param {Epoch | undefined} figures
 * @returns {Entry[]}
 */
export function costKey({ cost, smooth }, figures) {
  return [
    {
      name: "batch",
      value: formatFigure(cost),
      colour: "var(--batch)",
      dash: "",
      width: 1,
      faint: true,
    },
    { name: "mean", value: formatFigure(smooth), ...LINES[0] },
    { name: "test", value: formatFigure(figures?.test_cost ?? null), ...LINES[1] },
  ];
}

/**
 * All layers from the start, so that nothing moves when their first figures come.
 * @param {Moment} moment
 * @returns {Entry[]}
 */
export function gradientKey({ figures, layers }) {
  const norms = figures?.gradient_norms ?? Array(layers).fill(null);
  return norms.map((norm, i) => ({
    name: i === norms.length - 1 ? "out" : String(i + 1),
    value: formatFigure(norm, 2),
    colour: categoryStyle(i),
    dash: categoryDash(i),
    width: LAYER_WIDTH,
  }));
}
