/** Which of the panels at the right is open. */

import { byId } from "../shell/dom.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { InsideStore, Panel } from "./inside.state.js"
 */

/** @type {Panel[]} */
const PANELS = ["line", "parameter", "batch"];

/** @param {InsideStore} own @param {Loop} loop */
export function createPanelsView(own, loop) {
  const buttons = [...document.querySelectorAll("#inside [data-panel]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const panel = PANELS.find((name) => name === button.getAttribute("data-panel"));
      if (panel) own.set({ panel });
    });
  }

  function draw() {
    for (const button of buttons) {
      const name = button.getAttribute("data-panel");
      button.setAttribute("aria-pressed", String(name === own.state.panel));
      byId(`inside-${name}`).hidden = name !== own.state.panel;
    }
  }

  own.subscribe(["panel"], () => loop.request(draw));
  loop.request(draw);
}
