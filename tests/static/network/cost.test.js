import assert from "node:assert/strict";
import { test } from "node:test";
import { costOf } from "../../../static/network/cost.pure.js";
import { assertClose } from "../examples.js";

test("the cost of an example is that of its run", () => {
  const outputs = [0.5, 0.25, 0.25];
  assert.equal(costOf(outputs, 0, { cost: "squared-error" }), 0.375);
  assertClose(costOf(outputs, 0, { cost: "cross-entropy", output: "softmax" }), Math.log(2));
  assertClose(
    costOf(outputs, 0, { cost: "cross-entropy", output: "sigmoid" }),
    Math.log(2) - 2 * Math.log(0.75),
  );
});

test("an output that has become 0 costs much, and not without end", () => {
  assert.ok(Number.isFinite(costOf([0, 1], 0, { cost: "cross-entropy", output: "softmax" })));
  assert.ok(Number.isFinite(costOf([0, 1], 0, { cost: "cross-entropy", output: "sigmoid" })));
});
