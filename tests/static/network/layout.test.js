import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutScene, sampleSize } from "../../../static/network/layout.pure.js";

/** @import { Box } from "../../../static/network/layout.pure.js" */

/** @type {[number, number]} */
const PICTURE = [28, 28];
/** @type {[number, number]} */
const ROW = [1, 30];

/** @param {Box} one @param {Box} other */
function apart(one, other) {
  return (
    one.x >= other.x + other.width ||
    other.x >= one.x + one.width ||
    one.y >= other.y + other.height ||
    other.y >= one.y + one.height
  );
}

for (const width of [824, 700, 362]) {
  for (const [
    neurons,
    shape,
    longNames,
  ] of /** @type {[number[], [number, number], boolean][]} */ ([
    [[16, 16, 10], PICTURE, false],
    [[10], PICTURE, false],
    [[2048, 7, 80], PICTURE, false],
    [[24, ...Array(15).fill(8), 10], PICTURE, false],
    [[16, 16, 10], PICTURE, true],
    [[10], PICTURE, true],
    [[16, 2], ROW, false],
    [[2], ROW, true],
  ])) {
    const what = `${neurons.join("-")}, ${shape.join("×")}${longNames ? ", long names" : ""}`;
    test(`nothing in the scene overlaps: ${what} on ${width} pixels`, () => {
      const scene = layoutScene({ width, height: 560, shape, neurons, longNames });
      const boxes = [scene.image, ...scene.layers.flatMap((layer) => layer.neurons)];
      for (const [i, one] of boxes.entries()) {
        assert.ok(one.x >= 0 && one.y >= 0);
        assert.ok(one.x + one.width <= scene.width + 0.01);
        assert.ok(one.y + one.height <= scene.height + 0.01);
        for (const other of boxes.slice(0, i)) {
          assert.ok(apart(one, other), JSON.stringify([one, other]));
        }
      }
    });
  }
}

test("layers stand side by side where there is room, else one under the other", () => {
  const plan = { height: 560, shape: PICTURE, neurons: [16, 10], longNames: false };
  assert.equal(layoutScene({ ...plan, width: 560 }).down, false);
  assert.equal(layoutScene({ ...plan, width: 559 }).down, true);
});

test("on a phone ten outputs stand in one row, but long names need the width", () => {
  const plan = { width: 362, height: 560, shape: PICTURE, neurons: [16, 10] };
  const short = layoutScene({ ...plan, longNames: false }).layers[1];
  assert.deepEqual([short.upright, short.columns], [true, 10]);
  const long = layoutScene({ ...plan, longNames: true }).layers[1];
  assert.deepEqual([long.upright, long.columns], [false, 2]);
});

test("neurons that have no place wait in a strip", () => {
  for (const width of [824, 362]) {
    const plan = { width, height: 560, shape: PICTURE, longNames: false };
    const { layers } = layoutScene({ ...plan, neurons: [100, 18, 19] });
    for (const { head, strip, neurons } of layers) {
      for (const neuron of strip ? neurons : []) assert.ok(strip && apart(strip, neuron));
      assert.ok(!strip || strip.y > head.y);
    }
    assert.deepEqual(
      layers.map(({ strip, neurons }) => [strip !== null, neurons.length]),
      [
        [true, 16],
        [false, 18],
        [true, 16],
      ],
    );
  }
});

for (const [neurons, pictures, shown] of /** @type {const} */ ([
  [24, true, 24],
  [25, true, 16],
  [18, false, 18],
  [19, false, 16],
])) {
  test(`of ${neurons} neurons ${pictures ? "with" : "without"} pictures ${shown} are shown`, () => {
    assert.equal(sampleSize(neurons, pictures), shown);
  });
}
