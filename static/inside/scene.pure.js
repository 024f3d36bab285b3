/**
 * Where everything stands in the picture of a walk: the image, under it what one neuron of the first
 * layer makes of it, a column for each layer, the cost.
 *
 * @typedef {{ x: number, y: number }} Point
 * @typedef {object} Scene
 * @property {number} width
 * @property {number} height
 * @property {{ x: number, y: number, width: number, height: number }} image
 * @property {{ x: number, y: number, width: number, height: number }} below
 * @property {Point[][]} columns the middle of each neuron that is shown
 * @property {number} radius
 * @property {number} pitch from neuron to neuron
 * @property {number} gap from column to column
 * @property {Point} cost
 * @property {number} top of the columns
 */

const HEAD = 46; // for the names of the columns
const SAMPLED = 17; // more, where a line says how many neurons are shown
const FOOT = 20;
const GAP = 64; // between columns at least
const COST = { wide: 122, narrow: 84 };
const NARROW = 500;

/**
 * @param {{ width: number, height: number, isSample?: boolean }} size of the box; isSample: not all
 *   neurons of each layer are shown
 * @param {number[]} counts of the neurons that are shown, by layer
 * @param {[number, number]} shape of the image
 * @returns {Scene} at least as wide as the box
 */
export function sceneOf({ width, height, isSample }, counts, [rows, columns]) {
  const cost = width < NARROW ? COST.narrow : COST.wide;
  const top = HEAD + (isSample ? SAMPLED : 0);
  const side = Math.max(48, Math.min(132, 0.2 * width, height / 2 - 48));
  const aspect = columns / rows;
  const image = {
    width: side * Math.min(1, aspect),
    height: Math.max(10, side / Math.max(1, aspect)),
  };
  const gap = Math.max(GAP, (width - 8 - side - cost) / counts.length);
  const room = height - top - FOOT;
  const pitch = room / Math.max(...counts);
  const radius = Math.max(6, Math.min(15, 0.4 * pitch));
  const middle = top + room / 2;
  const total = 8 + side + gap * counts.length + cost;
  return {
    width: Math.max(width, total),
    height,
    top,
    radius,
    pitch,
    gap,
    image: { x: 8, y: middle - image.height - 18, ...image },
    below: { x: 8, y: middle + 18, ...image },
    columns: counts.map((count, layer) =>
      Array.from({ length: count }, (_, i) => ({
        x: 8 + side + gap * (layer + 1) - radius - 22,
        y: middle + (i - (count - 1) / 2) * Math.min(pitch, 40),
      })),
    ),
    cost: { x: Math.max(width, total) - 38, y: middle },
  };
}

/**
 * Where the weights of a layer begin on the left.
 * @param {Scene} scene
 * @param {number} layer
 * @param {number} place of the neuron of the layer before
 * @returns {Point}
 */
export function sourceOf({ image, columns, radius }, layer, place) {
  if (layer === 0) return { x: image.x + image.width, y: image.y + image.height / 2 };
  const { x, y } = columns[layer - 1][place];
  return { x: x + radius, y };
}

/** The distance of a point from a straight line. @param {Point} at @param {Point} from @param {Point} to */
export function distanceTo(at, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((at.x - from.x) * dx + (at.y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(at.x - from.x - t * dx, at.y - from.y - t * dy);
}
