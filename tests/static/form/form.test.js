import assert from "node:assert/strict";
import { test } from "node:test";
import { textsOf } from "../../../static/form/fields.pure.js";
import { formOfQuery, goodRate, startTexts } from "../../../static/form/form.pure.js";
import { PAGE, SPEC } from "../examples.js";

test("the page starts with the defaults, at a pace to follow", () => {
  const expected = { ...textsOf(SPEC), learning_rate: "null", steps_per_second: "60" };
  assert.deepEqual(startTexts(PAGE), expected);
});

for (const [changes, rate] of /** @type {const} */ ([
  [{}, "3"],
  [{ cost: "cross-entropy" }, "0.5"],
  [{ output: "identity" }, "0.1"],
  [{ optimizer: "adam" }, "0.01"],
  [{ optimizer: "lion" }, "3"],
])) {
  test(`a good rate for ${JSON.stringify(changes)} is ${rate}`, () => {
    assert.equal(goodRate(PAGE, { ...startTexts(PAGE), ...changes }), rate);
  });
}

test("where nobody chose a rate it follows optimizer and cost", () => {
  const auto = formOfQuery(PAGE, "?optimizer=adam");
  assert.deepEqual([auto.autoRate, auto.texts.learning_rate, auto.errors], [true, "0.01", {}]);
  const chosen = formOfQuery(PAGE, "?optimizer=adam&learning_rate=7");
  assert.deepEqual([chosen.autoRate, chosen.texts.learning_rate], [false, "7"]);
});

test("what is wrong in an address is told at its field", () => {
  assert.deepEqual(formOfQuery(PAGE, "?seed=x").errors, { seed: "Must be a whole number." });
});
