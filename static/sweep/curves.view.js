/** The curves of all runs: their test accuracy over the epochs, as it grows. */

import { byId } from "../shell/dom.js";
import { nearest } from "./axes.pure.js";
import { createPaper, followPointer } from "./canvas.view.js";
import { lastEpoch } from "./sweep.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Paper } from "./canvas.view.js"
 * @import { View } from "./sweep.pure.js"
 * @import { Hands } from "./hands.js"
 */

const LEFT = 40;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 22;
const PAUSE = 150; // milliseconds between two drawings of curves that grow

/** @param {View} view @param {Loop} loop @param {Hands} hands */
export function createCurves(view, loop, hands) {
  const canvas = byId("curves", HTMLCanvasElement);
  const paper = createPaper(canvas, loop, draw, PAUSE);
  /** @type {{ x: number, y: number, of: string }[]} */
  let points = [];

  /** @param {Paper} paper */
  function draw({ pen, width, height, colours }) {
    const end = Math.max(1, view.sweep?.base.epochs ?? 0, lastEpoch(view));
    const across = (/** @type {number} */ epoch) => LEFT + (epoch / end) * (width - LEFT - RIGHT);
    const down = (/** @type {number} */ share) => height - BOTTOM - share * (height - TOP - BOTTOM);
    pen.textBaseline = "middle";
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      pen.fillStyle = colours.line;
      pen.fillRect(LEFT, Math.round(down(share)), width - LEFT - RIGHT, 1);
      pen.fillStyle = colours.quiet;
      pen.textAlign = "right";
      pen.fillText(`${100 * share}%`, LEFT - 6, down(share));
    }
    pen.textAlign = "center";
    for (const epoch of [...(view.sweep?.rungs ?? []), end]) {
      pen.fillStyle = colours.line;
      pen.fillRect(Math.round(across(epoch)), TOP, 1, height - TOP - BOTTOM);
      pen.fillStyle = colours.quiet;
      pen.fillText(String(epoch), Math.min(across(epoch), width - 14), height - 9);
    }
    pen.textAlign = "left";
    pen.fillText("epoch", LEFT, height - 9);
    if (view.epoch !== null) {
      pen.fillStyle = colours.focus;
      pen.fillRect(Math.round(across(view.epoch)), TOP, 1, height - TOP - BOTTOM);
    }
    points = [];
    for (const { id } of hands.inOrder()) {
      const curve = view.curves.get(id) ?? [];
      hands.style(pen, id, colours);
      pen.beginPath();
      for (const { epoch, test_accuracy } of curve) {
        if (test_accuracy === null) continue;
        const [x, y] = [across(epoch), down(test_accuracy)];
        pen.lineTo(x, y);
        points.push({ x, y, of: id });
      }
      pen.stroke();
      const last = curve.at(-1);
      if (last && last.test_accuracy !== null)
        pen.fillRect(across(last.epoch) - 1.5, down(last.test_accuracy) - 1.5, 3, 3);
    }
    pen.globalAlpha = 1;
  }

  followPointer(canvas, (at) => hands.point(at && nearest(points, at)));
  canvas.addEventListener("click", hands.open);
  return paper;
}
