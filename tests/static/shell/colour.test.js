import assert from "node:assert/strict";
import { test } from "node:test";
import {
  colourAt,
  colourIndex,
  colourTable,
  RAMPS,
  scaleOf,
} from "../../../static/shell/colour.pure.js";
import { assertClose } from "../examples.js";
import { generator } from "../random.js";

/** @import { Theme } from "../../../static/shell/colour.pure.js" */

const COLOURS = {
  light: { blue: [21, 94, 170], orange: [209, 95, 2], nothing: [246, 244, 239] },
  dark: { blue: [92, 172, 255], orange: [255, 158, 64], nothing: [27, 33, 42] },
};

for (const theme of /** @type {Theme[]} */ (["light", "dark"])) {
  const { blue, orange, nothing } = COLOURS[theme];
  const table = colourTable(RAMPS[theme]);
  for (const [value, colour, name] of /** @type {[number, number[], string][]} */ ([
    [1, blue, "blue"],
    [99, blue, "blue"],
    [Infinity, blue, "blue"],
    [-1, orange, "orange"],
    [-Infinity, orange, "orange"],
    [0, nothing, "nothing"],
    [NaN, nothing, "nothing"],
  ])) {
    test(`${value} is ${name} in ${theme}`, () => {
      const packed = table[colourIndex(value, 1)];
      assert.deepEqual([packed & 255, (packed >> 8) & 255, (packed >> 16) & 255], colour);
      assert.equal(packed >>> 24, 255);
      assert.deepEqual(colourAt(RAMPS[theme], value), colour);
    });
  }
}

test("a value and its negative are as far from zero", () => {
  const random = generator(2);
  for (let i = 0; i < 1000; i += 1) {
    const value = 0.999 * (2 * random() - 1);
    const far = colourIndex(value, 1) - colourIndex(0, 1);
    assert.ok(Math.abs(far - 255 * value) <= 0.5);
    assert.ok(Math.abs(far + colourIndex(-value, 1) - colourIndex(0, 1)) <= 1);
  }
});

test("the scale is three times the root mean square, and never zero", () => {
  assertClose(scaleOf([3, -4]), 3 * Math.sqrt(12.5));
  for (const values of [[0, 0], [NaN], [Infinity], []]) {
    assert.ok(scaleOf(values) > 0);
    assert.ok(Number.isFinite(scaleOf(values)));
  }
});
