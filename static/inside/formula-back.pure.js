/** The formulas on the way back, and of the nudge. */

import { formatFigure } from "../shell/format.pure.js";
import { termName } from "./formula-forward.pure.js";
import { nudge } from "./formula-nudge.pure.js";
import { slopeOf } from "./functions.pure.js";
import { letterOf, markOf } from "./names.pure.js";
import { neuronOn } from "./path.pure.js";
import { figure, formatOutput, largest, letter, MOST, plainText } from "./terms.pure.js";
import { cellOf, inputName, neuronWords, numbersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Path } from "./path.pure.js"
 * @import { Kind } from "./steps.pure.js"
 * @import { Formula, Row } from "./terms.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/**
 * @param {Kind} kind
 * @param {Walk} walk
 * @param {string} tensor
 * @param {Path} path
 * @param {Pointed} followed
 * @returns {Formula | null}
 */
export function backward(kind, walk, tensor, path, followed) {
  if (kind === "nudge") return nudge(walk, followed);
  const layer = letterOf(tensor).layer ?? -1;
  const neuron = neuronOn(path, layer);
  if (kind === "back") return back(walk, tensor, layer, neuron);
  if (kind === "product") return product(walk, layer, neuron);
  if (kind === "error") return error(walk, layer, neuron);
  if (kind === "jacobian") return jacobian(walk, layer, neuron);
  if (kind === "weights") return weight(walk, layer, neuron, neuronOn(path, layer - 1));
  return kind === "biases" ? bias(walk, layer, neuron) : null;
}

/** @param {Walk} walk @param {number} layer @param {number} neuron @returns {Formula} */
function product(walk, layer, neuron) {
  const marks = {
    a: markOf(`C_over_activations.${layer}`, neuron),
    z: markOf(`z.${layer}`, neuron),
    result: markOf(`C_over_z.${layer}`, neuron),
  };
  const name = subscriptOf(walk, layer, neuron);
  const slope = slopeOf(walk.functions[layer]);
  const z = numbersOf(walk, `z.${layer}`)[neuron];
  const from = numbersOf(walk, marks.a.tensor)[neuron];
  const value = from * slope.of(z);
  return {
    title: `∂C/∂z of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("∂C/∂z", name, marks.result),
      plainText(" = "),
      letter("∂C/∂a", name, marks.a),
      plainText(` · ${slope.name}(`),
      letter("z", name, marks.z),
      plainText(")"),
    ],
    rows: [
      {
        label: "∂C/∂a, from the line before",
        parts: [letter("∂C/∂a", name, marks.a)],
        value: from,
      },
      {
        label: `the slope ${slope.name}`,
        parts: [
          plainText(`${slope.name}(`),
          { text: formatFigure(z), mark: marks.z },
          plainText(")"),
        ],
        value: slope.of(z),
      },
    ],
    joined: "product",
    rest: null,
    result: [letter("∂C/∂z", name, marks.result)],
    value,
    words: `How the cost changes with this neuron’s weighted input: how it changes with its activation, times how the activation changes with z. ${slope.rule}.`,
  };
}

/** @param {Walk} walk @param {number} layer @param {number} neuron @returns {Formula} */
function error(walk, layer, neuron) {
  const marks = {
    a: markOf(`activations.${layer}`, neuron),
    y: markOf("truth", neuron),
    result: markOf(`C_over_z.${layer}`, neuron),
  };
  const name = subscriptOf(walk, layer, neuron);
  const a = numbersOf(walk, marks.a.tensor)[neuron];
  const y = numbersOf(walk, "truth")[neuron];
  return {
    title: `∂C/∂z of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("∂C/∂z", name, marks.result),
      plainText(" = "),
      letter("a", name, marks.a),
      plainText(" − "),
      letter("y", name, marks.y),
    ],
    rows: [
      {
        label: "in numbers",
        parts: [
          { text: formatOutput(a), mark: marks.a },
          plainText(" − "),
          { text: String(y), mark: marks.y },
        ],
        value: a - y,
      },
    ],
    rest: null,
    result: [letter("∂C/∂z", name, marks.result)],
    value: a - y,
    words:
      "What the output is, minus what it should be. With this cost the slope of the outputs’ function cancels, so the error itself is left.",
  };
}

/** Softmax with squared error: each output depends on every z. @param {Walk} walk @param {number} layer @param {number} neuron @returns {Formula} */
function jacobian(walk, layer, neuron) {
  const a = numbersOf(walk, `activations.${layer}`);
  const from = `C_over_activations.${layer}`;
  const slopes = numbersOf(walk, from);
  const name = subscriptOf(walk, layer, neuron);
  /** @type {Row[]} */
  const terms = Array.from(a, (each, i) => {
    const effect = each * ((i === neuron ? 1 : 0) - a[neuron]);
    return {
      label: termName(walk, layer, i),
      parts: [
        figure(slopes[i], markOf(from, i)),
        plainText(" · "),
        figure(effect, markOf(`activations.${layer}`, i)),
      ],
      value: slopes[i] * effect,
    };
  });
  const { rows, rest, sum } = largest(terms, MOST);
  return {
    title: `∂C/∂z of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("∂C/∂z", name, markOf(`C_over_z.${layer}`, neuron)),
      plainText(" = Σ "),
      letter("∂C/∂a", "i", markOf(from)),
      plainText(" · "),
      letter("∂a", "i", markOf(`activations.${layer}`)),
      letter("/∂z", name, markOf(`z.${layer}`, neuron)),
    ],
    rows,
    rest,
    result: [letter("∂C/∂z", name, markOf(`C_over_z.${layer}`, neuron))],
    value: sum,
    words:
      "With softmax every output depends on this z: more for one is less for the others. All the effects add up.",
  };
}

/** @param {Walk} walk @param {number} layer @param {number} neuron @param {number} cell @returns {Formula} */
function weight(walk, layer, neuron, cell) {
  const a = inputName(layer);
  const marks = {
    result: markOf(`gradient.weights.${layer}`, neuron, cell),
    z: markOf(`C_over_z.${layer}`, neuron),
    a: markOf(a, cell),
  };
  const to = subscriptOf(walk, layer, neuron);
  const from = subscriptOf(walk, layer - 1, cell);
  const x = layer === 0 ? "x" : "a";
  const slope = numbersOf(walk, marks.z.tensor)[neuron];
  const input = numbersOf(walk, a)[cell];
  return {
    title: `∂C/∂W of the weight from ${neuronWords(walk, layer - 1, cell)} to ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("∂C/∂W", `${to};${from}`, marks.result),
      plainText(" = "),
      letter("∂C/∂z", to, marks.z),
      plainText(" · "),
      letter(x, from, marks.a),
    ],
    rows: [
      { label: "∂C/∂z of its neuron", parts: [letter("∂C/∂z", to, marks.z)], value: slope },
      { label: "the activation that it weighs", parts: [letter(x, from, marks.a)], value: input },
    ],
    joined: "product",
    rest: null,
    result: [letter("∂C/∂W", `${to};${from}`, marks.result)],
    value: slope * input,
    words:
      input === 0
        ? `What this weight weighs is 0${layer === 0 ? ": the pixel is dark" : ""}. So the weight had no part in the result, and it is not nudged.`
        : "A weight’s effect on z is as large as the activation that it weighs: bright pixels, large changes.",
  };
}

