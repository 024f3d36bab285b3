import assert from "node:assert/strict";
import { test } from "node:test";
import { numberOf, wholeNumberOf } from "../../../static/shell/number.pure.js";

for (const [text, number] of /** @type {[string, number | null][]} */ ([
  ["0.5", 0.5],
  ["0,5", 0.5],
  [",5", 0.5],
  [" 0,001 ", 0.001],
  ["2,5e-3", 0.0025],
  ["-0,5", -0.5],
  ["−0,5", -0.5],
  ["1.000", 1],
  ["1,000", null], // one, or a thousand
  ["1 000", null],
  ["1,2,3", null],
  ["0,5,", null],
  [",", null],
  ["0x10", null],
  ["", null],
  ["x", null],
])) {
  test(`"${text}" is ${number ?? "no number"}`, () => assert.equal(numberOf(text), number));
}

for (const [text, number] of /** @type {[string, number | null][]} */ ([
  ["60000", 60000],
  ["60,000", 60000],
  ["60.000", 60000],
  ["60\u202f000", 60000],
  ["1’000’000", 1000000],
  ["0,001", 0.001],
  ["1,5", 1.5],
  ["10,00", 10],
  ["many", null],
])) {
  test(`"${text}" as a whole number is ${number ?? "none"}`, () => {
    assert.equal(wholeNumberOf(text), number);
  });
}
