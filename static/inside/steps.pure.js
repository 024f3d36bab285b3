/**
 * The steps of a walk: what each is about, in groups for the bar, and in words.
 *
 * @typedef {"forward" | "cost" | "backward" | "nudge"} Phase
 * @typedef {"sum" | "activation" | "again" | "cost" | "cost-slope" | "product" | "error" | "jacobian"
 *   | "weights" | "biases" | "back" | "nudge" | "other"} Kind
 * @typedef {{ phase: Phase, layer: number | null, first: number, count: number }} Group of steps that
 *   follow each other
 */

import { titleOf } from "./functions.pure.js";
import { lineAt } from "./source.pure.js";
import { lastLayer, layerWords } from "./walk.pure.js";

/** @import { Walk } from "./walk.pure.js" */

/** @type {Record<Phase, string>} */
export const PHASE_NAMES = {
  forward: "Forward",
  cost: "Cost",
  backward: "Backward",
  nudge: "Nudge",
};

/** @param {Walk} walk @returns {Phase[]} of each step */
export function phasesOf({ steps, shapes }) {
  const cost = steps.findIndex(({ tensor }) => tensor === "cost");
  const own = steps[cost]?.function;
  const last = steps.findIndex(
    ({ tensor }) => tensor === `C_over_activations.${shapes.length - 1}`,
  );
  return steps.map((step, i) => {
    if (step.function !== own) return i < cost || cost < 0 ? "forward" : "nudge";
    return i <= Math.max(cost, last) ? "cost" : "backward";
  });
}

/**
 * The layer whose round of the loop each step is in. What is passed on to the layer before is about
 * that one, but is computed in the round of this one.
 * @param {Walk} walk
 * @returns {(number | null)[]}
 */
export function roundsOf(walk) {
  const phases = phasesOf(walk);
  /** @type {(number | null)[]} */
  const rounds = [];
  walk.steps.forEach(({ tensor, layer }, i) => {
    const isPassedOn = phases[i] === "backward" && /^C_over_(activations\.|x)/.test(tensor);
    rounds.push(isPassedOn ? (rounds[i - 1] ?? layer) : layer);
  });
  return rounds;
}

/** @param {Walk} walk @returns {Group[]} */
export function groupsOf(walk) {
  const phases = phasesOf(walk);
  const rounds = roundsOf(walk);
  /** @type {Group[]} */
  const groups = [];
  phases.forEach((phase, i) => {
    const layer = phase === "forward" || phase === "backward" ? rounds[i] : null;
    const open = groups.at(-1);
    if (open && open.phase === phase && open.layer === layer) open.count += 1;
    else groups.push({ phase, layer, first: i, count: 1 });
  });
  return groups;
}

/**
 * The step to jump to for a layer: where its round begins, in the phase of the step that is shown.
 * @param {Walk} walk
 * @param {number} step
 * @param {number} layer
 * @returns {number | null} null if there is no such layer
 */
export function jumpTo(walk, step, layer) {
  const phase = phasesOf(walk)[step];
  const wanted = phase === "cost" || phase === "nudge" ? "backward" : phase;
  const found = groupsOf(walk).find((group) => group.phase === wanted && group.layer === layer);
  return found?.first ?? null;
}

/**
 * The step that a lesson of the tour is about.
 * @param {Walk} walk
 * @param {string} name of the array that it computes; first, last and hidden stand for layers: hidden
 *   for the last one before the outputs, or the image where there is none
 * @returns {number} the first step if there is no such array
 */
export function stepNamed(walk, name) {
  const last = lastLayer(walk);
  const tensor = name
    .replace("activations.hidden", last > 0 ? `activations.${last - 1}` : "x")
    .replace(".first", ".0")
    .replace(".last", `.${last}`);
  return Math.max(
    0,
    walk.steps.findIndex((step) => step.tensor === tensor),
  );
}

/** What a step computes. @param {Walk} walk @param {number} index @returns {Kind} */
export function kindOf(walk, index) {
  const { tensor } = walk.steps[index];
  const earlier = walk.steps.slice(0, index);
  if (tensor === "x" || tensor === "truth" || earlier.some((step) => step.tensor === tensor))
    return "again";
  if (tensor === "cost") return "cost";
  if (tensor === "parameters.theta") return "nudge";
  const [, family, number] = /^(.*?)(?:\.(\d+))?$/.exec(tensor) ?? [];
  if (family === "z") return "sum";
  if (family === "activations") return "activation";
  if (family === "gradient.weights") return "weights";
  if (family === "gradient.biases") return "biases";
  if (family === "C_over_x") return "back";
  if (family === "C_over_activations")
    return phasesOf(walk)[index] === "cost" ? "cost-slope" : "back";
  if (family !== "C_over_z" || number === undefined) return "other";
  const line = lineAt(walk.source.text, walk.steps[index].line);
  if (/y_pred\s*-\s*y_true/.test(line)) return "error";
  return line.includes("softmax_derivative") ? "jacobian" : "product";
}

/** A step's sign in the bar. @param {Walk} walk @param {number} index */
export function signOf(walk, index) {
  const { tensor } = walk.steps[index];
  if (tensor === "cost") return "C";
  if (tensor === "parameters.theta") return "θ";
  const [family] = /^.*?(?=\.\d|$)/.exec(tensor) ?? [""];
  return SIGNS[family] ?? "·";
}

/** @type {Record<string, string>} */
const SIGNS = {
  x: "x",
  z: "z",
  activations: "a",
  C_over_activations: "∂a",
  C_over_x: "∂x",
  C_over_z: "∂z",
  "gradient.weights": "∂W",
  "gradient.biases": "∂b",
};

/** What a step does, in words. @param {Walk} walk @param {number} index */
export function wordsOf(walk, index) {
  const { tensor, name } = walk.steps[index];
  const round = roundsOf(walk)[index] ?? lastLayer(walk);
  const here = layerWords(walk, round);
  const before = round > 0 ? `the activations of ${layerWords(walk, round - 1)}` : "the pixels";
  /** @type {Record<Kind, string>} */
  const words = {
    sum: `weighted input z of ${here} = weights · ${before} + biases`,
    activation: `activations a of ${here} = ${titleOf(walk.functions[round])} of z`,
    again: `${signWords(walk, tensor)} is looked up: the way forward has kept it`,
    cost: "the cost C: one number for how wrong the outputs are",
    "cost-slope": "∂C/∂a of the outputs: how the cost changes with each of them",
    product: `∂C/∂z of ${here} = ∂C/∂a · the slope of ${titleOf(walk.functions[round])} at z`,
    error: `∂C/∂z of ${here} = what they are − what they should be`,
    jacobian: `∂C/∂z of ${here} = ∂C/∂a · how each output changes with each z`,
    weights: `∂C/∂W of ${here} = ∂C/∂z · ${before}: a number for each weight`,
    biases: `∂C/∂b of ${here} = ∂C/∂z`,
    back: `${round > 0 ? "∂C/∂a" : "∂C/∂x"} of ${layerWords(walk, round - 1)} = ∂C/∂z of ${here} · the weights between them`,
    nudge: "the nudge: every parameter moves against its slope, times the learning rate",
    other: `${name} is computed`,
  };
  return words[kindOf(walk, index)];
}

/** @param {Walk} walk @param {string} tensor */
function signWords(walk, tensor) {
  const [, family, number] = /^(.*?)(?:\.(\d+))?$/.exec(tensor) ?? [];
  if (tensor === "x") return "x, the image,";
  return `${family === "activations" ? "a" : family} of ${layerWords(walk, Number(number))}`;
}
