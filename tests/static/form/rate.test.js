import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LAST_RATE_NOTCH,
  rateAt,
  rateNotchOf,
  smallerRate,
} from "../../../static/form/rate.pure.js";

test("each notch finds its way back", () => {
  assert.equal(LAST_RATE_NOTCH, 80);
  for (let notch = 0; notch <= LAST_RATE_NOTCH; notch += 1) {
    assert.equal(rateNotchOf(rateAt(notch)), notch);
  }
});

test("a rate beyond the slider, or none, is at its end", () => {
  assert.deepEqual([1e-9, 1e9, 0, NaN].map(rateNotchOf), [0, 80, 0, 0]);
});

test("a smaller rate is the usual one, or a tenth", () => {
  assert.equal(smallerRate(1000, 1), 1);
  assert.equal(smallerRate(0.3, 1), 0.03);
});
