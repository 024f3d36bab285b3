import assert from "node:assert/strict";
import { test } from "node:test";
import {
  epochAt,
  epochRange,
  figureRange,
  leftOf,
  logTicks,
} from "../../../static/charts/axes.pure.js";
import { assertClose } from "../examples.js";

for (const [last, planned, earlier, range] of /** @type {[number, number | null, number[],
  number[]][]} */ ([
  [0, 30, [], [0, 1]],
  [0.008, 30, [], [0, 0.01]],
  [0.011, 30, [], [0, 0.02]],
  [0.3, 30, [], [0, 0.5]],
  [0.9, 30, [], [0, 1]],
  [2.5, 30, [], [0, 2.5]],
  [5, 30, [], [0, 5]],
  [7, 30, [12, 9], [0, 12]],
  [7, 30, [1000], [0, 30]],
  [7, null, [1000], [0, 7]],
  [0, 30, [12], [0, 12]],
])) {
  test(`after ${last} of ${planned} epochs, before ${earlier || "none"}: ${range}`, () => {
    assert.deepEqual(epochRange(last, planned, earlier), range);
  });
}

test("figures span what is compared, but not what is out of all proportion", () => {
  const [low, high] = figureRange([1, 0.5, null], [1.5, 1e30], false);
  assert.equal(low, 0);
  assertClose(high, 1.59);
  const [none, one] = figureRange([], [], false);
  assert.equal(none, 0);
  assertClose(one, 1.06);
  assert.deepEqual(figureRange([0, 1, 0.01], [], true).map(Math.round), [-2, 0]);
  assert.deepEqual(figureRange([], [], true).map(Math.round), [-1, 0]);
  assert.deepEqual(figureRange([NaN], [0.5], false), [0, 0.53]);
  assert.deepEqual(figureRange([0, 0], [], false), [0, 1]);
});

test("a logarithmic axis has few and round numbers", () => {
  assert.deepEqual(logTicks([-1.1, 0.1], 4), [0.1, 0.2, 0.5, 1]);
  assert.deepEqual(logTicks([-0.9, -0.6], 4), [0.2]);
  assert.deepEqual(logTicks([-1, 1], 4), [0.1, 1, 10]);
  const tens = logTicks([-9, 3], 4);
  assert.ok(tens.length > 0 && tens.length <= 4);
  for (const tick of tens) assert.ok(Number.isInteger(Math.log10(tick)));
});

const WIDTH = { width: 300, right: 40 };

test("each epoch is found where it stands", () => {
  for (let epoch = 1; epoch <= 30; epoch += 1) {
    assertClose(epochAt(leftOf(epoch, [0, 30], WIDTH), [0, 30], WIDTH), epoch);
  }
});

test("beyond the chart is its first or its last epoch", () => {
  assert.equal(epochAt(-50, [1, 30], WIDTH), 1);
  assert.equal(epochAt(900, [1, 30], WIDTH), 30);
});
