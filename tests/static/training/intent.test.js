import assert from "node:assert/strict";
import { test } from "node:test";
import { heldForNextRun, TRAIN_WORDS, trainIntent } from "../../../static/training/intent.pure.js";
import { runWith, SPEC } from "../examples.js";

/**
 * @import { Spec } from "../../../static/form/fields.pure.js"
 * @import { Run } from "../../../static/runs/run.pure.js"
 */

/** @type {Partial<Run>} */
const DONE = { status: "finished", epoch: 5 };

for (const [run, form, intent] of /** @type {[Partial<Run>, Partial<Spec>, string][]} */ ([
  [{}, {}, "none"],
  [{ yours: false }, {}, "new"],
  [{ pretrained: true, status: "finished" }, {}, "new"],
  [{ status: "queued" }, {}, "none"],
  [{ status: "queued", place: 2 }, {}, "wait"],
  [{ status: "paused" }, {}, "resume"],
  [{ status: "paused" }, { hidden: [4] }, "resume"],
  [{ status: "paused", step: 0 }, {}, "resume"],
  [{ status: "paused", step: 0 }, { hidden: [4] }, "new"],
  [{ status: "stopped" }, {}, "resume"],
  [{ status: "interrupted" }, {}, "resume"],
  [{ status: "interrupted" }, { hidden: [4] }, "new"],
  [{ status: "interrupted", yours: false }, {}, "new"],
  [{ status: "stopped", epoch: 5 }, {}, "new"],
  [{ status: "stopped", epoch: 5 }, { epochs: null }, "resume"],
  [DONE, {}, "new"],
  [DONE, { epochs: 9 }, "go-on"],
  [DONE, { epochs: 9, hidden: [4] }, "new"],
  [{ status: "failed" }, {}, "new"],
  [{ status: "failed" }, { epochs: 9 }, "new"],
])) {
  const changed = Object.keys(form).length ? ` and a form with ${JSON.stringify(form)}` : "";
  test(`the train button, for a run with ${JSON.stringify(run)}${changed}: ${intent}`, () => {
    const found = trainIntent(runWith(run), { ...SPEC, ...form });
    assert.equal(found, intent);
    assert.ok(TRAIN_WORDS[found]);
  });
}

test("without a run the button trains a new one", () => {
  assert.equal(trainIntent(null, SPEC), "new");
  assert.deepEqual(heldForNextRun(null, SPEC), []);
});

test("what a run can't take on is held for the next", () => {
  const form = { ...SPEC, hidden: [4], learning_rate: 9, seed: 1 };
  assert.deepEqual(heldForNextRun(runWith(), form), ["hidden", "seed"]);
});
