/** The pad: turns what the mouse, a finger or a pen does on it into strokes in the state. */

import { classesOf, drawingWords, findDataset } from "../datasets/datasets.pure.js";
import { byId, contextOf, setText } from "../shell/dom.js";
import { createSheet } from "./ink.js";
import { truthWords } from "./prediction.pure.js";
import { EVEN } from "./stroke.pure.js";

/**
 * @import { Point } from "./stroke.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createPadView(store, loop) {
  const { state } = store;
  const canvas = byId("draw-pad", HTMLCanvasElement);
  const sheet = createSheet(contextOf(canvas, { alpha: false }));
  /** @type {number | null} the pointer that draws; others are ignored until it is lifted */
  let pointer = null;

  /** @param {PointerEvent[]} events @returns {Point[]} */
  function pointsOf(events) {
    const box = canvas.getBoundingClientRect();
    return events.map(({ clientX, clientY, pointerType, pressure }) => ({
      x: (clientX - box.left) / box.width,
      y: (clientY - box.top) / box.height,
      pressure: pointerType === "pen" && pressure > 0 ? pressure : EVEN,
    }));
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    state.strokes.push({ points: pointsOf([event]), ...state.pen });
    store.set({ penDown: true });
    store.touch("strokes");
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    state.strokes.at(-1)?.points.push(...pointsOf(coalesced.length ? coalesced : [event]));
    store.touch("strokes");
  });

  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(type, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      store.set({ penDown: false });
    });
  }

  function drawDrawing() {
    sheet.draw(state.strokes, state.picture);
    byId("pad-hint").hidden = state.strokes.length > 0 || state.picture !== null;
  }

  function drawWords() {
    const { title, hint } = drawingWords(findDataset(state.datasets, state.run?.spec.dataset));
    setText(byId("pad-title"), title);
    setText(byId("pad-hint"), hint);
    setText(
      byId("truth"),
      truthWords(state.picture, classesOf(state.datasets, state.run?.spec.dataset)),
    );
  }

  store.subscribe(["strokes", "picture"], () => loop.request(drawDrawing));
  store.subscribe(["picture", "run", "datasets"], () => loop.request(drawWords));
  loop.request(drawDrawing);
  loop.request(drawWords);
}
