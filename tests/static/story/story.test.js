import assert from "node:assert/strict";
import { test } from "node:test";
import { durationOf, momentsOf, stepWords, storyWords } from "../../../static/story/story.pure.js";
import { assertClose, frameWith } from "../examples.js";

/** @import { Phase } from "../../../static/story/story.pure.js" */

const DESCENT = {
  epoch: 0,
  step: 41,
  examples: 32,
  cost: 0.905,
  after: 0.897,
  learning_rate: 1,
  rates: [0, 1],
  costs: [0.905, 0.897],
  best: 1,
};
const READ = { digit: 7, confidence: 1, outputs: [], activations: [], image: [] };

test("a step is told from the digits to the nudge, once", () => {
  const moments = momentsOf(3);
  assert.deepEqual(
    moments.map(({ phase, lit, blamed }) => [phase, lit, blamed]),
    [
      ["in", 0, 3],
      ["forward", 1, 3],
      ["forward", 2, 3],
      ["forward", 3, 3],
      ["error", 3, 3],
      ["back", 3, 2],
      ["back", 3, 1],
      ["back", 3, 0],
      ["nudge", 3, 3],
    ],
  );
  assertClose(
    moments.reduce((sum, { share }) => sum + share, 0),
    1,
  );
});

test("a story is over before the next step", () => {
  assert.equal(durationOf(null, false), 0);
  assert.equal(durationOf(60, false), 0);
  assert.ok(durationOf(2, false) < 500);
  assert.ok(durationOf(2, false) > 400);
  assert.ok(durationOf(0.1, false) < 10_000);
  assert.equal(durationOf(null, true), durationOf(0.1, false));
});

for (const [phase, words] of /** @type {[Phase, string][]} */ ([
  ["in", "Step 41: 32 digits go in. This one is a 7."],
  ["error", "The error: 1 for a 7, 0 elsewhere, would be right. The cost is 0.905."],
  ["nudge", "The nudge: 13,002 parameters move. Cost: 0.905 → 0.897."],
])) {
  test(`the moment "${phase}" has words`, () => {
    const moment = { phase, lit: 0, blamed: 0, share: 0 };
    const frame = frameWith({ step: 41, descent: DESCENT });
    const story = { moment, frame, before: frame, reading: READ, after: READ, truth: 7 };
    assert.equal(storyWords(story, "a 7", 13_002), words);
  });
}

test("after it, one sentence stays", () => {
  assert.equal(
    stepWords(DESCENT),
    "Paused after step 41. The cost of its 32 digits: 0.905 → 0.897.",
  );
  assert.equal(stepWords(null), "");
});
