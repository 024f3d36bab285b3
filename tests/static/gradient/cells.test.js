import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellAt,
  cellOf,
  largestGroup,
  nextCell,
  paint,
  rectangleOf,
  strongestIn,
} from "../../../static/gradient/cells.pure.js";
import { layOutCells } from "../../../static/gradient/cells-layout.pure.js";
import { countOf } from "../../../static/network/theta.pure.js";
import { colourIndex, colourTable, RAMPS } from "../../../static/shell/colour.pure.js";
import { SHAPES } from "../examples.js";
import { generator } from "../random.js";

/** @import { Sheet } from "../../../static/gradient/cells.pure.js" */

const BOX = { width: 292, height: 110, unit: 1, reserved: 104 };

/** @type {Sheet} */
const SHEET = {
  layer: 0,
  kind: "weights",
  start: 0,
  first: 0,
  rows: 4,
  columns: 4,
  x: 0,
  y: 0,
  width: 4,
  height: 4,
};

/** @type {[shapes: number[][], picture: number[], grouped: boolean][]} */
const NETWORKS = [
  [SHAPES, [28, 28], false],
  [[[10, 784]], [28, 28], false],
  [[[8, 784], ...Array(4).fill([8, 8]), [10, 8]], [28, 28], false],
  [
    [
      [100, 784],
      [5, 100],
      [10, 5],
    ],
    [28, 28],
    true,
  ],
  [
    [
      [2000, 784],
      [200, 2000],
      [10, 200],
    ],
    [28, 28],
    true,
  ],
  [
    [
      [16, 30],
      [2, 16],
    ],
    [1, 30],
    false,
  ],
];

/** @param {number[][]} shapes */
const nameOf = (shapes) => [shapes[0][1], ...shapes.map(([neurons]) => neurons)].join("-");

for (const [shapes, picture, grouped] of NETWORKS) {
  const sheets = layOutCells(shapes, picture, BOX);

  test(`the sheets of ${nameOf(shapes)} lie in the box and share no pixel`, () => {
    const owners = new Uint8Array(BOX.width * BOX.height);
    for (const { x, y, width, height } of sheets) {
      assert.ok(x >= 0 && y >= 0 && x + width <= BOX.width && y + height <= BOX.height);
      for (let row = y; row < y + height; row += 1) {
        for (let i = x; i < x + width; i += 1) owners[row * BOX.width + i] += 1;
      }
    }
    assert.equal(Math.max(...owners), 1);
  });

  test(`every parameter of ${nameOf(shapes)} has its cell`, () => {
    const count = countOf(shapes);
    const stride = Math.ceil(count / 20_000);
    for (let index = 0; index < count; index += stride) {
      const cell = cellOf(sheets, index);
      assert.ok(cell);
      const { x, y, width, height } = rectangleOf(cell);
      const same = cellAt(sheets, x + width - 1, y + height - 1);
      assert.ok(same && same.sheet === cell.sheet);
      assert.ok(same.row === cell.row && same.column === cell.column);
      if (!grouped) assert.equal(cell.sheet.start + strongestIn(cell, undefined), index);
    }
    assert.equal(cellOf(sheets, count), null);
    assert.equal(largestGroup(sheets) > 1, grouped);
  });
}

test("a cell is the strongest of its group, and blue where it will grow", () => {
  const colours = colourTable(RAMPS.light);
  const sheet = { ...SHEET, x: 1, width: 2, height: 2 };
  const values = new Float32Array(16);
  [values[5], values[6], values[15]] = [1, -1, 0.5];
  const pixels = new Uint32Array(8);
  paint(pixels, 4, sheet, values, 1, colours);
  /** @param {number} value */
  const end = (value) => colours[colourIndex(value, 1)];
  assert.deepEqual([...pixels], [0, end(-1), end(1), 0, 0, end(0), end(-0.5), 0]);
  paint(pixels, 4, sheet, undefined, 1, colours);
  assert.deepEqual([...pixels], [0, end(0), end(0), 0, 0, end(0), end(0), 0]);
});

test("the cells of large pixels are filled line by line", () => {
  const sheet = { ...SHEET, rows: 1, columns: 1, x: 1, y: 1, width: 2, height: 2 };
  const colours = colourTable(RAMPS.dark);
  const pixels = new Uint32Array(16);
  paint(pixels, 4, sheet, Float32Array.of(-1), 1, colours);
  const blue = colours[colourIndex(1, 1)];
  assert.deepEqual([...pixels], [0, 0, 0, 0, 0, blue, blue, 0, 0, blue, blue, 0, 0, 0, 0, 0]);
});

for (const [name, right, below] of /** @type {const} */ ([
  ["right", 1, 0],
  ["down", 0, 1],
])) {
  test(`the arrow key ${name} leads across gaps, from sheet to sheet, and stops at the edge`, () => {
    const sheets = layOutCells(SHAPES, [28, 28], BOX);
    const start = cellOf(sheets, 0);
    assert.ok(start);
    const crossed = new Set([start.sheet]);
    for (let from = start; ; ) {
      const next = nextCell(sheets, from, right, below, BOX);
      if (next === from) break;
      const [one, other] = [rectangleOf(from), rectangleOf(next)];
      if (right) assert.ok(other.x >= one.x + one.width);
      else assert.ok(other.y >= one.y + one.height);
      crossed.add(next.sheet);
      from = next;
    }
    assert.ok(crossed.size > 2);
    assert.equal(nextCell(sheets, start, -right, -below, BOX), start);
  });
}

test("a cell stands for the parameters that lead to it, and shows the strongest of them", () => {
  const sheet = { ...SHEET, start: 100, rows: 7, columns: 5, width: 2, height: 3 };
  const random = generator(8);
  const values = Float32Array.from({ length: 35 }, () => 2 * random() - 1);
  /** @type {Map<string, number>} */
  const best = new Map();
  for (const [i, value] of values.entries()) {
    const cell = cellOf([sheet], 100 + i);
    assert.ok(cell);
    const key = `${cell.row} ${cell.column}`;
    if (Math.abs(value) > Math.abs(values[best.get(key) ?? -1] ?? 0)) best.set(key, i);
  }
  assert.equal(best.size, 6);
  for (const [key, i] of best) {
    const [row, column] = key.split(" ").map(Number);
    assert.equal(strongestIn({ sheet, row, column }, values), i);
  }
});

test("the cells of a sheet are its tiles: they cover it and share no pixel", () => {
  const sheet = { ...SHEET, rows: 3, columns: 20, x: 2, y: 3, width: 11, height: 7 };
  const owners = new Uint8Array(16 * 12);
  for (let row = 0; row < 3; row += 1) {
    for (let column = 0; column < 11; column += 1) {
      const { x, y, width, height } = rectangleOf({ sheet, row, column });
      for (let line = y; line < y + height; line += 1) {
        owners.subarray(16 * line + x, 16 * line + x + width).forEach((owner, i, line) => {
          line[i] = owner + 1;
        });
      }
    }
  }
  const inside = owners.map((_, i) => Number(cellAt([sheet], i % 16, Math.floor(i / 16)) !== null));
  assert.deepEqual(owners, inside);
  assert.equal(inside.filter(Boolean).length, 11 * 7);
});

test("nothing is where there is no sheet", () => {
  assert.equal(cellAt(layOutCells(SHAPES, [28, 28], BOX), BOX.width, 0), null);
});
