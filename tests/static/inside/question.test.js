import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPath, through } from "../../../static/inside/path.pure.js";
import { questionOf } from "../../../static/inside/question.pure.js";
import { numbersOf } from "../../../static/inside/walk.pure.js";
import { NAMES, walkNamed } from "./walks.js";

for (const name of NAMES) {
  test(`questions have two to four choices, all different, one of them right: ${name}`, () => {
    const walk = walkNamed(name);
    const asked = walk.steps.flatMap((_, step) => questionOf(walk, step, firstPath(walk)) ?? []);
    assert.ok(new Set(asked.map(({ words }) => words)).size >= 3);
    for (const { choices, right, truth } of asked) {
      assert.ok(choices.length >= 2 && choices.length <= 4);
      assert.equal(new Set(choices).size, choices.length);
      assert.ok(right >= 0 && right < choices.length);
      assert.ok(truth.length > 10);
    }
  });
}

test("the answers are the walk's own numbers", () => {
  const walk = walkNamed("pretrained");
  const stepOf = (/** @type {string} */ tensor) =>
    walk.steps.findIndex((step) => step.tensor === tensor);
  for (let neuron = 0; neuron < 4; neuron += 1) {
    const path = through(firstPath(walk), 0, neuron);
    const slope = numbersOf(walk, "gradient.biases.0")[neuron];
    const bias = questionOf(walk, stepOf("gradient.biases.0"), path);
    const way = slope > 0 ? "down" : "up";
    assert.equal(bias?.choices[bias.right], slope === 0 ? "not at all" : way);
    const weights = questionOf(walk, stepOf("gradient.weights.1"), path);
    if (weights) assert.match(weights.choices[weights.right], /^from neuron/);
  }
});

test("nothing is asked about what is only looked up, and after the end", () => {
  const walk = walkNamed("seed");
  assert.equal(questionOf(walk, 9, firstPath(walk)), null);
  assert.equal(questionOf(walk, walk.steps.length, firstPath(walk)), null);
});
