import assert from "node:assert/strict";
import { test } from "node:test";
import { thinned } from "../../../static/charts/thinning.pure.js";
import { generator } from "../random.js";

/** @param {number | null} value */
const itself = (value) => value;

test("few items stay as they are", () => {
  assert.deepEqual(thinned([1, 2, 3], 1000, itself), [1, 2, 3]);
});

for (const [count, limit] of [
  [12_345, 1000],
  [1001, 1000],
  [501, 500],
  [7, 4],
]) {
  test(`of ${count} items at most ${limit} are kept: in order, with both ends and all extremes`, () => {
    const random = generator(count);
    const items = Array.from({ length: count }, (_, i) => ({ i, value: random() }));
    const kept = thinned(items, limit, ({ value }) => value);
    assert.ok(kept.length <= limit && kept.length > limit / 2);
    assert.deepEqual([kept[0], kept[kept.length - 1]], [items[0], items[count - 1]]);
    const places = kept.map(({ i }) => i);
    assert.deepEqual(
      places,
      [...new Set(places)].sort((a, b) => a - b),
    );
    const values = (/** @type {typeof items} */ some) => some.map(({ value }) => value);
    assert.equal(Math.max(...values(kept)), Math.max(...values(items)));
    assert.equal(Math.min(...values(kept)), Math.min(...values(items)));
  });
}

test("what has no value is no extreme", () => {
  const items = [1, null, 5, null, null, 2, 0, null, 1];
  assert.deepEqual(thinned(items, 4, itself), [1, 5, 0, 1]);
  assert.deepEqual(thinned(Array(9).fill(null), 4, itself), [null, null, null]);
});
