/** Brings a neuron of a wide layer from the strip into the scene. */

import { swapIn } from "./model.pure.js";
import { nameNeuron } from "./neuron.view.js";
import { nameOutput } from "./scene.view.js";

/**
 * @import { LayerModel } from "./model.pure.js"
 * @import { LayerView } from "./scene.view.js"
 */

/**
 * @param {LayerView[]} views
 * @param {LayerModel[]} model
 * @param {number} layer
 * @param {number} neuron
 * @param {string[]} classes
 * @returns {boolean} whether it was not in the scene before
 */
export function bringIn(views, model, layer, neuron, classes) {
  const { shown, neurons } = model[layer];
  if (neuron >= neurons || shown.includes(neuron)) return false;
  const { slots, strip } = views[layer];
  const place = shown.length - 1;
  const gone = swapIn(model[layer], neuron, place);
  const slot = slots[place];
  nameNeuron(slot.button, layer, neuron, layer === views.length - 1 ? classes : null);
  nameOutput(slot, neuron, classes);
  const held = strip?.element.contains(document.activeElement);
  strip?.exchange(neuron, gone);
  if (held) slot.button.focus();
  return true;
}
