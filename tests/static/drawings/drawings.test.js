import assert from "node:assert/strict";
import { test } from "node:test";
import {
  csvOf,
  drawingOf,
  fitting,
  learnedWords,
  lessonOf,
  MOST,
  packed,
  sentAs,
  unpacked,
  withDrawing,
} from "../../../static/drawings/drawings.pure.js";
import { DIGITS, datasetWith } from "../examples.js";
import { generator, wholeNumber } from "../random.js";

/**
 * @import { Drawing } from "../../../static/drawings/drawings.pure.js"
 * @import { Images } from "../../../static/runs/images.pure.js"
 */

const SHADES = Buffer.from([0, 128, 255]).toString("base64");
const GOOD = { name: "3", shape: [1, 3], drawing: "whole", shades: SHADES };
/** @type {Drawing} */
const DRAWING = { name: "3", shape: [1, 3], drawing: "whole", image: [0, 128 / 255, 1] };

/** @param {number[]} shape @returns {Images} */
const imagesOf = (shape) => ({ shape, drawing: "whole", ground: "dark", class_names: DIGITS });

test("no more drawings are kept than allowed", () => {
  /** @type {Drawing[]} */
  let drawings = [];
  for (let i = 0; i < MOST + 3; i += 1) {
    drawings = withDrawing(drawings, drawingOf([i / 1000], imagesOf([1, 1]), i % 10));
  }
  assert.equal(drawings.length, 500);
  assert.equal(drawings[0].name, "3");
  const text = JSON.stringify(Array(MOST + 3).fill(GOOD));
  assert.equal(unpacked(text).length, 500);
});

test("what is kept comes back", () => {
  assert.deepEqual(unpacked(JSON.stringify([GOOD])), [DRAWING]);
  assert.deepEqual(unpacked(packed([DRAWING])), [DRAWING]);
});

test("any drawing comes back as it was", () => {
  const random = generator(5);
  const drawings = Array.from({ length: 256 }, (_, label) => {
    const columns = wholeNumber(random, 1, 784);
    const image = Array.from({ length: columns }, () => 1.4 * random() - 0.2);
    return drawingOf(image, imagesOf([1, columns]), label);
  });
  assert.deepEqual(unpacked(packed(drawings)), drawings);
});

for (const broken of [
  null,
  7,
  {},
  { name: "3" },
  { label: 3, shades: SHADES },
  { ...GOOD, name: 3 },
  { ...GOOD, drawing: "half" },
  { ...GOOD, shape: [2, 2] },
  { ...GOOD, shape: 3 },
  { ...GOOD, shades: "§" },
  { ...GOOD, shades: "" },
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
  /** @type {Drawing} */
  const yes = { image: [0, 1, 0, 1], shape: [2, 2], drawing: "whole", name: "yes" };
  const others = /** @type {Drawing[]} */ ([
    { ...yes, image: [0, 1], shape: [1, 2] },
    { ...yes, shape: [1, 4] },
    { ...yes, drawing: "digits" },
    { ...yes, name: "maybe" },
  ]);
  const dataset = datasetWith({ shape: [2, 2], drawing: "whole", classes: ["no", "yes"] });
  assert.deepEqual(fitting([...others, yes], dataset), [yes]);
  assert.equal(csvOf([yes]), "yes,0,255,0,255\n");
  const shirt = { ...yes, name: 'T-shirt, "large"' };
  assert.equal(csvOf([shirt]), '"T-shirt, ""large""",0,255,0,255\n');
});

test("of data that is not known, nothing is left out", () => {
  assert.deepEqual(fitting([DRAWING], undefined), [DRAWING]);
});

test("the newest drawings that a network can read are learned", () => {
  const other = { ...DRAWING, name: "cat" };
  const many = Array.from({ length: 25 }, (_, i) => ({ ...DRAWING, name: String(i % 10) }));
  const lesson = lessonOf([...many, other], imagesOf([1, 3]));
  assert.deepEqual(lesson, many.slice(-20));
  assert.deepEqual(lessonOf(many, imagesOf([3, 1])), []);
  assert.deepEqual(sentAs([DRAWING], DIGITS), [{ image: SHADES, label: 3 }]);
});

test("what came of a correction is said", () => {
  const tests = { test_accuracy_before: 0.912, test_accuracy_after: 0.909 };
  assert.equal(
    learnedWords(1, { right_before: 0, right_after: 1, ...tests }),
    "It now reads your drawing right. Test digits: 91.2% before, 90.9% now.",
  );
  assert.match(
    learnedWords(1, { right_before: 0, right_after: 0, ...tests }),
    /still misreads your drawing/,
  );
  assert.match(
    learnedWords(7, { right_before: 2, right_after: 6, ...tests }),
    /7 drawings: 2 before, 6 now\. Test digits: 91\.2% before/,
  );
});
