import assert from "node:assert/strict";
import { test } from "node:test";
import { titleOf } from "../../../static/runs/names.pure.js";
import { PAGE, SPEC } from "../examples.js";

/**
 * @import { Spec } from "../../../static/form/fields.pure.js"
 * @import { Page } from "../../../static/shell/page.js"
 */

/** The title of a run that has no name. @param {Partial<Spec>} changes @param {Page} [page] */
const titleWith = (changes, page = PAGE) =>
  titleOf({ name: null, spec: { ...SPEC, ...changes } }, page);

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
    assert.equal(titleWith(changes), name);
  });
}

test("a run that leaves something of the defaults out is named by that", () => {
  const defaults = { ...SPEC, augment: true, train_examples: 100 };
  assert.equal(titleWith({}, { ...PAGE, defaults }), "not augmented, all training digits");
});

test("a run is called as its owner named it", () => {
  assert.equal(titleOf({ name: "Mine", spec: SPEC }, PAGE), "Mine");
});
