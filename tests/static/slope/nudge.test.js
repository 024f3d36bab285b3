import assert from "node:assert/strict";
import { test } from "node:test";
import { forward } from "../../../static/network/forward.pure.js";
import {
  changesOf,
  formatChange,
  nudged,
  REACH,
  reachFor,
  whyNotApplied,
} from "../../../static/slope/nudge.pure.js";
import { assertClose, frameWith, layersWith, runWith } from "../examples.js";

/** @import { Run } from "../../../static/runs/run.pure.js" */

const NUDGED = {
  index: 0,
  amount: 0.5,
  reach: 1,
  cost: 1,
  slope: -0.5,
  predicted: 0.75,
  measured: 0.8,
  curve: null,
  examples: 1000,
  before: 0,
  after: 0.5,
};

test("a nudge changes the cost, as predicted and as measured", () => {
  const { predicted, measured } = changesOf(NUDGED);
  assertClose(predicted, -0.25);
  assertClose(measured, -0.2);
  const nothing = { predicted: null, measured: null };
  assert.deepEqual(changesOf(null), nothing);
  assert.deepEqual(changesOf({ ...NUDGED, cost: null }), nothing);
  assert.deepEqual(changesOf({ ...NUDGED, predicted: null, measured: null }), nothing);
});

test("a nudge is tried on a copy", () => {
  const layers = layersWith([[1, 2]], [1, 2, 3]);
  const tried = nudged(layers, 1, 10);
  assert.deepEqual(forward(tried, { output: "identity" }, [1, 1]), [[16]]);
  assert.deepEqual(forward(nudged(layers, 2, 10), { output: "identity" }, [1, 1]), [[16]]);
  assert.deepEqual(forward(layers, { output: "identity" }, [1, 1]), [[6]]);
  assert.equal(nudged(layers, null, 10), layers);
  assert.equal(nudged(layers, 1, 0), layers);
  assert.equal(nudged(layers, 3, 1), layers); // no such parameter
});

for (const [reach, amount, next] of [
  [1, 0.5, 1],
  [1, 1, 2],
  [1, -5, 10],
  [1, 0, 1],
  [1, 0.01, 0.25],
  [0.01, 0.0001, REACH.least],
  [1000, 1000, REACH.most],
]) {
  test(`a nudge by ${amount} that reaches ${reach} reaches ${next} then`, () => {
    assert.equal(reachFor(reach, amount), next);
  });
}

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

const PAST = { epoch: 1, frame: frameWith() };

for (const [changes, why] of /** @type {[Partial<Run>, string | null][]} */ ([
  [{}, null],
  [{ status: "paused" }, null],
  [{ status: "queued" }, "It can be applied when the run trains."],
  [{ status: "finished" }, "Tried on a copy: this run has ended."],
  [{ yours: false }, "Tried on a copy of your own: this network stays as it is."],
  [{ pretrained: true }, "Tried on a copy of your own: this network stays as it is."],
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
    "Tried on a copy: a past epoch stays as it is.",
  );
});
