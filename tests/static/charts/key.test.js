import assert from "node:assert/strict";
import { test } from "node:test";
import { pairKey } from "../../../static/charts/key.pure.js";

const FIGURES = {
  ...{ epoch: 1, step: 7, cost: 0.5, accuracy: 0.75, test_cost: 0.6, test_accuracy: 0.7 },
  ...{ gradient_norms: [1], learning_rate: 1, seconds: 1, examples_per_second: 7 },
};
const keyOf = (/** @type {object} */ more, /** @type {"cost" | "accuracy"} */ name = "accuracy") =>
  pairKey(
    { epoch: 1, made: undefined, layers: 1, figures: { ...FIGURES, ...more } },
    name,
    String,
  ).map((entry) => [entry.name, entry.value]);

test("the accuracy of random labels is told apart, where there are some", () => {
  const plain = [
    ["training", "0.75"],
    ["test", "0.7"],
  ];
  assert.deepEqual(keyOf({}), plain);
  assert.deepEqual(keyOf({ clean_accuracy: null, noisy_accuracy: null }), plain);
  assert.deepEqual(keyOf({ clean_accuracy: 0.9, noisy_accuracy: 0.2 }), [
    ["true labels", "0.9"],
    ["random labels", "0.2"],
    ["test", "0.7"],
  ]);
  assert.equal(keyOf({ clean_accuracy: 0.9, noisy_accuracy: 0.2 }, "cost").length, 2);
});
