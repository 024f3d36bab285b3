/** The layout of a chart as Plotly takes it. */

import { formatFigure } from "../shell/format.pure.js";
import { logTicks, MARGIN } from "./axes.pure.js";
import { COLOURS } from "./colours.pure.js";
import { endLabels, FONT_SIZE, rightMargin } from "./labels.pure.js";

/**
 * @import { Range } from "./axes.pure.js"
 * @import { Labelled, Size } from "./labels.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 */

/** @typedef {ReturnType<typeof layout>} Layout */

const TICK_ROOM = 28; // pixels, at least, for each number along the vertical axis
const MOST_TICKS = 5;

/** @param {Size} size of the chart */
export function ticksOf({ height }) {
  const room = Math.floor((height - MARGIN.t - MARGIN.b) / TICK_ROOM);
  return Math.max(2, Math.min(MOST_TICKS, room));
}

/** @param {Range} range @param {Size} size */
export function logAxis(range, size) {
  const ticks = logTicks(range, ticksOf(size));
  return {
    type: "log",
    range,
    tickvals: ticks,
    ticktext: ticks.map((tick) => formatFigure(tick, 1)),
  };
}

/**
 * @param {Range} range of the epochs
 * @param {{ range: Range, type?: string }} yaxis
 * @param {Labelled[]} labelled the lines that are labelled at their ends
 * @param {Size} size
 * @param {Theme} theme
 */
export function layout(range, yaxis, labelled, size, theme) {
  const { quiet, line } = COLOURS[theme];
  const axis = {
    fixedrange: true,
    gridcolor: line,
    zeroline: false,
    linecolor: line,
    tickfont: { color: quiet, size: FONT_SIZE },
    exponentformat: "e", // raised exponents would need inline styles, which the page's policy forbids
  };
  return {
    margin: { ...MARGIN, r: rightMargin(labelled) },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: "system-ui, sans-serif", color: quiet, size: FONT_SIZE },
    showlegend: false,
    hovermode: false, // hover.view.js does this: Plotly's labels are larger than these charts
    dragmode: false,
    annotations: endLabels(
      labelled,
      { x: range, y: yaxis.range, logarithmic: yaxis.type === "log" },
      size,
    ),
    xaxis: {
      ...axis,
      showgrid: false,
      range,
      nticks: Math.max(3, Math.min(6, Math.floor(size.width / 45))),
      tickangle: 0,
      ...(range[1] < 1 ? { tickformat: "~g" } : { tickformat: ",d" }),
      ...(range[1] >= 1 && range[1] < 7 ? { dtick: 1 } : {}),
    },
    yaxis: { ...axis, ...yaxis },
  };
}
