/** What the charts show: traces, layout and key of each, computed from the history alone. */

import { formatFigure, formatShare } from "../pure/format.js";
import { thin } from "../pure/thinning.js";

/** @typedef {import("../pure/epochs.js").Epoch} Epoch */
/** @typedef {"light" | "dark"} Theme */

const POINTS = 1000;
const LAYERS_IN_KEY = 4;

const COLOURS = {
  light: { ink: "#18202b", quiet: "#5b6573", line: "#e4e0d6", raised: "#ffffff" },
  dark: { ink: "#e9edf2", quiet: "#9aa6b5", line: "#29313c", raised: "#181e26" },
};

/** Lines are told apart by their dashes as well: colours alone do not reach everybody. */
const LINES = [
  { dash: "", width: 2 },
  { dash: "5 3", width: 1.6 },
  { dash: "1.5 2.5", width: 1.8 },
  { dash: "8 2 2 2", width: 1.4 },
];

export const CHARTS = [
  {
    id: "cost-chart",
    title: "Cost",
    figure: (epochs, theme) => pairFigure(epochs, theme, "cost", { rangemode: "tozero", nticks: 5 }),
    keyOf: (latest) => pairKey(latest, "cost", formatFigure),
  },
  {
    id: "accuracy-chart",
    title: "Accuracy",
    figure: (epochs, theme) => pairFigure(epochs, theme, "accuracy", { range: [0, 1.02], tickformat: ".0%", nticks: 5 }),
    keyOf: (latest) => pairKey(latest, "accuracy", formatShare),
  },
  { id: "gradient-chart", title: "Gradient", figure: gradientFigure, keyOf: gradientKey },
];

/**
 * Training and test, by epoch.
 * @param {Epoch[]} epochs
 * @param {Theme} theme
 * @param {"cost" | "accuracy"} name
 * @param {object} yaxis
 */
function pairFigure(epochs, theme, name, yaxis) {
  const points = thin(epochs, POINTS);
  const format = name === "accuracy" ? ":.1%" : ":.4~g";
  const traces = [
    trace(points, (figures) => figures[name], "training", theme, 0, format),
    trace(points, (figures) => figures[`test_${name}`], "test", theme, 1, format),
  ];
  return { traces, layout: layout(epochs, theme, yaxis) };
}

/** @param {Epoch[]} epochs @param {Theme} theme */
function gradientFigure(epochs, theme) {
  const points = thin(epochs, POINTS);
  const layers = epochs[0]?.gradient_norms.length ?? 0;
  const traces = Array.from({ length: layers }, (_, i) => {
    const norm = (figures) => figures.gradient_norms[i] || null; // a logarithm has no zero
    return trace(points, norm, layerName(i, layers), theme, i, ":.2~e");
  });
  return { traces, layout: layout(epochs, theme, { type: "log", exponentformat: "power", nticks: 4, minor: {} }) };
}

/** @param {number} index @param {number} layers */
function layerName(index, layers) {
  return index === layers - 1 ? "output" : `layer ${index + 1}`;
}

/**
 * @param {Epoch[]} points
 * @param {(figures: Epoch) => number | null} pick
 * @param {string} name
 * @param {Theme} theme
 * @param {number} index
 * @param {string} format
 */
function trace(points, pick, name, theme, index, format) {
  const { dash, width } = LINES[index % LINES.length];
  const color = index === 0 ? COLOURS[theme].ink : COLOURS[theme].quiet;
  return {
    x: points.map(({ epoch }) => epoch),
    y: points.map(pick),
    name,
    type: "scatter",
    mode: points.length < 3 ? "lines+markers" : "lines",
    line: { color, width, dash: dash ? dash.replaceAll(/[\d.]+/g, "$&px").replaceAll(" ", ",") : "solid" },
    marker: { size: 6, color },
    hovertemplate: `%{y${format}}`,
  };
}

/** @param {Epoch[]} epochs @param {Theme} theme @param {object} yaxis */
function layout(epochs, theme, yaxis) {
  const { ink, quiet, line, raised } = COLOURS[theme];
  const axis = { fixedrange: true, gridcolor: line, zeroline: false, linecolor: line, tickfont: { color: quiet, size: 10.5 } };
  const last = epochs.at(-1)?.epoch ?? 1;
  return {
    margin: { l: 40, r: 6, t: 6, b: 20 },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: "system-ui, sans-serif", color: quiet, size: 11 },
    showlegend: false,
    hovermode: "x unified",
    hoverlabel: { bgcolor: raised, bordercolor: line, font: { color: ink, size: 11.5 } },
    dragmode: false,
    xaxis: { ...axis, showgrid: false, range: [Math.min(1, last - 1), Math.max(last, 2)], nticks: 6, ...(last < 7 ? { dtick: 1 } : {}), tickformat: ",d", hoverformat: ",d", unifiedhovertitle: { text: "Epoch %{x}" } },
    yaxis: { ...axis, ...yaxis },
  };
}

/** @param {Epoch | undefined} latest @param {string} name @param {(value: number | null) => string} format */
function pairKey(latest, name, format) {
  if (!latest) return [];
  return [
    { name: "training", value: format(latest[name]), ...LINES[0] },
    { name: "test", value: format(latest[`test_${name}`]), ...LINES[1] },
  ];
}

/** @param {Epoch | undefined} latest */
function gradientKey(latest) {
  const norms = latest?.gradient_norms ?? [];
  return norms.slice(0, LAYERS_IN_KEY).map((norm, i) => ({
    name: i === 0 || i === norms.length - 1 ? layerName(i, norms.length) : String(i + 1),
    value: formatFigure(norm, 2),
    ...LINES[i % LINES.length],
  }));
}
