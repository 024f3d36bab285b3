import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRun, isSaturated } from "../../../static/training/status.pure.js";
import { epochWith, runWith } from "../examples.js";

/** @import { Run } from "../../../static/runs/run.pure.js" */

/** @param {number | null} norm @param {number | null} accuracy */
const threeEpochs = (norm, accuracy) =>
  [1, 2, 3].map((epoch) =>
    epochWith(epoch, { gradient_norms: [norm, norm], test_accuracy: accuracy }),
  );

for (const [norm, accuracy, saturated] of /** @type {const} */ ([
  [1e-9, 0.1, true],
  [0, 0.1, true],
  [0.5, 0.1, false],
  [1e-9, 0.95, false],
  [null, 0.1, false],
  [1e-9, null, false],
])) {
  test(`a gradient of ${norm} at ${accuracy} is ${saturated ? "" : "not "}saturated`, () => {
    assert.equal(isSaturated(threeEpochs(norm, accuracy), 10), saturated);
  });
}

test("two epochs are too few to tell, and so are none", () => {
  assert.equal(isSaturated([], 10), false);
  assert.equal(isSaturated(threeEpochs(0, 0.1).slice(1), 10), false);
  const bare = [1, 2, 3].map((epoch) =>
    epochWith(epoch, { gradient_norms: [], test_accuracy: 0.1 }),
  );
  assert.equal(isSaturated(bare, 10), false);
});

/** @type {Partial<Run>} */
const OTHERS = { yours: false };

for (const [changes, text] of /** @type {[Partial<Run>, string][]} */ ([
  [{ status: "queued" }, "Getting ready: a worker process is starting."],
  [{ status: "queued", place: 2 }, "Waiting. 2nd in the queue. It starts automatically."],
  [
    { status: "queued", place: 2, reason: "2nd in the queue: it is full" },
    "Waiting. 2nd in the queue: it is full. It starts automatically.",
  ],
  [{}, "Training: each step nudges every parameter a little downhill."],
  [{ reason: "the disk is full" }, "The disk is full."],
  [{ status: "failed", reason: "no memory" }, "Failed. No memory."],
  [{ status: "paused" }, "Paused after step 30. Take one step at a time, or resume."],
  [
    { status: "paused", reason: "nobody watched" },
    "Paused after step 30. Nobody watched. Take one step at a time, or resume.",
  ],
  [
    { status: "paused", step: 0 },
    "An untrained network, which can only guess. Train it, or take one step at a time.",
  ],
  [{ status: "stopped", reason: "is that so?" }, "Stopped. Is that so?"],
  [{ status: "diverged", reason: "after step 3" }, "Diverged. After step 3."],
  [{ status: "interrupted" }, "Interrupted. Resume continues from its last checkpoint."],
  [
    { ...OTHERS, status: "queued", reason: "8 of your runs train" },
    "You are watching somebody else's run: you can draw on it. It waits for its turn.",
  ],
  [
    { ...OTHERS, status: "failed", reason: "no memory" },
    "You are watching somebody else's run: you can draw on it. It has failed. No memory.",
  ],
  [
    { pretrained: true, status: "finished" },
    "This network has been trained before. Draw a digit, or train your own network.",
  ],
  [
    { pretrained: true, status: "finished", reason: "trained on MNIST" },
    "Trained on MNIST. Draw a digit, or train your own network.",
  ],
])) {
  test(`what is said of a run with ${JSON.stringify(changes)}`, () => {
    assert.equal(describeRun(runWith(changes), [], 10).text, text);
  });
}

for (const [changes, text] of /** @type {[Partial<Run>, string][]} */ ([
  [{ status: "paused" }, "Paused after step 30. It reads 80.0 % of the test digits right."],
  [
    { status: "finished" },
    "Finished. It reads 80.0 % of the test digits right. To continue, raise the number of epochs.",
  ],
  [{ status: "stopped" }, "Stopped. It reads 80.0 % of the test digits right."],
  [
    { ...OTHERS },
    "You are watching somebody else's run: you can draw on it. It is training. " +
      "It reads 80.0 % of the test digits right.",
  ],
])) {
  test(`how well it reads is said of a run with ${JSON.stringify(changes)}`, () => {
    assert.equal(describeRun(runWith(changes), [epochWith(1)], 10).text, text);
  });
}

test("before a run is known the page connects", () => {
  assert.deepEqual(describeRun(null, [], 10), { tone: "plain", text: "Connecting…" });
});

for (const [status, saturated] of /** @type {const} */ ([
  ["training", true],
  ["finished", true],
  ["stopped", false],
])) {
  test(`of a run that is ${status} saturation is ${saturated ? "told" : "history"}`, () => {
    const { text, lowerRate } = describeRun(runWith({ status }), threeEpochs(0, 0.1), 10);
    assert.equal(text.startsWith("Saturated"), saturated);
    assert.equal(lowerRate ?? false, saturated);
  });
}

test("one that diverged is asked to go slower", () => {
  const { tone, lowerRate } = describeRun(runWith({ status: "diverged", reason: "x" }), [], 10);
  assert.deepEqual([tone, lowerRate], ["bad", true]);
});
