import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lengthOf,
  sharesOf,
  squaredLengths,
  strongest,
} from "../../../static/gradient/sensitive.pure.js";
import { countOf } from "../../../static/network/theta.pure.js";
import { layersWith, SHAPES } from "../examples.js";
import { generator } from "../random.js";

test("the strongest are found in one pass", () => {
  const random = generator(7);
  const theta = Float32Array.from({ length: countOf(SHAPES) }, () => 2 * random() - 1);
  theta[5] = NaN;
  theta[12_999] = 9;
  const found = strongest(layersWith(SHAPES, theta), 10);
  const sorted = Array.from(theta, (value, index) => ({ index, value }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  assert.deepEqual(found, sorted.slice(0, 10));
  assert.deepEqual(found[0], { index: 12_999, value: 9 });
});

test("zeros are never among the strongest", () => {
  assert.deepEqual(strongest([], 10), []);
  const layers = layersWith([[1, 3]], [0, -2, 0, 1]);
  assert.deepEqual(strongest(layers, 10), [
    { index: 1, value: -2 },
    { index: 3, value: 1 },
  ]);
});

test("each layer has its share of the gradient's squared length", () => {
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
  assert.deepEqual(sharesOf(squares), [0.25, 0.75]);
  assert.deepEqual(sharesOf([1, 3]), [0.25, 0.75]);
  assert.equal(lengthOf([9, 16]), 5);
});

test("of nothing, and of what is not finite, there are no shares", () => {
  assert.deepEqual(sharesOf([0, 0]), [0, 0]);
  assert.deepEqual(sharesOf([Infinity, 1]), [0, 0]);
  assert.deepEqual(sharesOf([NaN, 1]), [0, 0]);
});
