import assert from "node:assert/strict";
import { test } from "node:test";
import { padLook, padSize } from "../../../static/pad/pad.pure.js";
import { imagesOf } from "../../../static/runs/images.pure.js";

for (const [shape, width, height] of [
  [[28, 28], 140, 140],
  [[14, 56], 168, 42],
  [[8, 8], 144, 144],
  [[3, 200], 200, 3],
  [[1, 30], 140, 140],
]) {
  test(`each pixel of ${shape} is a block of the pad`, () => {
    assert.deepEqual(padSize(/** @type {number[]} */ (shape), 140), { width, height });
  });
}

test("ink is dark for a network whose images have a light ground", () => {
  const digits = imagesOf(null);
  assert.deepEqual(padLook(digits), { darkInk: false, smooth: true });
  const page = { ...digits, drawing: /** @type {const} */ ("whole"), ground: null };
  assert.deepEqual(padLook(page), { darkInk: false, smooth: false });
  assert.equal(padLook({ ...page, ground: "light" }).darkInk, true);
});
