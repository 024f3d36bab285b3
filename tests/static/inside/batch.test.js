import assert from "node:assert/strict";
import { test } from "node:test";
import {
  meanCost,
  meanGradient,
  meanOf,
  nudgedAll,
  rowOf,
} from "../../../static/inside/batch.pure.js";
import { numbersOf, parametersOf } from "../../../static/inside/walk.pure.js";
import { walkNamed } from "./walks.js";

test("the mean of vectors", () => {
  assert.deepEqual(
    [
      ...meanOf([
        [1, 4],
        [3, 0],
      ]),
    ],
    [2, 2],
  );
});

test("a nudge against the gradient makes the cost smaller, and is what the walk computed", () => {
  const walk = walkNamed("seed");
  const gradient = meanGradient([{ label: 1, walk }], 1);
  for (const [i, value] of numbersOf(walk, "gradient.theta").entries())
    assert.ok(gradient[i] === value);
  const layers = nudgedAll(walk, gradient, walk.rate);
  const theta = layers.flatMap(({ weights, biases }) => [...weights.values, ...biases.values]);
  const after = [...numbersOf(walk, "parameters.theta")];
  assert.equal(theta.length, after.length);
  for (const [i, value] of theta.entries()) assert.ok(Math.abs(value - after[i]) < 1e-12);
  const members = [{ label: 1, walk }];
  const small = nudgedAll(walk, gradient, 0.01);
  assert.ok(meanCost(members, small) < meanCost(members, parametersOf(walk)));
});

test("a neuron's weights are a row of theta", () => {
  const walk = walkNamed("seed");
  const theta = Float64Array.from({ length: 30 }, (_, i) => i);
  assert.deepEqual([...rowOf(walk, theta, 1)], [6, 7, 8, 9, 10, 11]);
});
