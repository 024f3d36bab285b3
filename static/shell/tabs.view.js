/** The tabs of a phone. On a wider screen all parts of the page are in sight. */

import { byId } from "./dom.js";
import { TABS, tabFor } from "./tabs.pure.js";

/**
 * @import { Loop } from "./loop.js"
 * @import { Store } from "./state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createTabsView(store, loop) {
  const { state } = store;
  for (const tab of TABS) {
    byId(`tab-${tab}`).addEventListener("click", () => {
      store.set({ tab });
      scrollTo(0, 0);
    });
  }

  function draw() {
    byId("stage").dataset.tab = state.tab;
    for (const tab of TABS)
      byId(`tab-${tab}`).setAttribute("aria-pressed", String(state.tab === tab));
  }

  addEventListener("hashchange", () => {
    if (location.hash) openTabOf(store, document.querySelector(location.hash));
  });
  store.subscribe(["picture"], () => state.picture && store.set({ tab: "draw" }));
  store.subscribe(["tab"], () => loop.request(draw));
}

/** Opens the tab that an element is in. @param {Store} store @param {Element | null} element */
export function openTabOf(store, element) {
  /** @type {HTMLElement | null | undefined} */
  const panel = element?.closest("[data-in]");
  if (panel?.dataset.in) store.set({ tab: tabFor(panel.dataset.in, store.state.tab) });
}
