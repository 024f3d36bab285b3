/** The formulas on the way forward: weighted inputs, and activations. */

import { formatFigure } from "../shell/format.pure.js";
import { appliedTo, titleOf, writtenOf } from "./functions.pure.js";
import { markOf } from "./names.pure.js";
import { neuronOn } from "./path.pure.js";
import { figure, largest, letter, MOST, plainText } from "./terms.pure.js";
import { cellOf, inputName, lastLayer, neuronWords, numbersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { Path } from "./path.pure.js"
 * @import { Kind } from "./steps.pure.js"
 * @import { Formula, Row } from "./terms.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** @param {Kind} kind @param {Walk} walk @param {number} layer @param {Path} path @returns {Formula | null} */
export function forward(kind, walk, layer, path) {
  const neuron = neuronOn(path, layer);
  if (kind === "sum") return weightedInput(walk, layer, neuron);
  if (kind !== "activation") return null;
  return walk.functions[layer] === "softmax"
    ? probability(walk, layer, neuron)
    : activationOf(walk, layer, neuron);
}

/** @param {Walk} walk @param {number} layer @param {number} neuron @returns {Formula} */
function weightedInput(walk, layer, neuron) {
  const [z, w, a, b] = [`z.${layer}`, `weights.${layer}`, inputName(layer), `biases.${layer}`];
  const name = subscriptOf(walk, layer, neuron);
  const inputs = numbersOf(walk, a);
  /** @type {Row[]} */
  const terms = Array.from(inputs, (input, k) => {
    const weight = cellOf(walk, w, neuron, k);
    return {
      label: termName(walk, layer - 1, k),
      parts: [figure(weight, markOf(w, neuron, k)), plainText(" · "), figure(input, markOf(a, k))],
      value: weight * input,
      choose: { layer, neuron, cell: k },
    };
  });
  const { rows, rest, sum } = largest(terms, MOST);
  const bias = numbersOf(walk, b)[neuron];
  const x = layer === 0 ? "x" : "a";
  return {
    title: `The weighted input of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("z", name, markOf(z, neuron)),
      plainText(" = Σ "),
      letter("W", `${name},k`, markOf(w, neuron)),
      plainText(" · "),
      letter(x, "k", markOf(a)),
      plainText(" + "),
      letter("b", name, markOf(b, neuron)),
    ],
    rows,
    rest,
    after: {
      label: "its bias",
      parts: [letter("b", name, markOf(b, neuron))],
      value: bias,
      choose: { layer, neuron, cell: null },
    },
    result: [letter("z", name, markOf(z, neuron))],
    value: sum + bias,
    words:
      layer === 0
        ? "Each pixel is multiplied by its own weight, and all of it is added up. A dark pixel is 0: it adds nothing, whatever its weight."
        : "Each activation of the layer before is multiplied by its own weight, and all of it is added up with the bias.",
  };
}

/** A term's neuron, short. @param {Walk} walk @param {number} layer @param {number} index */
export function termName(walk, layer, index) {
  const name = subscriptOf(walk, layer, index);
  if (layer < 0) return neuronWords(walk, layer, index).replace("the pixel in ", "");
  return layer === lastLayer(walk) ? `output ${name}` : `neuron ${name}`;
}

/** @param {Walk} walk @param {number} layer @param {number} neuron @returns {Formula} */
function activationOf(walk, layer, neuron) {
  const z = numbersOf(walk, `z.${layer}`)[neuron];
  const name = subscriptOf(walk, layer, neuron);
  const kind = walk.functions[layer];
  const marks = { z: markOf(`z.${layer}`, neuron), a: markOf(`activations.${layer}`, neuron) };
  const [before, after] = writtenOf(kind, "\0").split("\0");
  return {
    title: `The activation of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("a", name, marks.a),
      plainText(` = ${before}`),
      letter("z", name, marks.z),
      plainText(kind === "leaky-relu" ? `, 0.01 · z)` : after),
    ],
    rows: [
      {
        label: titleOf(kind),
        parts: [
          plainText(before),
          { ...figure(z, marks.z), text: formatFigure(z) },
          plainText(kind === "leaky-relu" ? ", …)" : after),
        ],
        value: appliedTo(kind, z),
      },
    ],
    rest: null,
    result: [letter("a", name, marks.a)],
    value: appliedTo(kind, z),
    words: FUNCTION_WORDS[kind] ?? "",
  };
}

/** @type {Record<string, string>} */
const FUNCTION_WORDS = {
  sigmoid:
    "The sigmoid squashes any z between 0 and 1: far below 0 it is nearly 0, far above it nearly 1.",
  tanh: "tanh squashes any z between −1 and 1.",
  relu: "ReLU lets a positive z through as it is and makes 0 of a negative one: then the neuron is off.",
  "leaky-relu": "A positive z goes through as it is; of a negative one a hundredth is left.",
  identity: "z goes through as it is.",
};

/** @param {Walk} walk @param {number} layer @param {number} neuron @returns {Formula} */
function probability(walk, layer, neuron) {
  const z = numbersOf(walk, `z.${layer}`);
  const most = Math.max(...z);
  const name = subscriptOf(walk, layer, neuron);
  const powers = Array.from(z, (each) => Math.exp(each - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const { rows, rest } = largest(
    powers.map((power, i) => ({
      label: termName(walk, layer, i),
      parts: [
        plainText("e^("),
        { text: formatFigure(z[i]), mark: markOf(`z.${layer}`, i) },
        plainText(` − ${formatFigure(most)})`.replace("− −", "+ ")),
      ],
      value: power,
    })),
    MOST,
  );
  return {
    title: `The activation of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("a", name, markOf(`activations.${layer}`, neuron)),
      plainText(" = e^"),
      letter("z", name, markOf(`z.${layer}`, neuron)),
      plainText(" ÷ Σ e^"),
      letter("z", "j", markOf(`z.${layer}`)),
    ],
    rows,
    rest,
    after: {
      label: "this output’s share",
      parts: [plainText(`${formatFigure(powers[neuron])} ÷ ${formatFigure(total)}`)],
      value: powers[neuron] / total,
    },
    result: [letter("a", name, markOf(`activations.${layer}`, neuron))],
    value: powers[neuron] / total,
    words:
      "Softmax makes probabilities of the ten z: all are positive, and together they are 1. The largest z is subtracted from each first, which changes no share.",
  };
}
