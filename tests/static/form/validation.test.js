import assert from "node:assert/strict";
import { test } from "node:test";
import { textsOf } from "../../../static/form/fields.pure.js";
import {
  complaint,
  errorsFromAnswer,
  errorsOf,
  isSpec,
} from "../../../static/form/validation.pure.js";
import { SPEC } from "../examples.js";

/** @import { Schema } from "../../../static/form/validation.pure.js" */

/** @type {Schema} */
const ROOT = { $defs: { Cost: { enum: ["a", "b"], type: "string" } } };
/** @type {Schema} */
const COST = { $ref: "#/$defs/Cost" };
/** @type {Schema} */
const SIZE = { anyOf: [{ type: "integer", minimum: 1, maximum: 9 }, { const: "full" }] };
/** @type {Schema} */
const RATE = { anyOf: [{ type: "number", exclusiveMinimum: 0 }, { type: "null" }] };
/** @type {Schema} */
const LIST = { type: "array", items: { type: "integer", minimum: 1 }, maxItems: 2 };

for (const [value, schema, words] of /** @type {[unknown, Schema, string | null][]} */ ([
  ["a", COST, null],
  ["c", COST, "Must be a or b."],
  ["c", { allOf: [COST] }, "Must be a or b."],
  ["c", { enum: ["a"] }, "Must be a."],
  ["c", { $ref: "#/$defs/Nothing" }, null],
  [3, SIZE, null],
  ["full", SIZE, null],
  [10, SIZE, "Must be at most 9."],
  ["x", SIZE, "Must be a whole number, or must be full."],
  [null, RATE, null],
  [0, RATE, "Must be greater than 0."],
  [0.5, RATE, null],
  ["x", RATE, "Must be a number."],
  [Infinity, RATE, "Must be a number."],
  ["c", { oneOf: [COST, { type: "array", items: COST }] }, "Must be a or b."],
  [["c"], { oneOf: [COST, { type: "array", items: COST }] }, "c: must be a or b."],
  [[1, 2], LIST, null],
  [[1, 2, 3], LIST, "At most 2 of them."],
  [[], { ...LIST, minItems: 1 }, "At least 1 of them."],
  [[0], LIST, "0: must be at least 1."],
  [["x"], LIST, "x: must be a whole number."],
  ["x", LIST, "Must be a list, with commas between."],
  [1.5, { type: "integer" }, "Must be a whole number."],
  [1, { type: "number", exclusiveMaximum: 1 }, "Must be less than 1."],
  [0.5, { type: "number", exclusiveMaximum: 1 }, null],
  [1, { type: "null" }, "Must be empty."],
  [1, { type: "string" }, "Must be a name."],
  ["", { type: "string" }, null],
  [1, { type: "boolean" }, "Must be true or false."],
  [false, { type: "boolean" }, null],
  [1, { const: 2 }, "Must be 2."],
  [1, {}, null],
])) {
  const verdict = words ?? "in order";
  test(`${JSON.stringify(value)} by ${JSON.stringify(schema)}: ${verdict}`, () => {
    assert.equal(complaint(value, schema, ROOT), words);
  });
}

/** @type {Schema} */
const SPEC_SCHEMA = { properties: { seed: { type: "integer" }, output: { type: "string" } } };

test("each field is checked by its own part of the schema", () => {
  const texts = textsOf(SPEC);
  assert.deepEqual(errorsOf(texts, SPEC_SCHEMA), {});
  assert.deepEqual(errorsOf({ ...texts, seed: "x" }, {}), {});
  assert.deepEqual(errorsOf({ ...texts, seed: "x" }, SPEC_SCHEMA), {
    seed: "Must be a whole number.",
  });
});

test("fields that don't go together are told", () => {
  const texts = { ...textsOf(SPEC), output: "identity" };
  assert.deepEqual(errorsOf(texts, SPEC_SCHEMA), {});
  assert.deepEqual(errorsOf({ ...texts, cost: "cross-entropy" }, SPEC_SCHEMA), {
    output: "An identity output goes with the squared error only.",
  });
  assert.deepEqual(errorsOf({ ...textsOf(SPEC), activation: "relu, tanh, relu" }, SPEC_SCHEMA), {
    activation: "A list needs one activation for each hidden layer.",
  });
});

test("values are a run's when the schema takes them all", () => {
  assert.equal(isSpec(SPEC, SPEC_SCHEMA), true);
  assert.equal(isSpec({ ...SPEC, seed: "x" }, SPEC_SCHEMA), false);
});

for (const [detail, fields, rest] of /** @type {[unknown, object, string[]][]} */ ([
  ["no", {}, ["no"]],
  [null, {}, []],
  [
    [{ loc: ["body", "hidden", 1], msg: "too many" }, { loc: ["body"], msg: "odd" }, null],
    { hidden: "too many" },
    ["odd", "This is not a value that can be used."],
  ],
  [
    [
      { loc: ["body", "seed"], msg: "first" },
      { loc: ["body", "seed"], msg: "second" },
    ],
    { seed: "first" },
    [],
  ],
])) {
  test(`a refusal is put at its fields: ${JSON.stringify(detail)}`, () => {
    assert.deepEqual(errorsFromAnswer(detail), { fields, rest });
  });
}
