/** The tools of the pad: undo, eraser, brush size, a test digit, and clear. */

import { arePictures, imagesOf, nounOf } from "../runs/images.pure.js";
import { byId, setText } from "../shell/dom.js";
import { keyOf } from "../shell/keys.pure.js";

/**
 * @import { TestDigitsService } from "./test-digits.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const FINE = 1000; // the slider counts in thousandths of the pad's side

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {TestDigitsService} testDigits
 */
export function createPadToolsView(store, loop, testDigits) {
  const { state } = store;
  const eraser = byId("eraser");
  const size = byId("brush-size", HTMLInputElement);

  function undo() {
    if (state.penDown || state.strokes.length === 0) return;
    state.strokes.pop();
    store.touch("strokes");
  }

  function clear() {
    state.strokes.length = 0;
    store.set({ picture: null, pen: { ...state.pen, erase: false } });
    store.touch("strokes");
  }

  byId("undo", HTMLButtonElement).addEventListener("click", undo);
  byId("clear-pad", HTMLButtonElement).addEventListener("click", clear);
  byId("next-digit", HTMLButtonElement).addEventListener("click", testDigits.next);
  eraser.addEventListener("click", () =>
    store.set({ pen: { ...state.pen, erase: !state.pen.erase } }),
  );
  size.addEventListener("input", () =>
    store.set({ pen: { ...state.pen, width: Number(size.value) / FINE } }),
  );
  document.addEventListener("keydown", (event) => {
    const undoes =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && keyOf(event) === "z";
    if (!undoes || isTyping(event.target) || state.strokes.length === 0) return;
    event.preventDefault();
    undo();
  });

  function drawButtons() {
    const nothing = state.strokes.length === 0;
    byId("undo", HTMLButtonElement).disabled = nothing;
    byId("clear-pad", HTMLButtonElement).disabled = nothing && state.picture === null;
  }

  function drawPen() {
    const { width, erase } = state.pen;
    eraser.setAttribute("aria-pressed", String(erase));
    size.value = String(Math.round(width * FINE));
    size.setAttribute("aria-valuetext", `${(100 * width).toFixed(1)}% of the pad`);
    byId("brush-dot").style.setProperty("--size", String(width));
  }

  function drawWords() {
    const images = imagesOf(state.run);
    const button = byId("next-digit", HTMLButtonElement);
    setText(button, `Next test ${nounOf(images.class_names)}`);
    button.disabled = !arePictures(images);
  }

  store.subscribe(["strokes", "picture"], () => loop.request(drawButtons));
  store.subscribe(["pen"], () => loop.request(drawPen));
  store.subscribe(["run"], () => loop.request(drawWords));
  for (const draw of [drawButtons, drawPen, drawWords]) loop.request(draw);
}

/** @param {EventTarget | null} target @returns {boolean} whether Ctrl+Z belongs to this element */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !["range", "checkbox", "radio"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}
