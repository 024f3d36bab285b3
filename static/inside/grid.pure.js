/**
 * How the cells of an array are laid out as a picture. A vector is a row, or several; the image is a
 * picture of its form; a matrix whose rows weigh the image has a picture for each row; any other is
 * drawn as it is.
 *
 * @typedef {object} Grid
 * @property {number} width in cells
 * @property {number} height
 * @property {number} count of cells
 * @property {(index: number) => [x: number, y: number]} placeOf a cell
 * @property {(x: number, y: number) => number | null} at the cell there; null: none
 * @property {"vector" | "image" | "tiles" | "matrix"} kind
 *
 * @typedef {{ x: number, y: number, width: number, height: number }} Area in cells
 */

/** @import { Mark } from "./names.pure.js" */

const LONGEST = 40; // cells of a vector in one row

/**
 * @param {number[]} shape
 * @param {[number, number]} imageShape
 * @returns {Grid}
 */
export function gridOf(shape, imageShape) {
  const [rows, columns] = imageShape;
  const inputs = rows * columns;
  if (shape.length === 2 && shape[1] === inputs && rows > 1) return tiles(shape[0], imageShape);
  if (shape.length === 2) return plain(shape[1], shape[0] * shape[1], "matrix");
  const count = shape[0] ?? 1;
  if (count === inputs && rows > 1) return plain(columns, count, "image");
  return plain(count <= LONGEST ? count : widthFor(count), count, "vector");
}

/** A vector of many cells is about three times as wide as high. @param {number} count */
const widthFor = (count) => Math.max(LONGEST, Math.ceil(Math.sqrt(3 * count)));

/** @param {number} width @param {number} count @param {Grid["kind"]} kind @returns {Grid} */
function plain(width, count, kind) {
  const height = Math.ceil(count / width);
  return {
    width,
    height,
    count,
    kind,
    placeOf: (index) => [index % width, Math.floor(index / width)],
    at(x, y) {
      const index = y * width + x;
      const isInside = x >= 0 && x < width && y >= 0 && index < count;
      return isInside ? index : null;
    },
  };
}

/** @param {number} neurons @param {[number, number]} imageShape @returns {Grid} */
function tiles(neurons, [rows, columns]) {
  const across = Math.max(1, Math.round(Math.sqrt(neurons * 4 * (rows / columns))));
  const inRow = Math.min(neurons, across);
  const [wide, high] = [columns + 1, rows + 1]; // a gap of one cell
  const inputs = rows * columns;
  return {
    width: inRow * wide - 1,
    height: Math.ceil(neurons / inRow) * high - 1,
    count: neurons * inputs,
    kind: "tiles",
    placeOf(index) {
      const tile = Math.floor(index / inputs);
      const pixel = index % inputs;
      return [
        (tile % inRow) * wide + (pixel % columns),
        Math.floor(tile / inRow) * high + Math.floor(pixel / columns),
      ];
    },
    at(x, y) {
      const tile = Math.floor(y / high) * inRow + Math.floor(x / wide);
      const [column, row] = [x % wide, y % high];
      const isInside = x >= 0 && y >= 0 && x < inRow * wide && tile < neurons;
      if (!isInside || column === columns || row === rows) return null;
      return tile * inputs + row * columns + column;
    },
  };
}

/**
 * The areas that a mark covers.
 * @param {Grid} grid
 * @param {number[]} shape
 * @param {Pick<Mark, "row" | "column">} mark
 * @returns {Area[]} at most one for each row or column of a matrix
 */
export function areasOf(grid, shape, { row, column }) {
  const whole = [{ x: 0, y: 0, width: grid.width, height: grid.height }];
  if (row === null && column === null) return whole;
  const columns = shape[1] ?? 1;
  const cell = (/** @type {number} */ index) => boxOf(grid, index, index);
  if (row !== null && (column !== null || shape.length < 2))
    return [cell(row * columns + (column ?? 0))];
  if (row !== null) return [boxOf(grid, row * columns, (row + 1) * columns - 1)];
  return Array.from({ length: shape[0] }, (_, j) => cell(j * columns + (column ?? 0)));
}

/** The box from one cell to another. @param {Grid} grid @param {number} first @param {number} last @returns {Area} */
function boxOf(grid, first, last) {
  const [x1, y1] = grid.placeOf(first);
  const [x2, y2] = grid.placeOf(last);
  return { x: x1, y: y1, width: x2 - x1 + 1, height: y2 - y1 + 1 };
}

/** The mark of a cell. @param {string} tensor @param {number[]} shape @param {number} index @returns {Mark} */
export function markAtIndex(tensor, shape, index) {
  if (shape.length === 0) return { tensor, row: null, column: null };
  if (shape.length === 1) return { tensor, row: index, column: null };
  return { tensor, row: Math.floor(index / shape[1]), column: index % shape[1] };
}
