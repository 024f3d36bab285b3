import assert from "node:assert/strict";
import { test } from "node:test";
import { formulaOf } from "../../../static/inside/formula.pure.js";
import { firstPath, through, weightOn } from "../../../static/inside/path.pure.js";
import { kindOf } from "../../../static/inside/steps.pure.js";
import { largest } from "../../../static/inside/terms.pure.js";
import { NAMES, walkNamed } from "./walks.js";

for (const name of NAMES) {
  test(`every line of ${name} has a formula that comes out as the walk has it`, () => {
    const walk = walkNamed(name);
    for (const step of walk.steps.keys()) {
      const [first] = walk.shapes;
      for (let neuron = 0; neuron < first[0]; neuron += 1) {
        const path = through(firstPath(walk), 0, neuron);
        const { value, rule, words } = formulaOf(walk, step, path, weightOn(path, 0));
        assert.ok(Number.isFinite(value), `step ${step + 1}`);
        // Of a formula that does not come out, only the array's letter is shown.
        if (kindOf(walk, step) !== "again") {
          assert.ok(rule.length > 2, `step ${step + 1}: ${rule.map(({ text }) => text).join("")}`);
          assert.ok(words || walk.functions.includes("identity"));
        }
      }
    }
  });
}

test("the terms of a sum, the rest and the bias make its value", () => {
  const walk = walkNamed("seed");
  const path = firstPath(walk);
  const { rows, rest, after, value } = formulaOf(walk, 0, path, weightOn(path, 0));
  const sum = rows.reduce((total, row) => total + (row.value ?? 0), 0);
  assert.ok(Math.abs(sum + (rest?.value ?? 0) + (after?.value ?? 0) - value) < 1e-12);
});

test("the largest terms of a long sum are shown, and the rest is one number", () => {
  const rows = [1, -9, 2, 8, 3, -7, 4].map((value) => ({ label: "", parts: [], value }));
  const { rows: shown, rest, sum } = largest(rows, 3);
  assert.deepEqual(
    shown.map(({ value }) => value),
    [-9, 8, -7],
  );
  assert.deepEqual(rest, { count: 4, value: 10 });
  assert.equal(sum, 2);
  assert.equal(largest(rows.slice(0, 4), 3).rest, null); // a rest of one term would be that term
});

test("where the line computes something else than the page knows, no formula is shown", () => {
  const walk = walkNamed("seed");
  const z = walk.tensors.get("z.0");
  if (z) z.values[0] += 1;
  const path = through(firstPath(walk), 0, 0);
  assert.equal(formulaOf(walk, 0, path, weightOn(path, 0)).rule.length, 1);
});

test("a weight of a dark pixel is said not to be nudged", () => {
  const walk = walkNamed("seed");
  const step = walk.steps.findIndex(({ tensor }) => tensor === "gradient.weights.0");
  const path = through(firstPath(walk), -1, 1);
  const { value, words } = formulaOf(walk, step, path, weightOn(path, 0));
  assert.equal(Math.abs(value), 0);
  assert.match(words, /the pixel is dark/);
});
