/**
 * The three charts, drawn by Plotly, which is loaded in idle time and never while somebody draws.
 * Each is drawn at most three times a second, and one in a frame. The vertical lines at the pointed
 * epoch and at the past epoch move faster, so they are elements over the plots.
 */

import { byId, make, setText } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { kept } from "../shell/kept.js";
import { atRoot } from "../shell/root.js";
import { leftOf, MARGIN } from "./axes.pure.js";
import { createEarlierRunsView } from "./earlier-runs.view.js";
import { createChartHover } from "./hover.view.js";
import { fillKey } from "./key.view.js";
import { CHARTS, epochsSpanned, momentAt } from "./traces.pure.js";

/**
 * @import { Shown } from "./traces.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const BETWEEN_DRAWS = 334; // milliseconds
const DRAWING_SHARE = 1 / 30; // of the time, for each chart: a slow machine draws them less often
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
const LOADING = "The chart is being loaded.";
const NOT_LOADED = "The charts could not be loaded; the figures are in the table below.";
const LOG_KEY = "nudge.log-scale";

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createChartsView(store, loop) {
  const { state } = store;
  const logButton = byId("log-scale");
  let logarithmic = kept.get(LOG_KEY) === "true";
  /** @type {string | null} the earlier run that is pointed at in the list */
  let marked = null;
  let timer = 0;
  /** @type {Plotly | null} */
  let plotly = null;
  let failed = false; // Plotly could not be loaded
  const charts = CHARTS.map((chart) => {
    const element = byId(chart.id);
    const pastLine = make("i", "chart-line past");
    const empty = make("p", "plot-empty");
    pastLine.hidden = true;
    element.append(empty, pastLine);
    const hover = createChartHover(element, loop, scaleOf, (epoch) => placeAt(chart, epoch));
    const drawn = {
      ...chart,
      right: MARGIN.r,
      element,
      key: byId(`${chart.id}-key`),
      empty,
      pastLine,
      hover,
      due: true,
      next: 0,
    };
    return drawn;

    function scaleOf() {
      return plotly && empty.hidden
        ? { range: epochsSpanned(shown()), width: element.clientWidth, right: drawn.right }
        : null;
    }
  });

  /** @returns {Shown} */
  function shown() {
    const { epochs, steps, earlierRuns, theme, run } = state;
    const spec = run?.spec ?? state.page.defaults;
    const planned = run?.spec.epochs;
    return {
      epochs,
      steps,
      earlier: earlierRuns,
      marked,
      logarithmic,
      theme,
      cost: String(spec.cost),
      layers: spec.hidden.length + 1,
      planned: typeof planned === "number" ? planned : null,
    };
  }

  /**
   * The figures of a chart at an epoch: of the cost those of the step, if there is one.
   * @param {typeof CHARTS[number]} chart
   * @param {number} pointed
   */
  function placeAt(chart, pointed) {
    const all = shown();
    const { made, figures } = momentAt(all, pointed);
    const ofStep = chart.id === "cost-chart" && made && pointed <= (state.steps.at(-1)?.epoch ?? 0);
    const epoch = ofStep ? made.epoch : Math.round(pointed);
    const inside = ofStep || (figures && epoch <= (state.epochs.at(-1)?.epoch ?? 0));
    return {
      epoch,
      title: ofStep ? `Step ${formatCount(made.step)}` : `Epoch ${epoch}`,
      rows: [
        ...(inside ? chart.keyOf(momentAt(all, epoch)) : []),
        ...chart.earlierAt(all, Math.floor(epoch)),
      ],
    };
  }

  /** @param {number} time */
  function draw(time) {
    if (!plotly || state.penDown) return; // the drawing pad goes first
    const chart = charts.find(({ due, next }) => due && time >= next);
    if (chart) {
      const begun = performance.now();
      chart.due = false;
      drawChart(plotly, chart);
      chart.next = time + Math.max(BETWEEN_DRAWS, (performance.now() - begun) / DRAWING_SHARE);
    }
    const waiting = charts.filter(({ due }) => due).map(({ next }) => next - time);
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

  /** @param {Plotly} library @param {typeof charts[number]} chart */
  function drawChart(library, chart) {
    const { element, empty, figure } = chart;
    const size = { width: element.clientWidth, height: element.clientHeight };
    const { traces, layout } = figure(shown(), size);
    const [, end] = epochsSpanned(shown());
    empty.hidden = traces.some(({ x, y }) => x.some((epoch, i) => epoch <= end && y[i] !== null));
    setText(empty, traces.some(({ x }) => x.length > 0) ? chart.undrawn : chart.nothing);
    chart.right = layout.margin.r;
    if (empty.hidden) {
      library.react(element, traces, { ...layout, ...size }, CONFIG);
    } else library.purge(element);
    placePast(chart);
    chart.hover.draw();
  }

  /**
   * Places the vertical line at the past epoch that the page shows.
   * @param {typeof charts[number]} chart
   */
  function placePast({ element, empty, pastLine, right }) {
    const { pastEpoch } = state;
    const range = epochsSpanned(shown());
    const epoch = pastEpoch?.epoch ?? NaN;
    const inside = epoch >= range[0] && epoch <= range[1];
    pastLine.hidden = !empty.hidden || !inside;
    const width = { width: element.clientWidth, right };
    if (inside) pastLine.style.transform = `translateX(${leftOf(epoch, range, width)}px)`;
  }

  /** Shows the newest figures, or those of the past epoch that the page shows. */
  function drawKeys() {
    const moment = momentAt(shown(), state.pastEpoch?.epoch);
    const { figures, made } = moment;
    const when = figures ? `Epoch ${figures.epoch}` : `Step ${made?.step}`;
    for (const { key, element, title, keyOf } of charts) {
      const entries = keyOf(moment);
      fillKey(key, entries);
      const words = entries.map(({ name, value }) => `${name} ${value}`).join(", ");
      const known = figures || (made && element.id === "cost-chart");
      element.setAttribute(
        "aria-label",
        known ? `${title} by epoch. ${when}: ${words}` : `${title} by epoch: no epoch yet`,
      );
    }
    if (!plotly) drawUnloaded();
  }

  /** Says why there is no chart yet. */
  function drawUnloaded() {
    const some = state.epochs.length > 0 || state.steps.length > 0 || state.earlierRuns.length > 0;
    for (const { empty, nothing } of charts)
      setText(empty, failed ? NOT_LOADED : some ? LOADING : nothing);
  }

  function drawPast() {
    for (const chart of charts) placePast(chart);
  }

  function request() {
    for (const chart of charts) chart.due = true;
    loop.request(draw);
    loop.request(drawKeys);
  }

  /** Draws at once what is due, if no run is training that would need the processor. */
  function catchUp() {
    if (state.run?.status === "training") return;
    clearTimeout(timer);
    timer = 0;
    for (const chart of charts) chart.next = 0;
    loop.request(draw);
  }

  /** Loads Plotly, but not while somebody draws. */
  function load() {
    if (state.penDown) {
      const stop = store.subscribe(["penDown"], () => {
        stop();
        whenIdle(load);
      });
      return;
    }
    const script = document.createElement("script");
    script.src = atRoot("/static/vendor/plotly.min.js");
    script.addEventListener("load", () => {
      plotly = window.Plotly;
      request();
    });
    script.addEventListener("error", () => {
      failed = true;
      drawUnloaded();
    });
    document.head.append(script);
  }

  logButton.addEventListener("click", () => {
    logarithmic = !logarithmic;
    logButton.setAttribute("aria-pressed", String(logarithmic));
    kept.set(LOG_KEY, String(logarithmic));
    request();
  });
  logButton.setAttribute("aria-pressed", String(logarithmic));
  createEarlierRunsView(store, loop, (id) => {
    marked = id;
    request();
  });
  const sizes = new ResizeObserver(request);
  for (const { element } of charts) sizes.observe(element);
  store.subscribe(["epochs", "steps", "earlierRuns", "theme"], request);
  store.subscribe(["run", "steps"], catchUp);
  store.subscribe(["penDown"], () => state.penDown || loop.request(draw));
  store.subscribe(["pastEpoch"], () => {
    loop.request(drawKeys);
    loop.request(drawPast);
  });
  requestAnimationFrame(() => whenIdle(load)); // after the first paint
}

/** @param {() => void} task */
function whenIdle(task) {
  if ("requestIdleCallback" in window) requestIdleCallback(task);
  else setTimeout(task, 200);
}
