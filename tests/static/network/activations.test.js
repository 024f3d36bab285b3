import assert from "node:assert/strict";
import { test } from "node:test";
import { activation, lightOf } from "../../../static/network/activations.pure.js";

for (const [activations, name, lights] of /** @type {[number[], string, number[]][]} */ ([
  [[0, 0.5, 1], "sigmoid", [0, 0.5, 1]],
  [[-1, 0, 1], "tanh", [0, 0.5, 1]],
  [[0, 2, 4], "relu", [0, 0.5, 1]],
  [[-2, 0, 2], "identity", [0, 0.5, 1]],
  [[0, 0], "relu", [0, 0]],
  [[-1, 0, 0.25], "softmax", [0, 0, 0.25]],
])) {
  test(`activations are lit by their own range: ${activations} of ${name}`, () => {
    assert.deepEqual(lightOf(activations, name), lights);
  });
}

test("an activation that the page does not know is an error, not a wrong picture", () => {
  assert.throws(() => activation("step"), /does not know the activation step/);
  assert.throws(() => lightOf([1], "step"), /step/);
});

test("as long as no run is known, activations are drawn as they are", () => {
  assert.deepEqual(lightOf([0, 2], ""), [0, 1]);
});
