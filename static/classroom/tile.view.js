/** One run on the wall: its texts, figures, pictures and buttons. */

import { titleOf } from "../runs/names.pure.js";
import { make, setText } from "../shell/dom.js";
import { formatFigure, formatShare } from "../shell/format.pure.js";
import { atRoot } from "../shell/root.js";
import { HEIGHT, paintCurve, paintWeights, WIDTH } from "./pictures.view.js";
import { epochWords, hasEnded, stateWords } from "./wall.pure.js";

/**
 * @import { News, Pictures, WallRun } from "./wall.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 * @import { ClassroomPage } from "../shell/page.js"
 */

/**
 * @typedef {"pause" | "stop" | "show" | "look"} Action
 * @typedef {ReturnType<typeof createTile>} Tile
 */

/**
 * @param {string} id of the run
 * @param {(action: Action) => void} act
 */
export function createTile(id, act) {
  const element = make("li", "tile");
  element.dataset.testid = "tile";
  element.dataset.run = id;
  const title = make("h2", "tile-title");
  title.id = `title-${id}`;
  const who = make("span", "who");
  const epoch = make("span", "tile-epoch");
  epoch.translate = false;
  const state = make("span", "state");
  const weights = canvas("weights", WIDTH, HEIGHT);
  weights.setAttribute("role", "img");
  const cost = figure("Cost");
  const accuracy = figure("Test accuracy");

  const watch = make("a", "small", "Watch");
  watch.href = atRoot(`/runs/${encodeURIComponent(id)}`);
  watch.target = "_blank";
  const pause = button("", "pause");
  const stop = button("", "stop");
  const show = button("Offer to all", "show");
  const look = button("Show to all", "look");

  const head = make("div", "line");
  head.append(title, who);
  const progress = make("p", "line");
  progress.append(state, epoch);
  const figures = make("dl", "tile-figures");
  figures.translate = false;
  figures.append(cost.element, accuracy.element);
  const actions = make("div", "actions");
  actions.append(watch, pause, stop, show, look);
  element.append(head, progress, weights, figures, actions);
  element.setAttribute("aria-labelledby", title.id);

  /** @param {string} text @param {Action} action @returns {HTMLButtonElement} */
  function button(text, action) {
    const made = make("button", "small", text);
    made.type = "button";
    made.dataset.testid = action;
    made.addEventListener("click", () => act(action));
    return made;
  }

  /**
   * @param {WallRun} run
   * @param {News["shown"]} shown
   * @param {News["look"]} looks whether the shown run is on every screen
   * @param {ClassroomPage} page
   */
  function draw(run, shown, looks, page) {
    const words = titleOf(run, page);
    setText(title, words);
    title.title = words;
    setText(who, run.who);
    if (run.sweep) watch.href = atRoot(`/sweeps/${encodeURIComponent(id)}`);
    show.hidden = look.hidden = Boolean(run.sweep);
    setText(epoch, epochWords(run));
    setText(state, stateWords(run));
    state.title = run.reason ?? "";
    element.dataset.status = run.status;
    setText(cost.value, formatFigure(run.cost));
    setText(accuracy.value, formatShare(run.test_accuracy));
    paintCurve(cost.chart, run.curve, 1, null);
    paintCurve(accuracy.chart, run.curve, 2, 1);
    pause.disabled = run.status !== "training";
    stop.disabled = hasEnded(run);
    show.setAttribute("aria-pressed", String(shown === run.id));
    name(watch, "Watch", `${words}, ${run.who}`);
    name(pause, "Pause", `${words}, ${run.who}`);
    name(stop, "Stop", `${words}, ${run.who}`);
    name(show, "Offer to everybody, as a link", `${words}, ${run.who}`);
    look.setAttribute("aria-pressed", String(looks && shown === run.id));
    name(look, "Show on every screen", `${words}, ${run.who}`);
  }

  return {
    element,
    draw,
    /** @param {Pictures | undefined} pictures @param {Theme} theme */
    paint(pictures, theme) {
      const words = pictures
        ? `The first layer's weights: ${pictures.count} neurons`
        : "No weights yet";
      weights.setAttribute("aria-label", words);
      if (pictures) paintWeights(weights, pictures, theme);
    },
  };
}

/**
 * Adds the run to a control's name, for people who hear the controls one after the other.
 * @param {HTMLElement} control
 * @param {string} does
 * @param {string} run
 */
function name(control, does, run) {
  control.setAttribute("aria-label", `${does}: ${run}`);
  control.title = does;
}

/** A figure with its name and a small chart. @param {string} name */
function figure(name) {
  const element = make("div", "tile-figure");
  const value = make("dd", "value");
  const chart = canvas("curve", 128, 44);
  chart.setAttribute("aria-hidden", "true");
  const holder = make("dd", "chart");
  holder.append(chart);
  element.append(make("dt", "", name), value, holder);
  return { element, value, chart };
}

/** @param {string} className @param {number} width @param {number} height @returns {HTMLCanvasElement} */
function canvas(className, width, height) {
  const made = make("canvas", className);
  made.width = width;
  made.height = height;
  return made;
}
