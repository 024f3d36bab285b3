/** The cost's formulas, and how it changes with the outputs. */

import { termName } from "./formula-forward.pure.js";
import { softplus } from "./functions.pure.js";
import { markOf } from "./names.pure.js";
import { formatOutput, largest, letter, MOST, plainText } from "./terms.pure.js";
import { lastLayer, neuronWords, numbersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { Formula, Part } from "./terms.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

const TINY = 2 ** -1022; // the smallest number that by_hand.py divides by

/** @param {Walk} walk */
function outputsOf(walk) {
  const last = lastLayer(walk);
  return {
    last,
    a: numbersOf(walk, `activations.${last}`),
    z: numbersOf(walk, `z.${last}`),
    y: numbersOf(walk, "truth"),
  };
}

/** @param {Walk} walk @returns {Formula} */
export function costFormula(walk) {
  const { last, a, z, y } = outputsOf(walk);
  const outputs = `activations.${last}`;
  const common = {
    title: "The cost of this image",
    result: [letter("C", "", markOf("cost"))],
  };
  const c = letter("C", "", markOf("cost"));
  if (walk.cost === "squared-error") {
    const terms = Array.from(a, (each, i) => ({
      label: termName(walk, last, i),
      parts: [
        plainText("("),
        { text: formatOutput(each), mark: markOf(outputs, i) },
        plainText(" − "),
        { text: String(y[i]), mark: markOf("truth", i) },
        plainText(")²"),
      ],
      value: (each - y[i]) ** 2,
    }));
    const { rows, rest, sum } = largest(terms, MOST);
    return {
      ...common,
      rule: [
        c,
        plainText(" = Σ ("),
        letter("a", "j", markOf(outputs)),
        plainText(" − "),
        letter("y", "j", markOf("truth")),
        plainText(")²"),
      ],
      rows,
      rest,
      value: sum,
      words:
        "Each output should be 1 for the right class and 0 for the others. Its error is squared, so a large one counts much more than a small one.",
    };
  }
  const right = walk.truth;
  if (walk.output === "softmax") {
    const most = Math.max(...z);
    const value =
      Math.log(Array.from(z, (each) => Math.exp(each - most)).reduce((sum, e) => sum + e, 0)) +
      most -
      z[right];
    return {
      ...common,
      rule: [
        c,
        plainText(" = −ln "),
        letter("a", subscriptOf(walk, last, right), markOf(outputs, right)),
      ],
      rows: [
        {
          label: termName(walk, last, right),
          parts: [
            plainText("−ln "),
            { text: formatOutput(a[right]), mark: markOf(outputs, right) },
          ],
          value,
        },
      ],
      rest: null,
      value,
      words:
        "Only the probability of the right class counts. If it is 1 the cost is 0; the smaller it is, the higher the cost, without limit. The line computes the same from z, which is exact even where a is rounded to 0 or 1.",
    };
  }
  const terms = Array.from(z, (each, i) => ({
    label: termName(walk, last, i),
    parts: [
      plainText("−ln "),
      y[i]
        ? { text: formatOutput(a[i]), mark: markOf(outputs, i) }
        : plainText(`(1 − ${formatOutput(a[i])})`),
    ],
    value: softplus(each) - y[i] * each,
  }));
  const { rows, rest, sum } = largest(terms, MOST);
  return {
    ...common,
    rule: [
      c,
      plainText(" = −Σ ( "),
      letter("y", "j", markOf("truth")),
      plainText(" ln "),
      letter("a", "j", markOf(outputs)),
      plainText(" + (1 − "),
      letter("y", "j", markOf("truth")),
      plainText(") ln (1 − "),
      letter("a", "j", markOf(outputs)),
      plainText(") )"),
    ],
    rows,
    rest,
    value: sum,
    words:
      "Each output answers yes or no for its own class; its term is small when the answer is right.",
  };
}

/** ∂C/∂a of an output. @param {Walk} walk @param {number} neuron @returns {Formula} */
export function costSlope(walk, neuron) {
  const { last, a, y } = outputsOf(walk);
  const [at, aim] = [a[neuron], y[neuron]];
  const tensor = `C_over_activations.${last}`;
  const name = subscriptOf(walk, last, neuron);
  const marks = { a: markOf(`activations.${last}`, neuron), y: markOf("truth", neuron) };
  const letters = { a: letter("a", name, marks.a), y: letter("y", name, marks.y) };
  const numbers = {
    a: { text: formatOutput(at), mark: marks.a },
    y: { text: String(aim), mark: marks.y },
  };
  const { value, write, words } = slopeParts(walk, at, aim);
  return {
    title: `How the cost changes with ${neuronWords(walk, last, neuron)}`,
    rule: [
      letter("∂C/∂a", name, markOf(tensor, neuron)),
      plainText(" = "),
      ...write(letters.a, letters.y),
    ],
    rows: [{ label: "in numbers", parts: write(numbers.a, numbers.y), value }],
    rest: null,
    result: [letter("∂C/∂a", name, markOf(tensor, neuron))],
    value,
    words,
  };
}

/**
 * @param {Walk} walk
 * @param {number} a
 * @param {number} y
 * @returns {{ value: number, words: string, write: (a: Part, y: Part) => Part[] }}
 */
function slopeParts(walk, a, y) {
  const aim = y ? "It should be 1" : "It should be 0";
  if (walk.cost === "squared-error") {
    return {
      value: 2 * (a - y),
      write: (one, other) => [plainText("2 · ("), one, plainText(" − "), other, plainText(")")],
      words: `${aim}. The slope of (a − y)² is 2(a − y): positive if the output is too large, negative if it is too small.`,
    };
  }
  const floor = (/** @type {number} */ each) => Math.max(each, TINY);
  if (walk.output === "softmax") {
    return {
      value: -y / floor(a),
      write: (one, other) => [plainText("−"), other, plainText(" ÷ "), one],
      words: y
        ? "The slope of −ln a is −1 ÷ a. It is never above −1: more of this probability always makes the cost smaller."
        : "This probability is not in the cost, so its own slope is 0. It counts all the same, because softmax shares out the whole: that comes with ∂C/∂z.",
    };
  }
  return {
    value: (1 - y) / floor(1 - a) - y / floor(a),
    write: (one, other) => [
      plainText("(1 − "),
      other,
      plainText(") ÷ (1 − "),
      one,
      plainText(") − "),
      other,
      plainText(" ÷ "),
      one,
    ],
    words: `${aim}. Near the wrong end this slope grows without limit; the next line needs no such large number.`,
  };
}
