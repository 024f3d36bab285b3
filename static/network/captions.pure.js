/**
 * The sentence above the picture of the network, which says what the picture shows.
 *
 * @typedef {"weights" | "gradient" | "activations"} Show
 */

/**
 * @import { Prediction } from "../pad/prediction.pure.js"
 * @import { Story } from "../story/story.pure.js"
 * @import { PastEpoch } from "../timeline/timeline.pure.js"
 */

/** @type {Show[]} */
export const SHOWS = ["weights", "gradient", "activations"];

const GRADIENT =
  "The downhill direction, −∇C: blue parameters are to grow, orange ones to shrink. No colour is zero.";

const ACTIVATIONS =
  "Pixel × weight and activation × weight: blue raises the next neuron's z, orange lowers it.";

/**
 * @param {{ show: Show, story: Story | null, pastEpoch: PastEpoch | null,
 *   prediction: Prediction | null }} state
 * @param {boolean} hasGradient
 * @param {boolean} hasHidden there are layers before the output
 */
export function captionOf({ show, story, pastEpoch, prediction }, hasGradient, hasHidden) {
  if (story?.moment.phase === "back") return GRADIENT;
  if (show === "gradient") {
    if (hasGradient) return GRADIENT;
    return pastEpoch
      ? "The gradient of this epoch is on its way."
      : "There is no gradient yet. It appears with the first step.";
  }
  if (show === "activations") {
    return prediction
      ? ACTIVATIONS
      : "Draw a digit first: this view shows how it flows through the network.";
  }
  const picture = `Each picture is one ${hasHidden ? "neuron of layer 1" : "output"}: a weight for each pixel.`;
  return prediction
    ? `${picture} The more violet a neuron, the more active it is.`
    : `${picture} Ink on blue raises its z, ink on orange lowers it.`;
}
