import assert from "node:assert/strict";
import { test } from "node:test";
import {
  opinionWords,
  secondReader,
  testSource,
  truthWords,
} from "../../../static/pad/prediction.pure.js";
import { DIGITS, datasetWith } from "../examples.js";

const CLOTHES = ["Shirt", "Coat"];

for (const [chosen, watched, reader] of [
  ["pretrained-large", "x", "pretrained-large"],
  ["pretrained-large", "pretrained-large", "pretrained"],
  ["pretrained", "pretrained", "pretrained-large"],
  ["", "x", ""],
]) {
  test(`beside ${watched}, where "${chosen}" is chosen, "${reader}" is asked`, () => {
    assert.equal(secondReader(chosen, watched), reader);
  });
}

for (const [label, classes, words] of /** @type {[number, string[], string][]} */ ([
  [8, DIGITS, "It is an 8 (test digit 4)."],
  [3, DIGITS, "It is a 3 (test digit 4)."],
  [1, CLOTHES, "It is Coat (test digit 4)."],
  [7, CLOTHES, "It is a 7 (test digit 4)."],
])) {
  test(`what the picture on the pad is: ${words}`, () => {
    assert.equal(truthWords(label, classes, "test digit 4"), words);
  });
}

for (const [here, classes, source] of /** @type {[boolean, string[], string][]} */ ([
  [true, DIGITS, "mine"],
  [false, DIGITS, "digits-5k"],
  [false, CLOTHES, "mine"],
])) {
  const state = `${here ? "here" : "away"} with ${classes.length} classes`;
  test(`test digits for a data set that is ${state} come from ${source}`, () => {
    assert.equal(testSource([datasetWith({ name: "mine", here, classes })], "mine"), source);
  });
}

test("test digits for a data set that is not known come from itself", () => {
  assert.equal(testSource([], "mine"), "mine");
});

test("the second network's opinion has words", () => {
  const opinion = { digit: 7, confidence: 0.999 };
  assert.equal(opinionWords("pretrained", opinion), "pretrained reads 7 (1.00)");
  assert.equal(opinionWords("pretrained", null), "");
  assert.equal(opinionWords("", { digit: 7, confidence: 1 }), "");
});
