/** Finds the cell of the gradient's picture that the mouse, a finger or the arrow keys point at. */

import { cellAt, nextCell } from "./cells.pure.js";

/** @import { Cell, Sheet } from "./cells.pure.js" */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ picture: () => { sheets: Sheet[], width: number, height: number },
 *   point: (cell: Cell | null, byKeyboard: boolean) => void, choose: (cell: Cell) => void }} to
 */
export function followCells(canvas, { picture, point, choose }) {
  /** @type {Cell | null} the cell that the keyboard has moved to */
  let here = null;
  /** @type {Cell | null} the cell under the pointer, which a click chooses */
  let hovered = null;

  /** @param {PointerEvent} event */
  function under(event) {
    const { sheets, width, height } = picture();
    const x = Math.floor((event.offsetX / canvas.offsetWidth) * width);
    const y = Math.floor((event.offsetY / canvas.offsetHeight) * height);
    return cellAt(sheets, x, y);
  }

  /** The keyboard's cell; the first cell if that one is no longer in the picture. */
  function ownCell() {
    const { sheets } = picture();
    if (!here || !sheets.includes(here.sheet))
      here = sheets.length ? { sheet: sheets[0], row: 0, column: 0 } : null;
    return here;
  }

  /** @param {PointerEvent} event */
  function hover(event) {
    hovered = under(event);
    point(hovered, false);
  }

  canvas.addEventListener("pointermove", hover);
  canvas.addEventListener("pointerdown", hover);
  canvas.addEventListener("pointerleave", () => {
    point(canvas.matches(":focus-visible") ? here : null, false);
  });
  canvas.addEventListener("click", () => {
    if (!hovered || !picture().sheets.includes(hovered.sheet)) return;
    here = hovered;
    choose(hovered);
  });
  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) point(ownCell(), true);
  });
  canvas.addEventListener("blur", () => point(null, false));
  canvas.addEventListener("keydown", (event) => {
    const cell = ownCell();
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) {
      const [right, below] = ARROWS[event.key];
      const { sheets, ...box } = picture();
      here = nextCell(sheets, cell, right, below, box);
      point(here, true);
    } else if (event.key === "Enter" || event.key === " ") choose(cell);
    else if (event.key === "Escape") point(null, true);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the page has other meanings for these keys
  });
}
