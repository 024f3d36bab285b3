import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lengthOf,
  squaredLengths,
  strongestByNeuron,
} from "../../../static/gradient/sensitive.pure.js";
import { countOf } from "../../../static/network/theta.pure.js";
import { layersWith, SHAPES } from "../examples.js";
import { generator } from "../random.js";

test("each neuron is there once, with its strongest parameter", () => {
  const random = generator(7);
  const theta = Float32Array.from({ length: countOf(SHAPES) }, () => 2 * random() - 1);
  theta[12_992 + 7] = 9; // the bias of output 7
  theta[12_832 + 7 * 16 + 3] = -8; // a weight of the same output
  theta[12_832 + 2 * 16] = -7;
  const [first, second, third] = strongestByNeuron(layersWith(SHAPES, theta), 3);
  assert.deepEqual(first, { index: 12_992 + 7, value: 9 });
  assert.deepEqual(second, { index: 12_832 + 2 * 16, value: -7 });
  assert.equal(Math.abs(third.value) < 1, true);
});

test("zeros are never among the strongest", () => {
  assert.deepEqual(strongestByNeuron([], 3), []);
  const layers = layersWith([[2, 3]], [0, -2, 0, 0, 0, 0, 1, 0]);
  assert.deepEqual(strongestByNeuron(layers, 3), [{ index: 1, value: -2 }]);
});

test("the length of the gradient is that of its layers together", () => {
  const squares = squaredLengths(
    layersWith(
      [
        [1, 1],
        [1, 2],
      ],
      [1, -1, 2, 1, -1],
    ),
  );
  assert.deepEqual(squares, [2, 6]);
  assert.equal(lengthOf([9, 16]), 5);
});
