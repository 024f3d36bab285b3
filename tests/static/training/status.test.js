import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isDead, isSaturated } from "../../../static/training/faults.pure.js";
import { describeRun, OTHER_CAUSES } from "../../../static/training/status.pure.js";
import { epochWith, runWith } from "../examples.js";

/**
 * @import { Spec } from "../../../static/form/fields.pure.js"
 * @import { Run } from "../../../static/runs/run.pure.js"
 */

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
      const { text, tone } = describeRun(runWith({ status }, { activation: "relu" }), epochs, 10);
      assert.equal(text.startsWith("Dead"), dead);
      if (dead) assert.equal(tone, "warning");
      // A sigmoid never puts out 0: its neurons are saturated.
      const sigmoid = describeRun(runWith({ status }), epochs, 10).text;
      assert.equal(sigmoid.startsWith("Saturated"), dead);
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
  [{ node: "local" }, "Training: each step nudges every parameter a little downhill."],
  [{ node: "two" }, "Training on two: each step nudges every parameter a little downhill."],
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

const SUSPECT = {
  words: "You raised the learning rate from 1 to 100 at step 40: set it back or lower it",
  isRate: true,
};

/** @param {Parameters<typeof runWith>} run @param {ReturnType<typeof epochWith>[]} epochs */
const told = (run, epochs, suspect = SUSPECT) => describeRun(runWith(...run), epochs, 10, suspect);

const REASON = "After step 43 the cost is no longer a finite number";

for (const [what, words, start] of /** @type {const} */ ([
  [
    "diverged",
    told([{ status: "diverged", reason: REASON }], []),
    `Diverged. ${SUSPECT.words}, and start again. ${REASON}.`,
  ],
  ["is saturated", told([], threeEpochs(0, 0.1)), `${SUSPECT.words}, and start again. Saturated: `],
  [
    "is dead",
    told(
      [{}, { activation: ["sigmoid", "relu"] }],
      [epochWith(1, { gradient_norms: [0, 0.3], test_accuracy: 0.1 })],
    ),
    `${SUSPECT.words}, and start again. Dead: `,
  ],
  [
    "only guesses",
    told([{ status: "finished" }], [epochWith(1, { test_accuracy: 0.1 })]),
    `Finished, but it only guesses: it reads 10.0% of the test digits right. ${SUSPECT.words}, or `,
  ],
])) {
  test(`of a run that ${what} the last change is told first, and no other cause`, () => {
    assert.ok(words.text.startsWith(start), words.text);
    assert.doesNotMatch(words.text, /smaller learning rate|another learning rate/);
    assert.notEqual(words.tone, "good");
  });
}

test("a run that does well is told of no suspect", () => {
  for (const status of /** @type {const} */ (["training", "paused", "finished", "stopped"])) {
    assert.ok(!told([{ status }], [epochWith(1)]).text.includes("You raised"));
  }
});

test("a smaller rate is offered only where the rate may be why", () => {
  const other = { words: "You changed the activation", isRate: false };
  const diverged = { status: /** @type {const} */ ("diverged") };
  assert.equal(told([diverged], [], SUSPECT).lowerRate, true);
  assert.equal(told([diverged], [], other).lowerRate, false);
  for (const cause of OTHER_CAUSES) {
    const { text, lowerRate } = told([{ ...diverged, reason: `It was ${cause}.` }], []);
    assert.deepEqual([text, lowerRate], [`Diverged. It was ${cause}.`, false]);
  }
});

test("the server's reasons have the words by which the page knows them", () => {
  const python = new URL("../../../nn_core/divergence.py", import.meta.url);
  for (const words of OTHER_CAUSES) assert.ok(readFileSync(python, "utf8").includes(words));
});

for (const [changes, accuracy, twins] of /** @type {[Partial<Spec>, number | null, boolean][]} */ ([
  [{}, 0.1, true],
  [{}, 0.21, true],
  [{}, 0.9, false],
  [{}, null, false],
  [{ dropout: 0.2 }, 0.21, false],
  [{ hidden: [] }, 0.21, false],
  [{ initializer: "he" }, 0.21, false],
])) {
  test(`from zeros with ${JSON.stringify(changes)}, at ${accuracy}, neurons are ${twins ? "" : "not "}equal`, () => {
    const epochs = [epochWith(1, { test_accuracy: accuracy })];
    for (const status of /** @type {const} */ (["training", "finished"])) {
      const { text, tone } = told([{ status }, { initializer: "zeros", ...changes }], epochs);
      assert.equal(text.includes("All neurons of a layer stay equal"), twins);
      if (twins) assert.equal(tone, "warning");
    }
  });
}

for (const [accuracy, classes, tone] of /** @type {[number | null, number, string][]} */ ([
  [0.1, 10, "warning"],
  [0.15, 10, "warning"],
  [0.3, 10, "plain"],
  [0.9, 10, "good"],
  [null, 10, "plain"],
  [0.5, 2, "warning"],
  [0.75, 2, "good"],
])) {
  test(`to finish at ${accuracy} with ${classes} classes is ${tone}`, () => {
    const epochs = [epochWith(1, { test_accuracy: accuracy })];
    assert.equal(describeRun(runWith({ status: "finished" }), epochs, classes).tone, tone);
  });
}

test("of a run that finished without figures none is told", () => {
  assert.deepEqual(describeRun(runWith({ status: "finished" }), [], 10), {
    tone: "plain",
    text: "Finished. To continue, raise the number of epochs.",
  });
});

test("a copied network is not called untrained", () => {
  const copy = runWith({ status: "paused", step: 0, name: "copy of pretrained" });
  assert.match(describeRun(copy, [], 10).text, /^Your own copy of a network/);
  assert.match(describeRun({ ...copy, name: null }, [], 10).text, /^An untrained network/);
});
