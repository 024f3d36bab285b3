/** What Plotly draws in each chart, traces and layout, and the entries of its key. */

import { figuresAt, hasNoise } from "../runs/epochs.pure.js";
import { stepAt } from "../runs/step-costs.pure.js";
import { formatFigure, formatShare } from "../shell/format.pure.js";
import { epochRange, figureRange } from "./axes.pure.js";
import { COLOURS, categoryAt, categoryDash, categoryOfRun } from "./colours.pure.js";
import { costKey, gradientKey, LAYER_WIDTH, LINES, NOISY_LINE, pairKey } from "./key.pure.js";
import { labelOfRun } from "./labels.pure.js";
import { layout, logAxis, ticksOf } from "./layout.pure.js";
import { thinned } from "./thinning.pure.js";

/**
 * @import { Range } from "./axes.pure.js"
 * @import { EarlierRun, Point } from "./earlier-runs.pure.js"
 * @import { Entry, Moment } from "./key.pure.js"
 * @import { Size } from "./labels.pure.js"
 * @import { Layout } from "./layout.pure.js"
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { StepCost } from "../runs/step-costs.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 */

/**
 * @typedef {{ epochs: Epoch[], steps: StepCost[], planned: number | null, layers: number,
 *   cost: string, earlier: EarlierRun[], marked: string | null, logarithmic: boolean,
 *   theme: Theme }} Shown what is drawn; layers: their number; cost: the name of the run's cost;
 *   marked: the id of the highlighted earlier run
 * @typedef {ReturnType<typeof trace>} Trace
 *
 * @typedef {object} Chart
 * @property {string} id
 * @property {string} title
 * @property {string} nothing what will be in it, before there is anything
 * @property {string} undrawn why nothing can be drawn of what there is
 * @property {(shown: Shown, size: Size) => { traces: Trace[], layout: Layout }} figure
 * @property {(moment: Moment) => Entry[]} keyOf
 * @property {(shown: Shown, epoch: number) => { name: string, value: string }[]} earlierAt what the
 *   earlier runs have at an epoch
 */

const POINTS = 500; // about two for each pixel of a chart's width
const SMOOTH_POINTS = 120; // enough for a line without spikes
/** @type {Range} */
const ACCURACIES = [0, 1.02];

/** @type {Chart[]} */
export const CHARTS = [
  {
    id: "cost-chart",
    title: "Cost",
    nothing: "Here the cost of every step appears, once a network trains.",
    undrawn: "No cost was a finite number.",
    figure: (shown, size) => pairFigure(shown, "cost", size),
    keyOf: (moment) =>
      moment.made ? costKey(moment.made, moment.figures) : pairKey(moment, "cost", formatFigure),
    earlierAt: (shown, epoch) =>
      earlierEntries(comparable(shown), epoch, ({ test_cost }) => formatFigure(test_cost)),
  },
  {
    id: "accuracy-chart",
    title: "Accuracy",
    nothing: "After the first epoch: how many of the digits are read right.",
    undrawn: "No accuracy is known.",
    figure: (shown, size) => pairFigure(shown, "accuracy", size),
    keyOf: (moment) => pairKey(moment, "accuracy", formatShare),
    earlierAt: (shown, epoch) =>
      earlierEntries(shown.earlier, epoch, ({ test_accuracy }) => formatShare(test_accuracy)),
  },
  {
    id: "gradient-chart",
    title: "Gradient",
    nothing: "After the first epoch: how long each layer's part of the gradient is.",
    undrawn: "In every layer the gradient is 0.",
    figure: gradientFigure,
    keyOf: gradientKey,
    earlierAt: () => [],
  },
];

/**
 * The moment of a run to tell the figures of.
 * @param {Shown} shown
 * @param {number} [epoch] the newest if it is left out
 * @returns {Moment}
 */
export function momentAt({ epochs, steps, layers }, epoch = Infinity) {
  return { epoch, layers, figures: figuresAt(epochs, epoch), made: stepAt(steps, epoch) };
}

/** The range of epochs that all three charts show. @param {Shown} shown @returns {Range} */
export function epochsSpanned({ epochs, steps, planned, earlier }) {
  return epochRange(
    Math.max(epochs.at(-1)?.epoch ?? 0, steps.at(-1)?.epoch ?? 0),
    planned,
    earlier.map((run) => run.epochs.at(-1)?.epoch ?? 0),
  );
}

/** The earlier runs with the same kind of cost. @param {Shown} shown */
const comparable = ({ earlier, cost }) => earlier.filter((run) => run.cost === cost);

/**
 * Training and test by epoch; of the cost, what each step's batch cost and a mean of them, where that
 * is known. Of the earlier runs only the test figures are drawn, because two lines for each would be
 * too many.
 * @param {Shown} shown
 * @param {"cost" | "accuracy"} name
 * @param {Size} size
 */
