/**
 * A batch: the gradient of each of its digits as a picture, their mean as it forms, and what a nudge
 * along this digit's gradient, or along the mean, does to the cost of this digit and of the batch.
 */

import { byId, contextOf, make, setText } from "../shell/dom.js";
import { formatFigure } from "../shell/format.pure.js";
import { meanCost, meanGradient, nudgedAll, rowOf } from "./batch.pure.js";
import { costWith } from "./chain.pure.js";
import { signWords } from "./names.pure.js";
import { neuronOn } from "./path.pure.js";
import { shadesOf } from "./shades.pure.js";
import { dataOf } from "./terms.view.js";
import { neuronWords, numbersOf, parametersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Batching } from "./batch.service.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** @param {ArrayLike<number>} values */
const isZero = (values) => Array.from(values).every((value) => value === 0);

/** @param {InsideStore} own @param {Loop} loop @param {Batching} batching */
export function createBatchView(own, loop, batching) {
  const { state } = own;
  const taken = byId("inside-taken", HTMLInputElement);
  const rate = byId("inside-rate", HTMLInputElement);
  let step = 1; // the learning rate
  let count = 0; // of the members that are in the mean
  /** @type {Walk | null} */
  let ratedFor = null;

  byId("inside-fetch").addEventListener("click", batching.fetch);
  taken.addEventListener("input", () => {
    count = Number(taken.value);
    loop.request(drawMean);
  });
  rate.addEventListener("input", () => {
    step = 10 ** Number(rate.value);
    loop.request(drawCosts);
  });

  function draw() {
    const { walk, panel, batch, path } = state;
    if (!walk || panel !== "batch") return;
    const { members, wanted, problem } = batch;
    if (ratedFor?.run !== walk.run) {
      step = walk.rate;
      rate.value = String(Math.log10(step));
    }
    ratedFor = walk;
    const neuron = neuronOn(path, 0);
    byId("inside-batch-problem").hidden = problem === null;
    setText(byId("inside-batch-problem"), problem ?? "");
    setText(byId("inside-fetch"), members.length ? "Another batch" : "Fetch sixteen test digits");
    setText(
      byId("inside-batch-about"),
      `Below each digit: its own ∂C/∂W of ${neuronWords(walk, 0, neuron)} (${signWords("gradient")}), each on a scale of its own.`,
    );
    setText(byId("inside-arrived"), wanted ? `${members.length} of ${wanted} are here.` : "");
    byId("inside-members").replaceChildren(
      ...members.map(({ walk: own_, label }) => {
        const figure = make("figure");
        const theta = numbersOf(own_, "gradient.theta");
        const name = own_.classes[label] ?? String(label);
        figure.append(
          picture(own_, "x", numbersOf(own_, "x"), name),
          picture(own_, "gradient", rowOf(own_, theta, neuron), `its gradient, of the ${name}`),
        );
        return figure;
      }),
    );
    const isBlank = members.some(({ walk: own_ }) =>
      isZero(rowOf(own_, numbersOf(own_, "gradient.theta"), neuron)),
    );
    byId("inside-batch-blank").hidden = !isBlank;
    byId("inside-forming").hidden = members.length === 0;
    count = members.length;
    taken.max = String(Math.max(1, members.length));
    drawMean();
  }

  function drawMean() {
    const { walk, batch, path } = state;
    const { members } = batch;
    if (!walk || count === 0 || members.length === 0) return;
    const neuron = neuronOn(path, 0);
    taken.value = String(count);
    const mean = meanGradient(members, count);
    const theta = numbersOf(walk, "gradient.theta");
    setText(byId("inside-taken-words"), `the mean of ${count}`);
    byId("inside-own").replaceChildren(
      picture(walk, "gradient", rowOf(walk, theta, neuron), "the gradient of this digit"),
    );
    byId("inside-mean").replaceChildren(
      picture(walk, "gradient", rowOf(walk, mean, neuron), `the mean gradient of ${count} digits`),
    );
    const figures = [...byId("inside-members").children];
    for (const [i, figure] of figures.entries()) figure.classList.toggle("left-out", i >= count);
    drawCosts();
  }

  /** The cost of this digit and of the batch: now, and after a nudge along either gradient. */
  function drawCosts() {
    const { walk, batch } = state;
    const members = batch.members.slice(0, count);
    if (!walk || members.length === 0) return;
    setText(byId("inside-rate-words"), formatFigure(step));
    rate.setAttribute("aria-valuetext", formatFigure(step));
    const mean = meanGradient(members, members.length);
    const rows = [
      { name: "now", layers: parametersOf(walk) },
      {
        name: "nudged for this digit",
        layers: nudgedAll(walk, numbersOf(walk, "gradient.theta"), step),
      },
      { name: "nudged along the mean", layers: nudgedAll(walk, mean, step) },
    ];
    byId("inside-costs").replaceChildren(
      ...rows.map(({ name, layers }) => {
        const row = make("tr");
        const head = make("th", "", name);
        head.scope = "row";
        row.append(head);
        for (const cost of [costWith(walk, layers), meanCost(members, layers)]) {
          const cell = make("td", "value");
          cell.append(dataOf(cost, formatFigure(cost)));
          row.append(cell);
        }
        return row;
      }),
    );
    const subs = subscriptOf(walk, walk.shapes.length - 1, walk.truth);
    setText(byId("inside-costs-own"), `this ${subs}`);
    setText(byId("inside-costs-batch"), `the ${members.length}, mean`);
    setText(
      byId("inside-batch-words"),
      "A nudge for one digit alone helps that digit most, and may spoil others. In the mean each counts by the size of its gradient: digits that are read well hardly count, and a misread one can dominate.",
    );
  }

  /** @param {Walk} walk @param {string} tensor @param {ArrayLike<number>} values @param {string} name */
  function picture(walk, tensor, values, name) {
    const canvas = make("canvas");
    const [rows, columns] = walk.imageShape;
    canvas.width = columns;
    canvas.height = rows;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", name);
    canvas.title = name;
    const context = contextOf(canvas);
    const pixels = context.createImageData(columns, rows);
    const shade = shadesOf(tensor, values, state.theme);
    for (let i = 0; i < values.length; i += 1) pixels.data.set([...shade(values[i]), 255], 4 * i);
    context.putImageData(pixels, 0, 0);
    return canvas;
  }

  /** A batch belongs to the network that it was walked through. */
  function forget() {
    const [member] = state.batch.members;
    const { walk } = state;
    const isOther =
      walk && member && (member.walk.run !== walk.run || member.walk.trained !== walk.trained);
    if (isOther) own.set({ batch: { members: [], wanted: 0, problem: null } });
  }

  own.subscribe(["walk"], forget);
  own.subscribe(["walk", "panel", "batch", "path", "theme"], () => loop.request(draw));
}
