import assert from "node:assert/strict";
import { test } from "node:test";
import { describePace, FASTEST, notchOf, paceAt } from "../../../static/form/pace.pure.js";

test("each notch finds its way back", () => {
  assert.equal(FASTEST, 61);
  for (let notch = 0; notch <= FASTEST; notch += 1) assert.equal(notchOf(paceAt(notch)), notch);
});

for (const [notch, pace, words] of /** @type {const} */ ([
  [0, 1, "1 step/s"],
  [60, 1000, "1000 steps/s"],
  [61, null, "as fast as it can"],
])) {
  test(`the notch ${notch} is ${words}`, () => {
    assert.equal(paceAt(notch), pace);
    assert.equal(describePace(pace), words);
  });
}

test("a pace beyond the slider is at its end", () => {
  assert.deepEqual([notchOf(0.1), notchOf(5000)], [0, 60]);
});
