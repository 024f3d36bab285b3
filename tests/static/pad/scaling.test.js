import assert from "node:assert/strict";
import { test } from "node:test";
import { resize, resizeByArea } from "../../../static/pad/scaling.pure.js";

/** @param {number[]} values @param {number} columns */
const grid = (values, columns) => ({
  values: Uint8Array.from(values),
  rows: values.length / columns,
  columns,
});

test("a new pixel is the mean of the area that it covers", () => {
  const half = resizeByArea(grid([0, 2, 10, 20, 4, 6, 30, 40], 4), 1, 2);
  assert.deepEqual([...half.values], [3, 25]);
  const partly = resizeByArea(grid([6, 12, 24], 3), 1, 2); // each covers one and a half
  assert.deepEqual([...partly.values], [8, 20]);
  assert.deepEqual([partly.rows, partly.columns], [1, 2]);
});

test("smooth shares fall off with the distance", () => {
  // Three pixels become one: the share of the middle one is 1, those beside it have two thirds.
  const { values } = resize(grid([0, 100, 0], 3), 1, 1);
  assert.ok(Math.abs(values[0] - 100 / (1 + 4 / 3)) < 1e-4);
});

test("what grows gets values between", () => {
  const { values } = resizeByArea(grid([0, 100], 2), 1, 4);
  assert.deepEqual([...values], [0, 25, 75, 100]);
  assert.deepEqual([...resize(grid([0, 100], 2), 1, 4).values], [0, 25, 75, 100]);
});

test("nothing changes at the same size", () => {
  const values = [1, 2, 3, 4, 5, 6];
  assert.deepEqual([...resize(grid(values, 3), 2, 3).values], values);
  assert.deepEqual([...resizeByArea(grid(values, 3), 2, 3).values], values);
});
