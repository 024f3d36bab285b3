/** Elements that stand for cells of an array: pointed at, they light up wherever those cells are. */

import { isSameMark, touches } from "./names.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Mark } from "./names.pure.js"
 */

/** @type {WeakMap<Element, Mark>} */
const marks = new WeakMap();

/** @template {Element} E @param {E} element @param {Mark | null} mark @returns {E} */
export function setMark(element, mark) {
  if (mark) marks.set(element, mark);
  else marks.delete(element);
  element.classList.toggle("inside-mark", mark !== null);
  return element;
}

/** @param {EventTarget | null} target @returns {Mark | null} */
export function markAt(target) {
  const element = target instanceof Element ? target.closest(".inside-mark") : null;
  return (element && marks.get(element)) ?? null;
}

/** @param {InsideStore} own @param {Mark | null} mark */
export function hover({ state, set }, mark) {
  if (!isSameMark(mark, state.hovered)) set({ hovered: mark });
}

/** Points again at what is under the pointer, once the view has changed below it. @param {InsideStore} own @param {Loop} loop */
export function followSteps(own, loop) {
  let at = { x: -1, y: -1 };
  addEventListener("pointermove", ({ clientX, clientY }) => (at = { x: clientX, y: clientY }), {
    passive: true,
  });
  const point = () => hover(own, markAt(document.elementFromPoint(at.x, at.y)));
  own.subscribe(["step", "walk"], () => loop.request(() => loop.request(point)));
}

/** Follows the pointer and the focus over a part of the view. @param {HTMLElement} root @param {InsideStore} own */
export function followMarks(root, own) {
  const follow = (/** @type {Event} */ { target }) => hover(own, markAt(target));
  root.addEventListener("pointerover", follow);
  root.addEventListener("focusin", follow);
  root.addEventListener("pointerleave", () => hover(own, null));
  root.addEventListener("focusout", () => hover(own, null));
}

/** Lights up the elements that are pointed at, here or elsewhere. @param {HTMLElement} root @param {Mark | null} hovered */
export function lightMarks(root, hovered) {
  for (const element of root.querySelectorAll(".inside-mark")) {
    element.classList.toggle("lit", touches(marks.get(element) ?? null, hovered));
  }
}
