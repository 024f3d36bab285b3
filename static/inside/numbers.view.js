/** The numbers of a step: its formula filled in for what is chosen, and its arrays. */

import { placeOf } from "../network/theta.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatFigure } from "../shell/format.pure.js";
import { formulaOf } from "./formula.pure.js";
import { createHeat } from "./heat.view.js";
import { choose, chooseNeuron } from "./inside.state.js";
import { followMarks, lightMarks, setMark } from "./marks.js";
import { letterOf, tensorsOf } from "./names.pure.js";
import { dataOf, partOf, rowOf } from "./terms.view.js";
import { lastLayer } from "./walk.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Heat } from "./heat.view.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Mark } from "./names.pure.js"
 * @import { Formula } from "./terms.pure.js"
 */

/** @param {InsideStore} own @param {Loop} loop */
export function createNumbersView(own, loop) {
  const { state } = own;
  const box = byId("inside-line");
  const terms = byId("inside-terms");
  /** @type {Heat[]} */
  let heats = [];
  let drawnFor = "";
  /** @type {unknown} */
  let drawnOf = null;
  /** @type {Formula | null} */
  let formula = null;

  followMarks(box, own);

  function draw() {
    const { walk, step, path, followed } = state;
    if (!walk) return;
    formula = formulaOf(walk, step, path, followed);
    setText(byId("inside-formula-title"), formula.title);
    byId("inside-rule").replaceChildren(...formula.rule.map(partOf));
    const { rows, rest, after, joined } = formula;
    const all = rows.map((row, i) =>
      rowOf(own, row, joined === "product" ? (i > 0 ? "· " : " ") : ""),
    );
    if (rest) {
      const { count, value } = rest;
      all.push(rowOf(own, { label: `the rest (${count} terms)`, parts: [], value }, ""));
    }
    if (after) all.push(rowOf(own, after, ""));
    terms.replaceChildren(...all);
    const result = byId("inside-result");
    const value = dataOf(formula.value, formatFigure(formula.value, 4));
    value.dataset.testid = "inside-value";
    if (formula.result[0].mark) setMark(value, formula.result[0].mark);
    result.replaceChildren(...formula.result.map(partOf), " = ", value);
    setText(byId("inside-formula-words"), formula.words);
    drawHeats();
    light();
  }

  /** The heat maps stay as they are while the step does. */
  function drawHeats() {
    const { walk, step, theme } = state;
    if (!walk) return;
    const names = tensorsOf(walk, step);
    const key = `${names.join(" ")} ${theme}`;
    if (key === drawnFor && drawnOf === walk) return;
    drawnFor = key;
    drawnOf = walk;
    heats = names.map((name) => createHeat(own, walk, name, theme, chooseCell));
    byId("inside-heats").replaceChildren(...heats.map(({ element }) => element));
  }

  /** Chooses what a cell is about. @param {Mark} mark */
  function chooseCell({ tensor, row, column }) {
    const { walk } = state;
    if (!walk || row === null) return;
    const { layer } = letterOf(tensor);
    if (tensor.endsWith(".theta")) {
      const place = placeOf(walk.shapes, row);
      if (place) choose(own, place);
    } else if (column !== null && layer !== null) choose(own, { layer, neuron: row, cell: column });
    else if (/biases\.\d+$/.test(tensor) && layer !== null)
      choose(own, { layer, neuron: row, cell: null });
    else if (tensor === "x" || tensor === "C_over_x") chooseNeuron(own, -1, row);
    else chooseNeuron(own, layer ?? lastLayer(walk), row);
  }

  function light() {
    const { hovered } = state;
    lightMarks(box, hovered);
    const chosen = formula?.result[0].mark ?? null;
    for (const heat of heats) heat.light(hovered, chosen);
  }

  own.subscribe(["walk", "step", "path", "followed", "theme"], () => loop.request(draw));
  own.subscribe(["hovered"], () => loop.request(light));
}
