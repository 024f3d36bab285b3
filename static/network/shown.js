/**
 * What the picture of the network shows: the newest frame or a past epoch with the drawing on the pad,
 * or a moment of the story of a step.
 *
 * @typedef {object} Shown
 * @property {LayerTensors[]} weights
 * @property {LayerTensors[]} gradient empty if there is none
 * @property {Prediction | null} reading
 * @property {number | null} truth of what is read, if it is known
 * @property {number} lit how many layers have their activations
 * @property {number} blamed the first layer that shows its gradient
 */

import { truthOf } from "../pad/prediction.pure.js";
import { frameShown } from "../shell/state.js";
import { nudged } from "../slope/nudge.pure.js";
import { layersOf } from "./safetensors.pure.js";

/**
 * @import { Prediction } from "../pad/prediction.pure.js"
 * @import { State } from "../shell/state.js"
 * @import { LayerTensors } from "./model.pure.js"
 */

/** @param {State} state @returns {Shown} */
export function shownOf(state) {
  const { story, show, prediction, chosen, amount } = state;
  if (!story) {
    return {
      weights: nudged(layersOf(frameShown(state, "weights"), "weights"), chosen, amount),
      gradient: layersOf(frameShown(state, "gradient"), "gradient"),
      reading: prediction,
      truth: truthOf(state),
      lit: Infinity,
      blamed: show === "gradient" ? 0 : Infinity,
    };
  }
  const { moment, frame, before, truth } = story;
  const reading = moment.phase === "nudge" ? story.after : story.reading;
  return {
    weights: layersOf(moment.phase === "nudge" ? frame : before, "weights"),
    gradient: layersOf(frame, "gradient"),
    reading: moment.lit > 0 ? reading : { ...reading, activations: [], outputs: [], digit: -1 },
    truth: moment.phase === "in" || moment.phase === "forward" ? null : truth,
    lit: moment.lit,
    blamed: moment.blamed,
  };
}
