/** Tells the numbers of what is pointed at, and goes on telling them while they change. */

import { byId, make, setText } from "../dom.js";
import { classesOf, pictureShape } from "../pure/datasets.js";
import { formatFigure, formatSigned } from "../pure/format.js";
import { frameShown } from "../state.js";
import { layersOf } from "../pure/safetensors.js";

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createInspectorView(store, loop) {
  const { state } = store;
  const element = byId("inspector");
  const figures = byId("inspector-figures");
  const mark = make("i", "cell-mark");

  function draw() {
    const { pointed, show } = state;
    const layers = layersOf(frameShown(state, show), show);
    const layer = pointed ? layers[pointed.layer] : undefined;
    const button = pointed
      ? byId("scene").querySelector(`[data-layer="${pointed.layer}"][data-neuron="${pointed.neuron}"]`)
      : null;
    element.hidden = !layer || !button;
    mark.remove();
    if (!pointed || !layer || !button) return;
    setText(byId("inspector-title"), button.getAttribute("aria-label") ?? "");
    drawFigures(rowsOf(pointed, layer));
    setText(byId("inspector-words"), wordsOf(pointed, layer));
    if (pointed.cell !== null) placeMark(button, pointed.cell);
    place(button.getBoundingClientRect());
  }

  /**
   * @param {import("../state.js").Pointed} pointed
   * @param {ReturnType<typeof layersOf>[number]} layer
   * @returns {[string, string][]}
   */
  function rowsOf({ layer: index, neuron, cell }, { weights, biases }) {
    const sign = state.show === "gradient" ? -1 : 1;
    const inputs = weights.shape[1];
    const rows = [];
    if (cell !== null) {
      const name = `${sign > 0 ? "weight" : "nudge of the weight"} from ${sourceOf(index, cell, inputs)}`;
      rows.push([name, formatSigned(sign * weights.values[neuron * inputs + cell])]);
    } else {
      const own = weights.values.subarray(neuron * inputs, (neuron + 1) * inputs);
      const range = [Math.min(...own), Math.max(...own)].map((value) => sign * value).sort((a, b) => a - b);
      rows.push([sign > 0 ? "weights from" : "nudges from", `${formatSigned(range[0])} to ${formatSigned(range[1])}`]);
    }
    rows.push([sign > 0 ? "bias b" : "nudge of the bias", formatSigned(sign * biases.values[neuron])]);
    const activation = state.prediction?.activations[index]?.[neuron];
    if (activation !== undefined) rows.push(["activation a, for your drawing", formatFigure(activation)]);
    return /** @type {[string, string][]} */ (rows);
  }

  /** Where a weight comes from. @param {number} layer @param {number} cell @param {number} inputs */
  function sourceOf(layer, cell, inputs) {
    if (layer > 0) return `neuron ${cell + 1} of layer ${layer}`;
    const dataset = state.datasets.find(({ name }) => name === state.run?.spec.dataset);
    const [, columns] = pictureShape(inputs, dataset?.shape);
    return `the pixel in row ${Math.floor(cell / columns) + 1}, column ${(cell % columns) + 1}`;
  }

  /**
   * @param {import("../state.js").Pointed} pointed
   * @param {ReturnType<typeof layersOf>[number]} layer
   */
  function wordsOf({ layer: index, neuron, cell }, { weights }) {
    if (cell === null) return "Arrow keys: the next neuron. Enter: into its weights.";
    const value = weights.values[neuron * weights.shape[1] + cell];
    const names = classesOf(state.datasets, state.run?.spec.dataset);
    const what = index === byId("scene").children.length - 1 ? `the output for ${names[neuron] ?? neuron}` : "this neuron";
    if (state.show === "gradient") {
      if (value === 0) return "Nudging this weight would not change the cost.";
      return `To lower the cost, this weight will ${value < 0 ? "grow" : "shrink"}.`;
    }
    const source = index === 0 ? "Ink in this pixel" : "An active neuron there";
    return value < 0 ? `${source} silences ${what}.` : `${source} excites ${what}.`;
  }

  /** @param {[string, string][]} rows */
  function drawFigures(rows) {
    while (figures.children.length > 2 * rows.length) figures.lastChild.remove();
    rows.forEach(([name, value], i) => {
      if (!figures.children[2 * i]) figures.append(make("dt"), make("dd"));
      setText(figures.children[2 * i], name);
      setText(figures.children[2 * i + 1], value);
    });
  }

  /** @param {HTMLElement} button @param {number} cell */
  function placeMark(button, cell) {
    const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
    const width = canvas.offsetWidth / canvas.width;
    const height = canvas.offsetHeight / canvas.height;
    mark.style.left = `${canvas.offsetLeft + (cell % canvas.width) * width}px`;
    mark.style.top = `${canvas.offsetTop + Math.floor(cell / canvas.width) * height}px`;
    mark.style.width = `${width}px`;
    mark.style.height = `${height}px`;
    button.append(mark);
  }

  /** Beside the neuron, within the window. @param {DOMRect} box */
  function place(box) {
    const { offsetWidth: width, offsetHeight: height } = element;
    const right = box.right + 14;
    const left = right + width < innerWidth - 8 ? right : Math.max(8, box.left - width - 14);
    const top = Math.max(8, Math.min(box.top - 8, innerHeight - height - 8));
    const covers = left < box.right && left + width > box.left;
    const below = box.bottom + 10 + height < innerHeight ? box.bottom + 10 : box.top - height - 10;
    element.style.transform = `translate(${left}px, ${covers ? below : top}px)`;
  }

  store.subscribe(["pointed", "frames", "show", "prediction"], () => {
    if (state.pointed || !element.hidden) loop.request(draw);
  });
}
