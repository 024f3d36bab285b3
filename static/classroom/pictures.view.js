/** What is drawn on a tile: the weights of the first layer, and the small charts. */

import { categoryAt } from "../charts/colours.pure.js";
import { colourIndex, colourTable, RAMPS } from "../shell/colour.pure.js";
import { contextOf } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { lineOf } from "./wall.pure.js";

/**
 * @import { Pictures, Point, WallRun } from "./wall.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 */

const SIDE = 28; // pixels of a neuron's picture
const GAP = 2;
const ACROSS = 8;
const DOWN = 2;
const STRONGEST = 127;

export const WIDTH = ACROSS * (SIDE + GAP) - GAP;
export const HEIGHT = DOWN * (SIDE + GAP) - GAP;

const tables = { light: colourTable(RAMPS.light), dark: colourTable(RAMPS.dark) };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Pictures} pictures
 * @param {Theme} theme
 */
export function paintWeights(canvas, { count, rows, columns, pixels }, theme) {
  const image = new ImageData(WIDTH, HEIGHT);
  const painted = new Uint32Array(image.data.buffer);
  for (let neuron = 0; neuron < Math.min(count, ACROSS * DOWN); neuron += 1) {
    const left = (neuron % ACROSS) * (SIDE + GAP);
    const top = Math.floor(neuron / ACROSS) * (SIDE + GAP);
    for (let y = 0; y < SIDE; y += 1) {
      const row = (neuron * rows + Math.floor((y * rows) / SIDE)) * columns;
      for (let x = 0; x < SIDE; x += 1) {
        const value = pixels[row + Math.floor((x * columns) / SIDE)];
        painted[(top + y) * WIDTH + left + x] = tables[theme][colourIndex(value, STRONGEST)];
      }
    }
  }
  context(canvas).putImageData(image, 0, 0);
}

/**
 * Draws a chart in the text's colour, from zero at its lower edge.
 * @param {HTMLCanvasElement} canvas
 * @param {Point[]} curve
 * @param {1 | 2} figure
 * @param {number | null} top null: the largest there is
 */
export function paintCurve(canvas, curve, figure, top) {
  const { width, height } = canvas;
  const pen = context(canvas);
  const largest = top ?? Math.max(1e-9, ...curve.map((point) => point[figure] ?? 0));
  const edge = 3; // so that the line is not cut in half
  const box = { width: width - 2 * edge, height: height - 2 * edge };
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.beginPath();
  let drawing = false;
  for (const point of lineOf(curve, figure, largest, box)) {
    if (point && drawing) pen.lineTo(point[0] + edge, point[1] + edge);
    else if (point) pen.moveTo(point[0] + edge, point[1] + edge);
    drawing = point !== null;
  }
  pen.stroke();
}

/**
 * Draws the test accuracy of all pupils in one chart, from 0 to 1, each as long as its run.
 * @param {HTMLCanvasElement} canvas
 * @param {WallRun[]} runs
 * @param {Theme} theme
 */
export function paintAll(canvas, runs, theme) {
  const width = canvas.clientWidth * devicePixelRatio;
  const height = canvas.clientHeight * devicePixelRatio;
  Object.assign(canvas, { width, height }); // which clears it
  const pen = context(canvas);
  const { color, fontFamily, fontSize } = getComputedStyle(canvas);
  const letter = parseFloat(fontSize) * devicePixelRatio;
  const left = 3.5 * letter; // the scale is there
  const top = letter / 2;
  const bottom = height - 1.5 * letter;
  /** @param {number} share */
  const heightOf = (share) => bottom - (bottom - top) * share;
  const last = Math.max(1, ...runs.map(({ epoch }) => epoch));
  pen.font = `${letter}px ${fontFamily}`;
  pen.fillStyle = pen.strokeStyle = color;
  pen.lineWidth = devicePixelRatio / 2;
  pen.textAlign = "right";
  for (const share of [0, 0.5, 1]) {
    pen.fillText(`${100 * share}%`, left - letter / 2, heightOf(share) + letter / 3);
    pen.strokeRect(left, heightOf(share), width - left, 0);
  }
  pen.fillText(`epoch ${formatCount(last)}`, width, height - letter / 4);
  pen.lineWidth = 2 * devicePixelRatio;
  pen.lineJoin = "round";
  runs.forEach(({ curve, pupil }) => {
    pen.strokeStyle = categoryAt(pupil - 1, theme);
    pen.beginPath();
    for (const [epoch, , accuracy] of curve) {
      if (accuracy !== null) pen.lineTo(left + (epoch / last) * (width - left), heightOf(accuracy));
    }
    pen.stroke();
  });
}

/** @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D} */
function context(canvas) {
  return contextOf(canvas);
}
