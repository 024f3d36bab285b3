/** What Plotly draws in each chart, traces and layout, and the entries of its key. */

import { figuresAt } from "../runs/epochs.pure.js";
import { stepAt } from "../runs/step-costs.pure.js";
import { formatFigure, formatShare } from "../shell/format.pure.js";
import { epochRange, figureRange, logTicks, MARGIN } from "./axes.pure.js";
import { costKey, gradientKey, LINES, pairKey } from "./key.pure.js";
import { thinned } from "./thinning.pure.js";

/**
 * @import { Range } from "./axes.pure.js"
 * @import { EarlierRun, Point } from "./earlier-runs.pure.js"
 * @import { Entry, Moment } from "./key.pure.js"
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { StepCost } from "../runs/step-costs.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 */

/**
 * @typedef {{ epochs: Epoch[], steps: StepCost[], planned: number | null, cost: string,
 *   earlier: EarlierRun[], marked: string | null, logarithmic: boolean, theme: Theme }} Shown what is
 *   drawn; cost: the name of the run's cost; marked: the id of the highlighted earlier run
 * @typedef {ReturnType<typeof trace>} Trace
 *
 * @typedef {object} Chart
 * @property {string} id
 * @property {string} title
 * @property {(shown: Shown) => { traces: Trace[], layout: object }} figure
 * @property {(moment: Moment) => Entry[]} keyOf
 * @property {(shown: Shown, epoch: number) => { name: string, value: string }[]} earlierAt what the
 *   earlier runs have at an epoch
 */

const POINTS = 500; // about two for each pixel of a chart's width
const SMOOTH_POINTS = 120; // enough for a line without spikes
const TICKS = 4;

const COLOURS = {
  light: {
    ink: "#18202b",
    quiet: "#5b6573",
    line: "#e4e0d6",
    batch: "#b9b3a6",
    marked: "#5b3fa0",
    behind: ["#959ca6", "#a9afb7", "#bbc0c7", "#c9cdd2"],
  },
  dark: {
    ink: "#e9edf2",
    quiet: "#9aa6b5",
    line: "#29313c",
    batch: "#525c69",
    marked: "#c4aeff",
    behind: ["#6c7785", "#5b6572", "#4d5662", "#424b56"],
  },
};

/** @type {Chart[]} */
export const CHARTS = [
  {
    id: "cost-chart",
    title: "Cost",
    figure: (shown) => pairFigure(shown, "cost"),
    keyOf: (moment) =>
      moment.made ? costKey(moment.made, moment.figures) : pairKey(moment, "cost", formatFigure),
    earlierAt: (shown, epoch) =>
      earlierEntries(comparable(shown), epoch, ({ test_cost }) => formatFigure(test_cost)),
  },
  {
    id: "accuracy-chart",
    title: "Accuracy",
    figure: (shown) => pairFigure(shown, "accuracy"),
    keyOf: (moment) => pairKey(moment, "accuracy", formatShare),
    earlierAt: (shown, epoch) =>
      earlierEntries(shown.earlier, epoch, ({ test_accuracy }) => formatShare(test_accuracy)),
  },
  {
    id: "gradient-chart",
    title: "Gradient",
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
export function momentAt({ epochs, steps }, epoch = Infinity) {
  return { epoch, figures: figuresAt(epochs, epoch), made: stepAt(steps, epoch) };
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
 */
function pairFigure(shown, name) {
  const { epochs, steps, marked, theme } = shown;
  const earlier = name === "cost" ? comparable(shown) : shown.earlier;
  const { marked: strong, behind } = COLOURS[theme];
  const logarithmic = name === "cost" && shown.logarithmic;
  const testName = /** @type {const} */ (`test_${name}`);
  const before = earlier.map((run, i) => {
    const line =
      run.id === marked
        ? { color: strong, width: 2.2 }
        : { color: behind[i % behind.length], width: 1.2 };
    const pick = (/** @type {Point} */ point) => drawable(point[testName], logarithmic);
    return trace(run.epochs, pick, { ...line, dash: "" });
  });
  const training =
    name === "cost" && steps.length
      ? [
          trace(steps, ({ cost }) => drawable(cost, logarithmic), batchLine(theme)),
          trace(
            steps,
            ({ smooth }) => drawable(smooth, logarithmic),
            lineOf(0, theme),
            SMOOTH_POINTS,
          ),
        ]
      : [trace(epochs, (figures) => drawable(figures[name], logarithmic), lineOf(0, theme))];
  const test = trace(
    epochs,
    (figures) => drawable(figures[testName], logarithmic),
    lineOf(1, theme),
  );
  const own = [...training, test];
  const values = (/** @type {Trace[]} */ traces) => traces.flatMap(({ y }) => y);
  const range = figureRange(values(own), values(before), logarithmic);
  const axis =
    name === "accuracy"
      ? { range: [0, 1.02], tickformat: ".0%", nticks: TICKS }
      : logarithmic
        ? logAxis(range)
        : { range, nticks: TICKS + 1 };
  return { traces: [...before.reverse(), ...own], layout: layout(shown, axis) };
}

/** @param {Shown} shown */
function gradientFigure(shown) {
  const layers = shown.epochs[0]?.gradient_norms.length ?? 0;
  const traces = Array.from({ length: layers }, (_, i) =>
    trace(
      shown.epochs,
      ({ gradient_norms }) => drawable(gradient_norms[i], true),
      lineOf(i, shown.theme),
    ),
  );
  return {
    traces,
    layout: layout(
      shown,
      logAxis(
        figureRange(
          traces.flatMap(({ y }) => y),
          [],
          true,
        ),
      ),
    ),
  };
}

/**
 * A logarithmic scale can't show zero.
 * @param {number | null} value
 * @param {boolean} logarithmic
 */
const drawable = (value, logarithmic) =>
  logarithmic && !(value !== null && value > 0) ? null : value;

/** @param {Range} range */
function logAxis(range) {
  const ticks = logTicks(range, TICKS);
  return {
    type: "log",
    range,
    tickvals: ticks,
    ticktext: ticks.map((tick) => formatFigure(tick, 1)),
  };
}

/** @param {number} index @param {Theme} theme */
function lineOf(index, theme) {
  const { dash, width } = LINES[index % LINES.length];
  return { color: index === 0 ? COLOURS[theme].ink : COLOURS[theme].quiet, width, dash };
}

/** The line of each batch's cost, behind that of their mean. @param {Theme} theme */
const batchLine = (theme) => ({ color: COLOURS[theme].batch, width: 1, dash: "" });

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
    marker: { size: 5, color },
    hoverinfo: "skip",
  };
}

/** @param {Shown} shown @param {object} yaxis */
function layout(shown, yaxis) {
  const { quiet, line } = COLOURS[shown.theme];
  const axis = {
    fixedrange: true,
    gridcolor: line,
    zeroline: false,
    linecolor: line,
    tickfont: { color: quiet, size: 10.5 },
  };
  const range = epochsSpanned(shown);
  return {
    margin: MARGIN,
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: "system-ui, sans-serif", color: quiet, size: 11 },
    showlegend: false,
    hovermode: false, // hover.view.js does this: Plotly's labels are larger than these charts
    dragmode: false,
    xaxis: {
      ...axis,
      showgrid: false,
      range,
      nticks: 6,
      ...(range[1] < 1 ? { tickformat: "~g" } : { tickformat: ",d" }),
      ...(range[1] >= 1 && range[1] < 7 ? { dtick: 1 } : {}),
    },
    yaxis: { ...axis, ...yaxis },
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
