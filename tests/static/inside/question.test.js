import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPath, through } from "../../../static/inside/path.pure.js";
import { nextAsked, questionOf } from "../../../static/inside/question.pure.js";
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
      assert.match(truth, /decides/); // it says which number
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

for (const name of NAMES) {
  test(`what is the largest is larger than the other choices: ${name}`, () => {
    const walk = walkNamed(name);
    const last = walk.shapes.length - 1;
    // All outputs are alike, but for the first; and nothing comes back to layer 1.
    numbersOf(walk, `z.${last}`).set([2, 1, 2]);
    numbersOf(walk, `C_over_z.${last}`).set([-0.5, 0.5, 0.1]);
    numbersOf(walk, "gradient.weights.0").fill(0);
    const asked = walk.steps.flatMap((_, step) => questionOf(walk, step, firstPath(walk)) ?? []);
    const largest = asked.find(({ words }) => words.includes("be the largest"));
    assert.deepEqual(largest?.choices, ["a: z is 2.00", "b: z is 1.00"]);
    const pushed = asked.filter(({ words }) => words.includes("pushed the hardest"));
    assert.ok(pushed.length === 1 || name === "mixed"); // its outputs depend on every z
    for (const { choices } of pushed)
      assert.deepEqual(choices, ["the output for a", "the output for c"]);
    const sensitive = asked.filter(({ words }) => words.includes("weights of neuron"));
    assert.ok(sensitive.every(({ words }) => !words.includes("layer 1")));
  });
}

test("the next question comes before the next step that has one", () => {
  const walk = walkNamed("seed");
  const path = firstPath(walk);
  const first = nextAsked(walk, -1, path) ?? 0;
  assert.ok(questionOf(walk, first, path));
  for (let step = 0; step < first; step += 1) assert.equal(questionOf(walk, step, path), null);
  assert.equal(nextAsked(walk, first - 1, path), first);
  assert.ok(Number(nextAsked(walk, first, path)) > first);
  assert.equal(nextAsked(walk, walk.steps.length - 1, path), null);
});

test("nothing is asked about what is only looked up, and after the end", () => {
  const walk = walkNamed("seed");
  assert.equal(questionOf(walk, 9, firstPath(walk)), null);
  assert.equal(questionOf(walk, walk.steps.length, firstPath(walk)), null);
});
