import assert from "node:assert/strict";
import { test } from "node:test";
import { hasLearned } from "../../../static/training/faults.pure.js";
import {
  suspectChange,
  suspectDifference,
  withChanges,
} from "../../../static/training/suspect.pure.js";
import { epochWith, PAGE, runWith, SPEC } from "../examples.js";

/**
 * @import { Spec } from "../../../static/form/fields.pure.js"
 * @import { Run } from "../../../static/runs/run.pure.js"
 */

const NAMES = PAGE.choice_names;
const AT = { step: 40, time: 0 };

/** @param {Partial<Spec>} changes @param {Partial<Spec>} [before] */
const changed = (changes, before = {}) =>
  withChanges([], { ...SPEC, ...before }, { ...SPEC, ...before, ...changes }, AT);

for (const [
  before,
  changes,
  words,
] of /** @type {[Partial<Spec>, Partial<Spec>, string | null][]} */ ([
  [
    { learning_rate: 1 },
    { learning_rate: 100 },
    "You raised the learning rate from 1 to 100 at step 40: set it back or lower it",
  ],
  [{ learning_rate: 100 }, { learning_rate: 1 }, null],
  [{}, { l2: 0.5 }, "You raised the L2 penalty from 0 to 0.5 at step 40: set it back or lower it"],
  [
    {},
    { batch_size: 1 },
    "You lowered the batch size from 32 to 1 at step 40: set it back or raise it",
  ],
  [{}, { batch_size: "full" }, null],
  [{}, { epochs: 90, steps_per_second: 3 }, null],
])) {
  test(`a change to ${JSON.stringify(changes)} while it trains: ${words}`, () => {
    const spec = { ...SPEC, ...before, ...changes };
    const suspect = suspectChange(changed(changes, before), [], spec, NAMES);
    assert.equal(suspect?.words ?? null, words);
    assert.equal(suspect?.isRate ?? false, words !== null && "learning_rate" in changes);
  });
}

test("a slider's way is one change, and no change if it comes back", () => {
  const spec = (/** @type {number} */ learning_rate) => ({ ...SPEC, learning_rate });
  const first = withChanges([], spec(1), spec(10), AT);
  const second = withChanges(first, spec(10), spec(100), { step: 55, time: 1000 });
  assert.deepEqual(second, [{ name: "learning_rate", from: 1, to: 100, step: 40, time: 1000 }]);
  assert.deepEqual(withChanges(second, spec(100), spec(1), { step: 60, time: 2000 }), []);
  const later = withChanges(second, spec(100), spec(200), { step: 900, time: 60_000 });
  assert.equal(
    suspectChange(later, [], SPEC, NAMES)?.words.slice(0, 48),
    "You raised the learning rate from 100 to 200 at ",
  );
});

test("a change of the rate that the page has not seen is known by the epochs", () => {
  const epochs = [1, 2, 3].map((epoch) => epochWith(epoch, { learning_rate: epoch < 3 ? 3 : 300 }));
  const spec = { ...SPEC, learning_rate: 300 };
  const suspect = suspectChange([], epochs, spec, NAMES);
  assert.match(suspect?.words ?? "", /^You raised the learning rate from 3 to 300 after step 20: /);
  assert.equal(suspectChange([], epochs.slice(2), spec, NAMES), null);
});

const usualRate = (/** @type {Spec} */ { optimizer }) => (optimizer === "adam" ? 0.01 : 3);

for (const [changes, words] of /** @type {[Partial<Spec>, string | null][]} */ ([
  [{}, null],
  [{ seed: 4, epochs: 9 }, null],
  [{ activation: "relu" }, "changed the activation from sigmoid to ReLU"],
  [{ activation: ["relu", "tanh"] }, "changed the activation from sigmoid to ReLU–tanh"],
  [{ initializer: "he" }, "changed the initial weights from xavier to He"],
  [{ hidden: [] }, "changed the hidden layers from 16, 16 to none"],
  [{ augment: true }, "changed the augmentation from off to on"],
  [{ train_examples: 20 }, "lowered the training digits from all to 20"],
  [{ optimizer: "adam", learning_rate: 0.01 }, "changed the optimizer from SGD to Adam"],
  [{ optimizer: "adam" }, "changed the optimizer from SGD to Adam"],
  [{ learning_rate: 300 }, "raised the learning rate from 3 to 300"],
  [{ learning_rate: 0.1 }, null],
  [
    { activation: "relu", learning_rate: 30 },
    "changed the activation from sigmoid to ReLU and raised the learning rate from 3 to 30",
  ],
  [{ activation: "relu", initializer: "he", hidden: [4], cost: "cross-entropy" }, null],
])) {
  test(`a new run with ${JSON.stringify(changes)}: ${words}`, () => {
    const suspect = suspectDifference(SPEC, { ...SPEC, ...changes }, usualRate, NAMES);
    const start = "Since your last run that learned you ";
    assert.equal(suspect?.words ?? null, words && `${start}${words}: change that back`);
    assert.equal(suspect?.isRate ?? false, JSON.stringify(changes) === '{"learning_rate":300}');
  });
}

for (const [run, accuracy, learned] of /** @type {[Partial<Run>, number | null, boolean][]} */ ([
  [{}, 0.8, true],
  [{ status: "finished" }, 0.3, true],
  [{ status: "diverged" }, 0.8, false],
  [{}, 0.1, false],
  [{}, null, false],
])) {
  test(`a run with ${JSON.stringify(run)} at ${accuracy} has ${learned ? "" : "not "}learned`, () => {
    assert.equal(
      hasLearned(runWith(run), [epochWith(1, { test_accuracy: accuracy })], 10),
      learned,
    );
    assert.equal(hasLearned(runWith(run), [], 10), false);
  });
}
