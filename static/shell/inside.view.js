/** The button Look inside, at the pad. */

import { arePictures, imagesOf, NO_PICTURES } from "../runs/images.pure.js";
import { byId } from "./dom.js";

/**
 * @import { LookInside } from "./inside.service.js"
 * @import { Loop } from "./loop.js"
 * @import { Store } from "./state.js"
 */

/** @param {Store} store @param {Loop} loop @param {LookInside} lookInside */
export function createInsideButton({ state, subscribe }, loop, lookInside) {
  const button = byId("look-inside", HTMLButtonElement);

  function draw() {
    button.disabled = !arePictures(imagesOf(state.run));
    button.title = button.disabled
      ? NO_PICTURES
      : "How it reads this digit, and how it learns from it";
  }

  button.addEventListener("click", lookInside.show);
  subscribe(["run"], () => loop.request(draw));
}
