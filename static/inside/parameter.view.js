/** One parameter: the chain of factors from the cost back to it, and a nudge of it. */

import { countOf, nameOf, placeOf } from "../network/theta.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { formatCount, formatFigure, formatSigned } from "../shell/format.pure.js";
import { chainOf, nudgedCost } from "./chain.pure.js";
import { choose } from "./inside.state.js";
import { followMarks, lightMarks, setMark } from "./marks.js";
import { weightOn } from "./path.pure.js";
import { dataOf, partOf, rowOf } from "./terms.view.js";
import { parameterOf } from "./walk.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Factor } from "./chain.pure.js"
 * @import { InsideStore } from "./inside.state.js"
 */

/** @param {InsideStore} own @param {Loop} loop */
export function createParameterView(own, loop) {
  const { state } = own;
  const box = byId("inside-parameter");
  const index = byId("inside-index", HTMLInputElement);
  const slider = byId("inside-amount", HTMLInputElement);

  followMarks(box, own);
  index.addEventListener("change", () => {
    const { walk } = state;
    const place = walk && placeOf(walk.shapes, Math.floor(Number(index.value)));
    if (place) choose(own, place);
    else requestDraw();
  });
  byId("inside-bias").addEventListener("click", () => {
    const { followed, path } = state;
    const { layer } = followed;
    const weight = weightOn(path, layer);
    choose(own, followed.cell === null ? weight : { ...weight, cell: null });
  });
  slider.addEventListener("input", () => own.set({ amount: Number(slider.value) }));

  function draw() {
    const { walk, followed, panel } = state;
    if (!walk || panel !== "parameter") return;
    const { index: number, value } = parameterOf(walk, followed);
    const names = { inputShape: walk.imageShape, classes: walk.classes };
    setText(byId("inside-parameter-name"), nameOf(walk.shapes, number, names));
    index.value = String(number);
    index.max = String(countOf(walk.shapes) - 1);
    setText(byId("inside-count"), `of ${formatCount(countOf(walk.shapes))}, counted from 0`);
    byId("inside-parameter-value").replaceChildren(dataOf(value, formatFigure(value, 4)));
    setText(
      byId("inside-bias"),
      followed.cell === null ? "A weight of this neuron" : "Its neuron’s bias",
    );
    drawChain();
    drawNudge();
    light();
  }

  function drawChain() {
    const { walk, followed } = state;
    if (!walk) return;
    const { factors, product, slope, letter, why } = chainOf(walk, followed);
    byId("inside-factors").replaceChildren(...factors.flatMap(rowsOf));
    const value = dataOf(product, formatFigure(product, 4));
    value.dataset.testid = "inside-product";
    byId("inside-product").replaceChildren(partOf(letter), " = ", value);
    const cell = setMark(dataOf(slope, formatFigure(slope, 4)), letter.mark ?? null);
    cell.dataset.testid = "inside-slope";
    byId("inside-same").replaceChildren("The gradient has in this place: ", cell, `. ${why}`);
  }

  /** @param {Factor} factor @param {number} i */
  function rowsOf({ label, letter, value, terms, rest }, i) {
    const head = rowOf(own, { label, parts: [letter], value }, i > 0 ? "· " : " ");
    const rows = terms.map((term) => {
      const row = rowOf(own, term, "");
      row.classList.add("term");
      return row;
    });
    if (rest) {
      const { count, value: left } = rest;
      const row = rowOf(own, { label: `the rest (${count} terms)`, parts: [], value: left }, "");
      row.classList.add("term");
      rows.push(row);
    }
    return [head, ...rows];
  }

  function drawNudge() {
    const { walk, followed, amount, panel } = state;
    if (!walk || panel !== "parameter") return;
    slider.value = String(amount);
    slider.setAttribute("aria-valuetext", formatSigned(amount));
    setText(byId("inside-by"), formatSigned(amount));
    const { predicted, measured } = nudgedCost(walk, followed, amount);
    for (const [id, value] of /** @type {const} */ ([
      ["inside-predicted", predicted],
      ["inside-measured", measured],
    ])) {
      const data = byId(id).firstElementChild ?? make("data");
      data.setAttribute("value", String(value));
      setText(data, formatSigned(value));
      byId(id).replaceChildren(data);
    }
    setText(byId("inside-nudge-words"), nudgeWords(predicted, measured, amount));
  }

  const light = () => lightMarks(box, state.hovered);
  const requestDraw = () => loop.request(draw);
  own.subscribe(["walk", "followed", "panel"], requestDraw);
  own.subscribe(["amount"], () => loop.request(drawNudge));
  own.subscribe(["hovered"], () => loop.request(light));
}

/** @param {number} predicted @param {number} measured @param {number} amount */
function nudgeWords(predicted, measured, amount) {
  if (amount === 0) return "Move the slider: the parameter is nudged on a copy of the network.";
  if (predicted === 0 && measured === 0) return "This nudge changes nothing, as the chain says.";
  const off = Math.abs(predicted - measured) / Math.max(Math.abs(measured), Math.abs(predicted));
  return off < 0.1
    ? "Nearly the same: so near, the cost is almost a straight line."
    : "They differ: the chain gives the slope at the start, and the cost bends on the way. A smaller nudge fits better.";
}
