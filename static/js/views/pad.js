/** The pad: what the mouse, a finger or a pen does on it becomes strokes in the state. */

import { byId, setText } from "../dom.js";
import { PEN_WIDTH, drawInk } from "../ink.js";
import { drawingWords } from "../pure/datasets.js";

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createPadView(store, loop) {
  const { state } = store;
  const canvas = byId("draw-pad");
  const context = canvas.getContext("2d");
  /** @type {number | null} the pointer that draws; others are ignored meanwhile */
  let pointer = null;

  /** @param {PointerEvent} event @returns {import("../state.js").Point} */
  function pointOf({ clientX, clientY, pressure }) {
    const box = canvas.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height, pressure };
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    state.strokes.push({ points: [pointOf(event)], width: PEN_WIDTH, erase: false });
    store.set({ penDown: true });
    store.touch("strokes");
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const points = (coalesced.length ? coalesced : [event]).map(pointOf);
    state.strokes.at(-1)?.points.push(...points);
    store.touch("strokes");
  });

  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(type, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      store.set({ penDown: false });
    });
  }

  byId("clear-pad").addEventListener("click", () => {
    state.strokes.length = 0;
    store.touch("strokes");
  });

  function draw() {
    drawInk(context, state.strokes);
    const { title, hint } = drawingWords(state.datasets.find(({ name }) => name === state.run?.spec.dataset));
    setText(byId("pad-title"), title);
    setText(byId("pad-hint"), hint);
    byId("pad-hint").hidden = state.strokes.length > 0;
    byId("clear-pad").disabled = state.strokes.length === 0;
  }

  store.subscribe(["strokes", "run", "datasets"], () => loop.request(draw));
  loop.request(draw);
}
