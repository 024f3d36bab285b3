import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arePictures,
  drawingWords,
  imagesOf,
  nounOf,
  pictureShape,
} from "../../../static/runs/images.pure.js";
import { DIGITS, runWith } from "../examples.js";

const CLOTHES = ["Shirt", "Coat"];

for (const [shape, class_names, pictures, title, hint] of /** @type {[number[], string[], boolean,
  string, string][]} */ ([
  [[28, 28], DIGITS, true, "Draw a digit", "Draw a digit here"],
  [[28, 28], CLOTHES, true, "Draw", "Draw here"],
  [[1, 30], DIGITS, false, "Draw", "This network reads numbers, not pictures."],
])) {
  test(`what may be drawn for a network that reads ${shape} and knows ${class_names}`, () => {
    const images = { ...imagesOf(null), shape, class_names };
    assert.equal(arePictures(images), pictures);
    assert.deepEqual(drawingWords(images), { title, hint });
  });
}

test("a run says what its network reads; of no run, digits are expected", () => {
  const images = { ...imagesOf(null), class_names: CLOTHES };
  assert.equal(imagesOf(runWith({ images })), images);
  assert.deepEqual(imagesOf(null), runWith().images);
});

test("only the ten digits are digits", () => {
  const all = [DIGITS, CLOTHES, DIGITS.slice(1), DIGITS.toReversed()].map(nounOf);
  assert.deepEqual(all, ["digit", "picture", "picture", "picture"]);
});

for (const [count, shape, picture] of /** @type {[number, number[] | null, number[]][]} */ ([
  [784, [28, 28], [28, 28]],
  [6, [2, 3], [2, 3]],
  [784, [28, 29], [28, 28]],
  [784, null, [28, 28]],
  [30, null, [1, 30]],
  [30, [30], [1, 30]],
])) {
  test(`${count} numbers of the shape ${shape} are a picture of ${picture}`, () => {
    assert.deepEqual(pictureShape(count, shape), picture);
  });
}
