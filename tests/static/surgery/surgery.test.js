import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutWords, barsOf, shareOf } from "../../../static/surgery/surgery.pure.js";

const ABSENCES = {
  dataset: "digits-5k",
  examples: 1000,
  counts: [2, 0],
  whole_right: [2, 0],
  right: [1, 0],
  cost: 1,
  costs: [[1.5, 0.75], [null]],
  rights: [[1, 1], [0]],
};

test("a bar is what an absence adds to the cost, the largest as long as there is room", () => {
  assert.deepEqual(barsOf(ABSENCES), [
    [
      { adds: 0.5, share: 1 },
      { adds: -0.25, share: -0.5 },
    ],
    [{ adds: Infinity, share: 1 }],
  ]);
});

test("what was measured is said, and that seen digits only compare", () => {
  assert.equal(shareOf(1, 2), 0.5);
  assert.equal(shareOf(0, 0), null);
  assert.match(aboutWords(ABSENCES, true), /only the difference/);
  assert.match(aboutWords(ABSENCES, false), /1,000 digits of digits-5k, which it has not/);
});
