import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cameWords,
  createdWords,
  describeSpec,
  epochsOf,
  newestFirst,
  stateOf,
} from "../../../static/runs/runs.pure.js";
import { PAGE, runWith, SPEC } from "../examples.js";

/** @import { Spec } from "../../../static/form/fields.pure.js" */

for (const [changes, words] of /** @type {[Partial<Spec>, string][]} */ ([
  [{}, "16·16 sigmoid, SGD 3 on digits-5k"],
  [{ hidden: [] }, "no hidden layer, SGD 3 on digits-5k"],
  [{ hidden: [8, 4], activation: ["relu", "tanh"] }, "8·4 ReLU–tanh, SGD 3 on digits-5k"],
])) {
  test(`a run's setup: ${words}`, () => {
    assert.equal(describeSpec({ ...SPEC, ...changes }, PAGE.choice_names), words);
  });
}

test("the newest runs come first, and the pretrained do not", () => {
  /** @param {string} id @param {string} created */
  const at = (id, created) => runWith({ id, created });
  const runs = [
    runWith({ id: "pretrained", pretrained: true }),
    at("one", "2025-01-02T00:00:00+00:00"),
    at("two", "2025-01-02T00:00:00+00:00"),
    at("brought", "2024-01-01T00:00:00+00:00"),
  ];
  assert.deepEqual(
    newestFirst(runs).map(({ id }) => id),
    ["two", "one", "brought"],
  );
});

test("how a run stands: its status", () => {
  assert.equal(stateOf(runWith()), "training");
  assert.equal(stateOf(runWith({ status: "queued" })), "queued");
});

for (const [place, words] of /** @type {const} */ ([
  [1, "1st in the queue"],
  [2, "2nd in the queue"],
  [3, "3rd in the queue"],
  [4, "4th in the queue"],
  [11, "11th in the queue"],
  [22, "22nd in the queue"],
])) {
  test(`how a run stands: ${words}`, () => {
    assert.equal(stateOf(runWith({ status: "queued", place })), words);
  });
}

test("how far a run is", () => {
  assert.equal(epochsOf(runWith()), "epoch 3 of 5");
  assert.equal(epochsOf(runWith({ epoch: 1200 }, { epochs: null })), "epoch 1,200");
});

test("when a run was made", () => {
  const now = new Date(2025, 4, 3, 15, 0);
  /** @param {number} year */
  const words = (year) => createdWords(new Date(year, 4, 3, 9, 5).toISOString(), now);
  assert.equal(words(2025), "today, 09:05");
  assert.equal(words(2024), "3 May 2024, 09:05");
  assert.equal(createdWords("", now), "");
});

for (const [names, words] of /** @type {[string[], string][]} */ ([
  [[], "There was no run in it."],
  [["A"], "1 run came: “A”."],
  [["A", "B"], "2 runs came: “A”, “B”."],
  [["A", "B", "C", "D", "E"], "5 runs came: “A”, “B”, “C” and 2 more."],
])) {
  test(`what came in a zip: ${words}`, () => {
    assert.equal(
      cameWords(
        names.map((name) => runWith({ name })),
        PAGE,
      ),
      words,
    );
  });
}
