/**
 * A drawing becomes a digit image: 28×28 pixels, made the way MNIST's authors made theirs. The same as
 * nn_core/digit_image.py, which explains it, step by step and to the same rounding.
 */

import { resize } from "./scaling.pure.js";

/**
 * @import { Grid } from "./scaling.pure.js"
 *
 * @typedef {{ cells: number[], ink: number, length: number }} Part what hangs together: its cells, how
 *   many pixels of ink they have, and its longer side, in cells
 */

export const SIDE = 28; // of the digit image
const BOX = 20; // the digit itself fits into a box with this side
const WHITE = 250; // of 255: the brightest pixel of a digit image is no darker
const INK = 0.1; // what is lighter than the background by this share of the whole range is ink
const FAINT = 25; // of 255: the lightest shade that is none on a digit image

const CELLS = 64; // along the longer side of a drawing, when it is looked for what hangs together
// A part is a stray dot if it has less than this share of the ink of the largest part, and is
// shorter than this share of its longer side.
const STRAY_INK = 1 / 8;
const STRAY_LENGTH = 0.3;

/** Rounds to a whole number, halves to the even one, as Python does. @param {number} number */
export function roundHalfEven(number) {
  const low = Math.floor(number);
  const rest = number - low;
  if (rest === 0.5) return low % 2 === 0 ? low : low + 1;
  return rest < 0.5 ? low : low + 1;
}

/**
 * Whether an image of 28×28 bytes is a digit image already: the ground is black, something is white,
 * the box around all ink, or all but the faintest, has a side of 20 pixels, or 19, and the centre of
 * mass is near the centre.
 * @param {ArrayLike<number>} image
 */
export function isDigitImage(image) {
  const [down, across] = [new Array(SIDE).fill(0), new Array(SIDE).fill(0)];
  const lightest = [new Array(SIDE).fill(0), new Array(SIDE).fill(0)];
  let least = 255;
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    down[row] += image[i];
    across[column] += image[i];
    lightest[0][row] = Math.max(lightest[0][row], image[i]);
    lightest[1][column] = Math.max(lightest[1][column], image[i]);
    least = Math.min(least, image[i]);
  }
  const fits = [0, FAINT].some((faintest) => {
    const side = Math.max(...lightest.map((shades) => extent(shades, faintest)));
    return side === BOX || side === BOX - 1;
  });
  const isCentred = [down, across].every((sums) => Math.abs(centreOf(sums) - SIDE / 2) < 1);
  return least === 0 && Math.max(...lightest[0]) >= WHITE && fits && isCentred;
}

/** From the first to the last that is lighter. @param {number[]} shades @param {number} faintest */
function extent(shades, faintest) {
  const hasInk = (/** @type {number} */ shade) => shade > faintest;
  return shades.findLastIndex(hasInk) - shades.findIndex(hasInk) + 1;
}

/** The centre of mass. @param {number[]} sums of the rows, or of the columns */
function centreOf(sums) {
  const mass = sums.reduce((total, sum) => total + sum, 0);
  return sums.reduce((total, sum, i) => total + sum * (i + 0.5), 0) / mass;
}

/**
 * @param {Grid} drawing light ink on a dark ground
 * @returns {number[] | null} 28×28 pixels, 0–1, row by row; null if nothing is drawn
 */
export function digitImage(drawing) {
  const ink = inkOf(drawing);
  if (!ink) return null;
  const digit = cropToInk(withoutStrays(cropToInk(ink)));
  const scale = BOX / Math.max(digit.rows, digit.columns);
  const [rows, columns] = [digit.rows, digit.columns].map((length) =>
    Math.max(1, roundHalfEven(length * scale)),
  );
  return centreByMass(resize(digit, rows, columns));
}

/**
 * How much ink is on each pixel: from 0, the darkest one, to 1, the lightest.
 * @param {Grid} drawing
 * @returns {Grid | null} null if all pixels are the same
 */
function inkOf({ values, rows, columns }) {
  let [background, brightest] = [values[0], values[0]];
  for (let i = 1; i < values.length; i += 1) {
    if (values[i] < background) background = values[i];
    if (values[i] > brightest) brightest = values[i];
  }
  if (background === brightest) return null;
  const ground = background / brightest;
  const ink = new Float64Array(values.length);
  for (let i = 0; i < ink.length; i += 1) ink[i] = (values[i] / brightest - ground) / (1 - ground);
  return { values: ink, rows, columns };
}

