import assert from "node:assert/strict";
import { test } from "node:test";
import { EVEN, settledPieces, spotsAlong, tailOf } from "../../../static/pad/stroke.pure.js";
import { assertClose } from "../examples.js";

/** @import { Piece, Spot, Stroke } from "../../../static/pad/stroke.pure.js" */

const POINTS = Array.from({ length: 8 }, (_, i) => ({
  x: (i + 1) / 10,
  y: ((i + 1) % 3) / 10,
  pressure: (i + 1) / 10,
}));

/** @param {number} count of points @returns {Stroke} */
const stroke = (count) => ({ points: POINTS.slice(0, count), width: 0.1, erase: false });

test("pieces that are settled stay as they are when more points come", () => {
  const all = settledPieces(stroke(POINTS.length));
  assert.equal(all.length, POINTS.length - 2);
  /** @type {Piece[]} */
  const grown = [];
  for (let count = 1; count <= POINTS.length; count += 1) {
    grown.push(...settledPieces(stroke(count), grown.length));
  }
  assert.deepEqual(grown, all);
});

test("each piece begins where the one before it ends, and the tail after the last", () => {
  for (let count = 3; count <= POINTS.length; count += 1) {
    const pieces = [...settledPieces(stroke(count)), tailOf(stroke(count))];
    for (const [i, { to }] of pieces.slice(0, -1).entries()) {
      assert.deepEqual(pieces[i + 1].from, to);
    }
  }
});

test("a stroke begins at its first point, and its tail ends at its last", () => {
  /** @param {Spot} spot */
  const place = ({ x, y }) => ({ x, y });
  /** @param {number} index */
  const point = (index) => ({ x: POINTS[index].x, y: POINTS[index].y });
  assert.deepEqual(place(settledPieces(stroke(5))[0].from), point(0));
  for (const count of [1, 2, 5])
    assert.deepEqual(place(tailOf(stroke(count)).to), point(count - 1));
  assert.deepEqual(place(tailOf(stroke(2)).from), point(0));
});

test("a single point is a dot", () => {
  const { from, control, to } = tailOf(stroke(1));
  assert.deepEqual([from, control], [to, to]);
  assert.deepEqual(spotsAlong({ from, control, to }), [to, to]);
});

test("without pressure a line has the brush's width", () => {
  const points = [{ x: 0.5, y: 0.5, pressure: EVEN }];
  assertClose(tailOf({ points, width: 0.1, erase: false }).to.width, 0.1);
});

test("the places along a piece lead from its start to its end in short steps", () => {
  const points = [0, 1, 2].map((i) => ({ x: i / 10, y: i ** 2 / 10, pressure: i / 2 }));
  const [piece] = settledPieces({ points, width: 0.13, erase: false });
  const spots = spotsAlong(piece);
  for (const [end, spot] of /** @type {[Spot, Spot][]} */ ([
    [piece.from, spots[0]],
    [piece.to, spots[spots.length - 1]],
  ])) {
    for (const name of /** @type {const} */ (["x", "y", "width"])) {
      assertClose(spot[name], end[name]);
    }
  }
  const narrowest = Math.min(piece.from.width, piece.to.width);
  for (const [i, { x, y }] of spots.slice(1).entries()) {
    assert.ok(Math.hypot(x - spots[i].x, y - spots[i].y) < narrowest / 2);
  }
});
