import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isLive,
  isPretrained,
  isSomebodyElses,
  isSteered,
  isTraining,
  isWaiting,
} from "../../../static/runs/run.pure.js";
import { runWith } from "../examples.js";

/** @import { Run, Status } from "../../../static/runs/run.pure.js" */

/** @type {Record<string, (run: Run | null) => boolean>} */
const QUESTIONS = { isLive, isTraining, isPretrained, isSomebodyElses, isSteered, isWaiting };

/** @param {Run | null} run */
const answers = (run) => Object.keys(QUESTIONS).filter((name) => QUESTIONS[name](run));

for (const [status, expected] of /** @type {[Status, string[]][]} */ ([
  ["queued", ["isLive", "isTraining", "isSteered"]],
  ["training", ["isLive", "isTraining", "isSteered"]],
  ["paused", ["isLive", "isSteered"]],
  ["finished", []],
  ["stopped", []],
  ["diverged", []],
  ["interrupted", []],
  ["failed", []],
])) {
  test(`what holds of a run that is ${status}`, () => {
    assert.deepEqual(answers(runWith({ status })), expected);
    const others = expected.filter((name) => name !== "isSteered");
    assert.deepEqual(
      answers(runWith({ status, yours: false })).toSorted(),
      [...others, "isSomebodyElses"].toSorted(),
    );
  });
}

test("a pretrained run is nobody's", () => {
  const run = runWith({ pretrained: true, yours: false, status: "finished" });
  assert.deepEqual(answers(run), ["isPretrained"]);
});

test("a run waits when it has a place in the queue, or a reason to", () => {
  assert.ok(isWaiting(runWith({ status: "queued", place: 2 })));
  assert.ok(isWaiting(runWith({ status: "queued", reason: "it is full" })));
  assert.ok(!isWaiting(runWith({ reason: "it is full" })));
});

test("nothing holds of no run", () => {
  assert.deepEqual(answers(null), []);
});
