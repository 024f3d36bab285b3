/** Labels at the ends of a plot's lines, above one another where they would overlap. */

import { MARGIN } from "./axes.pure.js";

/**
 * @import { Range } from "./axes.pure.js"
 *
 * @typedef {{ x: number[], y: (number | null)[], text: string, color: string, opacity: number }}
 *   Labelled a line
 * @typedef {{ x: Range, y: Range, logarithmic: boolean }} Scales
 * @typedef {{ width: number, height: number }} Size in pixels
 * @typedef {{ line: Labelled, left: number, top: number }} Place of a label: where it begins, and its
 *   middle
 */

export const FONT_SIZE = 12;
const LETTER = 7; // pixels that a letter takes at most, about
const HEIGHT = 15; // of a label
const GAP = 5; // between the end of a line and its label
const LONGEST = 9; // letters

/** A run's name if it is short, or else its number. @param {{ number: number, name: string }} run */
export const labelOfRun = ({ number, name }) => (name.length <= LONGEST ? name : `run ${number}`);

/** The margin that holds the labels of lines that reach the plot's end. @param {Labelled[]} lines */
export function rightMargin(lines) {
  const longest = Math.max(0, ...lines.map(({ text }) => text.length));
  return longest ? GAP + longest * LETTER : MARGIN.r;
}

/**
 * The labels as Plotly takes them. A line that ends outside the plot has none, and where there is no
 * room for all, the last ones are left out.
 * @param {Labelled[]} lines the most important first
 * @param {Scales} scales
 * @param {Size} chart
 */
export function endLabels(lines, scales, chart) {
  const inside = {
    width: Math.max(1, chart.width - MARGIN.l - rightMargin(lines)),
    height: Math.max(1, chart.height - MARGIN.t - MARGIN.b),
  };
  const ends = lines.flatMap((line) => placeAtEnd(line, scales, inside));
  const room = Math.floor(inside.height / HEIGHT);
  return spread(ends.slice(0, room), inside.height).map(({ line, left, top }) => ({
    text: escaped(line.text),
    font: { color: line.color, size: FONT_SIZE },
    opacity: line.opacity,
    showarrow: false,
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "middle",
    x: left / inside.width,
    y: 1 - top / inside.height,
  }));
}

/**
 * The label's place if it were alone.
 * @param {Labelled} line
 * @param {Scales} scales
 * @param {Size} inside
 * @returns {Place[]} one, or none
 */
function placeAtEnd(line, scales, inside) {
  const last = line.x.findLastIndex((x, i) => x <= scales.x[1] && line.y[i] !== null);
  if (last < 0) return [];
  const figure = Number(line.y[last]);
  const height = shareOf(scales.logarithmic ? Math.log10(figure) : figure, scales.y);
  if (!(height >= 0 && height <= 1)) return [];
  const left = shareOf(line.x[last], scales.x) * inside.width + GAP;
  return [{ line, left, top: (1 - height) * inside.height }];
}

/** @param {number} value @param {Range} range */
const shareOf = (value, [low, high]) => (value - low) / (high - low);

/**
 * Moves labels up or down as far as is needed: they are pushed down from above, and what was pushed
 * out at the lower edge comes back up.
 * @param {Place[]} places
 * @param {number} height
 * @returns {Place[]} from the top
 */
function spread(places, height) {
  const sorted = [...places].sort((one, other) => one.top - other.top);
  let free = HEIGHT / 2;
  for (const place of sorted) {
    place.top = Math.max(place.top, free);
    free = place.top + HEIGHT;
  }
  free = height - HEIGHT / 2;
  for (const place of [...sorted].reverse()) {
    place.top = Math.min(place.top, free);
    free = place.top - HEIGHT;
  }
  return sorted;
}

/** A run's name is text, and Plotly reads some of HTML. @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
