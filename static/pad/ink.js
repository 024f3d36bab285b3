/** Draws the strokes of the pad, and the picture under them, at any size. */

import { pictureShape } from "../runs/images.pure.js";
import { contextOf } from "../shell/dom.js";
import { pictureCanvas } from "../shell/picture.js";
import { settledPieces, spotsAlong, tailOf } from "./stroke.pure.js";

/**
 * @import { Picture } from "./prediction.pure.js"
 * @import { Piece, Spot, Stroke } from "./stroke.pure.js"
 */

/**
 * @typedef {CanvasRenderingContext2D} Context
 *
 * @typedef {object} Look
 * @property {number[]} black the colour of 0 in a picture
 * @property {number[]} white the colour of 1
 * @property {boolean} darkInk on a light ground
 * @property {boolean} smooth whether a picture's pixels run into each other, or are blocks
 */

/** @param {number[]} colour */
const css = ([red, green, blue]) => `rgb(${red} ${green} ${blue})`;

/**
 * A canvas that follows the drawing. What can't change any more is drawn once, on a hidden canvas;
 * only the tail of the last stroke is drawn again each time.
 * @param {Context} context
 * @param {Look} look
 */
export function createSheet(context, look) {
  const ground = css(look.darkInk ? look.white : look.black);
  const ink = css(look.darkInk ? look.black : look.white);
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
    paper.fillStyle = ground;
    paper.fillRect(0, 0, canvas.width, canvas.height);
    if (below) drawPicture(paper, below, look);
    picture = below;
    stroke = null;
    count = 0;
  }

  /** @param {Context} on @param {Stroke} part @param {Piece} piece */
  const drawOn = (on, part, piece) => drawPiece(on, piece, part.erase ? ground : ink);

  /** @param {Stroke} next */
  function settle(next) {
    if (next !== stroke) {
      if (stroke) drawOn(paper, stroke, tailOf(stroke));
      stroke = next;
      pieces = 0;
    }
    for (const piece of settledPieces(next, pieces)) {
      drawOn(paper, next, piece);
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
      if (stroke) drawOn(context, stroke, tailOf(stroke));
    },
  };
}

/**
 * Draws a picture as large as fits, in the middle.
 * @param {Context} context
 * @param {Picture} picture
 * @param {Look} look
 */
function drawPicture(context, picture, { black, white, smooth }) {
  const { width, height } = context.canvas;
  const [rows, columns] = pictureShape(picture.image.length, picture.shape);
  const scale = Math.min(width / columns, height / rows);
  const [w, h] = [columns * scale, rows * scale];
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = "high";
  const pixels = pictureCanvas(picture.image, rows, columns, { black, white });
  context.drawImage(pixels, (width - w) / 2, (height - h) / 2, w, h);
}

/**
 * @param {Context} context
 * @param {Piece} piece
 * @param {string} colour
 */
function drawPiece(context, { from, control, to }, colour) {
  const { width, height } = context.canvas;
  const side = Math.min(width, height);
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineCap = "round";
  context.lineJoin = "round";
  if (from.x === to.x && from.y === to.y) {
    context.beginPath();
    context.arc(to.x * width, to.y * height, (to.width * side) / 2, 0, 2 * Math.PI);
    context.fill();
  } else if (from.width === to.width) {
    context.lineWidth = to.width * side;
    context.beginPath();
    context.moveTo(from.x * width, from.y * height);
    context.quadraticCurveTo(control.x * width, control.y * height, to.x * width, to.y * height);
    context.stroke();
  } else drawSpots(context, spotsAlong({ from, control, to }));
}

/** @param {Context} context @param {Spot[]} spots */
function drawSpots(context, spots) {
  const { width, height } = context.canvas;
  const side = Math.min(width, height);
  for (let i = 1; i < spots.length; i += 1) {
    const [one, other] = [spots[i - 1], spots[i]];
    context.lineWidth = ((one.width + other.width) / 2) * side;
    context.beginPath();
    context.moveTo(one.x * width, one.y * height);
    context.lineTo(other.x * width, other.y * height);
    context.stroke();
  }
}