/** @param {Walk} walk @param {number} layer @param {number} neuron @returns {Formula} */
function bias(walk, layer, neuron) {
  const marks = {
    result: markOf(`gradient.biases.${layer}`, neuron),
    z: markOf(`C_over_z.${layer}`, neuron),
  };
  const name = subscriptOf(walk, layer, neuron);
  const value = numbersOf(walk, marks.z.tensor)[neuron];
  return {
    title: `∂C/∂b of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("∂C/∂b", name, marks.result),
      plainText(" = "),
      letter("∂C/∂z", name, marks.z),
      plainText(" · 1"),
    ],
    rows: [{ label: "∂C/∂z of its neuron", parts: [figure(value, marks.z)], value }],
    rest: null,
    result: [letter("∂C/∂b", name, marks.result)],
    value,
    words:
      "A bias is added to z as it is: one more of it is one more of z. So both have the same slope.",
  };
}

/** ∂C/∂a of a neuron, from the neurons after it. @param {Walk} walk @param {string} tensor @param {number} layer −1: the inputs @param {number} neuron @returns {Formula} */
function back(walk, tensor, layer, neuron) {
  const next = layer + 1;
  const [z, w] = [`C_over_z.${next}`, `weights.${next}`];
  const slopes = numbersOf(walk, z);
  const name = subscriptOf(walk, layer, neuron);
  /** @type {Row[]} */
  const terms = Array.from(slopes, (slope, j) => {
    const weighs = cellOf(walk, w, j, neuron);
    return {
      label: termName(walk, next, j),
      parts: [figure(slope, markOf(z, j)), plainText(" · "), figure(weighs, markOf(w, j, neuron))],
      value: slope * weighs,
      choose: { layer: next, neuron: j, cell: neuron },
    };
  });
  const { rows, rest, sum } = largest(terms, MOST);
  const sign = letterOf(tensor).letter;
  return {
    title: `${sign} of ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter(sign, name, markOf(tensor, neuron)),
      plainText(" = Σ "),
      letter("∂C/∂z", "j", markOf(z)),
      plainText(" · "),
      letter("W", `j;${name}`, markOf(w, null, neuron)),
    ],
    rows,
    rest,
    result: [letter(sign, name, markOf(tensor, neuron))],
    value: sum,
    words:
      layer < 0
        ? "How the cost would change with this pixel. The image is given, so nothing is nudged here: the way back ends."
        : "It has an effect on every neuron after it, each by one weight, and all effects add up. An activation can’t be nudged itself: this is passed on to the layer before.",
  };
}
