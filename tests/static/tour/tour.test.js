import assert from "node:assert/strict";
import { test } from "node:test";
import { queryWithStep, STEPS, stepOfQuery } from "../../../static/tour/tour.pure.js";

for (const [query, step] of /** @type {[string, number | null][]} */ ([
  ["", null],
  ["?tour=1", 1],
  ["?seed=1&tour=6", 6],
  ["?tour=", null],
  ["?tour=0", null],
  ["?tour=7", null],
  ["?tour=1.5", null],
  ["?tour=x", null],
])) {
  test(`"${query}" asks for ${step === null ? "no step" : `step ${step}`}`, () => {
    assert.equal(stepOfQuery(query), step);
  });
}

test("the step stands in the query, and the rest stays as it is", () => {
  assert.equal(queryWithStep("", 2), "?tour=2");
  assert.equal(queryWithStep("?hidden=&seed=a%26b", 2), "?hidden=&seed=a%26b&tour=2");
  assert.equal(queryWithStep("?tour=2&seed=1", 3), "?seed=1&tour=3");
  assert.equal(queryWithStep("?tour=2", null), "");
  for (let step = 1; step <= STEPS.length; step += 1) {
    assert.equal(stepOfQuery(queryWithStep("?seed=1", step)), step);
  }
});
