/** The weights in the picture: a line for each, coloured by its sign, from the image one a neuron. */

import { colourAt, RAMPS, scaleOf } from "../shell/colour.pure.js";
import { choose } from "./inside.state.js";
import { hover } from "./marks.js";
import { neuronOn } from "./path.pure.js";
import { distanceTo, sourceOf } from "./scene.pure.js";
import { cssOf } from "./shades.pure.js";
import { edgesAt, markOfWeight, shownAt } from "./shown.pure.js";
import { cellOf, numbersOf } from "./walk.pure.js";

/**
 * @import { InsideStore } from "./inside.state.js"
 * @import { Point, Scene } from "./scene.pure.js"
 * @import { Lit } from "./shown.pure.js"
 *
 * @typedef {{ layer: number, neuron: number, cell: number | null, from: Point, to: Point,
 *   line: SVGLineElement }} Edge its cell is null where it comes from the whole image
 */

const SVG = "http://www.w3.org/2000/svg";
const REACH = 6; // pixels from a line within which the pointer is on it

/** @param {InsideStore} own @param {SVGSVGElement} svg */
export function createEdges(own, svg) {
  const { state } = own;
  /** @type {Edge[]} */
  let edges = [];

  svg.addEventListener("pointermove", (event) => {
    const edge = edgeUnder(event);
    const { walk, step } = state;
    hover(own, edge && walk ? markOfWeight(walk, step, edge.layer, edge.neuron, edge.cell) : null);
  });
  svg.addEventListener("click", (event) => {
    const edge = edgeUnder(event);
    if (!edge) return;
    const { layer, neuron } = edge;
    choose(own, { layer, neuron, cell: edge.cell ?? neuronOn(state.path, -1) });
  });

  /** @param {MouseEvent} event @returns {Edge | null} */
  function edgeUnder({ clientX, clientY }) {
    const { left, top } = svg.getBoundingClientRect();
    const at = { x: clientX - left, y: clientY - top };
    let [nearest, least] = /** @type {[Edge | null, number]} */ ([null, REACH]);
    for (const edge of edges) {
      const distance = distanceTo(at, edge.from, edge.to);
      if (distance < least) [nearest, least] = [edge, distance];
    }
    return nearest;
  }

  /** @param {Scene} scene @param {number[][]} shown neurons of each layer */
  function place(scene, shown) {
    svg.setAttribute("width", String(scene.width));
    svg.setAttribute("height", String(scene.height));
    edges = shown.flatMap((neurons, layer) => {
      const cells = layer === 0 ? [null] : shown[layer - 1];
      return neurons.flatMap((neuron, i) =>
        cells.map((cell, k) => {
          const middle = scene.columns[layer][i];
          const to = { x: middle.x - scene.radius, y: middle.y };
          return edgeOf({ layer, neuron, cell, from: sourceOf(scene, layer, k), to });
        }),
      );
    });
    svg.replaceChildren(...edges.map(({ line }) => line));
  }

  /** @param {Omit<Edge, "line">} edge @returns {Edge} */
  function edgeOf(edge) {
    const line = document.createElementNS(SVG, "line");
    line.setAttribute("x1", edge.from.x.toFixed(1));
    line.setAttribute("y1", edge.from.y.toFixed(1));
    line.setAttribute("x2", edge.to.x.toFixed(1));
    line.setAttribute("y2", edge.to.y.toFixed(1));
    return { ...edge, line };
  }

  function draw() {
    const { walk, step, path, theme } = state;
    if (!walk) return;
    const shown = shownAt(walk, step);
    const now = edgesAt(walk, step);
    const isBack = walk.steps[step].tensor.startsWith("C_over_");
    const scales = shown.map(({ weights }) => scaleOf(numbersOf(walk, weights)));
    for (const { layer, neuron, cell, line } of edges) {
      const isOnPath =
        neuronOn(path, layer) === neuron && (cell === null || neuronOn(path, layer - 1) === cell);
      const isChosen =
        isBack && cell !== null
          ? neuronOn(path, layer - 1) === cell
          : neuronOn(path, layer) === neuron;
      const strength =
        cell === null ? 0 : cellOf(walk, shown[layer].weights, neuron, cell) / scales[layer];
      const size = Math.min(1, Math.abs(strength) || 0);
      line.style.stroke =
        cell === null ? "var(--quiet)" : cssOf(colourAt(RAMPS[theme], strength < 0 ? -1 : 1));
      const isNow = layer === now && isChosen;
      line.style.strokeWidth = String((isNow ? 1.2 : 0.6) + (isNow ? 2.4 : 1) * size);
      line.style.opacity = String(
        opacityOf(isNow, layer === now, isOnPath, cell === null ? 0.4 : size),
      );
    }
  }

  /** @param {Lit} lit */
  function light({ edges: lit }) {
    for (const { layer, neuron, cell, line } of edges) {
      const isLit =
        lit?.layer === layer &&
        (lit.neuron ?? neuron) === neuron &&
        (cell === null || (lit.cell ?? cell) === cell);
      line.classList.toggle("lit", isLit);
    }
  }

  return { place, draw, light };
}

/** @param {boolean} isNow @param {boolean} isLayer @param {boolean} isOnPath @param {number} size */
function opacityOf(isNow, isLayer, isOnPath, size) {
  if (isNow) return 0.55 + 0.45 * size;
  if (isOnPath) return 0.5;
  return (isLayer ? 0.08 : 0.04) + (isLayer ? 0.3 : 0.18) * size;
}
