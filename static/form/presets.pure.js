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
    title: "full batch",
    watch:
      "Plain gradient descent: each step looks at all 4,000 digits, so every nudge points straight downhill. Watch the cost fall smoothly, but slowly.",
    texts: { batch_size: "full", learning_rate: "4", epochs: "300" },
  },
  good: {
    title: "a good network",
    watch:
      "Settings that work well in practice: the network reads more than nine of ten test digits correctly after a few epochs. Draw your own digit when it has finished.",
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
    title: "divergence",
    watch:
      "The steps are a thousand times too large: each overshoots further than the one before, and after a few of them the cost is too large to be computed.",
    texts: {
      activation: "identity",
      output: "softmax",
      cost: "cross-entropy",
      learning_rate: "1000",
      epochs: "10",
    },
  },
  saturates: {
    title: "saturation",
    watch:
      "The steps are so large that every neuron is pushed to 0 or 1, where the sigmoid is flat: the gradient is almost zero, and no nudge changes anything.",
    texts: { learning_rate: "1000", epochs: "10" },
  },
  vanishing: {
    title: "vanishing gradient",
    watch:
      "Five layers of sigmoids: each passes back less of the gradient than it gets. Compare the layers' gradients: the first layer's is almost zero, so it does not learn.",
    texts: { hidden: "16, 16, 16, 16, 16" },
  },
  overfitting: {
    title: "overfitting",
    watch:
      "A large network and only 200 digits: it learns them by heart. Watch the training cost fall to zero while the test cost begins to rise.",
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
  memorizing: {
    title: "memorizing",
    watch:
      "All 200 labels are random, so there is nothing to understand. A wide network reads them “right” all the same: it learns them by heart. Unseen digits it reads at chance, one in ten: a high accuracy on the training digits alone says nothing.",
    texts: {
      hidden: "128",
      activation: "relu",
      output: "softmax",
      cost: "cross-entropy",
      optimizer: "adam",
      initializer: "he",
      train_examples: "200",
      label_noise: "1",
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
