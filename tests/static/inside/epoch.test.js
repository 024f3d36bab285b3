import assert from "node:assert/strict";
import { test } from "node:test";
import { datasetsOf } from "../../../static/datasets/datasets.pure.js";
import { canStep, endWords, epochWords, whyNoStep } from "../../../static/inside/epoch.pure.js";

const DATASETS = datasetsOf([{ name: "digits-5k", examples: 5000, training_examples: 4000 }]);

/** @param {object} spec @param {object} [rest] @returns {any} a run */
const runOf = (spec, rest) => ({
  spec: {
    dataset: "digits-5k",
    batch_size: 32,
    train_examples: null,
    extra_dataset: null,
    ...spec,
  },
  parameters: 13002,
  status: "paused",
  yours: true,
  pretrained: false,
  ...rest,
});

for (const [spec, words] of /** @type {[object, RegExp][]} */ ([
  [
    {},
    /has 4,000 training images and a batch size of 32. 4,000 ÷ 32 = 125 steps are an epoch, each/,
  ],
  [
    { train_examples: 100 },
    /100 ÷ 32 = 3.125, so 4 steps are an epoch, .*\(the last one has fewer\)/,
  ],
  [{ train_examples: 9000 }, /4,000 ÷ 32/],
  [{ batch_size: "full" }, /whole training set, 4,000 images, so an epoch is a single step/],
  [{ dataset: "gone" }, /^One such step with each batch of the training set is an epoch\./],
  [{ extra_dataset: "mine" }, /^One such step with each batch/],
])) {
  test(`an epoch in a run's own numbers: ${JSON.stringify(spec)}`, () => {
    const text = epochWords(runOf(spec), DATASETS);
    assert.match(text, words);
    assert.match(text, /all 13,002 parameters/);
  });
}

test("a pretrained network's epoch has the steps that it made", () => {
  const text = epochWords(
    runOf({ dataset: "mnist", batch_size: 64 }, { pretrained: true, step: 62520, epoch: 40 }),
    datasetsOf([{ name: "mnist", examples: 70_000, training_examples: 60_000 }]),
  );
  assert.match(text, /batches of 64. It made 62,520 steps: 62,520 ÷ 40 = 1,563 steps are an epoch/);
  assert.doesNotMatch(text, /60,000|938/);
});

test("steps are made of a paused run of one's own, and otherwise it is said what to do", () => {
  assert.ok(canStep(runOf({})));
  for (const [other, words] of /** @type {[object, RegExp][]} */ ([
    [{ status: "training" }, /Pause it/],
    [{ status: "finished" }, /train a network of your own/],
    [{ pretrained: true, yours: false, status: "finished" }, /train a network of your own/],
    [{ yours: false }, /somebody else’s/],
  ])) {
    assert.ok(!canStep(runOf({}, other)));
    assert.match(whyNoStep(runOf({}, other)), words);
  }
});

test("what an epoch has come to", () => {
  const epoch = /** @type {any} */ ({ epoch: 2, cost: 0.5, test_cost: 0.25, test_accuracy: 0.875 });
  assert.equal(
    endWords(epoch),
    "Epoch 2 is over. The mean cost was 0.500 in its batches, and 0.250 of the test images, of which it reads 87.5% right.",
  );
  assert.equal(
    endWords({ ...epoch, test_cost: null }),
    "Epoch 2 is over. The mean cost was 0.500 in its batches.",
  );
});
