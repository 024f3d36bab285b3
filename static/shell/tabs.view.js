/** The tabs of a phone. On a wider screen all parts of the page are in sight. */

import { byId } from "./dom.js";
import { openTabOf } from "./tabs.js";
import { TABS } from "./tabs.pure.js";

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
