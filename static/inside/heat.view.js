/** The arrays of a line as heat maps, each cell of which can be pointed at and chosen. */

import { contextOf, make } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { areasOf, gridOf, markAtIndex } from "./grid.pure.js";
import { hover } from "./marks.js";
import { letterOf, signWords } from "./names.pure.js";
import { shadesOf } from "./shades.pure.js";
import { layerWords } from "./walk.pure.js";

/**
 * @import { Mark } from "./names.pure.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Theme } from "../shell/colour.pure.js"
 * @import { Walk } from "./walk.pure.js"
 *
 * @typedef {object} Heat
 * @property {HTMLElement} element
 * @property {string} tensor
 * @property {(hovered: Mark | null, chosen: Mark | null) => void} light
 */

const WIDEST = 352; // pixels
const CELL = { vector: 22, image: 3, tiles: 1.5, matrix: 9 }; // pixels of a cell at most
const LEAST = { vector: 16, image: 0, tiles: 0, matrix: 0 }; // pixels of a row's height, where there are few
const FEW = 4; // rows

/**
 * @param {InsideStore} own
 * @param {Walk} walk
 * @param {string} tensor
 * @param {Theme} theme
 * @param {(mark: Mark) => void} chooseCell
 * @returns {Heat}
 */
export function createHeat(own, walk, tensor, theme, chooseCell) {
  const { shape, values } = walk.tensors.get(tensor) ?? { shape: [], values: new Float64Array(1) };
  const grid = gridOf(shape, walk.imageShape);
  const element = make("figure", "inside-heat");
  const caption = make("figcaption", "", "");
  const { letter, layer } = letterOf(tensor);
  const words = [captionOf(walk, layer, shape), signWords(tensor)].filter(Boolean).join(", ");
  caption.append(make("b", "", letter), ` ${words}`);
  const box = make("div", "heat-box");
  const canvas = make("canvas");
  canvas.width = grid.width;
  canvas.height = grid.height;
  canvas.setAttribute("aria-hidden", "true");
  paint();
  const scale = Math.min(CELL[grid.kind], WIDEST / grid.width);
  box.style.width = `${grid.width * scale}px`;
  box.style.height = `${Math.max(grid.height * scale, grid.height < FEW ? grid.height * LEAST[grid.kind] : 0)}px`;
  const marks = make("div", "heat-marks");
  box.append(canvas, marks);
  element.append(caption, box);

  box.addEventListener("pointermove", (event) => hover(own, markUnder(event)));
  box.addEventListener("pointerleave", () => hover(own, null));
  box.addEventListener("click", (event) => {
    const mark = markUnder(event);
    if (mark) chooseCell(mark);
  });

  function paint() {
    const context = contextOf(canvas);
    const pixels = context.createImageData(grid.width, grid.height);
    const shade = shadesOf(tensor, values, theme);
    for (let i = 0; i < grid.count; i += 1) {
      const [x, y] = grid.placeOf(i);
      pixels.data.set([...shade(values[i]), 255], 4 * (y * grid.width + x));
    }
    context.putImageData(pixels, 0, 0);
  }

  /** @param {PointerEvent | MouseEvent} event @returns {Mark | null} */
  function markUnder({ clientX, clientY }) {
    const { left, top, width, height } = box.getBoundingClientRect();
    const x = Math.floor(((clientX - left) / width) * grid.width);
    const y = Math.floor(((clientY - top) / height) * grid.height);
    const index = grid.at(x, y);
    return index === null ? null : markAtIndex(tensor, shape, index);
  }

  /** @param {Mark | null} mark @param {string} className */
  function outlines(mark, className) {
    if (!mark || mark.tensor !== tensor) return [];
    return areasOf(grid, shape, mark).map(({ x, y, width, height }) => {
      const outline = make("i", className);
      outline.style.left = `${(100 * x) / grid.width}%`;
      outline.style.top = `${(100 * y) / grid.height}%`;
      outline.style.width = `${(100 * width) / grid.width}%`;
      outline.style.height = `${(100 * height) / grid.height}%`;
      return outline;
    });
  }

  return {
    element,
    tensor,
    light: (hovered, chosen) =>
      marks.replaceChildren(...outlines(chosen, "chosen"), ...outlines(hovered, "lit")),
  };
}

/** @param {Walk} walk @param {number | null} layer @param {number[]} shape */
function captionOf(walk, layer, shape) {
  const where = layer === null ? "" : `of ${layerWords(walk, layer)}`;
  const size =
    shape.length === 2
      ? `${formatCount(shape[0])} × ${formatCount(shape[1])}`
      : formatCount(shape[0] ?? 1);
  return shape.length === 0 ? "" : `${where} (${size})`.trim();
}
