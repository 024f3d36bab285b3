import assert from "node:assert/strict";
import { test } from "node:test";
import {
  opinionWords,
  predictionOf,
  secondReader,
  testSource,
  truthWords,
} from "../../../static/pad/prediction.pure.js";
import { DIGITS, datasetWith, layersWith } from "../examples.js";

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
  assert.equal(opinionWords("pretrained", opinion), "7 (1.00)");
  assert.equal(opinionWords("pretrained", null), "");
  assert.equal(opinionWords("", { digit: 7, confidence: 1 }), "");
});

for (const [biases, digit] of /** @type {[number[], number][]} */ ([
  [[1, 3, 2], 1],
  [[3, 1, 3], 0],
  [[-3, -2, -1], 2],
])) {
  test(`the digit that is read of outputs ${biases} is ${digit}, the first that is largest`, () => {
    const layers = layersWith([[3, 1]], [0, 0, 0, ...biases]);
    assert.deepEqual(predictionOf(layers, { output: "identity" }, [0.5]), {
      digit,
      confidence: biases[digit],
      outputs: biases,
      activations: [biases],
      image: [0.5],
    });
  });
}
