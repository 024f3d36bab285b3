import assert from "node:assert/strict";
import { test } from "node:test";
import {
  costAt,
  descentWords,
  lineOfDescent,
  lowestWords,
  pictureOf,
} from "../../../static/slope/slope.pure.js";

const SIZE = { width: 116, height: 120 };
const DESCENT = {
  epoch: 0,
  step: 1,
  examples: 32,
  cost: 2,
  after: 1,
  learning_rate: 1,
  rates: [0, 1, 2, 3, 4],
  costs: [2, 1, 0.5, 1, 3],
  best: 2,
};

test("between two points the cost is between theirs", () => {
  const points = /** @type {[number, number][]} */ ([
    [0, 2],
    [1, 1],
    [3, 5],
  ]);
  assert.equal(costAt(points, 0), 2);
  assert.equal(costAt(points, 0.5), 1.5);
  assert.equal(costAt(points, 2), 3);
  assert.equal(costAt(points, 3), 5);
  assert.equal(costAt(points, 3.1), null);
  assert.equal(costAt(points, -0.1), null);
});

test("the curve goes from side to side, and from the highest cost to the lowest", () => {
  const picture = pictureOf(lineOfDescent(DESCENT), SIZE);
  assert.ok(picture);
  assert.deepEqual(picture.low, [2, 0.5]);
  assert.deepEqual(picture.high, [4, 3]);
  assert.match(picture.curve, /^M8\.0 /);
  assert.match(picture.curve, /L108\.0 12\.0$/); // the highest, at the top
  assert.equal(picture.point[0], 33);
  assert.equal(picture.tangent, "");
});

test("the tangent touches the curve at 0", () => {
  const points = /** @type {[number, number][]} */ (
    [-2, -1, 0, 1, 2].map((x) => [x, (x - 1) ** 2])
  );
  const picture = pictureOf({ points, slope: -2, at: 1 }, SIZE);
  const [x1, y1, x2, y2] = (picture?.tangent.match(/-?[\d.]+/g) ?? []).map(Number);
  assert.deepEqual([x1, x2], [8, 108]);
  assert.equal(picture?.origin[0], 58);
  assert.ok(Math.abs((y1 + y2) / 2 - Number(picture?.origin[1])) < 0.1);
});

test("costs that are no numbers are left out", () => {
  const some = { ...DESCENT, costs: [2, 1, null, null, null] };
  assert.match(pictureOf(lineOfDescent(some), SIZE)?.curve ?? "", /^M[\d. ]+L[\d. ]+$/);
  assert.equal(
    pictureOf(lineOfDescent({ ...DESCENT, costs: [2, null, null, null, null] }), SIZE),
    null,
  );
});

for (const [changes, words] of /** @type {[Partial<typeof DESCENT>, RegExp][]} */ ([
  [{}, /^32 digits, rate 1.00: cost 2.00 → 1.00\. About right: the lowest is near 2.0\.$/],
  [{ learning_rate: 0.5 }, /A small step/],
  [{ learning_rate: 3.5 }, /Too far/],
  [{ learning_rate: 4 }, /Over the top/],
  [{ costs: [2, null, null, null, null] }, /Far over the top/],
])) {
  test(`the learning rate is judged: ${words.source}`, () => {
    const descent = { ...DESCENT, ...changes };
    if (changes.learning_rate === 3.5) descent.costs = [2, 1, 0.5, 1, 1.5];
    assert.match(descentWords(descent), words);
  });
}

test("where the steps are others, only the lowest is told", () => {
  assert.match(
    lowestWords(DESCENT, "adam"),
    /Over 32 digits, plain gradient descent is best near 2.0\.$/,
  );
  for (const best of [2, null])
    assert.match(
      lowestWords({ ...DESCENT, best }, "adam"),
      /The point: its own rate, 1.00 by adam/,
    );
});
