import assert from "node:assert/strict";
import { test } from "node:test";
import { MARGIN } from "../../../static/charts/axes.pure.js";
import {
  endLabels,
  FONT_SIZE,
  labelOfRun,
  rightMargin,
} from "../../../static/charts/labels.pure.js";
import { generator } from "../random.js";

/** @import { Scales } from "../../../static/charts/labels.pure.js" */

const SIZE = { width: 380, height: 190 };
const INSIDE = SIZE.height - MARGIN.t - MARGIN.b;
/** @type {Scales} */
const SCALES = { x: [0, 10], y: [0, 1], logarithmic: false };

/** @param {number} end @param {number | null} figure @param {string} [text] */
const lineTo = (end, figure, text = "run 1") => ({
  ...{ x: [1, end], y: [0.5, figure], text, color: "#123456", opacity: 1 },
});

test("labels stay inside the plot and apart, wherever the lines end", () => {
  const random = generator(5);
  for (let round = 0; round < 200; round += 1) {
    const lines = Array.from({ length: 1 + Math.floor(14 * random()) }, () =>
      lineTo(2 + 8 * random(), random() < 0.5 ? 0 : random(), "run 12"),
    );
    const labels = endLabels(lines, SCALES, SIZE);
    assert.equal(labels.length, Math.min(lines.length, Math.floor(INSIDE / 15)));
    const middles = labels.map(({ y }) => (1 - y) * INSIDE);
    for (const [i, middle] of middles.entries()) {
      assert.ok(middle >= FONT_SIZE / 2 && middle <= INSIDE - FONT_SIZE / 2);
      if (i > 0) assert.ok(middle - middles[i - 1] >= FONT_SIZE);
    }
    const inside = SIZE.width - MARGIN.l - rightMargin(lines);
    for (const { x } of labels) assert.ok(x >= 0 && MARGIN.l + x * inside + 6 * 7 <= SIZE.width);
  }
});

test("a label stands after its line's end", () => {
  const [{ x, y }] = endLabels([lineTo(3, 0.5)], SCALES, SIZE);
  assert.ok(x > 0.3 && x < 0.35);
  assert.equal(y, 0.5);
});

test("only labels take room at the right", () => {
  assert.equal(rightMargin([]), MARGIN.r);
  assert.ok(rightMargin([lineTo(3, 0.5)]) > MARGIN.r);
});

test("a line is labelled where it was last seen, and not if it ends outside the plot", () => {
  const [known] = endLabels([lineTo(9, null)], SCALES, SIZE);
  assert.ok(known.x < 0.2);
  const [cut] = endLabels([lineTo(30, 0.2)], SCALES, SIZE);
  assert.deepEqual([cut.x, cut.y], [known.x, known.y]);
  assert.deepEqual(endLabels([lineTo(9, 3)], SCALES, SIZE), []);
  assert.deepEqual(endLabels([{ ...lineTo(9, 3), x: [], y: [] }], SCALES, SIZE), []);
});

test("a logarithmic plot has its labels at the logarithm", () => {
  /** @type {Scales} */
  const scales = { x: [0, 10], y: [-2, 0], logarithmic: true };
  const [{ y }] = endLabels([lineTo(3, 0.1)], scales, SIZE);
  assert.equal(y, 0.5);
});

test("a name is text", () => {
  const [{ text }] = endLabels([lineTo(3, 0.5, "<b>a&b")], SCALES, SIZE);
  assert.equal(text, "&lt;b>a&amp;b");
});

test("a run's label is its name if that is short", () => {
  assert.equal(labelOfRun({ number: 3, name: "rate 0.3" }), "rate 0.3");
  assert.equal(labelOfRun({ number: 3, name: "ReLU, rate 0.3" }), "run 3");
});
