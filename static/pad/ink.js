/**
 * Draws the strokes of the pad, and the picture under them, as light ink on a dark ground at any
 * size.
 */

import { pictureShape } from "../datasets/datasets.pure.js";
import { contextOf } from "../shell/dom.js";
import { GROUND, INK, pictureCanvas } from "../shell/picture.js";
import { settledPieces, spotsAlong, tailOf } from "./stroke.pure.js";

/**
 * @import { Picture } from "./prediction.pure.js"
 * @import { Piece, Spot, Stroke } from "./stroke.pure.js"
 */

/**
 * @typedef {CanvasRenderingContext2D} Context
 */

/** @param {number[]} colour */
const css = ([red, green, blue]) => `rgb(${red} ${green} ${blue})`;

/**
 * A canvas that follows the drawing. What can't change any more is drawn once, on a hidden canvas;
 * only the tail of the last stroke is drawn again each time.
 * @param {Context} context
 */
export function createSheet(context) {
  const canvas = document.createElement("canvas");
  canvas.width = context.canvas.width;
  canvas.height = context.canvas.height;
  const paper = contextOf(canvas, context.getContextAttributes());
  /** @type {Picture | null | undefined} */
  let picture;
  /**
   * @type {Stroke | null} the last stroke on the hidden canvas, of which `pieces` pieces are drawn
   */
  let stroke = null;
  let count = 0;
  let pieces = 0;

  /** @param {Picture | null} below */
  function begin(below) {
    drawGround(paper, below);
    picture = below;
    stroke = null;
    count = 0;
  }

  /** @param {Stroke} next */
  function settle(next) {
    if (next !== stroke) {
      if (stroke) drawPiece(paper, stroke, tailOf(stroke));
      stroke = next;
      pieces = 0;
    }
    for (const piece of settledPieces(next, pieces)) {
      drawPiece(paper, next, piece);
      pieces += 1;
    }
  }

  return {
    /** @param {Stroke[]} strokes change only at the end @param {Picture | null} below */
    draw(strokes, below) {
      const goesOn = picture === below && (count === 0 || strokes[count - 1] === stroke);
      if (!goesOn) begin(below);
      for (const next of strokes.slice(Math.max(0, count - 1))) settle(next);
      count = strokes.length;
      context.drawImage(canvas, 0, 0);
      if (stroke) drawPiece(context, stroke, tailOf(stroke));
    },
  };
}

/**
 * @param {Context} context @param {Picture | null} picture drawn as large as fits, in the middle
 */
function drawGround(context, picture) {
  const { width, height } = context.canvas;
  context.fillStyle = css(GROUND);
  context.fillRect(0, 0, width, height);
  if (!picture) return;
  const [rows, columns] = pictureShape(picture.image.length, picture.shape);
  const scale = Math.min(width / columns, height / rows);
  const [w, h] = [columns * scale, rows * scale];
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(
    pictureCanvas(picture.image, rows, columns),
    (width - w) / 2,
    (height - h) / 2,
    w,
    h,
  );
}

/**
 * @param {Context} context
 * @param {Stroke} stroke that the piece belongs to
 * @param {Piece} piece
 */
function drawPiece(context, { erase }, piece) {
  const { width, height } = context.canvas;
  const { from, control, to } = piece;
  context.strokeStyle = css(erase ? GROUND : INK);
  context.fillStyle = context.strokeStyle;
  context.lineCap = "round";
  context.lineJoin = "round";
  if (from.x === to.x && from.y === to.y) {
    context.beginPath();
    context.arc(to.x * width, to.y * height, (to.width * width) / 2, 0, 2 * Math.PI);
    context.fill();
  } else if (from.width === to.width) {
    context.lineWidth = to.width * width;
    context.beginPath();
    context.moveTo(from.x * width, from.y * height);
    context.quadraticCurveTo(control.x * width, control.y * height, to.x * width, to.y * height);
    context.stroke();
  } else drawSpots(context, spotsAlong(piece));
}

/** @param {Context} context @param {Spot[]} spots */
function drawSpots(context, spots) {
  const { width, height } = context.canvas;
  for (let i = 1; i < spots.length; i += 1) {
    const [one, other] = [spots[i - 1], spots[i]];
    context.lineWidth = ((one.width + other.width) / 2) * width;
    context.beginPath();
    context.moveTo(one.x * width, one.y * height);
    context.lineTo(other.x * width, other.y * height);
    context.stroke();
  }
}
