import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changesOf,
  formatChange,
  pictureOf,
  whyNotApplied,
} from "../../../static/gradient/nudge.pure.js";
import { assertClose, runWith } from "../examples.js";

/** @import { Run } from "../../../static/runs/run.pure.js" */

const SIZE = { width: 64, height: 30, margin: 4 };
const NUDGED = { index: 0, amount: 0.5, cost: 1, predicted: 0.75, measured: 0.8 };

test("a nudge changes the cost, as predicted and as measured", () => {
  const { predicted, measured } = changesOf(NUDGED);
  assertClose(predicted, -0.25);
  assertClose(measured, -0.2);
  const nothing = { predicted: null, measured: null };
  assert.deepEqual(changesOf(null), nothing);
  assert.deepEqual(changesOf({ ...NUDGED, cost: null }), nothing);
  assert.deepEqual(changesOf({ ...NUDGED, predicted: null, measured: null }), nothing);
});

test("the picture of a nudge is a curve and its tangent", () => {
  const picture = pictureOf(
    NUDGED,
    [
      [-1, 1.5],
      [1, 0.9],
    ],
    SIZE,
  );
  assert.ok(picture);
  assert.equal(picture.origin[0], 32);
  assert.deepEqual(picture.point, [46, 26]); // the lowest of what is measured
  assert.ok(picture.curve.startsWith("M4.0 4.0L32.0"));
  // Down by 0.25 in 0.5: from 1.5, the highest, where the curve is, to 0.5, below the picture.
  const [x1, y1, x2, y2] = (picture.tangent.match(/-?[\d.]+/g) ?? []).map(Number);
  assert.deepEqual([x1, y1, x2], [4, 4, 60]);
  assert.ok(y2 > SIZE.height);
});

test("without samples there is the tangent alone, all of it in the picture", () => {
  const picture = pictureOf(NUDGED, [], SIZE);
  assert.equal(picture?.curve, "");
  assert.equal(picture?.tangent, "M4.0 4.0L60.0 26.0");
});

test("there is no picture where a cost is no number, or nothing is nudged", () => {
  for (const changes of [{ cost: null }, { predicted: null }, { measured: null }, { amount: 0 }]) {
    assert.equal(pictureOf({ ...NUDGED, ...changes }, [], SIZE), null);
  }
});

for (const [change, text] of /** @type {[number | null, string][]} */ ([
  [null, "–"],
  [0, "0"],
  [0.00012, "+0.000120"],
  [-0.00099, "−0.000990"],
  [0.001, "+0.00100"],
  [-0.00001, "−1.0·10⁻⁵"],
])) {
  test(`the change ${change} is written ${text}`, () => {
    assert.equal(formatChange(change), text);
  });
}

const PAST = { epoch: 1, frame: { epoch: 1, step: 10, tensors: new Map() } };

for (const [changes, why] of /** @type {[Partial<Run>, string | null][]} */ ([
  [{}, null],
  [{ status: "paused" }, null],
  [{ status: "queued" }, "It can be applied when the run trains."],
  [{ status: "finished" }, "This run has ended, so it can't be applied."],
  [{ yours: false }, "To apply it, train your own network like this one."],
  [{ pretrained: true }, "To apply it, train your own network."],
])) {
  test(`whether a nudge can be applied to a run with ${JSON.stringify(changes)}`, () => {
    const state = { run: runWith(changes), pastEpoch: null, connection: "open" };
    assert.equal(whyNotApplied(state), why);
  });
}

test("a nudge can be applied live only", () => {
  const run = runWith();
  const gone = "The server does not answer.";
  assert.equal(whyNotApplied({ run, pastEpoch: null, connection: "lost" }), gone);
  assert.equal(whyNotApplied({ run: null, pastEpoch: null, connection: "open" }), gone);
  assert.equal(
    whyNotApplied({ run, pastEpoch: PAST, connection: "open" }),
    "A past epoch can't be changed. Press Live first.",
  );
});
