/**
 * The shape of a stroke: a smooth curve along its points, whose width follows the pressure of the
 * pen. It passes through the midpoints between the points, which smooths tremor, so only its tail
 * depends on points that are still to come.
 *
 * @typedef {{ x: number, y: number, pressure: number }} Point x and y in 0–1 of the pad's side
 * @typedef {{ width: number, erase: boolean }} Pen its width as a share of the pad's side
 * @typedef {Pen & { points: Point[], digit?: number }} Stroke digit: which one it is a part of, where
 *   that is known
 * @typedef {{ x: number, y: number, width: number }} Spot in shares of the pad's side
 * @typedef {{ from: Spot, control: Spot, to: Spot }} Piece a quadratic curve
 */

/** The pressure of a mouse or a finger, which report none. It makes a line as wide as the brush. */
export const EVEN = 0.5;

/** Shares of the pad's side. The usual width is about that of a felt pen on MNIST's forms. */
export const PEN_WIDTH = { least: 0.04, usual: 0.085, most: 0.13 };

/** @param {Stroke} stroke @param {Point} point @returns {Spot} */
function spotAt({ width }, { x, y, pressure }) {
  return { x, y, width: width * (0.3 + 1.4 * pressure) };
}

/**
 * The point at a share of the way.
 * @param {Spot} one
 * @param {Spot} other
 * @param {number} share
 * @returns {Spot}
 */
function between(one, other, share = 0.5) {
  /** @param {"x" | "y" | "width"} name */
  const at = (name) => one[name] + share * (other[name] - one[name]);
  return { x: at("x"), y: at("y"), width: at("width") };
}

/**
 * The pieces of a stroke that no longer change: one around each point but the first and the last.
 * @param {Stroke} stroke
 * @param {number} [first] the index of the first piece to return
 * @returns {Piece[]}
 */
export function settledPieces(stroke, first = 0) {
  const pieces = [];
  for (let i = first + 1; i < stroke.points.length - 1; i += 1) {
    const control = spotAt(stroke, stroke.points[i]);
    const before = spotAt(stroke, stroke.points[i - 1]);
    const after = spotAt(stroke, stroke.points[i + 1]);
    pieces.push({
      from: i === 1 ? before : between(before, control),
      control,
      to: between(control, after),
    });
  }
  return pieces;
}

/**
 * The straight piece from the end of the settled pieces to the pen; for a single point, a dot.
 * @param {Stroke} stroke
 * @returns {Piece}
 */
export function tailOf(stroke) {
  const to = spotAt(stroke, stroke.points[stroke.points.length - 1]);
  const before = spotAt(stroke, stroke.points[Math.max(0, stroke.points.length - 2)]);
  const from = stroke.points.length > 2 ? between(before, to) : before;
  return { from, control: between(from, to), to };
}

/**
 * Points along a piece, close enough together that straight lines between them, each of constant
 * width, look like a curve of changing width.
 * @param {Piece} piece
 * @returns {Spot[]} from the beginning of the piece to its end
 */
export function spotsAlong({ from, control, to }) {
  const length =
    Math.hypot(control.x - from.x, control.y - from.y) +
    Math.hypot(to.x - control.x, to.y - control.y);
  const steps = Math.max(1, Math.min(32, Math.ceil((4 * length) / Math.min(from.width, to.width))));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const share = i / steps;
    const { x, y } = between(between(from, control, share), between(control, to, share), share);
    return { x, y, width: between(from, to, share).width };
  });
}
