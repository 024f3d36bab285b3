import assert from "node:assert/strict";
import { test } from "node:test";
import { digitImage, isDigitImage, roundHalfEven } from "../../../static/pad/digit-image.pure.js";

const SIDE = 140;

/**
 * A pad with light boxes on it: [top, left, rows, columns].
 * @param {number[][]} boxes
 */
function padWith(...boxes) {
  const values = new Uint8Array(SIDE * SIDE);
  for (const [top, left, rows, columns] of boxes) {
    for (let row = top; row < top + rows; row += 1) {
      values.fill(255, row * SIDE + left, row * SIDE + left + columns);
    }
  }
  return { values, rows: SIDE, columns: SIDE };
}

/** The box around what has ink: [top, left, rows, columns]. @param {number[] | null} image */
function boxOf(image) {
  assert.ok(image);
  const places = image.flatMap((value, i) => (value > 0 ? [i] : []));
  const rows = places.map((place) => Math.floor(place / 28));
  const columns = places.map((place) => place % 28);
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  return [top, left, Math.max(...rows) - top + 1, Math.max(...columns) - left + 1];
}

for (const [number, whole] of [
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, 0],
  [2.4, 2],
  [2.6, 3],
]) {
  test(`${number} is rounded to ${whole}, as Python does`, () => {
    assert.equal(roundHalfEven(number) + 0, whole);
  });
}

test("a box keeps its form, 20 pixels at its longer side, in the middle", () => {
  assert.deepEqual(boxOf(digitImage(padWith([10, 90, 100, 40]))), [4, 10, 20, 8]);
  assert.deepEqual(boxOf(digitImage(padWith([3, 3, 30, 60]))), [9, 4, 10, 20]);
});

test("a bar of five pixels may be half a pixel off the middle: it goes to the even place", () => {
  assert.deepEqual(boxOf(digitImage(padWith([10, 90, 80, 20]))), [4, 12, 20, 5]);
});

test("a stray dot is left out, and a part that is large enough is not", () => {
  const alone = digitImage(padWith([20, 60, 100, 12]));
  assert.deepEqual(digitImage(padWith([20, 60, 100, 12], [60, 110, 4, 4])), alone);
  assert.notDeepEqual(digitImage(padWith([20, 60, 100, 12], [60, 100, 14, 14])), alone);
});

test("of a pad on which all is the same there is no image", () => {
  assert.equal(digitImage(padWith()), null);
  assert.equal(digitImage(padWith([0, 0, SIDE, SIDE])), null);
});

test("a digit image is known by its box, its range and its centre", () => {
  /** @param {number} top @param {number} left @param {number} rows @param {number} shade */
  function box(top, left, rows, shade) {
    const image = new Uint8Array(28 * 28);
    for (let row = top; row < top + rows; row += 1) {
      image.fill(shade, row * 28 + left, row * 28 + left + 8);
    }
    return image;
  }
  assert.equal(isDigitImage(box(4, 10, 20, 255)), true);
  assert.equal(isDigitImage(box(4, 10, 19, 255)), true);
  assert.equal(isDigitImage(box(5, 10, 18, 255)), false);
  assert.equal(isDigitImage(box(4, 10, 20, 249)), false);
  assert.equal(isDigitImage(box(4, 11, 20, 255)), false);
  for (const [shade, is] of /** @type {const} */ ([
    [25, true],
    [26, false],
  ])) {
    const image = box(4, 10, 20, 255);
    image[0] = shade; // beside the box there may be what is hardly seen
    assert.equal(isDigitImage(image), is);
  }
  assert.equal(isDigitImage(new Uint8Array(28 * 28)), false);
});
