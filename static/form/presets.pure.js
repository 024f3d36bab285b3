/**
 * The presets: for each, how it differs from the defaults, and a note on what to watch.
 *
 * @typedef {{ title: string, watch: string, texts: Partial<Texts> }} Preset
 */

import { FIELD_NAMES, same, valueOfText } from "./fields.pure.js";

/** @import { Texts } from "./fields.pure.js" */

/** @type {Record<string, Preset>} */
export const PRESETS = {
  seed: {
    title: "the seed's own: full batch",
    watch:
      "Plain gradient descent: each step looks at all 4,000 digits, so every nudge points straight downhill. Watch the cost fall without a jitter, and slowly.",
    texts: { batch_size: "full", learning_rate: "4", epochs: "300" },
  },
  good: {
    title: "a good one",
    watch:
      "What practice has found to work well: it reads more than nine of ten test digits right within a few epochs. Draw a digit of your own when it has finished.",
    texts: {
      hidden: "64",
      activation: "relu",
      output: "softmax",
      cost: "cross-entropy",
      optimizer: "adam",
      initializer: "he",
      augment: "true",
    },
  },
  diverges: {
    title: "one that diverges",
    watch:
      "Steps a thousand times too large: each overshoots further than the one before, and within a few of them the cost is too large for any number.",
    texts: {
      activation: "identity",
      output: "softmax",
      cost: "cross-entropy",
      learning_rate: "1000",
      epochs: "10",
    },
  },
  saturates: {
    title: "one that saturates",
    watch:
      "Steps so large that every neuron is pushed to 0 or 1, where its slope is flat: the gradient is next to nothing, and no nudge changes anything.",
    texts: { learning_rate: "1000", epochs: "10" },
  },
  vanishing: {
    title: "a vanishing gradient",
    watch:
      "Five layers of sigmoids: each passes back less of the gradient than it gets, so compare the layers' gradients: the first has next to none and does not learn.",
    texts: { hidden: "16, 16, 16, 16, 16" },
  },
  overfitting: {
    title: "over-fitting",
    watch:
      "A large network and only 200 digits: it learns them by heart. Watch the training cost go to zero while the test cost turns and rises.",
    texts: {
      hidden: "128",
      activation: "relu",
      output: "softmax",
      cost: "cross-entropy",
      optimizer: "adam",
      initializer: "he",
      train_examples: "200",
      epochs: "100",
    },
  },
};

/**
 * All texts of a preset's experiment.
 * @param {string} name
 * @param {Texts} start what the page starts with
 * @returns {Texts}
 */
export function textsOfPreset(name, start) {
  return { ...start, ...PRESETS[name].texts };
}

/**
 * The preset with these texts, at any pace; null if there is none.
 * @param {Texts} texts with "null" for a learning rate that nobody chose
 * @param {Texts} start what the page starts with
 * @returns {string | null}
 */
export function presetOf(texts, start) {
  const names = FIELD_NAMES.filter((name) => name !== "steps_per_second");
  const found = Object.keys(PRESETS).find((preset) => {
    const wanted = textsOfPreset(preset, start);
    return names.every((name) =>
      same(valueOfText(name, texts[name]), valueOfText(name, wanted[name])),
    );
  });
  return found ?? null;
}
