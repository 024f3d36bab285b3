/**
 * The strip of a wide layer: small buttons, to scroll through, for the neurons that have no place
 * in the scene. Only those in sight are drawn.
 */

import { make } from "../shell/dom.js";
import { buildPicture, light, nameNeuron } from "./neuron.view.js";

/** @import { Picture } from "./neuron.view.js" */

/**
 * @param {number} layer
 * @param {number[]} neurons in the strip
 * @param {[number, number] | null} size of their pictures, in the first layer
 * @param {string[] | null} classes if they are outputs
 */
export function createStrip(layer, neurons, size, classes) {
  const element = make("ol", "strip");
  element.dataset.testid = "strip";
  element.setAttribute(
    "aria-label",
    "Choose one of the other neurons of this layer to show it above",
  );
  /** @type {Map<HTMLElement, Picture | null>} */
  const pictures = new Map();
  /** @type {Set<HTMLElement>} */
  const inSight = new Set();
  /** @type {(neuron: number, picture: Picture) => void} */
  let paint = () => {};
  /** @type {(neuron: number) => number | undefined} */
  let lit = () => 0;

  neurons.forEach((neuron, place) => {
    const row = make("li", "row");
    const button = make("button", "neuron");
    button.type = "button";
    button.tabIndex = place === 0 ? 0 : -1;
    label(button, neuron);
    row.append(button);
    element.append(row);
    pictures.set(button, null);
  });

  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const button = /** @type {HTMLElement} */ (target);
      if (isIntersecting) inSight.add(button);
      else inSight.delete(button);
    }
    drawInSight();
  });
  for (const button of pictures.keys()) observer.observe(button);

  function drawInSight() {
    for (const button of inSight) {
      light(/** @type {HTMLElement} */ (button.parentElement), lit(Number(button.dataset.neuron)));
      if (!size) continue;
      const picture = pictures.get(button) ?? buildPicture(button, size);
      pictures.set(button, picture);
      paint(Number(button.dataset.neuron), picture);
    }
  }

  /** @param {HTMLElement} button @param {number} neuron */
  function label(button, neuron) {
    nameNeuron(button, layer, neuron, classes);
    if (classes) button.textContent = classes[neuron] ?? String(neuron);
  }

  return {
    element,
    /**
     * Draws the pictures of the neurons in sight, and of others when they come into sight.
     * @param {(neuron: number, picture: Picture) => void} draw
     */
    paint(draw) {
      paint = draw;
      drawInSight();
    },
    /** @param {(neuron: number) => number | undefined} lightOf how active a neuron is, 0 … 1 */
    light(lightOf) {
      lit = lightOf;
      drawInSight();
    },
    /**
     * Replaces a neuron that goes into the scene by the one that leaves it.
     * @param {number} gone
     * @param {number} come
     */
    exchange(gone, come) {
      const button = [...pictures.keys()].find(({ dataset }) => Number(dataset.neuron) === gone);
      if (!button) return;
      label(button, come);
      drawInSight();
    },
    dispose: () => observer.disconnect(),
  };
}
