import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresAt, lastWithoutGap, mergeEpochs } from "../../../static/runs/epochs.pure.js";
import { epochWith } from "../examples.js";
import { generator, wholeNumber } from "../random.js";

/** @import { Epoch } from "../../../static/runs/epochs.pure.js" */

/** @param {number[]} numbers */
const epochs = (...numbers) => numbers.map((epoch) => epochWith(epoch));

/** @param {{ epoch: number }[]} history */
const numbersOf = (history) => history.map(({ epoch }) => epoch);

test("a history is merged without gaps or duplicates", () => {
  const history = mergeEpochs([], epochs(4, 5));
  assert.equal(lastWithoutGap(history), 0);
  mergeEpochs(history, epochs(1, 2, 3, 4));
  const odd = /** @type {Epoch[]} */ (/** @type {unknown} */ ([null, {}, { epoch: "6" }]));
  mergeEpochs(history, [...odd, epochWith(6, { cost: 1 }), epochWith(6, { cost: 2 })]);
  assert.deepEqual(numbersOf(history), [1, 2, 3, 4, 5, 6]);
  assert.equal(history[5].cost, 2);
  assert.equal(lastWithoutGap(history), 6);
  assert.equal(lastWithoutGap(epochs(1, 2, 4)), 2);
});

test("in whatever order and however often figures come, each is there once, the newest", () => {
  const random = generator(4);
  for (let round = 0; round < 200; round += 1) {
    /** @type {Epoch[]} */
    const history = [];
    /** @type {Map<number, number>} */
    const newest = new Map();
    for (let batch = 0; batch < 10; batch += 1) {
      const incoming = Array.from({ length: wholeNumber(random, 0, 5) }, () =>
        epochWith(wholeNumber(random, 1, 20), { cost: random() }),
      );
      for (const { epoch, cost } of incoming) newest.set(epoch, cost ?? 0);
      assert.equal(mergeEpochs(history, incoming), history);
    }
    const expected = [...newest].sort(([a], [b]) => a - b);
    assert.deepEqual(
      history.map(({ epoch, cost }) => [epoch, cost]),
      expected,
    );
  }
});

test("the figures of an epoch are its own, or the last ones before it", () => {
  const history = epochs(2, 4);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((epoch) => figuresAt(history, epoch)?.epoch),
    [undefined, 2, 2, 4, 4],
  );
});
