/**
 * Tells a step as a story, moment by moment, when a frame brings what it needs: after a single step,
 * and while a run makes few steps a second. The next step begins the next story.
 */

import { layersOf } from "../network/safetensors.pure.js";
import { predictionOf } from "../pad/prediction.pure.js";
import { pixelsOf } from "../shell/pixels.pure.js";
import { durationOf, momentsOf } from "./story.pure.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { Story } from "./story.pure.js"
 * @import { Store } from "../shell/state.js"
 */

/** @param {Store} store */
export function createStory(store) {
  const { state } = store;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Frame | null} the newest network that was shown */
  let before = state.frames.weights;
  let timer = 0;

  function follow() {
    const frame = state.frames.weights;
    if (frame === before) return;
    const last = before;
    before = frame;
    if (state.story && frame?.step === state.story.frame.step) return; // the same step, once more
    end();
    if (!frame?.batch || !last || !isNext(last, frame) || !state.visible || state.pastEpoch) return;
    if (state.penDown || still.matches) return;
    const { run } = state;
    const duration = durationOf(run?.spec.steps_per_second, run?.status === "paused");
    if (duration > 0) begin(frame, last, duration);
  }

  /** Whether the frame's step is the one after the network that was shown. */
  const isNext = (/** @type {Frame} */ last, /** @type {Frame} */ frame) =>
    frame.step === last.step + 1 && frame.tensors.size > last.tensors.size / 2;

  /** @param {Frame} frame @param {Frame} last @param {number} duration in milliseconds */
  function begin(frame, last, duration) {
    const layers = layersOf(last, "weights");
    const [image] = frame.batch?.images ?? [];
    const [truth] = frame.batch?.labels ?? [];
    if (image === undefined || truth === undefined || !frame.tensors.has("gradient.weights.0"))
      return;
    const pixels = pixelsOf(image);
    const spec = state.run?.spec;
    const reading = predictionOf(layers, spec, pixels);
    const after = predictionOf(layersOf(frame, "weights"), spec, pixels);
    tell({ frame, before: last, reading, after, truth }, momentsOf(layers.length), duration);
  }

  /**
   * @param {Omit<Story, "moment">} story
   * @param {Story["moment"][]} moments that are left
   * @param {number} duration
   */
  function tell(story, [moment, ...later], duration) {
    if (!moment) {
      end();
      return;
    }
    store.set({ story: { ...story, moment } });
    timer = setTimeout(() => tell(story, later, duration), moment.share * duration);
  }

  function end() {
    clearTimeout(timer);
    if (state.story) store.set({ story: null });
  }

  store.subscribe(["frames"], follow);
  store.subscribe(["penDown", "watched", "pastEpoch"], () => {
    if (state.penDown || state.pastEpoch || state.story?.frame.step !== state.frames.weights?.step)
      end();
  });
}
