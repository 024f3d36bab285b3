/** Builds the scene's elements: a section for each layer, with a button for each neuron. */

import { byId, make } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { buildBefore, buildHead } from "./layer-head.view.js";
import { buildPicture, nameNeuron } from "./neuron.view.js";
import { createStrip } from "./strip.view.js";

/**
 * @import { Box, Layout } from "./layout.pure.js"
 * @import { Picture } from "./neuron.view.js"
 */

/**
 * @typedef {object} Slot a place in the scene, which shows one neuron
 * @property {HTMLElement} row
 * @property {HTMLElement} button
 * @property {Picture | null} picture of its weights, in the first layer
 * @property {HTMLElement} bias
 * @property {HTMLElement | null} name of an output's class
 * @property {HTMLElement | null} bar of an output
 * @property {HTMLElement | null} error from the output to the truth, where that is known
 * @property {HTMLElement | null} figure of an output
 *
 * @typedef {object} LayerView
 * @property {HTMLElement} element
 * @property {HTMLElement} before the button that adds a layer before this one
 * @property {HTMLElement} head
 * @property {Slot[]} slots
 * @property {ReturnType<typeof createStrip> | null} strip of the neurons that have no slot
 *
 * @typedef {object} Anatomy
 * @property {number[][]} shapes of the weights: (neurons, inputs) of each layer
 * @property {number[]} samples how many neurons of each layer are shown
 * @property {[number, number]} picture rows and columns of the image
 * @property {string[]} classes
 * @property {boolean} longNames
 */

/**
 * @param {Anatomy} anatomy
 * @returns {LayerView[]}
 */
export function buildScene(anatomy) {
  const views = anatomy.shapes.map((_, index) => buildLayer(anatomy, index));
  byId("layers").replaceChildren(...views.map(({ element }) => element));
  return views;
}

/**
 * @param {Anatomy} anatomy
 * @param {number} index
 * @returns {LayerView}
 */
function buildLayer({ shapes, samples, picture, classes, longNames }, index) {
  const [neurons] = shapes[index];
  const isOutput = index === shapes.length - 1;
  const title = isOutput ? "Output" : `Layer ${index + 1}`;
  const element = make("section", `layer ${index === 0 ? "layer-pictures" : "layer-circles"}`);
  element.setAttribute("aria-label", `${title}: ${neurons} neurons`);
  if (isOutput) element.classList.add("layer-outputs");
  if (longNames) element.classList.add("long-names");
  const wide = samples[index] < neurons;
  const count = formatCount(neurons) + (wide ? ` (${samples[index]} shown)` : "");
  const head = buildHead(index, title, count, isOutput);
  const list = make("ol", "neurons");
  const slots = Array.from({ length: samples[index] }, (_, place) => {
    const slot = buildSlot(index === 0 ? picture : null, isOutput);
    slot.button.tabIndex = place === 0 ? 0 : -1;
    nameNeuron(slot.button, index, place, isOutput ? classes : null);
    nameOutput(slot, place, classes);
    list.append(slot.row);
    return slot;
  });
  const before = buildBefore(index);
  element.append(before, head, list);
  const rest = Array.from({ length: neurons - samples[index] }, (_, i) => samples[index] + i);
  const strip = wide
    ? createStrip(index, rest, index === 0 ? picture : null, isOutput ? classes : null)
    : null;
  if (strip) element.append(strip.element);
  return { element, before, head, slots, strip };
}

/**
 * @param {[number, number] | null} size rows and columns of its picture
 * @param {boolean} isOutput
 * @returns {Slot}
 */
function buildSlot(size, isOutput) {
  const row = make("li", "row");
  const button = make("button", "neuron");
  button.type = "button";
  const bias = make("i", "bias");
  const picture = size ? buildPicture(button, size) : null;
  button.append(bias);
  row.append(button);
  if (!isOutput)
    return { row, button, picture, bias, name: null, bar: null, error: null, figure: null };
  const output = make("div", "output");
  const track = make("div", "bar");
  const bar = make("i");
  const error = make("i", "error");
  const name = make("b");
  const figure = make("span");
  track.append(bar, error);
  output.append(name, track, figure);
  row.append(output);
  return { row, button, picture, bias, name, bar, error, figure };
}

/** @param {Slot} slot @param {number} neuron @param {string[]} classes */
export function nameOutput(slot, neuron, classes) {
  if (!slot.name) return;
  slot.name.textContent = classes[neuron] ?? String(neuron);
  slot.name.title = slot.name.textContent;
}

/**
 * Puts every element in its place.
 * @param {LayerView[]} views
 * @param {Layout} layout
 */
export function placeScene(views, layout) {
  const space = byId("scene-space");
  space.classList.toggle("down", layout.down);
  space.style.width = `${layout.width}px`;
  space.style.minHeight = "0";
  space.style.height = `${layout.height}px`;
  placeBox(byId("scene-image"), layout.image);
  placeBox(byId("story-batch"), layout.batch);
  placeBox(byId("scene-image-title"), { ...layout.image, y: layout.image.y - 20, height: 18 });
  views.forEach(({ element, before, head, slots, strip }, i) => {
    const place = layout.layers[i];
    element.classList.toggle("upright", place.upright);
    placeBox(head, {
      ...place.head,
      x: place.head.x - place.head.width / 2,
      height: layout.down ? 36 : 48,
    });
    placeBox(before, { ...place.before, width: 24, height: 24 });
    if (strip && place.strip) placeBox(strip.element, place.strip);
    slots.forEach(({ row, button }, slot) => {
      const box = place.neurons[slot];
      placeBox(row, { ...box, width: place.rowWidth });
      row.style.setProperty("--circle", `${box.width}px`);
      button.style.width = `${box.width}px`;
      button.style.height = `${box.height}px`;
    });
  });
}

/** @param {HTMLElement} element @param {Box} box */
function placeBox({ style }, { x, y, width, height }) {
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
}
