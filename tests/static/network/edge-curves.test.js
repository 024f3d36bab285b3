import assert from "node:assert/strict";
import { test } from "node:test";
import {
  curvesBetween,
  distanceToCurve,
  traceCurve,
} from "../../../static/network/edge-curves.pure.js";
import { assertClose } from "../examples.js";

const ENDS = Float32Array.of(0, 0, 100, 60);

test("curves are hit near them only", () => {
  /** @param {number} x @param {number} y */
  const distance = (x, y) => distanceToCurve(x, y, ENDS, 0, false, 5);
  assert.ok(distance(50, 30) < 1);
  assertClose(distance(0, 3), 3, 0.03);
  assert.equal(distance(50, 5), Infinity);
  assert.equal(distance(50, 66), Infinity);
  assert.equal(distance(106, 60), Infinity);
});

for (const down of [false, true]) {
  test(`every point of a curve that is drawn ${down ? "down" : "across"} is on it`, () => {
    /** @type {number[]} */
    const path = [];
    const context = /** @type {CanvasRenderingContext2D} */ (
      /** @type {Pick<CanvasRenderingContext2D, "moveTo" | "bezierCurveTo">} */ ({
        moveTo: (...point) => path.push(...point),
        bezierCurveTo: (...points) => path.push(...points),
      })
    );
    traceCurve(context, ENDS, 0, down);
    const [x1, y1, x2, y2, x3, y3, x4, y4] = path;
    assert.deepEqual([x1, y1, x4, y4], [...ENDS]);
    for (let i = 0; i <= 100; i += 1) {
      const t = i / 100;
      /** @param {number} a @param {number} b @param {number} c @param {number} d */
      const at = (a, b, c, d) =>
        a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t ** 2 * (1 - t) + d * t ** 3;
      const [x, y] = [at(x1, x2, x3, x4), at(y1, y2, y3, y4)];
      assert.ok(distanceToCurve(x, y, ENDS, 0, down, 5) < 0.5);
    }
  });
}

test("a curve goes from the side where a box ends to the side where the next begins", () => {
  const sources = [
    { x: 0, y: 0, width: 10, height: 20 },
    { x: 0, y: 40, width: 10, height: 20 },
  ];
  const targets = [
    { x: 50, y: 100, width: 4, height: 8 },
    { x: 70, y: 100, width: 4, height: 8 },
  ];
  assert.deepEqual(
    [...curvesBetween(sources, targets, false)],
    [10, 10, 50, 104, 10, 50, 50, 104, 10, 10, 70, 104, 10, 50, 70, 104],
  );
  assert.deepEqual(
    [...curvesBetween(sources, targets, true)],
    [5, 20, 52, 100, 5, 60, 52, 100, 5, 20, 72, 100, 5, 60, 72, 100],
  );
});
