import assert from "node:assert/strict";
import { test } from "node:test";
import { curveOf, onTheWay, PLACES } from "../../../static/why/between.pure.js";

test("the way begins at one image and ends at the other", () => {
  assert.deepEqual(onTheWay([0, 1], [1, 0.5], 0), [0, 1]);
  assert.deepEqual(onTheWay([0, 1], [1, 0.5], 0.5), [0.5, 0.75]);
  assert.deepEqual(onTheWay([0, 1], [1, 0.5], 1), [1, 0.5]);
});

test("a curve stays near its drawing, whatever the outputs are", () => {
  const values = PLACES.map((_, i) => (i === 1 ? 1e9 : i === 2 ? Number.NaN : 0.5));
  const path = curveOf(values);
  assert.ok(path.startsWith("M4.0 73.0L"));
  assert.ok(!/NaN|e\+/.test(path));
  assert.equal(path.split("L").length, PLACES.length);
});