/** Cuts off the rows and columns around the digit that have no ink. @param {Grid} grid @returns {Grid} */
function cropToInk({ values, rows, columns }) {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (values[row * columns + column] <= INK) continue;
      top = Math.min(top, row);
      bottom = row;
      if (column < left) left = column;
      if (column > right) right = column;
    }
  }
  const [height, width] = [bottom - top + 1, right - left + 1];
  const cropped = new Float64Array(height * width);
  for (let row = 0; row < height; row += 1) {
    const start = (top + row) * columns + left;
    cropped.set(values.subarray(start, start + width), row * width);
  }
  return { values: cropped, rows: height, columns: width };
}

/**
 * The drawing without what is no stroke of it, nor near one: parts that are too small, and faint grey.
 * @param {Grid} drawing cropped
 * @returns {Grid}
 */
function withoutStrays({ values, rows, columns }) {
  // What hangs together is found on a coarse grid of cells; a cell has ink if any pixel of it has.
  const cell = Math.ceil(Math.max(rows, columns) / CELLS);
  const [down, across] = [Math.ceil(rows / cell), Math.ceil(columns / cell)];
  const cellOf = new Uint16Array(values.length);
  const ink = new Int32Array(down * across);
  for (let row = 0; row < rows; row += 1) {
    const first = Math.floor(row / cell) * across;
    for (let column = 0; column < columns; column += 1) {
      const i = row * columns + column;
      cellOf[i] = first + Math.floor(column / cell);
      if (values[i] > INK) ink[cellOf[i]] += 1;
    }
  }
  const parts = partsOf(ink, across);
  const largest = parts.reduce((most, part) => (part.ink >= most.ink ? part : most));
  const near = new Uint8Array(ink.length);
  for (const part of parts) {
    const isStray =
      part.ink < STRAY_INK * largest.ink && part.length < STRAY_LENGTH * largest.length;
    if (isStray) continue;
    for (const place of part.cells)
      for (const other of around(place, down, across)) near[other] = 1;
  }
  const kept = new Float64Array(values.length);
  for (let i = 0; i < kept.length; i += 1) kept[i] = near[cellOf[i]] ? values[i] : 0;
  return { values: kept, rows, columns };
}

/**
 * The parts that hang together, also by a corner: the one whose last cell comes last is the first.
 * @param {Int32Array} ink of each cell
 * @param {number} across cells in a row
 * @returns {Part[]}
 */
function partsOf(ink, across) {
  const down = ink.length / across;
  const seen = new Uint8Array(ink.length);
  const parts = [];
  for (let last = ink.length - 1; last >= 0; last -= 1) {
    if (ink[last] === 0 || seen[last]) continue;
    seen[last] = 1;
    const cells = [last];
    for (const cell of cells) {
      for (const other of around(cell, down, across)) {
        if (ink[other] === 0 || seen[other]) continue;
        seen[other] = 1;
        cells.push(other);
      }
    }
    parts.push({
      cells,
      ink: cells.reduce((sum, cell) => sum + ink[cell], 0),
      length: Math.max(
        stretch(cells.map((cell) => Math.floor(cell / across))),
        stretch(cells.map((cell) => cell % across)),
      ),
    });
  }
  return parts;
}

/** From the least to the largest, both included. @param {number[]} places */
const stretch = (places) => Math.max(...places) - Math.min(...places) + 1;

/** The 3×3 cells around one. @param {number} cell @param {number} down @param {number} across */
function around(cell, down, across) {
  const [row, column] = [Math.floor(cell / across), cell % across];
  const cells = [];
  for (let y = Math.max(0, row - 1); y <= Math.min(down - 1, row + 1); y += 1) {
    for (let x = Math.max(0, column - 1); x <= Math.min(across - 1, column + 1); x += 1) {
      cells.push(y * across + x);
    }
  }
  return cells;
}

/**
 * Places the digit in a 28×28 image so that its centre of mass is at the image's centre.
 * @param {Grid} digit
 * @returns {number[]}
 */
function centreByMass({ values, rows, columns }) {
  const [down, across] = [new Array(rows).fill(0), new Array(columns).fill(0)];
  let most = 0;
  values.forEach((value, i) => {
    down[Math.floor(i / columns)] += value;
    across[i % columns] += value;
    most = Math.max(most, value);
  });
  const [top, left] = [down, across].map((sums) => {
    const corner = Math.round((SIDE / 2 - centreOf(sums)) * 1e6) / 1e6; // no rounding errors
    return Math.min(Math.max(roundHalfEven(corner), 0), SIDE - sums.length);
  });
  const image = new Array(SIDE * SIDE).fill(0);
  values.forEach((value, i) => {
    const place = (top + Math.floor(i / columns)) * SIDE + left + (i % columns);
    image[place] = Math.fround(value / most);
  });
  return image;
}
