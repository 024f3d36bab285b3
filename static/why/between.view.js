/** The way from one image to another: the image on it, and all outputs as curves along it. */

import { numbersOf, parametersOf } from "../inside/walk.pure.js";
import { forward } from "../network/forward.pure.js";
import { nameOf } from "../pad/prediction.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatFigure } from "../shell/format.pure.js";
import { pictureCanvas } from "../shell/picture.js";
import { curveOf, onTheWay, PLACES } from "./between.pure.js";

/**
 * @import { InsideStore } from "../inside/inside.state.js"
 */

const SVG = "http://www.w3.org/2000/svg";
const NAMED = 0.08; // a curve that stays lower has no name beside it

/** @param {InsideStore} own */
export function createBetweenView(own) {
  const way = byId("why-way", HTMLInputElement);
  /** @type {{ run: string, image: number[] } | null} where it begins; null is an empty image */
  let start = null;

  /** @param {number} share of the way */
  function imageAt(share) {
    const { walk } = own.state;
    if (!walk) return [];
    const end = [...numbersOf(walk, "x")];
    const begin = start?.image.length === end.length ? start.image : end.map(() => 0);
    return onTheWay(begin, end, share);
  }

  /** @param {number[]} image */
  function outputsOf(image) {
    const { walk } = own.state;
    if (!walk) return [];
    const spec = { output: walk.output, activation: walk.functions.slice(0, -1) };
    return forward(parametersOf(walk), spec, image).at(-1) ?? [];
  }

  function draw() {
    const { walk } = own.state;
    if (!walk) return;
    const along = PLACES.map((share) => outputsOf(imageAt(share)));
    const svg = byId("why-curves", SVGElement);
    svg.replaceChildren();
    for (const [output, name] of walk.classes.entries()) {
      const values = along.map((outputs) => outputs[output]);
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", curveOf(values));
      path.setAttribute("class", `category-${1 + (output % 6)}`);
      svg.append(path);
      const highest = values.indexOf(Math.max(...values));
      if (values[highest] < NAMED) continue;
      const label = document.createElementNS(SVG, "text");
      label.setAttribute("x", String(4 + 228 * Math.min(0.97, Math.max(0.02, PLACES[highest]))));
      label.setAttribute("y", String(132 - 118 * Math.min(1, Math.max(0, values[highest])) - 3));
      label.textContent = name;
      svg.append(label);
    }
    const mark = document.createElementNS(SVG, "line");
    mark.setAttribute("id", "why-here");
    svg.append(mark);
    drawHere();
  }

  function drawHere() {
    const { walk } = own.state;
    if (!walk) return;
    const share = Number(way.value) / 100;
    const image = imageAt(share);
    const outputs = outputsOf(image);
    const read = outputs.indexOf(Math.max(...outputs));
    pictureCanvas(image, ...walk.imageShape, undefined, byId("why-between", HTMLCanvasElement));
    const words = `${way.value}% of the way: ${nameOf(read, walk.classes)} (${formatFigure(outputs[read], 3)})`;
    setText(byId("why-between-words"), words);
    way.setAttribute("aria-valuetext", words);
    const mark = document.getElementById("why-here");
    for (const [name, value] of Object.entries({
      x1: 4 + 228 * share,
      x2: 4 + 228 * share,
      y1: 8,
      y2: 134,
    })) {
      mark?.setAttribute(name, String(value));
    }
  }

  byId("why-keep").addEventListener("click", () => {
    const { walk } = own.state;
    if (!walk) return;
    start = { run: walk.run, image: [...numbersOf(walk, "x")] };
    draw();
  });
  way.addEventListener("input", drawHere);
  return { draw };
}
