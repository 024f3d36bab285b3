/**
 * The mode for a projector (`p`, or `?present`): the network, one chart, the digit and the answer,
 * large, and no form. The page's keys steer it.
 */

/** @import { Store } from "../shell/state.js" */

/** @param {Store} store */
export function createPresentView(store) {
  const { state } = store;

  function draw() {
    document.body.classList.toggle("present", state.present);
    dispatchEvent(new Event("resize")); // the pictures get another size
  }

  addEventListener("keydown", ({ key, defaultPrevented }) => {
    if (key === "Escape" && state.present && !defaultPrevented && !state.dialog)
      store.set({ present: false });
  });
  store.subscribe(["present"], draw);
  store.set({ present: new URLSearchParams(location.search).has("present") });
}
