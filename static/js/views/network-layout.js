/** Builds the network's elements: a column for each layer, a button with a canvas for each neuron. */

import { make } from "../dom.js";
import { pictureShape } from "../pure/datasets.js";
import { formatCount } from "../pure/format.js";

/** Wider hidden layers show their first neurons only: more than these nobody could tell apart. */
export const NEURONS_SHOWN = 64;

/**
 * @typedef {object} NeuronView
 * @property {HTMLElement} row
 * @property {CanvasRenderingContext2D} context
 * @property {ImageData} image
 * @property {Uint32Array} pixels of the image
 * @property {HTMLElement} bias
 * @property {HTMLElement | null} bar of an output
 * @property {HTMLElement | null} figure of an output
 *
 * @typedef {{ neurons: NeuronView[], scaleText: HTMLElement }} LayerView
 */

/**
 * @param {HTMLElement} scene is emptied
 * @param {number[][]} shapes of the weights: (neurons, inputs) of each layer
 * @param {number[] | null} inputShape
 * @param {string[]} classes
 * @returns {LayerView[]}
 */
export function buildLayers(scene, shapes, inputShape, classes) {
  scene.replaceChildren();
  // How much of the width the pictures may take: the more layers, the less.
  scene.style.setProperty("--share", String(shapes.length <= 3 ? 46 : shapes.length === 4 ? 38 : 30));
  return shapes.map((shape, index) => {
    const outputs = index === shapes.length - 1 ? classes : null;
    return buildLayer(scene, shape, index, inputShape, outputs);
  });
}

/**
 * @param {HTMLElement} scene
 * @param {number[]} shape
 * @param {number} index
 * @param {number[] | null} inputShape
 * @param {string[] | null} outputs the classes, for the last layer
 * @returns {LayerView}
 */
function buildLayer(scene, [neurons, inputs], index, inputShape, outputs) {
  const pictures = index === 0;
  const shown = outputs ? neurons : Math.min(neurons, NEURONS_SHOWN);
  const element = make("section", `layer ${pictures ? "layer-pictures" : "layer-rows"}`);
  if (outputs) element.classList.add("layer-outputs");
  const title = outputs ? "Output" : `Layer ${index + 1}`;
  element.setAttribute("aria-label", `${title}: ${neurons} neurons`);
  const scaleText = make("p");
  element.append(buildHead(title, neurons, shown, inputs, scaleText));
  const columns = shown <= 8 ? 1 : shown <= 16 ? 2 : shown <= 32 ? 4 : 6;
  element.style.setProperty("--columns", String(columns));
  element.style.setProperty("--rows", String(Math.ceil(shown / columns)));
  const list = make("ol", "neurons");
  const [rows, width] = pictures ? pictureShape(inputs, inputShape) : [1, inputs];
  element.style.setProperty("--aspect", String(width / rows));
  const views = Array.from({ length: shown }, (_, neuron) => {
    const view = buildNeuron(index, neuron, [rows, width], outputs?.[neuron] ?? null, outputs !== null);
    list.append(view.row);
    return view;
  });
  element.append(list);
  scene.append(element);
  return { neurons: views, scaleText };
}

/**
 * @param {string} title
 * @param {number} neurons
 * @param {number} shown
 * @param {number} inputs
 * @param {HTMLElement} scaleText
 */
function buildHead(title, neurons, shown, inputs, scaleText) {
  const head = make("header", "layer-head");
  const some = shown < neurons ? `, ${shown} shown` : "";
  head.append(
    make("h3", "", title),
    make("p", "", `${formatCount(neurons)} × ${formatCount(inputs)} weights${some}`),
    scaleText,
  );
  return head;
}

/**
 * @param {number} layer
 * @param {number} neuron
 * @param {[number, number]} size rows and columns of its picture
 * @param {string | null} name of its class
 * @param {boolean} isOutput
 * @returns {NeuronView}
 */
function buildNeuron(layer, neuron, [height, width], name, isOutput) {
  const row = make("li", "row");
  const button = make("button", "neuron");
  button.type = "button";
  button.dataset.layer = String(layer);
  button.dataset.neuron = String(neuron);
  button.tabIndex = neuron === 0 ? 0 : -1;
  button.setAttribute("aria-label", isOutput ? `Output for ${name ?? neuron}` : `Layer ${layer + 1}, neuron ${neuron + 1}`);
  button.setAttribute("aria-describedby", "inspector");
  if (layer === 0) button.dataset.testid = "weight-tile";
  const canvas = make("canvas");
  canvas.width = width;
  canvas.height = height;
  const bias = make("i", "bias");
  button.append(canvas, bias);
  row.append(button, make("i", "dot"));
  const { bar, figure } = isOutput ? buildOutput(row, name ?? String(neuron)) : { bar: null, figure: null };
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  return { row, context, image, pixels: new Uint32Array(image.data.buffer), bias, bar, figure };
}

/** @param {HTMLElement} row @param {string} name */
function buildOutput(row, name) {
  const output = make("div", "output");
  const track = make("div", "bar");
  const bar = make("i");
  const figure = make("span");
  track.append(bar);
  output.append(make("b", "", name), track, figure);
  output.querySelector("b").title = name;
  row.append(output);
  return { bar, figure };
}
