/** Draws what need not move smoothly in the scene: activations, biases, outputs, scales, strips. */

import { colourAt, RAMPS, scaleOf } from "../shell/colour.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount, formatFigure, formatShort } from "../shell/format.pure.js";
import { PAD_COLOURS, pictureCanvas } from "../shell/picture.js";
import { lightOf } from "./activations.pure.js";
import { activationName } from "./neuron.pure.js";
import { light, paintPicture } from "./neuron.view.js";

/**
 * @import { Spec } from "../form/fields.pure.js"
 * @import { LayerModel, LayerTensors } from "./model.pure.js"
 * @import { LayerView } from "./scene.view.js"
 * @import { Shown } from "./shown.js"
 * @import { Theme } from "../shell/colour.pure.js"
 */

/**
 * Shows how active each neuron is, and the values of the outputs.
 * @param {LayerView[]} views
 * @param {LayerModel[]} model
 * @param {Pick<Shown, "reading" | "truth" | "lit">} shown with a truth the errors are shown, too
 * @param {Spec | undefined} spec
 */
export function drawLights(views, model, { reading, truth, lit }, spec) {
  views.forEach(({ slots, strip }, i) => {
    const { neurons, shown } = model[i];
    const given = i < lit ? reading?.activations[i] : undefined;
    const activations = given?.length === neurons ? given : null;
    const lights = activations
      ? lightOf(activations, activationName(spec, i, i === views.length - 1))
      : [];
    slots.forEach(({ row, bar, error, figure }, slot) => {
      const neuron = shown[slot];
      light(row, lights[neuron]);
      if (!bar || !error || !figure) return;
      const value = activations?.[neuron];
      const share = Math.max(0, Math.min(1, value ?? 0));
      bar.style.setProperty("--share", String(share));
      drawError(
        error,
        share,
        truth === null || value === undefined ? null : Number(truth === neuron),
      );
      setText(figure, value === undefined ? "" : formatShort(value));
      row.dataset.read = String(lit >= views.length && reading?.digit === neuron);
    });
    strip?.light((neuron) => lights[neuron]);
  });
}

/**
 * Draws the error of an output: from its value to what it should be.
 * @param {HTMLElement} element
 * @param {number} share of the bar
 * @param {number | null} goal
 */
function drawError(element, share, goal) {
  element.hidden = goal === null;
  if (goal === null) return;
  element.dataset.sign = goal > share ? "positive" : "negative"; // how the output should change
  element.style.setProperty("--from", String(Math.min(share, goal)));
  element.style.setProperty("--size", String(Math.abs(goal - share)));
}

/**
 * Draws the image as the network sees it, or clears the canvas if nothing is drawn.
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} image 0–1, row by row
 * @param {[number, number]} size rows and columns
 */
export function drawImage(canvas, image, [rows, columns]) {
  setText(byId("scene-image-title"), `${formatCount(rows * columns)} pixels`);
  const seen = image.length === rows * columns ? image : new Float32Array(rows * columns);
  pictureCanvas(seen, rows, columns, PAD_COLOURS, canvas);
}

/**
 * Says which value has the full colour, in each layer.
 * @param {LayerModel[]} model
 * @param {boolean} known
 */
export function drawScales(model, known) {
  const scales = model.map(({ scale }) => `±${formatFigure(scale, 2)}`).join(", ");
  setText(byId("legend-scales"), known ? `full colour ${scales}` : "");
}

/**
 * Colours each neuron's bias mark by its bias, or by the nudge that the bias will get.
 * @param {LayerView[]} views
 * @param {LayerModel[]} model
 * @param {LayerTensors[]} layers
 * @param {number} sign
 * @param {Theme} theme
 */
export function drawBiases(views, model, layers, sign, theme) {
  views.forEach(({ slots }, i) => {
    const biases = layers[i]?.biases.values;
    const scale = biases ? scaleOf(biases) / 2 : 1;
    slots.forEach(({ bias }, slot) => {
      const share = (sign * (biases?.[model[i].shown[slot]] ?? 0)) / scale;
      const step = Math.round(16 * Math.max(-1, Math.min(1, share || 0)));
      const colour = `${theme} ${step}`;
      if (bias.dataset.colour === colour) return;
      bias.dataset.colour = colour;
      bias.style.setProperty("--bias", `rgb(${colourAt(RAMPS[theme], step / 16).join(" ")})`);
    });
  });
}

/**
 * Draws the pictures of the neurons in the first layer's strip.
 * @param {LayerView[]} views
 * @param {LayerModel[]} model
 * @param {LayerTensors[]} layers
 * @param {{ sign: number, colours: Uint32Array, inputs: number[] | null }} look
 */
export function drawStrips([first], [model], [layer], { sign, colours, inputs }) {
  const values = layer?.weights.values;
  if (!values) return;
  const row = new Float32Array(model.inputs);
  first.strip?.paint((neuron, picture) => {
    const start = neuron * row.length;
    for (let k = 0; k < row.length; k += 1)
      row[k] = sign * values[start + k] * (inputs ? inputs[k] : 1);
    paintPicture(picture, row, 0, model.scale || 1, colours);
  });
}
