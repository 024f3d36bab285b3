/**
 * The two pictures at the left: the image, or how the cost changes with its pixels; and the weights of
 * the chosen neuron of the first layer, or how the cost changes with them.
 */

import { byId, contextOf, setText } from "../shell/dom.js";
import { chooseNeuron } from "./inside.state.js";
import { hover } from "./marks.js";
import { markOf } from "./names.pure.js";
import { neuronOn } from "./path.pure.js";
import { shadesOf } from "./shades.pure.js";
import { shownAt } from "./shown.pure.js";
import { numbersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { InsideStore } from "./inside.state.js"
 * @import { Scene } from "./scene.pure.js"
 * @import { Lit } from "./shown.pure.js"
 */

/** @param {InsideStore} own */
export function createImages(own) {
  const { state } = own;
  const above = byId("inside-image");
  const below = byId("inside-weights");

  for (const part of [above, below]) {
    part.addEventListener("pointermove", (event) => {
      const pixel = pixelUnder(part, event);
      hover(own, pixel === null ? null : markOfPixel(part, pixel));
    });
    part.addEventListener("pointerleave", () => hover(own, null));
    part.addEventListener("click", (event) => {
      const pixel = pixelUnder(part, event);
      if (pixel !== null) chooseNeuron(own, -1, pixel);
    });
  }

  /** What the picture at the top shows. */
  const topTensor = () => (state.walk?.steps[state.step].tensor === "C_over_x" ? "C_over_x" : "x");

  /** @param {HTMLElement} part @param {number} pixel */
  function markOfPixel(part, pixel) {
    const { walk, step, path } = state;
    if (!walk || part === above) return markOf(topTensor(), pixel);
    return markOf(shownAt(walk, step)[0].weights, neuronOn(path, 0), pixel);
  }

  /** @param {HTMLElement} part @param {MouseEvent} event @returns {number | null} */
  function pixelUnder(part, { clientX, clientY }) {
    const { left, top, width, height } = canvasOf(part).getBoundingClientRect();
    const [rows, columns] = state.walk?.imageShape ?? [1, 1];
    const x = Math.floor(((clientX - left) / width) * columns);
    const y = Math.floor(((clientY - top) / height) * rows);
    return x >= 0 && y >= 0 && x < columns && y < rows ? y * columns + x : null;
  }

  /** @param {Scene} scene */
  function place(scene) {
    for (const [part, { x, y, width, height }] of /** @type {const} */ ([
      [above, scene.image],
      [below, scene.below],
    ])) {
      Object.assign(part.style, { left: `${x}px`, top: `${y}px`, width: `${width}px` });
      part.style.setProperty("--high", `${height}px`);
    }
  }

  function draw() {
    const { walk, step, path } = state;
    if (!walk) return;
    const [rows, columns] = walk.imageShape;
    const top = topTensor();
    paint(above, top, numbersOf(walk, top));
    const { weights } = shownAt(walk, step)[0];
    const neuron = neuronOn(path, 0);
    const inputs = rows * columns;
    const row = numbersOf(walk, weights).subarray(neuron * inputs, (neuron + 1) * inputs);
    paint(below, weights, row);
    setText(byId("inside-image-name"), top === "x" ? "x, the image" : "∂C/∂x");
    const letter = weights === "weights.0" ? "W" : "∂C/∂W";
    setText(byId("inside-weights-name"), `${letter} of neuron ${subscriptOf(walk, 0, neuron)}`);
    for (const part of [above, below]) ring(part, "chosen", neuronOn(path, -1));
  }

  /** @param {HTMLElement} part @param {string} tensor @param {ArrayLike<number>} values */
  function paint(part, tensor, values) {
    const { walk, theme } = state;
    if (!walk) return;
    const [rows, columns] = walk.imageShape;
    const canvas = canvasOf(part);
    Object.assign(canvas, { width: columns, height: rows });
    const context = contextOf(canvas);
    const pixels = context.createImageData(columns, rows);
    const shade = shadesOf(tensor, values, theme);
    for (let i = 0; i < values.length; i += 1) pixels.data.set([...shade(values[i]), 255], 4 * i);
    context.putImageData(pixels, 0, 0);
  }

  /** Puts a ring around a pixel. @param {HTMLElement} part @param {string} name @param {number | null} pixel */
  function ring(part, name, pixel) {
    const mark = part.querySelector(`i.${name}`);
    if (!(mark instanceof HTMLElement) || !state.walk) return;
    mark.hidden = pixel === null;
    const [rows, columns] = state.walk.imageShape;
    if (pixel === null) return;
    mark.style.left = `${(100 * (pixel % columns)) / columns}%`;
    mark.style.top = `${(100 * Math.floor(pixel / columns)) / rows}%`;
    mark.style.width = `${100 / columns}%`;
    mark.style.height = `${100 / rows}%`;
  }

  /** @param {Lit} lit */
  function light({ image, edges }) {
    const pixel = image?.pixel ?? null;
    ring(above, "lit", pixel);
    ring(below, "lit", edges?.layer === 0 ? pixel : null);
    above.classList.toggle("lit-all", image !== null && pixel === null);
    below.classList.toggle("lit-all", edges?.layer === 0 && pixel === null);
  }

  return { place, draw, light };
}

/** @param {HTMLElement} part @returns {HTMLCanvasElement} */
function canvasOf(part) {
  const canvas = part.querySelector("canvas");
  if (!canvas) throw new Error("the view has no canvas here");
  return canvas;
}
