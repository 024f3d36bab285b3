/**
 * The charts: Plotly's, which is loaded in idle time and never while somebody draws. Each is drawn
 * at most three times a second, one in a frame.
 */

import { byId, make, setText } from "../dom.js";
import { CHARTS } from "./chart-figures.js";

const BETWEEN_DRAWS = 334; // milliseconds
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createChartsView(store, loop) {
  const { state } = store;
  const charts = CHARTS.map((chart) => ({
    ...chart,
    element: byId(chart.id),
    key: byId(`${chart.id}-key`),
    empty: make("p", "plot-empty", "Epoch by epoch: it begins when you train."),
    due: true,
    drawn: -Infinity,
  }));
  let timer = 0;
  /** @type {any} */
  let plotly = null;

  for (const { element, empty } of charts) element.append(empty);

  /** @param {number} time */
  function draw(time) {
    if (!plotly) return;
    const chart = charts.find(({ due, drawn }) => due && time - drawn >= BETWEEN_DRAWS);
    if (chart) {
      chart.due = false;
      chart.drawn = time;
      drawChart(chart);
    }
    const waiting = charts.filter(({ due }) => due).map(({ drawn }) => drawn + BETWEEN_DRAWS - time);
    if (waiting.length === 0 || timer) return;
    const wait = Math.min(...waiting);
    if (wait <= 0) loop.request(draw);
    else {
      timer = setTimeout(() => {
        timer = 0;
        loop.request(draw);
      }, wait);
    }
  }

  /** @param {typeof charts[number]} chart */
  function drawChart({ element, empty, figure }) {
    const { epochs, theme } = state;
    empty.hidden = epochs.length > 0;
    if (epochs.length === 0) {
      plotly.purge(element);
      element.append(empty);
      return;
    }
    const { traces, layout } = figure(epochs, theme);
    const size = { width: element.clientWidth, height: element.clientHeight };
    plotly.react(element, traces, { ...layout, ...size }, CONFIG);
  }

  function drawKeys() {
    const latest = state.epochs.at(-1);
    for (const { key, element, title, keyOf } of charts) {
      const entries = keyOf(latest);
      fillKey(key, entries);
      const words = entries.map(({ name, value }) => `${name} ${value}`).join(", ");
      element.setAttribute("aria-label", latest ? `${title} by epoch. Epoch ${latest.epoch}: ${words}` : `${title} by epoch: no epoch yet`);
    }
  }

  function request() {
    for (const chart of charts) chart.due = true;
    loop.request(draw);
    loop.request(drawKeys);
  }

  /** Loads Plotly when nothing else goes on. */
  function load() {
    if (state.penDown) {
      const stop = store.subscribe(["penDown"], () => {
        stop();
        whenIdle(load);
      });
      return;
    }
    const script = document.createElement("script");
    script.src = "/static/vendor/plotly.min.js";
    script.addEventListener("load", () => {
      plotly = /** @type {any} */ (window).Plotly;
      request();
    });
    script.addEventListener("error", () => {
      for (const { empty } of charts) setText(empty, "The charts could not be loaded; the figures are in the table below.");
    });
    document.head.append(script);
  }

  new ResizeObserver(request).observe(byId("cost-chart"));
  store.subscribe(["epochs", "theme"], request);
  requestAnimationFrame(() => whenIdle(load)); // after the first paint
}

/** @param {() => void} task */
function whenIdle(task) {
  if ("requestIdleCallback" in window) requestIdleCallback(task);
  else setTimeout(task, 200);
}

/**
 * The key of a chart: a piece of its line, a name and the latest figure.
 * @param {HTMLElement} key
 * @param {{ name: string, value: string, dash: string, width: number }[]} entries
 */
function fillKey(key, entries) {
  if (key.children.length !== entries.length) {
    key.replaceChildren(...entries.map(({ dash, width }) => {
      const entry = make("span");
      const label = make("span", "", "");
      entry.append(lineSample(dash, width), label, make("b"));
      return entry;
    }));
  }
  entries.forEach(({ name, value }, i) => {
    setText(key.children[i].children[1], name);
    setText(key.children[i].children[2], value);
  });
}

/** @param {string} dash @param {number} width */
function lineSample(dash, width) {
  const space = "http://www.w3.org/2000/svg";
  const sample = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  sample.setAttribute("viewBox", "0 0 14 6");
  sample.setAttribute("aria-hidden", "true");
  for (const [name, value] of [["d", "M0 3H14"], ["stroke", "currentColor"], ["stroke-width", String(width)], ["stroke-dasharray", dash]]) {
    line.setAttribute(name, value);
  }
  sample.append(line);
  return sample;
}
