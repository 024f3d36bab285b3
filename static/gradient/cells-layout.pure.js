/**
 * Where the cells of all parameters are drawn in a box: the first layer as pictures, one for each
 * neuron with its bias beside it; below them the other layers as matrices, with the biases as their
 * last column. A cell is a whole number of pixels wide wherever there are enough pixels.
 *
 * @typedef {{ width: number, height: number, unit: number, reserved: number }} Box in pixels of the
 *   canvas; unit: how many of them make a pixel of the page; reserved: the width kept free at the
 *   lower right
 */

import { pictureShape } from "../runs/images.pure.js";

/**
 * @import { Sheet } from "./cells.pure.js"
 * @import { Shapes } from "../network/theta.pure.js"
 */

const GAP = 2; // between pictures
const BREAK = 4; // between tensors
const LOWER = 48; // the least height below the pictures, where the sum stands, too
const SMALLEST_PICTURE = 8; // smaller pictures would be stripes, and are drawn as a matrix
const LARGEST_CELL = 12; // of a matrix

/**
 * @param {Shapes} shapes
 * @param {number[] | null} inputShape
 * @param {Box} box
 * @returns {Sheet[]}
 */
export function layOutCells(shapes, inputShape, box) {
  const upper = { ...box, height: box.height - (LOWER + BREAK) * box.unit };
  const pictures = layOutPictures(shapes[0], pictureShape(shapes[0][1], inputShape), upper);
  const first = pictures ?? layOutMatrices([shapes[0]], 0, 0, upper);
  const y = Math.max(...first.map((sheet) => sheet.y + sheet.height)) + BREAK * box.unit;
  const lower = { ...box, width: box.width - box.reserved, height: box.height - y };
  const [neurons, inputs] = shapes[0];
  const rest = layOutMatrices(shapes.slice(1), 1, neurons * (inputs + 1), lower);
  return [...first, ...rest.map((sheet) => ({ ...sheet, y: sheet.y + y }))];
}

/**
 * @param {number[]} shape
 * @param {[number, number]} picture rows and columns
 * @param {Box} box
 * @returns {Sheet[] | null} null if they would be too small, or the inputs are not a picture
 */
function layOutPictures([neurons, inputs], [rows, columns], { width, height, unit }) {
  if (rows === 1) return null;
  const gap = GAP * unit;
  const strip = GAP * unit; // the bias
  let best = { scale: 0, perRow: 1 };
  for (let perRow = 1; perRow <= neurons; perRow += 1) {
    const lines = Math.ceil(neurons / perRow);
    const wide = (width - (perRow - 1) * gap) / perRow - strip - unit;
    const high = (height - (lines - 1) * gap) / lines;
    const scale = Math.min(wide / columns, high / rows);
    if (scale > best.scale) best = { scale, perRow };
  }
  const scale = best.scale >= 1 ? Math.floor(best.scale) : best.scale;
  const [wide, high] = [Math.floor(columns * scale), Math.floor(rows * scale)];
  if (Math.min(wide, high) < SMALLEST_PICTURE * unit) return null;
  const common = { layer: 0, start: 0 };
  return Array.from({ length: neurons }, (_, neuron) => {
    const x = (neuron % best.perRow) * (wide + unit + strip + gap);
    const y = Math.floor(neuron / best.perRow) * (high + gap);
    const first = neuron * inputs;
    return /** @type {Sheet[]} */ ([
      { ...common, kind: "weights", first, rows, columns, x, y, width: wide, height: high },
      {
        ...common,
        kind: "biases",
        start: neurons * inputs,
        first: neuron,
        rows: 1,
        columns: 1,
        x: x + wide + unit,
        y,
        width: strip,
        height: high,
      },
    ]);
  }).flat();
}

/**
 * Matrices side by side. Each has a width in proportion to its number of columns.
 * @param {Shapes} shapes
 * @param {number} layer of the first one
 * @param {number} start the index in θ of its first weight
 * @param {Box} box
 * @returns {Sheet[]}
 */
function layOutMatrices(shapes, layer, start, { width, height, unit }) {
  const largest = LARGEST_CELL * unit;
  const wishes = shapes.map(([, inputs]) => (inputs + 1) * largest);
  const room = width - shapes.length * (BREAK + 1) * unit;
  const share = Math.min(1, room / wishes.reduce((sum, wish) => sum + wish, 0));
  /** @type {Sheet[]} */
  const sheets = [];
  let x = 0;
  let next = start;
  shapes.forEach(([neurons, inputs], i) => {
    const cell = largest * share;
    const wide = Math.max(1, cell >= 1 ? Math.floor(cell) * inputs : Math.floor(cell * inputs));
    const high = Math.min(Math.floor(height / neurons), largest) * neurons || height;
    const strip = Math.max(Math.floor(cell), unit);
    const common = { layer: layer + i, rows: neurons, y: 0, height: high };
    sheets.push({
      ...common,
      kind: "weights",
      start: next,
      first: 0,
      columns: inputs,
      x,
      width: wide,
    });
    next += neurons * inputs;
    x += wide + unit;
    sheets.push({ ...common, kind: "biases", start: next, first: 0, columns: 1, x, width: strip });
    next += neurons;
    x += strip + BREAK * unit;
  });
  return sheets;
}
