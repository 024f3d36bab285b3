import assert from "node:assert/strict";
import { test } from "node:test";
import { thin } from "../../../static/charts/thinning.pure.js";

test("few items stay as they are", () => {
  assert.deepEqual(thin([1, 2, 3], 1000), [1, 2, 3]);
});

for (const [count, limit] of [
  [12_345, 1000],
  [1001, 1000],
  [3, 2],
]) {
  test(`of ${count} items ${limit} are kept: in order, none twice, with both ends`, () => {
    const kept = thin(
      Array.from({ length: count }, (_, i) => i),
      limit,
    );
    assert.equal(kept.length, limit);
    assert.deepEqual([kept[0], kept[kept.length - 1]], [0, count - 1]);
    const sorted = [...new Set(kept)].sort((a, b) => a - b);
    assert.deepEqual(kept, sorted);
  });
}
