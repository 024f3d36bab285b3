/**
 * How wrong the outputs are for one example whose truth is known. The formulas are those of
 * nn_core/costs.py, from the outputs a instead of z: near 0 and 1 they lose digits that nobody sees.
 */

const LEAST = 1e-30; // so that the logarithm of an output that has become 0 is finite

/**
 * @param {number[]} outputs
 * @param {number} truth the right class
 * @param {{ cost?: unknown, output?: unknown } | undefined} spec names the cost
 * @returns {number}
 */
export function costOf(outputs, truth, spec) {
  const ln = (/** @type {number} */ a) => Math.log(Math.max(a, LEAST));
  if (spec?.cost !== "cross-entropy")
    return sum(outputs, (a, i) => (a - (i === truth ? 1 : 0)) ** 2);
  if (spec.output === "softmax") return -ln(outputs[truth]);
  return -sum(outputs, (a, i) => ln(i === truth ? a : 1 - a));
}

/** @param {number[]} outputs @param {(a: number, i: number) => number} term */
const sum = (outputs, term) => outputs.reduce((total, a, i) => total + term(a, i), 0);
