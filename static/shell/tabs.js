/** Opens the tab of a phone in which something is. */

import { tabFor } from "./tabs.pure.js";

/** @import { Store } from "./state.js" */

/** @param {Store} store @param {Element | null} element */
export function openTabOf(store, element) {
  /** @type {HTMLElement | null | undefined} */
  const panel = element?.closest("[data-in]");
  if (panel?.dataset.in) store.set({ tab: tabFor(panel.dataset.in, store.state.tab) });
}
