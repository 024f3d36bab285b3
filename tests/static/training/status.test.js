import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRun, isDead, isSaturated } from "../../../static/training/status.pure.js";
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

for (const [
  norms,
  accuracy,
  dead,
] of /** @type {[(number | null)[], number | null, boolean][]} */ ([
  [[0, 0, 0.3], 0.1, true],
  [[0, 0, 0], 0.1, true],
  [[0, 0.1, 0.3], 0.1, false],
  [[0, 0, 0.3], 0.9, false],
  [[0, null, 0.3], 0.1, false],
  [[0.3], 0.1, false], // no hidden layer
])) {
  test(`gradients of ${norms.join(", ")} at ${accuracy} are ${dead ? "" : "not "}dead`, () => {
    const epochs = [epochWith(1, { gradient_norms: norms, test_accuracy: accuracy })];
    assert.equal(isDead(epochs, 10), dead);
    for (const status of /** @type {const} */ (["training", "paused", "finished"])) {
      const { text, tone } = describeRun(runWith({ status }), epochs, 10);
      assert.equal(text.startsWith("Dead"), dead);
      if (dead) assert.equal(tone, "warning");
    }
  });
}

test("to read by chance is no success", () => {
  const epochs = [epochWith(1, { test_accuracy: 0.1 })];
  const { text, tone } = describeRun(runWith({ status: "finished" }), epochs, 10);
  assert.equal(tone, "warning");
  assert.match(text, /^Finished, but it only guesses: it reads 10\.0% /);
});

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
    "13,002 numbers have learned to read handwriting. Draw a digit.",
  ],
  [
    { pretrained: true, status: "finished", reason: "trained on MNIST" },
    "13,002 numbers have learned to read handwriting. Draw a digit.",
  ],
])) {
  test(`what is said of a run with ${JSON.stringify(changes)}`, () => {
    assert.equal(describeRun(runWith(changes), [], 10).text, text);
  });
}

for (const [changes, text] of /** @type {[Partial<Run>, string][]} */ ([
  [{ status: "paused" }, "Paused after step 30. It reads 80.0% of the test digits right."],
  [
    { status: "finished" },
    "Finished. It reads 80.0% of the test digits right. To continue, raise the number of epochs.",
  ],
  [{ status: "stopped" }, "Stopped. It reads 80.0% of the test digits right."],
  [
    { ...OTHERS },
    "You are watching somebody else's run: you can draw on it. It is training. " +
      "It reads 80.0% of the test digits right.",
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
