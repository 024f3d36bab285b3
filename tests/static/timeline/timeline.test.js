import assert from "node:assert/strict";
import { test } from "node:test";
import { stopAt, stopsOf, timeWords } from "../../../static/timeline/timeline.pure.js";
import { runWith } from "../examples.js";

const STOPS = [0, 4, 8, 12, 13];

test("the slider stops at what is kept, and at the newest epoch", () => {
  assert.deepEqual(stopsOf([0, 4, 8, 12], 13), STOPS);
  assert.deepEqual(stopsOf([0, 4], 4), [0, 4]);
  assert.deepEqual(stopsOf([], 0), [0]);
});

for (const [value, from, stop] of [
  [12, 13, 12],
  [11, 12, 8],
  [5, 4, 8],
  [3, 4, 0],
  [6.4, 0, 8],
  [13, 0, 13],
  [0, 0, 0],
  [-1, 0, 0],
  [14, 13, 13],
]) {
  test(`put at ${value}, the slider goes from ${from} to ${stop}`, () => {
    assert.equal(stopAt(STOPS, value, from), stop);
  });
}

for (const [changes, stops, pastEpoch, words] of /** @type {const} */ ([
  [{ epoch: 1200 }, 9, null, "live: epoch 1,200"],
  [{ epoch: 1200 }, 9, 1000, "epoch 1,000 of 1,200, looking back"],
  [{ epoch: 1200 }, 9, 0, "untrained (epoch 0), looking back"],
  [{ epoch: 1 }, 2, null, "live: epoch 1"],
  [{ epoch: 0 }, 1, null, "train, and you can look back"],
  [{ pretrained: true, epoch: 25 }, 1, null, "live: epoch 25"],
  [{ pretrained: true, epoch: 40 }, 8, 1, "epoch 1 of 40, looking back"],
])) {
  test(`what is said of where the slider stands: ${words}`, () => {
    assert.equal(timeWords(runWith(changes), stops, pastEpoch), words);
  });
}

test("without a run nothing is said", () => {
  assert.equal(timeWords(null, 0, null), "");
});
