import assert from "node:assert/strict";
import { test } from "node:test";
import {
  csvOf,
  drawingOf,
  fitting,
  MOST,
  packed,
  unpacked,
  withDrawing,
} from "../../../static/drawings/drawings.pure.js";
import { datasetWith } from "../examples.js";
import { generator, wholeNumber } from "../random.js";

/** @import { Drawing } from "../../../static/drawings/drawings.pure.js" */

const SHADES = Buffer.from([0, 128, 255]).toString("base64");
const GOOD = { label: 3, shades: SHADES };
const DRAWING = { label: 3, image: [0, 128 / 255, 1] };

test("no more drawings are kept than allowed", () => {
  /** @type {Drawing[]} */
  let drawings = [];
  for (let i = 0; i < MOST + 3; i += 1) {
    drawings = withDrawing(drawings, drawingOf([i / 1000], i % 10));
  }
  assert.equal(drawings.length, 500);
  assert.equal(drawings[0].label, 3);
  const text = JSON.stringify(Array(MOST + 3).fill(GOOD));
  assert.equal(unpacked(text).length, 500);
});

test("what is kept comes back", () => {
  assert.deepEqual(unpacked(JSON.stringify([GOOD])), [DRAWING]);
  assert.deepEqual(unpacked(packed([DRAWING])), [DRAWING]);
});

test("any drawing comes back as it was", () => {
  const random = generator(5);
  const drawings = Array.from({ length: 256 }, (_, label) =>
    drawingOf(
      Array.from({ length: wholeNumber(random, 1, 784) }, () => 1.4 * random() - 0.2),
      label,
    ),
  );
  assert.deepEqual(unpacked(packed(drawings)), drawings);
});

for (const broken of [
  null,
  7,
  {},
  { label: 3 },
  { label: -1, shades: SHADES },
  { label: 256, shades: SHADES },
  { label: 1.5, shades: SHADES },
  { label: 3, shades: "§" },
  { label: 3, shades: "" },
]) {
  test(`what is broken does not come back: ${JSON.stringify(broken)}`, () => {
    assert.deepEqual(unpacked(JSON.stringify([broken, GOOD])), [DRAWING]);
  });
}

for (const text of ["", "{", "{}", null]) {
  test(`no drawing is in ${JSON.stringify(text)}`, () => {
    assert.deepEqual(unpacked(text), []);
  });
}

test("only what fits the data is trained with", () => {
  const drawings = [
    { image: [0, 1, 0, 1], label: 1 },
    { image: [0, 1], label: 1 },
    { image: [1, 1, 0, 1], label: 2 },
  ];
  const dataset = datasetWith({ shape: [2, 2], classes: ["no", "yes"] });
  assert.equal(csvOf(fitting(drawings, dataset)), "1,0,255,0,255\n");
  assert.equal(csvOf(fitting(drawings, dataset), ["a", "b"]), "b,0,255,0,255\n");
  const names = ["a", 'T-shirt, "large"'];
  assert.equal(csvOf(fitting(drawings, dataset), names), '"T-shirt, ""large""",0,255,0,255\n');
});

test("of data that is not known, digits are expected", () => {
  /** @param {number} pixels @param {number} label */
  const drawing = (pixels, label) => ({ image: Array(pixels).fill(0), label });
  const drawings = [drawing(784, 9), drawing(784, 10), drawing(783, 9)];
  assert.deepEqual(fitting(drawings, undefined), [drawings[0]]);
});
