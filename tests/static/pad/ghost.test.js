import assert from "node:assert/strict";
import { test } from "node:test";
import { ORDER, written } from "../../../static/pad/ghost.pure.js";

/** @param {number} digit @param {number} seconds */
const points = (digit, seconds) =>
  written(digit, seconds).strokes.flatMap((stroke) => stroke.points);

test("each digit is written once", () => {
  assert.deepEqual(
    [...ORDER].sort((a, b) => a - b),
    Array.from({ length: 10 }, (_, i) => i),
  );
});

for (const digit of ORDER) {
  test(`a ${digit} is written in one to four seconds, and only grows`, () => {
    let seconds = 0;
    let before = points(digit, 0);
    assert.equal(before.length > 0, true);
    while (!written(digit, seconds).isWhole) {
      seconds += 0.05;
      const { strokes, isWhole } = written(digit, seconds);
      for (const stroke of strokes) assert.equal(stroke.digit, isWhole ? digit : undefined);
      const now = points(digit, seconds);
      assert.ok(now.length >= before.length - 1);
      assert.deepEqual(now.slice(0, before.length - 1), before.slice(0, -1));
      before = now;
    }
    assert.ok(seconds > 0.5 && seconds < 4);
    assert.deepEqual(before, points(digit, Infinity));
    for (const { x, y } of before) assert.ok(x > 0.1 && x < 0.9 && y > 0.1 && y < 0.9);
  });
}