function pairFigure(shown, name, size) {
  const { epochs, theme } = shown;
  const logarithmic = name === "cost" && shown.logarithmic;
  const testName = /** @type {const} */ (`test_${name}`);
  const own = [
    ...trainingLines(shown, name, logarithmic),
    trace(epochs, (figures) => drawable(figures[testName], logarithmic), lineOf(1, theme)),
  ];
  const before = runsInOrder(name === "cost" ? comparable(shown) : shown.earlier, shown.marked).map(
    (run) => ({ run, line: earlierLine(run, shown, testName, logarithmic) }),
  );
  const values = (/** @type {Trace[]} */ traces) => traces.flatMap(({ y }) => y);
  const behind = before.map(({ line }) => line);
  const range =
    name === "accuracy" ? ACCURACIES : figureRange(values(own), values(behind), logarithmic);
  const labelled = before.map(({ run, line }) => labelledLine(line, labelOfRun(run)));
  const axis =
    name === "accuracy"
      ? { range, tickformat: ".0%", nticks: ticksOf(size) }
      : logarithmic
        ? logAxis(range, size)
        : { range, nticks: ticksOf(size) };
  return {
    traces: [...behind.reverse(), ...own],
    layout: layout(epochsSpanned(shown), axis, labelled, size, theme),
  };
}

/**
 * The lines of the training itself.
 * @param {Shown} shown
 * @param {"cost" | "accuracy"} name
 * @param {boolean} logarithmic
 */
function trainingLines({ epochs, steps, theme }, name, logarithmic) {
  if (name === "accuracy" && hasNoise(epochs.at(-1))) {
    const { dash, width } = NOISY_LINE;
    const noisy = { color: categoryAt(1, theme), width, dash };
    return [
      trace(epochs, ({ clean_accuracy }) => clean_accuracy ?? null, lineOf(0, theme)),
      trace(epochs, ({ noisy_accuracy }) => noisy_accuracy ?? null, noisy),
    ];
  }
  if (name !== "cost" || steps.length === 0)
    return [trace(epochs, (figures) => drawable(figures[name], logarithmic), lineOf(0, theme))];
  const batch = (/** @type {StepCost} */ { cost }) => drawable(cost, logarithmic);
  const mean = (/** @type {StepCost} */ { smooth }) => drawable(smooth, logarithmic);
  const thin = { color: COLOURS[theme].batch, width: 1, dash: "" };
  return [trace(steps, batch, thin), trace(steps, mean, lineOf(0, theme), SMOOTH_POINTS)];
}

/**
 * The marked run first: it is drawn over the others, and is labelled if any is.
 * @param {EarlierRun[]} runs
 * @param {string | null} marked
 */
const runsInOrder = (runs, marked) => [
  ...runs.filter(({ id }) => id === marked),
  ...runs.filter(({ id }) => id !== marked),
];

/**
 * @param {EarlierRun} run
 * @param {Shown} shown
 * @param {"test_cost" | "test_accuracy"} name
 * @param {boolean} logarithmic
 */
function earlierLine(run, { marked, theme }, name, logarithmic) {
  const isMarked = run.id === marked;
  const line = {
    color: categoryAt(categoryOfRun(run), theme),
    width: isMarked ? 3 : 1.6,
    dash: "",
  };
  const pick = (/** @type {Point} */ point) => drawable(point[name], logarithmic);
  return { ...trace(run.epochs, pick, line), opacity: marked === null || isMarked ? 1 : 0.4 };
}

/** @param {Trace} trace @param {string} text */
function labelledLine({ x, y, line, opacity }, text) {
  return { x, y, text, color: line.color, opacity };
}

/** @param {Shown} shown @param {Size} size */
function gradientFigure(shown, size) {
  const layers = shown.epochs[0]?.gradient_norms.length ?? 0;
  const traces = Array.from({ length: layers }, (_, i) =>
    trace(shown.epochs, ({ gradient_norms }) => drawable(gradient_norms[i], true), {
      color: categoryAt(i, shown.theme),
      width: LAYER_WIDTH,
      dash: categoryDash(i),
    }),
  );
  const labelled = traces.map((line, i) =>
    labelledLine(line, i === layers - 1 ? "output" : `layer ${i + 1}`),
  );
  const values = traces.flatMap(({ y }) => y);
  const axis = logAxis(figureRange(values, [], true), size);
  return { traces, layout: layout(epochsSpanned(shown), axis, labelled, size, shown.theme) };
}

/**
 * A logarithmic scale can't show zero.
 * @param {number | null} value
 * @param {boolean} logarithmic
 */
const drawable = (value, logarithmic) =>
  logarithmic && !(value !== null && value > 0) ? null : value;

/** @param {number} index @param {Theme} theme */
function lineOf(index, theme) {
  const { dash, width } = LINES[index % LINES.length];
  return { color: index === 0 ? COLOURS[theme].ink : COLOURS[theme].quiet, width, dash };
}

/**
 * @template {{ epoch: number }} T
 * @param {T[]} all
 * @param {(figures: T) => number | null} pick
 * @param {{ color: string, width: number, dash: string }} line
 * @param {number} [most] points
 */
function trace(all, pick, { color, width, dash }, most = POINTS) {
  const points = thinned(all, most, pick);
  return {
    x: points.map(({ epoch }) => epoch),
    y: points.map(pick),
    type: "scatter",
    mode: points.length < 3 ? "lines+markers" : "lines",
    line: {
      color,
      width,
      dash: dash ? dash.replaceAll(/[\d.]+/g, "$&px").replaceAll(" ", ",") : "solid",
    },
    marker: { size: 6, color },
    opacity: 1,
    hoverinfo: "skip",
  };
}

/**
 * @param {EarlierRun[]} earlier
 * @param {number} epoch
 * @param {(point: Point) => string} format
 */
function earlierEntries(earlier, epoch, format) {
  return earlier.flatMap((run) => {
    const point = figuresAt(run.epochs, epoch);
    return point ? [{ name: `run ${run.number}: ${run.name}`, value: format(point) }] : [];
  });
}
