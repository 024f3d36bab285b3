import assert from "node:assert/strict";
import { test } from "node:test";
import {
  differences,
  draftOf,
  FIELD_NAMES,
  isFieldName,
  LIVE_FIELDS,
  NEXT_RUN_FIELDS,
  same,
  textOf,
  textsOf,
  valueOfText,
} from "../../../static/form/fields.pure.js";
import { SPEC } from "../examples.js";

/** @import { FieldName } from "../../../static/form/fields.pure.js" */

for (const [name, text, value] of /** @type {[FieldName, string, unknown][]} */ ([
  ["hidden", "[32, 16]", [32, 16]],
  ["hidden", "8 8", [8, 8]],
  ["hidden", "", []],
  ["hidden", "8, x", [8, "x"]],
  ["batch_size", "full", "full"],
  ["batch_size", " 64 ", 64],
  ["epochs", "", null],
  ["learning_rate", "1e-3", 0.001],
  ["learning_rate", ".5", 0.5],
  ["learning_rate", "-1.", -1],
  ["learning_rate", "0x10", "0x10"],
  ["learning_rate", "1e", "1e"],
  ["learning_rate", "null", null],
  ["learning_rate", "0,5", 0.5],
  ["l2", "1e-3", 0.001],
  ["momentum", "0,001", 0.001],
  ["hidden", "8; 4", [8, 4]],
  ["epochs", "60 000", 60000],
  ["train_examples", "1,000", 1000],
  ["batch_size", "1.000", 1000],
  ["seed", "0,5", 0.5],
  ["activation", "tanh", "tanh"],
  ["activation", "tanh,relu", ["tanh", "relu"]],
  ["augment", "false", false],
  ["augment", "true", true],
  ["dataset", "", ""],
  ["extra_dataset", "", null],
  ["extra_dataset", "7", "7"],
])) {
  test(`"${text}" in ${name} is ${JSON.stringify(value)}`, () => {
    assert.deepEqual(valueOfText(name, text), value);
  });
}

for (const [name, value, text] of /** @type {[FieldName, unknown, string][]} */ ([
  ["hidden", [32, 16], "32, 16"],
  ["epochs", null, ""],
  ["steps_per_second", null, "null"],
  ["seed", undefined, "null"],
  ["augment", false, "false"],
])) {
  test(`${JSON.stringify(value)} stands in ${name} as "${text}"`, () => {
    assert.equal(textOf(name, value), text);
  });
}

test("values become texts, and the texts the same values", () => {
  assert.deepEqual(draftOf(textsOf(SPEC)), SPEC);
  const other = { ...SPEC, hidden: [], activation: ["relu", "tanh"], epochs: null, augment: true };
  assert.deepEqual(draftOf(textsOf(other)), other);
});

test("a field is live or for the next run", () => {
  const live = "learning_rate batch_size epochs steps_per_second momentum l1 l2 dropout";
  assert.deepEqual(LIVE_FIELDS, live.split(" "));
  assert.deepEqual([...LIVE_FIELDS, ...NEXT_RUN_FIELDS].toSorted(), FIELD_NAMES.toSorted());
  assert.deepEqual(["seed", "toString", "__proto__"].map(isFieldName), [true, false, false]);
});

test("fields that differ are named", () => {
  const other = { ...SPEC, hidden: [16, 17], seed: 1, epochs: 6 };
  assert.deepEqual(differences(SPEC, other, NEXT_RUN_FIELDS), ["hidden", "seed"]);
  assert.deepEqual(differences(SPEC, SPEC, FIELD_NAMES), []);
  assert.deepEqual([same(null, undefined), same([1], [1]), same(1, "1")], [true, true, false]);
});
