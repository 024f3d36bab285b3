/** Examples that several tests start from: a run, its figures, a data set, a network. */

/**
 * @import { Dataset } from "../../static/datasets/datasets.pure.js"
 * @import { Spec } from "../../static/form/fields.pure.js"
 * @import { Frame, Layers, Tensor } from "../../static/network/safetensors.pure.js"
 * @import { Epoch } from "../../static/runs/epochs.pure.js"
 * @import { Run } from "../../static/runs/run.pure.js"
 * @import { Page } from "../../static/shell/page.js"
 */

export const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The shapes of the default network's weights: (neurons, inputs) of each layer. */
export const SHAPES = [
  [16, 784],
  [16, 16],
  [10, 16],
];

/** @type {Spec} */
export const SPEC = {
  dataset: "digits-5k",
  hidden: [16, 16],
  activation: "sigmoid",
  output: "sigmoid",
  cost: "squared-error",
  optimizer: "sgd",
  learning_rate: 3,
  batch_size: 32,
  epochs: 5,
  steps_per_second: null,
  momentum: 0.9,
  l1: 0,
  l2: 0,
  dropout: 0,
  initializer: "xavier",
  augment: false,
  train_examples: null,
  extra_dataset: null,
  label_noise: 0,
  seed: 0,
};

/** @type {Page} */
export const PAGE = {
  root: "./",
  run: "pretrained",
  pupil: null,
  defaults: SPEC,
  schema: { properties: { seed: { type: "integer" } } },
  learning_rates: {
    sgd: { "squared-error": 3, "cross-entropy": 0.5, identity: 0.1 },
    adam: { "squared-error": 0.01 },
  },
  choice_names: { sgd: "SGD", adam: "Adam", rmsprop: "RMSprop", relu: "ReLU", he: "He" },
  max_dataset_bytes: 1,
  max_drawings: 100,
};

/** @type {Run} */
const RUN = {
  id: "a1",
  status: "training",
  reason: null,
  spec: SPEC,
  images: { shape: [28, 28], drawing: "digits", ground: "dark", class_names: DIGITS },
  parameters: 13_002,
  epoch: 3,
  step: 30,
  test_accuracy: null,
  name: null,
  created: "2025-01-01T00:00:00+00:00",
  yours: true,
  pretrained: false,
  place: null,
};

/**
 * @param {Partial<Run>} [changes]
 * @param {Partial<Spec>} [specChanges]
 * @returns {Run}
 */
export function runWith(changes = {}, specChanges = {}) {
  return { ...RUN, ...changes, spec: { ...RUN.spec, ...changes.spec, ...specChanges } };
}

/**
 * @param {number} epoch
 * @param {Partial<Epoch>} [changes]
 * @returns {Epoch}
 */
export function epochWith(epoch, changes = {}) {
  return {
    epoch,
    step: 10 * epoch,
    cost: 1 / epoch,
    accuracy: 0.9,
    test_cost: 2 / epoch,
    test_accuracy: 0.8,
    gradient_norms: [0.5, 0.25],
    learning_rate: 3,
    seconds: 1,
    examples_per_second: 4000,
    ...changes,
  };
}

/** @param {Partial<Dataset>} [changes] @returns {Dataset} */
export function datasetWith(changes = {}) {
  return {
    name: "digits-5k",
    title: "5,000 digits",
    licence: null,
    examples: 5000,
    training_examples: 4000,
    shape: [28, 28],
    drawing: "digits",
    classes: DIGITS,
    yours: false,
    shared: true,
    here: true,
    size: null,
    download: null,
    missing: null,
    ...changes,
  };
}

/**
 * The layers of a network whose parameters are these.
 * @param {number[][]} shapes
 * @param {ArrayLike<number>} theta
 * @returns {Layers}
 */
export function layersWith(shapes, theta) {
  const values = Float32Array.from(theta);
  let start = 0;
  /** @param {number[]} shape @returns {Tensor} */
  const tensor = (shape) => {
    const count = shape.reduce((product, side) => product * side, 1);
    start += count;
    return { shape, values: values.slice(start - count, start) };
  };
  return shapes.map(([neurons, inputs]) => ({
    weights: tensor([neurons, inputs]),
    biases: tensor([neurons]),
  }));
}

/**
 * Fails if two numbers differ by more than a tiny part of them.
 * @param {number | null | undefined} actual
 * @param {number} expected
 * @param {number} [relative]
 */
export function assertClose(actual, expected, relative = 1e-6) {
  const room = Math.max(1e-12, relative * Math.abs(expected));
  if (typeof actual === "number" && Math.abs(actual - expected) <= room) return;
  throw new Error(`${actual} is not close to ${expected}`);
}

/**
 * A frame without tensors.
 * @param {Partial<Frame>} [changes]
 * @returns {Frame}
 */
export function frameWith(changes) {
  const empty = { epoch: 3, step: 30, tensors: new Map(), examples: 0, descent: null, batch: null };
  return { ...empty, ...changes };
}
