/** A small chart for each varied field: its value against the test accuracy. */

import { byId, make } from "../shell/dom.js";
import { nearest } from "./axes.pure.js";
import { createPaper, followPointer } from "./canvas.view.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Axis } from "./axes.pure.js"
 * @import { Paper } from "./canvas.view.js"
 * @import { Hands } from "./hands.js"
 */

const LEFT = 40;
const RIGHT = 8;
const TOP = 6;
const BOTTOM = 20;
const RADIUS = 3.5;
const PAUSE = 300;

/** @param {Loop} loop @param {Hands} hands */
export function createScatter(loop, hands) {
  const holder = byId("scatter");
  /** @type {ReturnType<typeof createPaper>[]} */
  let papers = [];

  /** Makes a chart for each field, once it is known which are varied. */
  function begin() {
    if (papers.length) return;
    papers = hands
      .axes()
      .slice(0, -1)
      .map((axis) => {
        const figure = make("figure", "scatter-one");
        const canvas = make("canvas");
        canvas.setAttribute("role", "img");
        canvas.setAttribute(
          "aria-label",
          `${axis.title} against test accuracy; the figures are in the table`,
        );
        const caption = axis.isLog ? `${axis.title} (log)` : axis.title;
        figure.append(make("figcaption", "", caption), canvas);
        holder.append(figure);
        return createOne(canvas, axis);
      });
  }

  /** @param {HTMLCanvasElement} canvas @param {Axis} axis */
  function createOne(canvas, axis) {
    /** @type {{ x: number, y: number, of: string }[]} */
    let points = [];
    const paper = createPaper(canvas, loop, draw, PAUSE);

    /** @param {Paper} paper */
    function draw({ pen, width, height, colours }) {
      const across = (/** @type {number} */ share) => LEFT + share * (width - LEFT - RIGHT);
      const down = (/** @type {number} */ share) =>
        height - BOTTOM - share * (height - TOP - BOTTOM);
      pen.textBaseline = "middle";
      pen.textAlign = "right";
      for (const share of [0, 0.5, 1]) {
        pen.fillStyle = colours.line;
        pen.fillRect(LEFT, Math.round(down(share)), width - LEFT - RIGHT, 1);
        pen.fillStyle = colours.quiet;
        pen.fillText(`${100 * share}%`, LEFT - 4, down(share));
      }
      pen.textAlign = "center";
      const last = axis.ticks.length - 1;
      for (const [i, { at, text }] of axis.ticks.entries()) {
        if (i !== 0 && i !== last && i % Math.ceil(axis.ticks.length / 3)) continue;
        const half = pen.measureText(text).width / 2;
        pen.fillText(text, Math.min(across(at), width - half), height - 8);
      }
      points = [];
      const result = hands.axes().at(-1);
      for (const member of hands.inOrder()) {
        const [x, y] = [hands.placeOn(member, axis), result ? hands.placeOn(member, result) : null];
        if (x === null || y === null) continue;
        const point = { x: across(x), y: down(y), of: member.id };
        points.push(point);
        hands.style(pen, member.id, colours);
        pen.beginPath();
        pen.arc(point.x, point.y, RADIUS, 0, 2 * Math.PI);
        pen.fill();
      }
      pen.globalAlpha = 1;
    }

    followPointer(canvas, (at) => hands.point(at && nearest(points, at)));
    canvas.addEventListener("click", hands.open);
    return paper;
  }

  return {
    begin,
    now() {
      for (const paper of papers) paper.now();
    },
    soon() {
      for (const paper of papers) paper.soon();
    },
  };
}
