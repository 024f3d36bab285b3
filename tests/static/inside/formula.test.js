import assert from "node:assert/strict";
import { test } from "node:test";
import { formulaOf } from "../../../static/inside/formula.pure.js";
import { otherwiseWords } from "../../../static/inside/functions.pure.js";
import { firstPath, through, weightOn } from "../../../static/inside/path.pure.js";
import { kindOf } from "../../../static/inside/steps.pure.js";
import { formatOutput, largest } from "../../../static/inside/terms.pure.js";
import { numbersOf } from "../../../static/inside/walk.pure.js";
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

test("an output near 1 has as many places as tell it from 1", () => {
  const texts = [1, 0.999982, 0.9991, 0.9999999999999, 1.002, 0.994, 0.5, 0.0001];
  assert.deepEqual(texts.map(formatOutput), [
    "1.00",
    "0.999982",
    "0.99910",
    "0.99999999999990",
    "1.0020",
    "0.994",
    "0.500",
    "1.0·10⁻⁴",
  ]);
  const walk = walkNamed("pretrained");
  const last = walk.shapes.length - 1;
  numbersOf(walk, `activations.${last}`)[walk.truth] = 0.99961;
  const cost = walk.steps.findIndex(({ tensor }) => tensor === "cost");
  const { rows } = formulaOf(walk, cost, firstPath(walk), weightOn(firstPath(walk), 0));
  assert.ok(rows[0].parts.some(({ text }) => text === "0.99961"));
});

test("it is said whose learning rate the nudge has, and which functions the comments leave out", () => {
  const walk = walkNamed("pretrained");
  const path = firstPath(walk);
  const { words } = formulaOf(walk, walk.steps.length - 1, path, weightOn(path, 0));
  assert.match(words, /the learning rate that this run has, or was trained with: [\d.]+\d/);
  assert.equal(
    otherwiseWords(walk),
    "The comments tell of sigmoids and squared errors. This network has ReLU in its hidden layers, softmax for its outputs, and as its cost cross-entropy, made of −ln a. The lines for that are those that run.",
  );
  assert.equal(otherwiseWords(walkNamed("seed")), "");
  const flat = { functions: ["identity"], output: "identity", cost: "squared-error" };
  assert.match(
    otherwiseWords(flat),
    /network has the identity for its outputs, and as its cost the sq/,
  );
});

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
