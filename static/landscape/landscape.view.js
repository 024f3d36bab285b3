/** The landscape: the cost over a plane, with the path that the training took. */

import { loadSheets } from "../inside/sheets.js";
import { titleOf } from "../runs/names.pure.js";
import { newestFirst } from "../runs/runs.pure.js";
import { api, wordsOf as wordsOfError } from "../shell/api.js";
import { byId, make, setText } from "../shell/dom.js";
import { experiments } from "../shell/experiments.js";
import { formatFigure } from "../shell/format.pure.js";
import { oneAtATime } from "../shell/requests.js";
import { ABOUT, areAlike, cameraAt, figureOf, rangeOf, rowOf, wordsOf } from "./landscape.pure.js";
import { createLearnedView } from "./learned.view.js";
import { loadPlotly } from "./plotly.js";

/**
 * @import { Tools } from "../inside/inside.state.js"
 * @import { Landscape, PathPoint } from "./landscape.pure.js"
 */

const CONFIG = { displayModeBar: false, responsive: true };

/** @param {Tools} tools */
export async function createLandscape(tools) {
  const { store, own } = tools;
  await loadSheets(["../landscape/landscape"]);
  const plotly = await loadPlotly();
  const plot = byId("landscape-plot");
  const plane = byId("landscape-plane", HTMLSelectElement);
  const other = byId("landscape-with", HTMLSelectElement);
  const turn = byId("landscape-turn", HTMLInputElement);
  const angle = byId("landscape-angle", HTMLInputElement);
  const learned = createLearnedView(tools);
  /** @type {Landscape | null} */
  let found = null;
  let shown = "";

  const ask = oneAtATime(async () => {
    const run = store.state.watched;
    setText(byId("landscape-problem"), "");
    try {
      found = await experiments.landscape(run, {
        plane: plane.value,
        with: other.value && plane.value !== "walk" ? other.value : null,
      });
      draw();
    } catch (error) {
      setText(byId("landscape-problem"), wordsOfError(error));
    }
  });

  function draw() {
    if (!found) return;
    const degrees = turn.checked ? Number(angle.value) : null;
    const { traces, layout } = figureOf(found, degrees, own.state.theme);
    plotly.purge(plot); // from contours to a surface Plotly does not find the way itself
    plotly.react(plot, traces, layout, CONFIG);
    const [lowest, highest] = rangeOf(found);
    setText(byId("landscape-low"), `cost ${formatFigure(lowest, 3)}`);
    setText(byId("landscape-high"), formatFigure(highest, 3));
    setText(byId("landscape-words"), wordsOf(found));
    setText(byId("landscape-about"), ABOUT[found.plane]);
    byId("landscape-path").replaceChildren(
      ...found.path.map((point) => tableRow(point, "")),
      ...(found.with_path ?? []).map((point) => tableRow(point, "the other run’s ")),
    );
  }

  /** @param {PathPoint} point @param {string} whose */
  function tableRow(point, whose) {
    const row = make("tr");
    const [epoch, ...costs] = rowOf(point);
    const head = make("th", "", whose + epoch);
    head.scope = "row";
    row.append(head, ...costs.map((text) => make("td", "value", text)));
    return row;
  }

  /** The visitor's other runs with such a network. */
  async function nameOthers() {
    const { watched, run } = store.state;
    try {
      const runs = await api.runs();
      const alike = newestFirst(runs).filter(
        (one) => one.id !== watched && one.epoch > 0 && run && areAlike(one, run),
      );
      other.replaceChildren(
        optionOf("no other run", ""),
        ...alike.map((one) => optionOf(titleOf(one, store.state.page), one.id)),
      );
    } catch (error) {
      setText(byId("landscape-problem"), wordsOfError(error));
    }
  }

  /** @param {string} text @param {string} value */
  function optionOf(text, value) {
    const option = make("option", "", text);
    option.value = value;
    return option;
  }

  function refresh() {
    const { watched } = store.state;
    if (shown === `${watched} ${own.state.theme}`) return;
    const isOther = !shown.startsWith(`${watched} `);
    shown = `${watched} ${own.state.theme}`;
    if (!isOther) draw();
    else {
      nameOthers();
      ask();
      learned.ask();
    }
  }

  byId("landscape-draw").addEventListener("click", () => {
    ask();
    learned.ask();
  });
  for (const select of [plane, other]) {
    select.addEventListener("change", () => {
      other.disabled = plane.value === "walk"; // which is compared with one run only
      ask();
    });
  }
  turn.addEventListener("change", () => {
    byId("landscape-turned").hidden = !turn.checked;
    draw();
  });
  angle.addEventListener("input", () => {
    angle.setAttribute("aria-valuetext", `${angle.value}°`);
    plotly.relayout(plot, { "scene.camera": cameraAt(Number(angle.value)) });
  });
  return { refresh };
}
