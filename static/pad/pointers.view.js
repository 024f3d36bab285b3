/** Turns what the mouse, a finger or a pen does on the pad into strokes in the state. */

import { EVEN } from "./stroke.pure.js";

/**
 * @import { Point, Stroke } from "./stroke.pure.js"
 * @import { Store } from "../shell/state.js"
 *
 * @typedef {{ pointer: number, type: string, begun: number, stroke: Stroke }} Drawer
 */

const PINCH = 500; // milliseconds within which a second finger shows that the first didn't draw
const PALM = 500; // milliseconds after a pen's last move in which a touch is that of a hand

/**
 * One pointer draws at a time. A pen takes over from a finger, which is a resting palm then, and two
 * fingers draw nothing: they move or enlarge the page.
 * @param {Store} store
 * @param {HTMLCanvasElement} canvas
 */
export function followPointers(store, canvas) {
  const { state } = store;
  /** @type {Drawer | null} */
  let drawer = null;
  /** @type {Set<number>} */
  const fingers = new Set();
  let penMoved = -Infinity;

  /** @param {PointerEvent[]} events @returns {Point[]} */
  function pointsOf(events) {
    const box = canvas.getBoundingClientRect();
    return events.map(({ clientX, clientY, pointerType, pressure }) => ({
      x: (clientX - box.left) / box.width,
      y: (clientY - box.top) / box.height,
      pressure: pointerType === "pen" && pressure > 0 ? pressure : EVEN,
    }));
  }

  /** @param {PointerEvent} event */
  function mayDraw({ pointerType, timeStamp }) {
    if (pointerType === "pen") return drawer?.type !== "pen";
    if (pointerType === "touch" && timeStamp - penMoved < PALM) return false;
    return drawer === null && fingers.size <= 1;
  }

  function letGo() {
    drawer = null;
    store.set({ penDown: false });
  }

  function takeBack() {
    if (drawer && state.strokes.at(-1) === drawer.stroke) state.strokes.pop();
    letGo();
    store.touch("strokes");
  }

  canvas.addEventListener("pointerdown", (event) => {
    const { pointerId, pointerType, timeStamp } = event;
    const withEraserEnd = (event.buttons & 32) !== 0;
    if (event.button !== 0 && !withEraserEnd) return;
    event.preventDefault();
    if (pointerType === "touch") fingers.add(pointerId);
    const isFinger = drawer?.type === "touch";
    const isPinch = isFinger && fingers.size > 1 && timeStamp - (drawer?.begun ?? 0) < PINCH;
    if (isPinch || (isFinger && pointerType === "pen")) takeBack();
    if (!mayDraw(event)) return;
    const { width, erase } = state.pen;
    const stroke = { points: pointsOf([event]), width, erase: erase || withEraserEnd };
    drawer = { pointer: pointerId, type: pointerType, begun: timeStamp, stroke };
    state.strokes.push(stroke);
    store.set({ penDown: true });
    store.touch("strokes");
    capture(pointerId);
  });

  /** Follows the pointer off the canvas. @param {number} pointerId */
  function capture(pointerId) {
    try {
      canvas.setPointerCapture(pointerId);
    } catch {
      // lifted before this event was handled
    }
  }

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "pen") penMoved = event.timeStamp;
    if (event.pointerId !== drawer?.pointer) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    drawer.stroke.points.push(...pointsOf(coalesced.length ? coalesced : [event]));
    store.touch("strokes");
  });

  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(type, (event) => {
      if (event.pointerType === "pen") penMoved = event.timeStamp;
      fingers.delete(event.pointerId);
      if (event.pointerId !== drawer?.pointer) return;
      // The browser, or the tablet, has found that this touch is a gesture or a palm.
      if (type === "pointercancel" && drawer.type === "touch") takeBack();
      else letGo();
    });
  }
}
