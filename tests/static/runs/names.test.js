import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../../../static/runs/names.pure.js";
import { SPEC } from "../examples.js";

/** @import { Spec } from "../../../static/form/fields.pure.js" */

const RATES = { sgd: { "squared-error": 1 }, adam: { "squared-error": 0.01 } };

for (const [changes, name] of /** @type {[Partial<Spec>, string][]} */ ([
  [{ epochs: 900 }, "the defaults"],
  [{ optimizer: "adam", learning_rate: 0.01 }, "Adam"],
  [
    { hidden: [], learning_rate: 0.3, train_examples: 200 },
    "no hidden layer, rate 0.3, 200 training digits",
  ],
  [
    { hidden: [32, 8], activation: ["relu", "tanh"], augment: true },
    "hidden 32–8, ReLU–tanh, augmented",
  ],
  [{ optimizer: "rmsprop", learning_rate: 1 }, "RMSprop, rate 1"],
  [{ output: "softmax", momentum: 0.5, seed: 3 }, "softmax output, momentum 0.5, seed 3"],
  [{ initializer: "he", batch_size: "full" }, "batch size full, He"],
])) {
  test(`a run is named by what differs: ${name}`, () => {
    assert.equal(nameOf({ ...SPEC, learning_rate: 1, ...changes }, SPEC, RATES), name);
  });
}

test("a run that leaves something of the defaults out is named by that", () => {
  const defaults = { ...SPEC, augment: true, train_examples: 100 };
  const spec = { ...SPEC, learning_rate: 1 };
  assert.equal(nameOf(spec, defaults, RATES), "not augmented, all training digits");
});
