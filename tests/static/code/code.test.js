import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codeOf, render } from "../../../static/code/code.pure.js";

/** @import { Spec } from "../../../static/form/fields.pure.js" */

const KINDS = ["nn_core", "pytorch"];
/** @param {string} kind */
const templateOf = (kind) =>
  readFileSync(new URL(`../../../templates/code/${kind}.py.txt`, import.meta.url), "utf8");

/** @type {Spec} */
const SPEC = {
  dataset: "digits-5k",
  hidden: [24, 12],
  activation: ["relu", "tanh"],
  output: "softmax",
  cost: "cross-entropy",
  optimizer: "nesterov",
  learning_rate: 0.05,
  batch_size: "full",
  epochs: null,
  steps_per_second: 60,
  momentum: 0.8,
  l1: 0,
  l2: 0.001,
  dropout: 0.1,
  initializer: "he",
  augment: true,
  train_examples: 700,
  extra_dataset: null,
  label_noise: 0,
  seed: 3,
};

test("names become texts, and lines stand where their fact holds", () => {
  const template = `a = $a + $b$a
# if yes
b = 1  # a comment  # if yes
c = 2  # if no
d = 3  # unless no
e = 4  # if kind is one-way
f = 5  # if kind is other
g = 6  # unless kind is other
  $lines
  $none
end`;
  const texts = { a: "$b", b: "2", lines: ["x", "$a"], none: [] };
  assert.equal(
    render(template, texts, { yes: true, no: 0, kind: "one-way" }),
    `a = $b + 2$b

b = 1  # a comment
d = 3
e = 4
g = 6
  x
  $a
end`,
  );
});

for (const kind of KINDS) {
  test(`the ${kind} script of an experiment`, () => {
    const expected = readFileSync(new URL(`./${kind}.py.txt`, import.meta.url), "utf8");
    assert.equal(codeOf(SPEC, templateOf(kind)), expected);
  });
}

test("a run whose steps were compiled is made again by compiled steps", () => {
  const compiled = Object.assign({}, SPEC, { arithmetic: "compiled" });
  assert.match(codeOf(compiled, templateOf("nn_core")), /train\(.*, rng, compiled=True\):$/m);
  assert.doesNotMatch(codeOf(SPEC, templateOf("nn_core")), /compiled/);
});
