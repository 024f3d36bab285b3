/**
 * The formula of a step for what is chosen, with its numbers filled in, term by term. Each is
 * computed here from its terms; one that does not come out as the walk has it is not shown, because
 * then the line computes something else than this page knows.
 */

import { backward } from "./formula-back.pure.js";
import { costFormula, costSlope } from "./formula-cost.pure.js";
import { forward } from "./formula-forward.pure.js";
import { letterOf, markOf } from "./names.pure.js";
import { neuronOn } from "./path.pure.js";
import { kindOf } from "./steps.pure.js";
import { lastLayer, neuronWords, numbersOf, subscriptOf } from "./walk.pure.js";

/**
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Mark } from "./names.pure.js"
 * @import { Formula } from "./terms.pure.js"
 * @import { Path } from "./path.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/**
 * @param {Walk} walk
 * @param {number} index of the step
 * @param {Path} path
 * @param {Pointed} followed the parameter that is followed
 * @returns {Formula}
 */
export function formulaOf(walk, index, path, followed) {
  const kind = kindOf(walk, index);
  const { tensor } = walk.steps[index];
  const layer = letterOf(tensor).layer ?? lastLayer(walk);
  const known =
    forward(kind, walk, layer, path) ??
    (kind === "cost" ? costFormula(walk) : null) ??
    (kind === "cost-slope" ? costSlope(walk, neuronOn(path, layer)) : null) ??
    backward(kind, walk, tensor, path, followed);
  return known && holds(walk, known) ? known : plain(walk, index, path);
}

/** Whether a formula comes out as the walk has it. @param {Walk} walk @param {Formula} formula */
function holds(walk, { result, value }) {
  const mark = result[0].mark;
  if (!mark) return true;
  const computed = numbersOf(walk, mark.tensor)[placeOf(walk, mark)];
  if (!Number.isFinite(computed)) return true; // it overflowed, here perhaps elsewhere
  return Math.abs(computed - value) <= 1e-9 * Math.max(1e-9, Math.abs(computed), Math.abs(value));
}

/** The index in an array of the cell of a mark. @param {Walk} walk @param {Mark} mark */
export function placeOf(walk, { tensor, row, column }) {
  const columns = walk.tensors.get(tensor)?.shape[1] ?? 1;
  return (row ?? 0) * columns + (column ?? 0);
}

/**
 * An array that is looked up, or of which this page knows no formula.
 * @param {Walk} walk
 * @param {number} index of the step
 * @param {Path} path
 * @returns {Formula}
 */
function plain(walk, index, path) {
  const { tensor } = walk.steps[index];
  const { letter, layer } = letterOf(tensor);
  const shape = walk.tensors.get(tensor)?.shape ?? [];
  const of = tensor === "x" ? -1 : (layer ?? lastLayer(walk));
  const at = shape.length ? Math.min(neuronOn(path, of), shape[0] - 1) : null;
  const mark = markOf(tensor, at, null);
  const sub = at === null ? "" : subscriptOf(walk, of, at);
  const isAgain = kindOf(walk, index) === "again";
  return {
    title: at === null ? letter : `${letter} of ${neuronWords(walk, of, at)}`,
    rule: [{ text: letter, sub, mark }],
    rows: [],
    rest: null,
    result: [{ text: letter, sub, mark }],
    value: numbersOf(walk, tensor)[placeOf(walk, mark)],
    words: isAgain
      ? "Nothing is computed here: the way forward has kept it, and now it is needed again."
      : "",
  };
}
