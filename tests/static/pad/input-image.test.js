import assert from "node:assert/strict";
import { test } from "node:test";
import { inputImage } from "../../../static/pad/input-image.pure.js";
import { imagesOf } from "../../../static/runs/images.pure.js";

/** @import { Images } from "../../../static/runs/images.pure.js" */

const DIGITS = imagesOf(null);
/** @type {Images} */
const WHOLE = { shape: [2, 2], drawing: "whole", ground: "dark", class_names: ["a", "b"] };
/** @type {Images} */
const DARK_INK = { ...WHOLE, ground: "light" };

/** @param {ArrayLike<number>} values @param {number} columns */
const shades = (values, columns) => ({
  values: Uint8Array.from(values),
  rows: values.length / columns,
  columns,
});

/** @param {number[] | null} image @returns {number[] | undefined} 0–255 */
const bytes = (image) => image?.map((value) => Math.round(255 * value));

test("an image of the kind stays as it is, and so does one whose pixels are blocks", () => {
  for (const images of [WHOLE, DARK_INK]) {
    assert.deepEqual(bytes(inputImage(shades([1, 2, 3, 250], 2), images)), [1, 2, 3, 250]);
    const blocks = shades([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 9, 9, 3, 3, 9, 9], 4);
    assert.deepEqual(bytes(inputImage(blocks, images)), [1, 2, 3, 9]);
  }
});

test("a drawing is scaled with all that is on it in its place", () => {
  const drawing = shades([0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 80, 120, 0, 0, 100, 100], 4);
  assert.deepEqual(bytes(inputImage(drawing, WHOLE)), [0, 10, 0, 100]);
  assert.deepEqual(bytes(inputImage(drawing, DARK_INK)), [255, 245, 255, 155]);
});

test("a picture of another form is put in the middle of its own ground", () => {
  const wide = { ...WHOLE, shape: [4, 4] };
  const picture = shades([7, 7, 7, 7, 7, 7, 200, 7], 4);
  assert.deepEqual(
    bytes(inputImage(picture, wide)),
    [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 200, 7, 7, 7, 7, 7],
  );
});

test("a digit image is read as it is; another picture of its size is made one", () => {
  const image = new Uint8Array(28 * 28);
  for (let row = 4; row < 24; row += 1) image.fill(255, row * 28 + 10, row * 28 + 18);
  const moved = new Uint8Array(28 * 28);
  moved.set(image.subarray(28 * 3));
  const faint = image.map((value) => (value ? 251 : 0));
  assert.deepEqual(bytes(inputImage(shades(faint, 28), DIGITS)), [...faint]);
  assert.deepEqual(bytes(inputImage(shades(moved, 28), DIGITS)), [...image]);
});

test("of a pad on which all is the same there is no image, but an example may be of one shade", () => {
  const empty = new Array(16).fill(30);
  assert.equal(inputImage(shades(empty, 4), WHOLE), null);
  assert.deepEqual(bytes(inputImage(shades([30, 30, 30, 30], 2), WHOLE)), [30, 30, 30, 30]);
  assert.equal(inputImage(shades(new Array(28 * 28).fill(0), 28), DIGITS), null);
});
