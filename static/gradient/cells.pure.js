/**
 * The picture of all parameters. It is made of sheets: a sheet draws a grid of neighbouring values
 * of one tensor as cells in a rectangle. Where there are more values than pixels, a cell stands for
 * a group of values and shows the strongest.
 *
 * @typedef {{ layer: number, kind: "weights" | "biases", start: number, first: number, rows: number,
 *   columns: number, x: number, y: number, width: number, height: number }} Sheet
 *   start: the index in θ where its tensor begins; first: its first value's index in that tensor
 * @typedef {{ sheet: Sheet, row: number, column: number }} Cell rows and columns of
 *   cells, not of values
 */

import { colourIndex } from "../shell/colour.pure.js";

/** The number of cells across a sheet. @param {Sheet} sheet */
const across = ({ columns, width }) => Math.min(columns, width);

/** The number of cells down a sheet. @param {Sheet} sheet */
const down = ({ rows, height }) => Math.min(rows, height);

/**
 * The index in its tensor of the value that a cell shows: the strongest of its group.
 * @param {Cell} cell
 * @param {ArrayLike<number> | undefined} values of the tensor, if it is known
 */
export function strongestIn({ sheet, row, column }, values) {
  const { rows, columns, first } = sheet;
  const [wide, high] = [across(sheet), down(sheet)];
  const bottom = Math.floor(((row + 1) * rows) / high);
  const left = Math.floor((column * columns) / wide);
  const right = Math.floor(((column + 1) * columns) / wide);
  const top = Math.floor((row * rows) / high);
  let best = first + top * columns + left;
  if (!values) return best;
  let size = 0;
  for (let r = top; r < bottom; r += 1) {
    for (let i = first + r * columns + left, end = i + right - left; i < end; i += 1) {
      const magnitude = Math.abs(values[i]);
      if (magnitude > size) [best, size] = [i, magnitude];
    }
  }
  return best;
}

/**
 * Paints a sheet. It paints the negative of the values, because the picture is of −∇C.
 * @param {Uint32Array} pixels of the whole picture
 * @param {number} stride its width
 * @param {Sheet} sheet
 * @param {ArrayLike<number> | undefined} values of the tensor; without them all cells are zero
 * @param {number} scale the magnitude at which the colour is strongest
 * @param {Uint32Array} colours
 */
export function paint(pixels, stride, sheet, values, scale, colours) {
  const [wide, high] = [across(sheet), down(sheet)];
  const cell = { sheet, row: 0, column: 0 };
  for (cell.row = 0; cell.row < high; cell.row += 1) {
    const { y, height } = rectangleOf(cell);
    const start = y * stride + sheet.x;
    for (cell.column = 0; cell.column < wide; cell.column += 1) {
      const value = values ? -values[strongestIn(cell, values)] : 0;
      const from = Math.floor((cell.column * sheet.width) / wide);
      const to = Math.floor(((cell.column + 1) * sheet.width) / wide);
      pixels.fill(colours[colourIndex(value, scale)], start + from, start + to);
    }
    for (let line = 1; line < height; line += 1) {
      pixels.copyWithin(start + line * stride, start, start + sheet.width);
    }
  }
}

/**
 * The rectangle of a cell, in pixels.
 * @param {Cell} cell
 */
export function rectangleOf({ sheet, row, column }) {
  const [wide, high] = [across(sheet), down(sheet)];
  const left = Math.floor((column * sheet.width) / wide);
  const top = Math.floor((row * sheet.height) / high);
  return {
    x: sheet.x + left,
    y: sheet.y + top,
    width: Math.floor(((column + 1) * sheet.width) / wide) - left,
    height: Math.floor(((row + 1) * sheet.height) / high) - top,
  };
}

/**
 * @param {Sheet[]} sheets
 * @param {number} x a whole pixel
 * @param {number} y
 * @returns {Cell | null}
 */
export function cellAt(sheets, x, y) {
  const sheet = sheets.find(
    (one) => x >= one.x && y >= one.y && x < one.x + one.width && y < one.y + one.height,
  );
  if (!sheet) return null;
  return {
    sheet,
    row: Math.floor(((y - sheet.y + 1) * down(sheet) - 1) / sheet.height),
    column: Math.floor(((x - sheet.x + 1) * across(sheet) - 1) / sheet.width),
  };
}

/**
 * The cell that shows a parameter or the group that it belongs to.
 * @param {Sheet[]} sheets
 * @param {number} index of θ
 * @returns {Cell | null}
 */
export function cellOf(sheets, index) {
  for (const sheet of sheets) {
    const place = index - sheet.start - sheet.first;
    if (place < 0 || place >= sheet.rows * sheet.columns) continue;
    const row = Math.floor(place / sheet.columns);
    const column = place % sheet.columns;
    return {
      sheet,
      row: Math.floor(((row + 1) * down(sheet) - 1) / sheet.rows),
      column: Math.floor(((column + 1) * across(sheet) - 1) / sheet.columns),
    };
  }
  return null;
}

/**
 * The nearest cell in a direction, across gaps and from sheet to sheet.
 * @param {Sheet[]} sheets
 * @param {Cell} from
 * @param {number} right −1, 0 or 1
 * @param {number} below −1, 0 or 1
 * @param {{ width: number, height: number }} box of the picture
 * @returns {Cell} at the edge of the picture, `from` itself
 */
export function nextCell(sheets, from, right, below, box) {
  const { x, y, width, height } = rectangleOf(from);
  let column = right > 0 ? x + width : right < 0 ? x - 1 : x + (width >> 1);
  let row = below > 0 ? y + height : below < 0 ? y - 1 : y + (height >> 1);
  while (column >= 0 && row >= 0 && column < box.width && row < box.height) {
    const cell = cellAt(sheets, column, row);
    if (cell) return cell;
    column += right;
    row += below;
  }
  return from;
}

/**
 * The number of values in the largest group that one cell stands for.
 * @param {Sheet[]} sheets
 */
export function largestGroup(sheets) {
  return Math.max(
    1,
    ...sheets.map((one) => Math.ceil(one.columns / across(one)) * Math.ceil(one.rows / down(one))),
  );
}
