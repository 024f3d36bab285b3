/** Canvases as sharp as the screen, and the colours of what is drawn on them. */

import { contextOf } from "../shell/dom.js";

/** @import { Loop } from "../shell/loop.js" */

const LEAST = 2; // pixels of a canvas that anything is drawn on

/**
 * @typedef {{ ink: string, quiet: string, line: string, focus: string, ground: string }} Colours
 * @typedef {{ pen: CanvasRenderingContext2D, width: number, height: number, colours: Colours }} Paper
 */

/** @param {Element} element @returns {Colours} */
function coloursOf(element) {
  const style = getComputedStyle(element);
  /** @param {string} name */
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    ink: colour("--ink"),
    quiet: colour("--quiet"),
    line: colour("--line"),
    focus: colour("--focus"),
    ground: colour("--raised"),
  };
}

/**
 * Draws on a canvas whenever that is asked for, at most every so many milliseconds, and when its
 * size or the colours change.
 * @param {HTMLCanvasElement} canvas
 * @param {Loop} loop
 * @param {(paper: Paper) => void} draw
 * @param {number} [pause] milliseconds
 */
export function createPaper(canvas, loop, draw, pause = 0) {
  const pen = contextOf(canvas);
  let colours = coloursOf(canvas);
  let size = { width: canvas.clientWidth, height: canvas.clientHeight };
  let last = -Infinity;
  let timer = 0;

  /** @param {number} time */
  function paint(time) {
    last = time;
    const { width, height } = size;
    const density = devicePixelRatio;
    if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
    if (canvas.height !== Math.round(height * density))
      canvas.height = Math.round(height * density);
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = "12px system-ui, sans-serif";
    if (width > LEAST && height > LEAST) draw({ pen, width, height, colours });
  }

  new ResizeObserver(([{ contentRect }]) => {
    size = contentRect;
    loop.request(paint);
  }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours = coloursOf(canvas);
    loop.request(paint);
  });

  return {
    /** In the next frame: somebody points at something. */
    now: () => loop.request(paint),
    /** Soon: something new has come. */
    soon() {
      if (timer) return;
      const wait = Math.max(0, last + pause - performance.now());
      timer = setTimeout(() => {
        timer = 0;
        loop.request(paint);
      }, wait);
    },
  };
}

/**
 * Tells where the pointer is, in the canvas's own pixels; null: elsewhere.
 * @param {HTMLCanvasElement} canvas
 * @param {(at: { x: number, y: number } | null) => void} tell
 */
export function followPointer(canvas, tell) {
  canvas.addEventListener("pointermove", ({ offsetX: x, offsetY: y }) => tell({ x, y }));
  canvas.addEventListener("pointerleave", () => tell(null));
}
