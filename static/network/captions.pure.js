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

const LINES = " Each line further on is a weight, too: the wider, the stronger.";

const FLOWING =
  " Your drawing flows through: the more violet, the more active a neuron, and the lines that carry most stand out.";

const GRADIENT =
  "The nudge that will be made, −∇C, in the same places: blue parameters will grow, orange ones shrink. " +
  "The stronger the colour, the more the cost depends on that parameter.";

const ACTIVATIONS =
  "What your drawing sets off: each picture is pixel × weight, each line is activation × weight. " +
  "Blue pushes the next neuron up, orange pulls it down; violet is how active a neuron is.";

/**
 * @param {{ show: Show, pastEpoch: PastEpoch | null, prediction: Prediction | null }} state
 * @param {boolean} hasGradient
 * @param {boolean} hasHidden there are layers before the output
 */
export function captionOf({ show, pastEpoch, prediction }, hasGradient, hasHidden) {
  if (show === "gradient") {
    if (hasGradient) return GRADIENT;
    return pastEpoch
      ? "Of past epochs the weights are kept, not the gradient: −∇C is shown live only."
      : "There is no gradient yet: it appears with the first step of training.";
  }
  if (show === "activations") {
    return prediction
      ? ACTIVATIONS
      : "Draw a digit first: this shows what each weight makes of your drawing, and how active each neuron is.";
  }
  const picture = `Each picture is one ${hasHidden ? "neuron of layer 1" : "output"}: a weight for each pixel.`;
  if (prediction && hasHidden) return picture + FLOWING;
  return `${picture} Ink on blue excites it, ink on orange silences it.${hasHidden ? LINES : ""}`;
}
