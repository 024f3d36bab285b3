/**
 * The guided tour: for each of its six steps the text, the part of the page that it points at, what
 * it shows there, and a button. The page's address holds the step.
 *
 * @typedef {"reset" | "step" | "train" | "pad"} Deed
 * @typedef {{ title: string, words: string, target: string,
 *   show?: Show, deed?: { name: Deed, label: string } }} TourStep
 */

/** @import { Show } from "../network/captions.pure.js" */

/** @type {TourStep[]} */
export const STEPS = [
  {
    title: "13,002 knobs",
    words:
      "Each line between two neurons is a weight, and each neuron has a bias besides: 13,002 numbers in all, like knobs. What the network reads in a picture depends on how they are set, and on nothing else. Each picture here shows the 784 weights of one neuron, one for each pixel.",
    target: "#network",
    show: "weights",
    deed: { name: "reset", label: "Turn all knobs at random" },
  },
  {
    title: "What the cost measures",
    words:
      "Show the network a digit, and take for each output how far it is from what it should be: 1 for the right digit, 0 for the others. Squared and added up, and averaged over many digits, that is the cost: one number for how wrong all the knobs together are. An untrained network has a high one. Learning makes it small.",
    target: "#cost-chart-figure",
    deed: { name: "train", label: "Train, and see it fall" },
  },
  {
    title: "The gradient is sensitivity",
    words:
      "For each of the 13,002 knobs there is a number: how much the cost changes when that knob is turned a little. Together they are the gradient. A strong colour is a knob that matters now; blue says to turn it up, orange to turn it down. Where nothing ever has ink, at the edges, it is zero: those weights change nothing.",
    target: "#gradient-panel",
    deed: { name: "step", label: "Make a step, to have a gradient" },
  },
  {
    title: "One nudge, a step at a time",
    words:
      "Learning is this: turn every knob a little in the direction that its part of the gradient says, all at once. That is one step. How far is the learning rate. Then take the next few digits, find the gradient anew, and nudge again.",
    target: ".buttons",
    show: "weights",
    deed: { name: "step", label: "One step" },
  },
  {
    title: "Backpropagation",
    words:
      "How does one find 13,002 sensitivities at once? From the back. How the cost changes with the outputs is plain. An output changes with its weights and with the neurons before it, those with theirs, and so on: layer by layer, from right to left, each number is found from the ones after it, by the chain rule.",
    target: "#network",
    show: "gradient",
    deed: { name: "step", label: "One step" },
  },
  {
    title: "Draw",
    words:
      "Now draw a digit. The picture goes through the same knobs from left to right: each neuron adds up what comes in, times its weights, and the strongest output is what the network reads. A few seconds of training are enough to be right most of the time.",
    target: "#pad-panel",
    show: "activations",
    deed: { name: "pad", label: "To the pad" },
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
