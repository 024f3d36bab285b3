/**
 * The landscape as Plotly takes it, and what it says.
 *
 * @typedef {{ epoch: number, alpha: number, beta: number, cost: number | null,
 *   plane_cost: number | null }} PathPoint
 * @typedef {{ plane: "path" | "random" | "walk", examples: number, alphas: number[],
 *   betas: number[], costs: (number | null)[][], path: PathPoint[], with_path: PathPoint[] | null,
 *   explained: [number, number] }} Landscape costs[i][j] is at alphas[i], betas[j]
 * @typedef {{ ink: string, quiet: string, other: string, scale: [number, string][] }} Colours
 */

import { formatCount, formatFigure, formatShare } from "../shell/format.pure.js";

/** @import { Run } from "../runs/run.pure.js" */

/** One scale, from the valleys, which are as the ground is, to the hills. @type {Record<"light" | "dark", Colours>} */
export const COLOURS = {
  light: {
    ...{ ink: "#18202b", quiet: "#5b6573", other: "#b80f55" },
    scale: [
      [0, "#f4f2f8"],
      [0.5, "#a593d3"],
      [1, "#3f2a73"],
    ],
  },
  dark: {
    ...{ ink: "#e9edf2", quiet: "#9aa6b5", other: "#e0569f" },
    scale: [
      [0, "#1d1c29"],
      [0.5, "#665a94"],
      [1, "#b79cff"],
    ],
  },
};

/** Rows and columns changed over: Plotly wants a row for each value of y, which is beta. @param {(number | null)[][]} costs */
export const turned = (costs) => costs[0].map((_, j) => costs.map((row) => row[j]));

/**
 * @param {Landscape} found
 * @param {number | null} degrees by which it is turned, as a surface; null: contours
 * @param {"light" | "dark"} theme
 */
export function figureOf(found, degrees, theme) {
  const toTurn = degrees !== null;
  const { ink, quiet, other, scale } = COLOURS[theme];
  const { alphas, betas, costs } = found;
  const lines = [
    { points: found.path, color: ink },
    ...(found.with_path ? [{ points: found.with_path, color: other }] : []),
  ].map(({ points, color }) => ({
    x: points.map(({ alpha }) => alpha),
    y: points.map(({ beta }) => beta),
    ...(toTurn ? { z: points.map(({ plane_cost }) => plane_cost) } : {}),
    type: toTurn ? "scatter3d" : "scatter",
    mode: "lines+markers",
    line: { color, width: toTurn ? 5 : 2.5 },
    marker: { color, size: toTurn ? 3 : 6, line: { color: scale[0][1], width: 1 } },
    hoverinfo: "skip",
    showlegend: false,
  }));
  const surface = {
    ...{ x: alphas, y: betas, z: turned(costs) },
    type: toTurn ? "surface" : "contour",
    colorscale: scale,
    showscale: false, // Plotly’s own needs inline styles, which the page does not allow
    hoverinfo: "skip",
    ...(toTurn ? {} : { ncontours: 24, line: { width: 0.5 } }),
  };
  const axis = (/** @type {string} */ text) => ({
    title: { text },
    color: quiet,
    zeroline: false,
    showgrid: false,
    fixedrange: true,
  });
  const [first, second] = ["α, along the first direction", "β, along the second"];
  return {
    traces: [surface, ...lines],
    layout: {
      ...{ paper_bgcolor: "transparent", plot_bgcolor: "transparent" },
      margin: toTurn ? { l: 0, r: 0, t: 0, b: 0 } : { l: 56, r: 12, t: 10, b: 60 },
      font: { family: "system-ui, sans-serif", size: 12, color: quiet },
      hovermode: false,
      dragmode: toTurn ? "turntable" : false,
      ...(toTurn
        ? {
            scene: {
              ...{ xaxis: axis("α"), yaxis: axis("β"), zaxis: axis("cost") },
              camera: cameraAt(degrees),
            },
          }
        : { xaxis: axis(first), yaxis: axis(second) }),
    },
  };
}

/** Where a surface is seen from that is turned so far. @param {number} degrees */
export function cameraAt(degrees) {
  const [x, y] = [Math.cos, Math.sin].map((of) => 1.95 * of((degrees * Math.PI) / 180));
  return { eye: { x, y, z: 1.3 } };
}

/** The lowest and the highest cost of the grid. @param {Landscape} found @returns {[number, number]} */
export function rangeOf({ costs }) {
  const finite = costs.flat().filter((cost) => cost !== null);
  return [Math.min(...finite), Math.max(...finite)];
}

/** @param {Landscape} found */
export function wordsOf({ plane, examples, explained, with_path }) {
  const share = formatShare(explained[0] + explained[1]);
  const whose = with_path ? "the two paths’" : plane === "walk" ? "the walk’s" : "the path’s";
  return `${share} of ${whose} variance lies in this plane (${formatShare(explained[0])} and ${formatShare(explained[1])}). The cost is the mean over ${formatCount(examples)} training digits, without penalty.${with_path ? " The red path is the other run’s." : ""}`;
}

/** What each plane can't tell. @type {Record<Landscape["plane"], string>} */
export const ABOUT = {
  path: "The plane through the last network that is nearest to all kept ones (principal directions). It is chosen to show the path, so it shows the way downhill, and none of the thousands of directions in which nothing was learned. A random walk looks neat in such a plane, too: choose it for comparison.",
  random:
    "Two random directions, in which each neuron’s part is as long as its own weights (Li et al., 2018). It shows how sharp the valley is around the last network. The path hardly lies in it: nearly all random directions are at right angles to it.",
  walk: "A control: a walk of as many steps, as long as the run’s own, in random directions, that ends at the same network. Its plane holds much of it, and its curve is smooth, although nothing was learned: so neither says that a training found its way.",
};

/** Whether two runs' networks can lie on one plane. @param {Run} one @param {Run} other */
export function areAlike(one, other) {
  const kindOf = (/** @type {Run} */ { parameters, spec }) =>
    JSON.stringify([parameters, spec.hidden, spec.activation, spec.output, spec.cost]);
  return kindOf(one) === kindOf(other);
}

/** @param {PathPoint} point */
export const rowOf = ({ epoch, cost, plane_cost }) => [
  String(epoch),
  formatFigure(cost, 4),
  formatFigure(plane_cost, 4),
];
