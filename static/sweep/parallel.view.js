/** Parallel coordinates: a line for each run, through its value on each axis; one brushes an axis. */

import { byId } from "../shell/dom.js";
import { nearest } from "./axes.pure.js";
import { createPaper, followPointer } from "./canvas.view.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Paper } from "./canvas.view.js"
 * @import { Hands } from "./hands.js"
 * @import { View } from "./sweep.pure.js"
 */

const SIDE = 56; // pixels beside the first axis and the last
const TOP = 34;
const BOTTOM = 10;
const GRIP = 30; // pixels from an axis within which it is brushed
const LEAST = 4; // pixels that are brushed: less is a click, which takes the brush away
const BETWEEN = 12; // points on each line between two axes, by which it is found
const PAUSE = 300;

/** @param {View} view @param {Loop} loop @param {Hands} hands */
export function createParallel(view, loop, hands) {
  const canvas = byId("parallel", HTMLCanvasElement);
  const paper = createPaper(canvas, loop, draw, PAUSE);
  /** @type {{ x: number, y: number, of: string }[]} */
  let points = [];
  /** @type {{ field: string, from: number } | null} */
  let brushing = null;

  const places = (/** @type {number} */ width, /** @type {number} */ count) =>
    Array.from(
      { length: count },
      (_, i) => SIDE + (i / Math.max(1, count - 1)) * (width - 2 * SIDE),
    );
  const down = (/** @type {number} */ share, /** @type {number} */ height) =>
    height - BOTTOM - share * (height - TOP - BOTTOM);

  /** @param {Paper} paper */
  function draw({ pen, width, height, colours }) {
    const axes = hands.axes();
    const across = places(width, axes.length);
    points = [];
    for (const member of hands.inOrder()) {
      hands.style(pen, member.id, colours);
      pen.beginPath();
      let before = null;
      for (const [i, axis] of axes.entries()) {
        const place = hands.placeOn(member, axis);
        if (place === null) continue;
        const point = { x: across[i], y: down(place, height) };
        pen.lineTo(point.x, point.y);
        for (let part = 0; before && part <= BETWEEN; part += 1) {
          const share = part / BETWEEN;
          const x = before.x + share * (point.x - before.x);
          points.push({ x, y: before.y + share * (point.y - before.y), of: member.id });
        }
        before = point;
      }
      pen.stroke();
    }
    pen.globalAlpha = 1;
    pen.textBaseline = "middle";
    for (const [i, axis] of axes.entries()) {
      pen.fillStyle = colours.quiet;
      pen.fillRect(Math.round(across[i]), TOP, 1, height - TOP - BOTTOM);
      pen.textAlign = "center";
      pen.fillStyle = colours.ink;
      const title = axis.isLog ? `${axis.title} (log)` : axis.title;
      const room = (width - 2 * SIDE) / Math.max(1, axes.length - 1) - 6;
      pen.fillText(title, across[i], 10 + (i % 2 && pen.measureText(title).width > room ? 12 : 0));
      pen.textAlign = "left";
      for (const { at, text } of axis.ticks) {
        pen.fillStyle = colours.ground;
        pen.globalAlpha = 0.75;
        pen.fillRect(across[i] + 3, down(at, height) - 8, pen.measureText(text).width + 4, 16);
        pen.globalAlpha = 1;
        pen.fillStyle = colours.quiet;
        pen.fillText(text, across[i] + 5, down(at, height));
      }
      const brush = view.brushes[axis.field];
      if (brush) {
        pen.strokeStyle = colours.focus;
        pen.lineWidth = 2;
        const top = down(brush[1], height);
        pen.strokeRect(across[i] - 8, top, 16, down(brush[0], height) - top);
      }
    }
  }

  /** @param {PointerEvent} event @returns {string | null} the axis that it is at */
  function axisAt({ offsetX }) {
    const axes = hands.axes();
    const across = places(canvas.clientWidth, axes.length);
    const found = across.findIndex((x) => Math.abs(x - offsetX) < GRIP);
    return found < 0 ? null : axes[found].field;
  }

  const shareAt = (/** @type {number} */ y) =>
    (canvas.clientHeight - BOTTOM - y) / (canvas.clientHeight - TOP - BOTTOM);

  canvas.addEventListener("pointerdown", (event) => {
    const field = axisAt(event);
    if (field === null) return;
    brushing = { field, from: event.offsetY };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", ({ offsetY }) => {
    if (!brushing) return;
    const [low, high] = [shareAt(brushing.from), shareAt(offsetY)].sort((a, b) => a - b);
    const isLarge = Math.abs(offsetY - brushing.from) >= LEAST;
    hands.brush(brushing.field, isLarge ? [low, high] : null);
  });
  for (const name of ["pointerup", "pointercancel"])
    canvas.addEventListener(name, (event) => {
      if (brushing && event instanceof PointerEvent) {
        if (Math.abs(event.offsetY - brushing.from) < LEAST) hands.brush(brushing.field, null);
        brushing = null;
      }
    });
  followPointer(canvas, (at) => {
    if (!brushing) hands.point(at && nearest(points, at, 12));
  });
  byId("clear-brushes").addEventListener("click", hands.clear);
  return {
    ...paper,
    /** Shows whether there is anything to clear. */
    follow() {
      byId("clear-brushes", HTMLButtonElement).disabled = Object.keys(view.brushes).length === 0;
    },
  };
}
