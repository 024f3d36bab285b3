/**
 * The guided tour: for each of its six steps the text, the part of the page that it points at, what
 * it shows there, and a button. The page's address holds the step.
 *
 * @typedef {"reset" | "step" | "train" | "inside" | "pad"} Deed
 * @typedef {{ title: string, words: string, target: string,
 *   show?: Show, deed?: { name: Deed, label: string } }} TourStep
 */

/** @import { Show } from "../network/captions.pure.js" */

/** @type {TourStep[]} */
export const STEPS = [
  {
    title: "13,002 knobs",
    words:
      "Each line between two neurons is a weight, and each neuron also has a bias: 13,002 numbers in all. Think of them as knobs. What the network reads in an image depends only on how they are set. Each picture here shows the 784 weights of one neuron, one for each pixel.",
    target: "#network",
    show: "weights",
    deed: { name: "reset", label: "Set all knobs at random" },
  },
  {
    title: "What the cost measures",
    words:
      "Show the network a digit. Its outputs should be 1 for the right digit and 0 for the others. Square the difference of each output from what it should be, add up the squares, and take the mean over many digits: that is the cost, one number for how wrong the network is. An untrained network has a high cost. Learning makes it small.",
    target: "#cost-chart-figure",
    deed: { name: "train", label: "Train, and see it fall" },
  },
  {
    title: "The gradient is sensitivity",
    words:
      "For each of the 13,002 knobs there is a number: how much the cost changes when that knob is turned a little. Together these numbers are the gradient. Knobs with a strong colour matter most now: turn blue ones up and orange ones down. At the edges, where no digit has ink, the gradient is zero: those weights change nothing.",
    target: "#gradient-panel",
    deed: { name: "step", label: "Make a step to get a gradient" },
  },
  {
    title: "One nudge, a step at a time",
    words:
      "To learn is to turn all knobs at once, each a little, in the direction that makes the cost smaller. That is one step, and the learning rate says how large it is. Then take the next few digits, compute the gradient again, and nudge again.",
    target: ".buttons",
    show: "weights",
    deed: { name: "step", label: "One step" },
  },
  {
    title: "Backpropagation",
    words:
      "How can 13,002 sensitivities be computed at once? By starting at the end. How the cost changes with each output follows from its formula. An output depends on its weights and on the neurons before it, and these depend on theirs. So, layer by layer from right to left, the chain rule gives each number from those after it. Look inside, and walk through the lines of code that do it, with one digit and all of its numbers.",
    target: "#network",
    show: "gradient",
    deed: { name: "inside", label: "Look inside" },
  },
  {
    title: "Draw",
    words:
      "Now draw a digit. The image goes through the network from left to right: each neuron adds up its inputs, each times its weight, and the largest output is what the network reads. After a few seconds of training it is right most of the time.",
    target: "#pad-panel",
    show: "activations",
    deed: { name: "pad", label: "Go to the pad" },
  },
];

/**
 * The step that a query names.
 * @param {string} query
 * @returns {number | null} from 1; null for none
 */
export function stepOfQuery(query) {
  const text = new URLSearchParams(query).get("tour");
  const step = Number(text);
  return text !== null && Number.isInteger(step) && step >= 1 && step <= STEPS.length ? step : null;
}

/**
 * The query with the step in it.
 * @param {string} query with its question mark, or nothing
 * @param {number | null} step
 * @returns {string} the query, naming the step
 */
export function queryWithStep(query, step) {
  const others = query
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair && !pair.startsWith("tour="));
  if (step !== null) others.push(`tour=${step}`);
  return others.length ? `?${others.join("&")}` : "";
}
