/** The curves of the edges: their ends, how they are drawn, and their distance from a point. */

/** @import { Box } from "./layout.pure.js" */

const PIECES = 14; // straight pieces of a curve, for measuring the distance to it

/**
 * The ends of all curves between two groups, as x1, y1, x2, y2 for each curve. The curves of one
 * target follow each other, in the order of the sources.
 * @param {Box[]} sources
 * @param {Box[]} targets
 * @param {boolean} down
 * @returns {Float32Array}
 */
export function curvesBetween(sources, targets, down) {
  const ends = new Float32Array(4 * sources.length * targets.length);
  let at = 0;
  for (const target of targets) {
    for (const source of sources) {
      ends[at] = down ? source.x + source.width / 2 : source.x + source.width;
      ends[at + 1] = down ? source.y + source.height : source.y + source.height / 2;
      ends[at + 2] = down ? target.x + target.width / 2 : target.x;
      ends[at + 3] = down ? target.y : target.y + target.height / 2;
      at += 4;
    }
  }
  return ends;
}

/**
 * Adds a curve to a canvas's path. At both ends it has the direction from layer to layer.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} ends
 * @param {number} at the index of its x1
 * @param {boolean} down
 */
export function traceCurve(context, ends, at, down) {
  const x1 = ends[at];
  const y1 = ends[at + 1];
  const x2 = ends[at + 2];
  const y2 = ends[at + 3];
  context.moveTo(x1, y1);
  if (down) context.bezierCurveTo(x1, (y1 + y2) / 2, x2, (y1 + y2) / 2, x2, y2);
  else context.bezierCurveTo((x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2);
}

/**
 * The distance of a point from a curve, or Infinity if it is more than `most`.
 * @param {number} x
 * @param {number} y
 * @param {Float32Array} ends
 * @param {number} at
 * @param {boolean} down
 * @param {number} most
 */
export function distanceToCurve(x, y, ends, at, down, most) {
  const [x1, y1, x2, y2] = [ends[at], ends[at + 1], ends[at + 2], ends[at + 3]];
  if (x < Math.min(x1, x2) - most || x > Math.max(x1, x2) + most) return Infinity;
  if (y < Math.min(y1, y2) - most || y > Math.max(y1, y2) + most) return Infinity;
  let nearest = Infinity;
  let [fromX, fromY] = [x1, y1];
  for (let piece = 1; piece <= PIECES; piece += 1) {
    const t = piece / PIECES;
    // As both control points are half-way, one coordinate moves evenly and the other is eased.
    const eased = t * t * (3 - 2 * t);
    const even = t * (1.5 - 1.5 * t + t * t);
    const toX = x1 + (x2 - x1) * (down ? eased : even);
    const toY = y1 + (y2 - y1) * (down ? even : eased);
    nearest = Math.min(nearest, distanceToPiece(x, y, fromX, fromY, toX, toY));
    [fromX, fromY] = [toX, toY];
  }
  return nearest <= most ? nearest : Infinity;
}

/** @param {number} x @param {number} y @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function distanceToPiece(x, y, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}
