/** Shows the numbers of the neuron or weight that is pointed at or pinned, as they change. */

import { imagesOf, pictureShape, pixelPlace } from "../runs/images.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { formatFigure, formatSigned } from "../shell/format.pure.js";
import { frameShown } from "../shell/state.js";
import { openTabOf } from "../shell/tabs.js";
import { whyNotApplied } from "../slope/nudge.pure.js";
import { createCloseup } from "./closeup.view.js";
import { activationName, formulaOfA, formulaOfZ, neuronOutput, nudgeWords } from "./neuron.pure.js";
import { layersOf } from "./safetensors.pure.js";

/**
 * @import { Pointed } from "./neuron.pure.js"
 * @import { Layers } from "./safetensors.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createInspectorView(store, loop) {
  const { state } = store;
  const element = byId("inspector");
  const figures = byId("inspector-figures");
  const nudge = byId("inspector-nudge");
  const closeup = createCloseup();
  const mark = make("i", "cell-mark");
  let hasField = false; // in which the pinned parameter's value is typed
  /** @type {Element | null} the button that is marked as pressed */
  let pressed = null;
  /** @type {Pointed | null} what was pinned when the page was last scrolled to it */
  let revealed = null;
  /** @type {Element | null} the button that the inspector describes */
  let described = null;

  function draw() {
    const shown = state.pinned ?? state.pointed;
    const weights = layersOf(frameShown(state, "weights"), "weights");
    const gradient = layersOf(frameShown(state, "gradient"), "gradient");
    const layer = shown ? weights[shown.layer] : undefined;
    const button = shown && layer ? buttonOf(shown) : null;
    press(state.pinned ? button : null);
    describe(button);
    element.hidden = !layer || !button;
    if (!shown || !layer || !button) {
      mark.remove();
      return;
    }
    element.classList.toggle("pinned", state.pinned !== null);
    setText(byId("inspector-title"), titleOf(shown, button, layer.weights.shape[1]));
    closeup.draw(
      rowShown(shown, layer, gradient[shown.layer]),
      shown,
      shapeOf(shown, layer.weights.shape[1]),
      state.theme,
    );
    drawFigures(figuresOf(shown, layer, gradient[shown.layer]));
    drawFormulas(shown, layer, shown.layer === weights.length - 1);
    setText(
      byId("inspector-words"),
      wordsOf(shown, layer, gradient[shown.layer], shown.layer === weights.length - 1),
    );
    setText(nudge, shown.cell === null ? "Nudge the bias" : "Nudge it");
    placeMark(button, shown);
    if (state.pinned && state.pinned !== revealed) button.scrollIntoView({ block: "nearest" });
    revealed = state.pinned;
    if (state.pinned && !hasField && !whyNotApplied(state)) addField();
  }

  async function addField() {
    hasField = true;
    (await import("./typed.view.js")).createTypedView(store, loop);
  }

  /** @param {Pointed} pointed @returns {HTMLElement | null} */
  const buttonOf = ({ layer, neuron }) =>
    byId("scene").querySelector(`[data-layer="${layer}"][data-neuron="${neuron}"]`);

  /** @param {Element | null} button */
  function press(button) {
    if (button === pressed) return;
    pressed?.setAttribute("aria-pressed", "false");
    button?.setAttribute("aria-pressed", "true");
    pressed = button;
  }

  /**
   * Lets a screen reader read the inspector as a button's description.
   * @param {Element | null} button
   */
  function describe(button) {
    if (button === described) return;
    described?.removeAttribute("aria-describedby");
    button?.setAttribute("aria-describedby", "inspector-figures formula-z formula-a");
    described = button;
  }

  /** @param {Pointed} pointed @param {HTMLElement} button @param {number} inputs */
  function titleOf(pointed, button, inputs) {
    const name = button.getAttribute("aria-label") ?? "";
    return pointed.cell === null ? name : `${sourceOf(pointed, inputs)} → ${name}`;
  }

  /**
   * The numbers that the close-up draws, which are those that the scene shows.
   * @param {Pointed} pointed
   * @param {Layers[number]} layer
   * @param {Layers[number] | undefined} gradient
   */
  function rowShown(pointed, layer, gradient) {
    const inputs = layer.weights.shape[1];
    const from = pointed.neuron * inputs;
    const row = (/** @type {Layers[number]} */ { weights }) =>
      weights.values.slice(from, from + inputs);
    if (state.show === "gradient")
      return gradient ? row(gradient).map((value) => -value) : new Float32Array(inputs);
    const x = state.show === "activations" ? inputsOf(pointed, inputs) : null;
    return x ? row(layer).map((value, k) => value * x[k]) : row(layer);
  }

  /**
   * The neuron's inputs for the present drawing, or null.
   * @param {Pointed} pointed
   * @param {number} count
   */
  function inputsOf({ layer }, count) {
    const inputs = layer === 0 ? state.prediction?.image : state.prediction?.activations[layer - 1];
    return inputs?.length === count ? inputs : null;
  }

  /**
   * Rows and columns of the neuron's picture; null for a row of bars, if it doesn't read the image.
   * @param {Pointed} pointed
   * @param {number} inputs
   */
  function shapeOf({ layer }, inputs) {
    return layer === 0 ? pictureShape(inputs, imagesOf(state.run).shape) : null;
  }

  /**
   * @param {Pointed} pointed
   * @param {Layers[number]} layer
   * @param {Layers[number] | undefined} gradient
   * @returns {[string, string][]}
   */
  function figuresOf(pointed, { weights, biases }, gradient) {
    const { neuron, cell } = pointed;
    const inputs = weights.shape[1];
    /** @type {[string, string][]} */
    const rows = [];
    const x = inputsOf(pointed, inputs);
    if (cell !== null) {
      const at = neuron * inputs + cell;
      rows.push(["weight w", formatSigned(weights.values[at])]);
      if (gradient) rows.push(["∂C/∂w", formatSigned(gradient.weights.values[at])]);
      if (x) rows.push([pointed.layer === 0 ? "pixel x" : "input x", formatFigure(x[cell])]);
    }
    rows.push(["bias b", formatSigned(biases.values[neuron])]);
    if (cell === null && gradient)
      rows.push(["∂C/∂b", formatSigned(gradient.biases.values[neuron])]);
    return rows;
  }

  /**
   * The name of the input that a weight belongs to.
   * @param {Pointed} pointed
   * @param {number} inputs
   */
  function sourceOf(pointed, inputs) {
    const cell = Number(pointed.cell);
    const shape = shapeOf(pointed, inputs);
    if (!shape) return `Layer ${pointed.layer} #${cell + 1}`;
    if (shape[0] === 1) return `Input ${cell + 1}`;
    return `Pixel in ${pixelPlace(cell, shape[1])}`;
  }

  /** @param {Pointed} pointed @param {Layers[number]} layer @param {boolean} last */
  function drawFormulas(pointed, { weights, biases }, last) {
    const x = inputsOf(pointed, weights.shape[1]);
    const name = activationName(state.run?.spec, pointed.layer, last);
    const output = x && neuronOutput(weights.values, biases.values, pointed.neuron, x, name);
    setText(byId("formula-z"), output ? formulaOfZ(output) : "z = Σ wₖ·xₖ + b");
    setText(byId("formula-a"), output ? formulaOfA(output, name) : "Draw a digit to see z and a.");
  }

  /**
   * @param {Pointed} pointed
   * @param {Layers[number]} layer
   * @param {Layers[number] | undefined} gradient
   * @param {boolean} last
   */
  function wordsOf({ layer: index, neuron, cell }, { weights }, gradient, last) {
    const at = neuron * weights.shape[1] + Number(cell);
    const slope = cell === null ? gradient?.biases.values[neuron] : gradient?.weights.values[at];
    const then =
      slope === undefined ? "" : ` ${nudgeWords(slope, cell === null ? "bias" : "weight")}`;
    if (cell === null) {
      const raised = then.replace("Raising it", "Raising its bias");
      return `${index === 0 ? "Ink on blue raises z, ink on orange lowers it." : "There is a bar for each weight, from each neuron of the layer before."}${raised}`;
    }
    const names = imagesOf(state.run).class_names;
    const what = last ? `the z of output ${names[neuron] ?? neuron}` : "this neuron's z";
    const source = index === 0 ? "Ink in this pixel" : "A positive activation there";
    return `${source} ${weights.values[at] < 0 ? "lowers" : "raises"} ${what}.${then}`;
  }

  /** @param {[string, string][]} rows */
  function drawFigures(rows) {
    while (figures.children.length > 2 * rows.length) figures.lastChild?.remove();
    rows.forEach(([name, value], i) => {
      if (!figures.children[2 * i]) figures.append(make("dt"), make("dd"));
      setText(figures.children[2 * i], name);
      setText(figures.children[2 * i + 1], value);
    });
  }

  /** @param {HTMLElement} button @param {Pointed} pointed */
  function placeMark(button, { cell }) {
    const canvas = button.querySelector("canvas");
    if (cell === null || !canvas) {
      mark.remove();
      return;
    }
    const width = canvas.offsetWidth / canvas.width;
    const height = canvas.offsetHeight / canvas.height;
    mark.style.left = `${canvas.offsetLeft + (cell % canvas.width) * width}px`;
    mark.style.top = `${canvas.offsetTop + Math.floor(cell / canvas.width) * height}px`;
    mark.style.width = `${width}px`;
    mark.style.height = `${height}px`;
    if (mark.parentElement !== button) button.append(mark);
  }

  /** Goes to the card where the pinned parameter can be nudged. */
  nudge.addEventListener("click", () => {
    openTabOf(store, byId("nudge-card"));
    byId("nudge-card").scrollIntoView({ block: "nearest" });
    byId("nudge-slider").focus();
  });

  store.subscribe(
    ["pointed", "pinned", "frames", "pastEpoch", "measured", "show", "prediction", "theme"],
    () => {
      if (state.pointed || state.pinned || !element.hidden) loop.request(draw);
    },
  );
}
