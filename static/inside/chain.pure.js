/**
 * The chain rule for one parameter: the factors from the cost back to it, whose product is its element
 * of the gradient, and what a nudge of it does to the cost.
 *
 * @typedef {object} Factor
 * @property {string} label
 * @property {Part} letter
 * @property {number} value
 * @property {Row[]} terms of a factor that is a sum, the largest ones
 * @property {{ count: number, value: number } | null} rest of that sum
 *
 * @typedef {object} Chain
 * @property {Factor[]} factors from the cost to the parameter
 * @property {number} product of them
 * @property {number} slope the gradient's element
 * @property {Part} letter of the parameter's slope
 * @property {string} why it is 0, in words, if it is
 */

import { costOf } from "../network/cost.pure.js";
import { forward } from "../network/forward.pure.js";
import { nudged } from "../slope/nudge.pure.js";
import { formulaOf } from "./formula.pure.js";
import { slopeOf, titleOf } from "./functions.pure.js";
import { markOf } from "./names.pure.js";
import { along, firstPath } from "./path.pure.js";
import { kindOf } from "./steps.pure.js";
import { letter } from "./terms.pure.js";
import {
  inputName,
  lastLayer,
  neuronWords,
  numbersOf,
  parameterOf,
  parametersOf,
  subscriptOf,
} from "./walk.pure.js";

/**
 * @import { LayerTensors } from "../network/model.pure.js"
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Part, Row } from "./terms.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** @param {Walk} walk @param {Pointed} followed @returns {Chain} */
export function chainOf(walk, followed) {
  const { layer, neuron, cell } = followed;
  const factors = [...toWeightedInput(walk, followed), last(walk, followed)];
  const to = subscriptOf(walk, layer, neuron);
  const own =
    cell === null
      ? letter("∂C/∂b", to, markOf(`gradient.biases.${layer}`, neuron))
      : letter(
          "∂C/∂W",
          `${to};${subscriptOf(walk, layer - 1, cell)}`,
          markOf(`gradient.weights.${layer}`, neuron, cell),
        );
  return {
    factors,
    product: factors.reduce((product, { value }) => product * value, 1),
    slope: parameterOf(walk, followed).slope,
    letter: own,
    why: whyZero(walk, followed, factors),
  };
}

/** The factors up to ∂C/∂z of the parameter's neuron. @param {Walk} walk @param {Pointed} followed @returns {Factor[]} */
function toWeightedInput(walk, followed) {
  const { layer, neuron } = followed;
  const name = subscriptOf(walk, layer, neuron);
  const words = neuronWords(walk, layer, neuron);
  const z = markOf(`C_over_z.${layer}`, neuron);
  const step = walk.steps.findIndex(({ tensor }) => tensor === z.tensor);
  const kind = step < 0 ? "other" : kindOf(walk, step);
  if (kind !== "product") {
    const value = numbersOf(walk, z.tensor)[neuron];
    const label = kind === "error" ? `${words}: what it is − what it should be` : `of ${words}`;
    return [{ label, letter: letter("∂C/∂z", name, z), value, terms: [], rest: null }];
  }
  const a = markOf(`C_over_activations.${layer}`, neuron);
  const slope = slopeOf(walk.functions[layer]);
  return [
    { ...fromAfter(walk, followed), letter: letter("∂C/∂a", name, a) },
    {
      label: `slope of ${titleOf(walk.functions[layer])} at its z`,
      letter: letter(slope.name, name, markOf(`z.${layer}`, neuron)),
      value: slope.of(numbersOf(walk, `z.${layer}`)[neuron]),
      terms: [],
      rest: null,
    },
  ];
}

/** ∂C/∂a of the neuron: from the neurons after it, or from the cost itself. @param {Walk} walk @param {Pointed} followed @returns {Omit<Factor, "letter">} */
function fromAfter(walk, followed) {
  const { layer, neuron } = followed;
  const tensor = `C_over_activations.${layer}`;
  const value = numbersOf(walk, tensor)[neuron];
  const words = neuronWords(walk, layer, neuron);
  if (layer === lastLayer(walk))
    return { label: `how the cost changes with ${words}`, value, terms: [], rest: null };
  const step = walk.steps.findIndex((each) => each.tensor === tensor);
  const path = along(firstPath(walk), followed);
  const { rows, rest } = formulaOf(walk, step, path, followed);
  const after = layer + 1 === lastLayer(walk) ? "the outputs" : `layer ${layer + 2}`;
  return { label: `${words}: a sum over ${after}`, value, terms: rows, rest };
}

/** How z changes with the parameter. @param {Walk} walk @param {Pointed} followed @returns {Factor} */
function last(walk, { layer, cell }) {
  const common = { terms: [], rest: null };
  if (cell === null)
    return { label: "a bias is added as it is", letter: letter("1", ""), value: 1, ...common };
  const a = inputName(layer);
  return {
    label: `it weighs ${neuronWords(walk, layer - 1, cell)}`,
    letter: letter(layer === 0 ? "x" : "a", subscriptOf(walk, layer - 1, cell), markOf(a, cell)),
    value: numbersOf(walk, a)[cell],
    ...common,
  };
}

/** @param {Walk} walk @param {Pointed} followed @param {Factor[]} factors @returns {string} */
function whyZero(walk, { layer, cell }, factors) {
  if (factors[factors.length - 1].value === 0)
    return layer === 0 && cell !== null
      ? "The pixel is dark: whatever the weight is, it is multiplied by 0. So it is not nudged."
      : "The neuron that the weight comes from is off: its activation is 0. So the weight is not nudged.";
  if (factors.length === 3 && factors[1].value === 0)
    return `The slope of ${titleOf(walk.functions[layer])} is 0 here: the neuron is off, and a small nudge leaves it off.`;
  return factors[0].value === 0 ? "Nothing of the cost comes back to this neuron." : "";
}

/** The cost of the walk's image with other parameters. @param {Walk} walk @param {LayerTensors[]} layers @param {ArrayLike<number>} [image] @param {number} [truth] */
export function costWith(walk, layers, image = numbersOf(walk, "x"), truth = walk.truth) {
  const spec = { activation: walk.functions.slice(0, -1), output: walk.output, cost: walk.cost };
  const activations = forward(layers, spec, Array.from(image));
  return costOf(activations[activations.length - 1], truth, spec);
}

/**
 * How a nudge of one parameter changes the cost of the walk's image.
 * @param {Walk} walk
 * @param {Pointed} followed
 * @param {number} amount
 * @returns {{ predicted: number, measured: number }}
 */
export function nudgedCost(walk, followed, amount) {
  const layers = /** @type {any} */ (parametersOf(walk));
  const { index, slope } = parameterOf(walk, followed);
  const before = costWith(walk, layers);
  const after = costWith(walk, nudged(layers, index, amount));
  return { predicted: slope * amount, measured: after - before };
}
