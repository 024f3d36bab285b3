import assert from "node:assert/strict";
import { test } from "node:test";
import { addSteps, lastStep, stepAt } from "../../../static/runs/step-costs.pure.js";

/** @param {number} step @param {number} [cost] */
const made = (step, cost = 1) => ({ step, epoch: step / 10, cost, smooth: cost });

test("only later steps are added", () => {
  const history = [made(1), made(2)];
  addSteps(history, [made(1), made(2), made(3)]);
  assert.deepEqual(
    history.map(({ step }) => step),
    [1, 2, 3],
  );
  assert.equal(lastStep(history), 3);
  assert.equal(lastStep([]), 0);
});

test("a long history stays short, and keeps its spike", () => {
  /** @type {ReturnType<typeof made>[]} */
  const history = [];
  for (let step = 1; step <= 50_000; step += 1)
    addSteps(history, [made(step, step === 777 ? 9 : 1)]);
  assert.ok(history.length <= 2000);
  assert.equal(Math.max(...history.map(({ cost }) => cost)), 9);
  assert.deepEqual([history[0].step, lastStep(history)], [1, 50_000]);
});

test("a time has the step before it", () => {
  const history = [made(3), made(5)];
  assert.equal(stepAt(history, 0.1)?.step, 3);
  assert.equal(stepAt(history, 0.45)?.step, 3);
  assert.equal(stepAt(history, 9)?.step, 5);
  assert.equal(stepAt([], 9), undefined);
});
