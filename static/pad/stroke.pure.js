/**
 * The form of a stroke: a smooth curve along its points, as wide as the pen was pressed there. It
 * goes through the middles between the points, which smooths the hand's tremble, so all of it but
 * the tail is settled however the pen moves on.
 *
 * @typedef {{ x: number, y: number, pressure: number }} Point x and y in 0–1 of the pad's side
 * @typedef {{ width: number, erase: boolean }} Pen its width in 0–1, too
 * @typedef {Pen & { points: Point[] }} Stroke
 * @typedef {{ x: number, y: number, width: number }} Spot all in shares of the pad's side
 * @typedef {{ from: Spot, control: Spot, to: Spot }} Piece a quadratic curve
 */

/** The pressure of what tells none, a mouse or a finger: it makes a line of the brush's width. */
export const EVEN = 0.5;

/** Of the pad's side: about what a felt pen leaves on MNIST's forms, and how far it may differ. */
export const PEN_WIDTH = { least: 0.04, usual: 0.085, most: 0.13 };

/** @param {Stroke} stroke @param {Point} point @returns {Spot} */
function spotAt({ width }, { x, y, pressure }) {
  return { x, y, width: width * (0.3 + 1.4 * pressure) };
}

/** @param {Spot} one @param {Spot} other @param {number} share of the way @returns {Spot} */
function between(one, other, share = 0.5) {
  /** @param {"x" | "y" | "width"} name */
  const at = (name) => one[name] + share * (other[name] - one[name]);
  return { x: at("x"), y: at("y"), width: at("width") };
}

/**
 * The settled pieces of a stroke: one around each point but the first and the last.
 * @param {Stroke} stroke
 * @param {number} [first] the number of the first piece that is wanted
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
 * From where a stroke is settled straight to where the pen is; a dot, for a single point.
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
 * Places along a piece, close enough together that straight lines between them, each of an even
 * width, look like a curve whose width changes.
 * @param {Piece} piece
 * @returns {Spot[]} the first is where the piece begins
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
