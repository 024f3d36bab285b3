/** The network as a picture, in which what the step has computed is lit up. */

import { byId, make, setText } from "../shell/dom.js";
import { formatFigure } from "../shell/format.pure.js";
import { createEdges } from "./edges.view.js";
import { createImages } from "./images.view.js";
import { chooseNeuron } from "./inside.state.js";
import { followMarks, setMark } from "./marks.js";
import { letterOf, signWords } from "./names.pure.js";
import { neuronOn, sampleOf } from "./path.pure.js";
import { sceneOf } from "./scene.pure.js";
import { cssOf, inkOn, shadesOf } from "./shades.pure.js";
import { columnAt, litBy, markOfNeuron, shownAt } from "./shown.pure.js";
import { layerWords, neuronWords, numbersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Scene } from "./scene.pure.js"
 *
 * @typedef {{ layer: number, neuron: number, element: HTMLButtonElement, figure: HTMLElement }} Node_
 */

const MOST = 16; // neurons of a layer that are shown
const LINE = 14; // pixels of a number
const WIDE = 92; // pixels of a neuron with its number

/** @param {InsideStore} own @param {Loop} loop */
export function createPictureView(own, loop) {
  const { state } = own;
  const box = byId("inside-picture");
  const space = byId("inside-space");
  const edges = createEdges(own, byId("inside-edges", SVGSVGElement));
  const images = createImages(own);
  /** @type {Node_[]} */
  let nodes = [];
  /** @type {HTMLElement[]} */
  let heads = [];
  let builtFor = "";
  let cost = make("p");
  let hasRoom = true; // for a number beside every neuron

  followMarks(box, own);

  /** Which neurons are shown, by layer. */
  function samples() {
    const { walk, path } = state;
    return walk
      ? walk.shapes.map((_, layer) => sampleOf(walk, layer, neuronOn(path, layer), MOST))
      : [];
  }

  function draw() {
    const { walk } = state;
    if (!walk || box.clientWidth === 0) return;
    const shown = samples();
    const isSample = shown.some(({ length }, layer) => length < walk.shapes[layer][0]);
    const size = { width: box.clientWidth, height: box.clientHeight, isSample };
    const key = JSON.stringify([size, shown, walk.shapes, walk.classes]);
    if (key !== builtFor) {
      builtFor = key;
      const scene = sceneOf(
        size,
        shown.map(({ length }) => length),
        walk.imageShape,
      );
      build(scene, shown);
    }
    drawStep();
  }

  /** @param {Scene} scene @param {number[][]} shown */
  function build(scene, shown) {
    const { walk } = state;
    if (!walk) return;
    Object.assign(space.style, { width: `${scene.width}px`, height: `${scene.height}px` });
    hasRoom = scene.pitch >= LINE && scene.gap >= WIDE;
    edges.place(scene, shown);
    images.place(scene);
    heads = shown.map((neurons, layer) => headOf(scene, layer, neurons.length));
    nodes = shown.flatMap((neurons, layer) =>
      neurons.map((neuron, place) => nodeOf(scene, layer, neuron, place)),
    );
    cost = make("p", "inside-cost");
    cost.style.left = `${scene.cost.x}px`;
    cost.style.top = `${scene.cost.y}px`;
    const all = [...heads, ...nodes.flatMap(({ element, figure }) => [element, figure]), cost];
    byId("inside-nodes").replaceChildren(...all);
  }

  /** @param {Scene} scene @param {number} layer @param {number} count */
  function headOf(scene, layer, count) {
    const head = make("p", "inside-head");
    const x = scene.columns[layer][0].x;
    head.style.left = `${x}px`;
    head.style.width = `${Math.max(60, (scene.columns[1]?.[0].x ?? scene.cost.x) - scene.columns[0][0].x - 8)}px`;
    head.dataset.sample = count < (state.walk?.shapes[layer][0] ?? 0) ? String(count) : "";
    return head;
  }

  /** @param {Scene} scene @param {number} layer @param {number} neuron @param {number} place @returns {Node_} */
  function nodeOf(scene, layer, neuron, place) {
    const { x, y } = scene.columns[layer][place];
    const element = make("button", "inside-neuron");
    element.type = "button";
    element.dataset.testid = "inside-neuron";
    Object.assign(element.style, {
      left: `${x - scene.radius}px`,
      top: `${y - scene.radius}px`,
      width: `${2 * scene.radius}px`,
      height: `${2 * scene.radius}px`,
    });
    const name = state.walk ? subscriptOf(state.walk, layer, neuron) : "";
    const fits = scene.radius >= (name.length > 2 ? 13 : 10) && name.length <= 3;
    if (fits) element.textContent = name;
    element.addEventListener("click", () => chooseNeuron(own, layer, neuron));
    const figure = make("span", "inside-figure");
    figure.style.left = `${x + scene.radius + 3}px`;
    figure.style.top = `${y}px`;
    figure.setAttribute("aria-hidden", "true");
    figure.dataset.name = layer + 1 === state.walk?.shapes.length && !fits ? name : "";
    return { layer, neuron, element, figure };
  }

  function drawStep() {
    const { walk, step, path, theme } = state;
    if (!walk) return;
    const shown = shownAt(walk, step);
    const column = columnAt(walk, step);
    const shades = shown.map(({ neurons }) =>
      neurons ? shadesOf(neurons, numbersOf(walk, neurons), theme) : null,
    );
    for (const { layer, neuron, element, figure } of nodes) {
      const tensor = shown[layer].neurons;
      const shade = shades[layer];
      const value = tensor ? numbersOf(walk, tensor)[neuron] : null;
      const colour = shade && value !== null ? shade(value) : null;
      element.style.background = colour ? cssOf(colour) : "";
      element.style.color = colour ? inkOn(colour) : "";
      const isChosen = neuronOn(path, layer) === neuron;
      element.classList.toggle("chosen", isChosen);
      element.setAttribute("aria-pressed", String(isChosen));
      element.tabIndex = isChosen ? 0 : -1;
      setMark(element, markOfNeuron(walk, step, layer, neuron));
      const letter = tensor ? letterOf(tensor).letter : "";
      const words = value === null ? "not computed yet" : `${letter} = ${formatFigure(value)}`;
      element.setAttribute("aria-label", `${neuronWords(walk, layer, neuron)}: ${words}`);
      element.title = `${neuronWords(walk, layer, neuron)}: ${words}`;
      const isShown = value !== null && ((layer === column && hasRoom) || isChosen);
      setText(figure, `${figure.dataset.name} ${isShown ? formatFigure(value, 2) : ""}`.trim());
      figure.classList.toggle("strong", layer === column);
    }
    heads.forEach((head, layer) => {
      const tensor = shown[layer].neurons;
      const count = walk.shapes[layer][0];
      const sample = head.dataset.sample ? `${head.dataset.sample} of ${count}` : "";
      head.replaceChildren(
        make("b", "", tensor ? letterOf(tensor).letter : " "),
        make("span", "", layerWords(walk, layer)),
        make("span", "", sample),
      );
      head.classList.toggle("now", layer === column);
    });
    const known = walk.steps.slice(0, step + 1).some(({ tensor }) => tensor === "cost");
    cost.replaceChildren(
      make("b", "", "C"),
      make("span", "", known ? formatFigure(numbersOf(walk, "cost")[0]) : "–"),
    );
    const slopes = shown.flatMap(({ neurons, weights }) => [neurons ?? "", weights]).map(signWords);
    const signs = slopes.find((words) => words !== "");
    setText(byId("inside-signs"), signs ? `∂C: ${signs}` : "");
    cost.classList.toggle("now", column === walk.shapes.length);
    setMark(cost, { tensor: "cost", row: null, column: null });
    edges.draw();
    images.draw();
    light();
  }

  function light() {
    const { walk, hovered } = state;
    if (!walk) return;
    const lit = litBy(walk, hovered);
    for (const { layer, neuron, element } of nodes) {
      const { neurons } = lit;
      const isLit = neurons?.layer === layer && (neurons.neuron ?? neuron) === neuron;
      element.classList.toggle("lit", isLit);
    }
    cost.classList.toggle("lit", lit.cost);
    edges.light(lit);
    images.light(lit);
  }

  new ResizeObserver(() => loop.request(draw)).observe(box);
  own.subscribe(["walk", "step", "path", "theme"], () => loop.request(draw));
  own.subscribe(["hovered"], () => loop.request(light));
}
