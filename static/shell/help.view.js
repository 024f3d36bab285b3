/** The dialog with the help and the keys, and the button for full screen. */

import { byId } from "./dom.js";

/**
 * @import { Loop } from "./loop.js"
 * @import { Store } from "./state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createHelpView(store, loop) {
  const { state } = store;
  const dialog = byId("help-dialog", HTMLDialogElement);
  const fullScreen = byId("full-screen");

  byId("help-open").addEventListener("click", () => store.set({ dialog: "help" }));
  byId("help-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => state.dialog === "help" && store.set({ dialog: null }));
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it

  fullScreen.hidden = !document.fullscreenEnabled;
  fullScreen.addEventListener("click", switchFullScreen);
  document.addEventListener("fullscreenchange", () => {
    fullScreen.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
  });

  function switchFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {}); // the browser forbids it
  }

  function draw() {
    const open = state.dialog === "help";
    if (open && !dialog.open) dialog.showModal();
    else if (!open && dialog.open) dialog.close();
  }

  store.subscribe(["dialog"], () => loop.request(draw));
}
