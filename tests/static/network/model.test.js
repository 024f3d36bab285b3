import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aim,
  approach,
  approachAll,
  createModel,
  shareOf,
  swapIn,
} from "../../../static/network/model.pure.js";
import { assertClose, layersWith } from "../examples.js";

test("the scene glides to its goal", () => {
  const goal = Float32Array.of(1, -1, NaN, Infinity);
  const values = new Float32Array(4);
  assert.equal(approach(values, goal, 0.5), 0.5);
  assert.deepEqual([...values], [0.5, -0.5, NaN, Infinity]);
  for (let i = 0; i < 12; i += 1) approach(values, goal, 0.5);
  assert.equal(approach(values, goal, 0.5), 0);
  assert.deepEqual([...values], [1, -1, NaN, Infinity]);
});

test("a whole share of the way is a jump", () => {
  const values = new Float32Array(2);
  assert.equal(approach(values, Float32Array.of(1, -1), 1), 0);
  assert.deepEqual([...values], [1, -1]);
});

test("the way that is left shrinks with time, however it is cut", () => {
  assert.deepEqual([shareOf(0), shareOf(-5)], [0, 0]);
  assertClose((1 - shareOf(16)) * (1 - shareOf(50)), 1 - shareOf(66));
});

test("a neuron's values are drawn where it is shown, with their sign and factors", () => {
  const [model] = createModel([[3, 2]], [2]);
  assert.equal(swapIn(model, 2, 0), 0);
  const [tensors] = layersWith([[3, 2]], [1, 2, 3, 4, 5, 6, 0, 0, 0]);
  aim(model, tensors, -1, [1, 0.5]);
  assert.deepEqual(
    [...model.goal].map((value) => Number((value * model.scale).toFixed(4))),
    [-5, -3, -3, -2],
  );
  aim(model, undefined, 1, null);
  assert.deepEqual([...model.goal], [0, 0, 0, 0]);
});

test("all has arrived when the last has", () => {
  const layers = createModel(
    [
      [1, 1],
      [1, 1],
    ],
    [1, 1],
  );
  assert.equal(approachAll(layers, 0.5), true);
  layers[1].lightsGoal[0] = 1;
  assert.equal(approachAll(layers, 0.5), false);
  let frames = 1;
  while (!approachAll(layers, 0.5)) frames += 1;
  assert.ok(frames < 12);
  assert.ok(layers[1].lights[0] > 0.99);
});
