/** The digits that the page writes by itself until somebody touches it, and how far each is written. */

import { EVEN, PEN_WIDTH } from "./stroke.pure.js";

/** @import { Point, Stroke } from "./stroke.pure.js" */

/** The strokes of the digits 0 to 9: points in hundredths of the pad's side. */
const STROKES = [
  [
    "53,20 46,21 39,25 33,34 30,45 30,56 34,67 39,75 47,80 54,79 61,75 67,66 70,55 70,44 66,33 61,25 53,20",
  ],
  ["44,30 53,20 52,50 50,80"],
  ["32,33 35,27 40,23 46,20 53,21 60,24 64,29 66,35 65,41 60,52 45,68 32,79 50,77 70,78"],
  [
    "32,30 36,25 42,22 50,21 57,24 61,29 63,35 61,41 57,46 50,49 57,52 63,57 65,64 64,70 59,76 52,79 44,80 37,77 31,72",
  ],
  ["36,20 33,35 32,50 50,50 70,48", "63,22 61,50 59,82"],
  ["66,20 50,20 37,22 36,33 34,45 40,44 49,43 58,47 63,54 65,63 62,71 55,77 45,79 36,76 30,70"],
  [
    "60,18 48,30 38,45 34,60 34,64 36,72 42,78 49,80 56,78 62,72 64,64 62,56 56,50 49,48 42,50 36,56 34,64",
  ],
  ["30,25 50,24 70,24 62,45 54,63 47,82"],
  [
    "62,28 57,23 50,21 43,23 38,28 36,35 38,42 43,47 50,49 58,52 65,58 67,66 65,74 58,79 50,82 42,79 35,74 33,66 35,57 41,52 50,49 57,47 62,42 64,35 62,28",
  ],
  [
    "62,33 58,26 51,22 43,23 37,28 33,35 34,43 38,50 45,54 53,53 59,48 63,41 62,33 62,50 60,65 56,83",
  ],
];

/** The order in which they are written: the first shows most. */
export const ORDER = [3, 7, 2, 8, 5, 0, 4, 9, 6, 1];

const SPEED = 1.1; // sides of the pad in a second
const LIFTED = 0.22; // seconds between two strokes

/** @param {string} text @returns {Point[]} */
function pointsOf(text) {
  return text.split(" ").map((pair) => {
    const [x, y] = pair.split(",").map((hundredths) => Number(hundredths) / 100);
    return { x, y, pressure: EVEN };
  });
}

/** @param {Point} one @param {Point} other */
const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

/**
 * A digit as far as it is written after a while. Its strokes say which digit they are of once it is
 * whole: half a 7 is no 7 yet.
 * @param {number} digit
 * @param {number} seconds Infinity: all of it
 * @returns {{ strokes: Stroke[], isWhole: boolean }}
 */
export function written(digit, seconds) {
  /** @type {Stroke[]} */
  const strokes = [];
  let left = seconds * SPEED; // of the way that the pen goes
  for (const text of STROKES[digit]) {
    if (left < 0) return { strokes, isWhole: false };
    const [first, ...others] = pointsOf(text);
    const points = [first];
    for (const point of others) {
      const before = points[points.length - 1];
      const way = distance(before, point);
      if (left < way) {
        const share = left / way;
        const x = before.x + share * (point.x - before.x);
        const y = before.y + share * (point.y - before.y);
        points.push({ x, y, pressure: EVEN });
        strokes.push(strokeOf(points));
        return { strokes, isWhole: false };
      }
      points.push(point);
      left -= way;
    }
    strokes.push(strokeOf(points));
    left -= LIFTED * SPEED;
  }
  return { strokes: strokes.map((stroke) => ({ ...stroke, digit })), isWhole: true };
}

/** @param {Point[]} points @returns {Stroke} */
const strokeOf = (points) => ({ points, width: PEN_WIDTH.usual, erase: false });
