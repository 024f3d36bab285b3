/**
 * The sentence above the picture of the network, which says what the picture shows.
 *
 * @typedef {"weights" | "gradient" | "activations"} Show
 */

/**
 * @import { Prediction } from "../pad/prediction.pure.js"
 * @import { PastEpoch } from "../timeline/timeline.pure.js"
 */

/** @type {Show[]} */
export const SHOWS = ["weights", "gradient", "activations"];

const LINES = " Each line between neurons is also a weight: the wider, the stronger.";

const FLOWING =
  " Your drawing flows through the network: the more violet a neuron, the more active it is. The lines that carry most stand out.";

const GRADIENT =
  "The nudge that the next step makes, −∇C, in the same places: blue parameters will grow, orange ones will shrink. " +
  "The stronger the colour, the more the cost depends on that parameter.";

const ACTIVATIONS =
  "The effect of your drawing: each picture is pixel × weight, each line is activation × weight. " +
  "Blue raises the next neuron's z, orange lowers it. The more violet a neuron, the more active it is.";

/**
 * @param {{ show: Show, pastEpoch: PastEpoch | null, prediction: Prediction | null }} state
 * @param {boolean} hasGradient
 * @param {boolean} hasHidden there are layers before the output
 */
export function captionOf({ show, pastEpoch, prediction }, hasGradient, hasHidden) {
  if (show === "gradient") {
    if (hasGradient) return GRADIENT;
    return pastEpoch
      ? "The gradient of past epochs is not kept, only their weights. Press Live to see the newest gradient."
      : "There is no gradient yet. It appears with the first step of training.";
  }
  if (show === "activations") {
    return prediction
      ? ACTIVATIONS
      : "Draw a digit first. This view shows pixel × weight and activation × weight for it, and how active each neuron is.";
  }
  const picture = `Each picture is one ${hasHidden ? "neuron of layer 1" : "output"}: a weight for each pixel.`;
  if (prediction && hasHidden) return picture + FLOWING;
  return `${picture} Ink on blue raises its z, ink on orange lowers it.${hasHidden ? LINES : ""}`;
}
