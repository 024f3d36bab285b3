/** Opens the tab of a phone in which something is. */

import { tabFor } from "./tabs.pure.js";

/** @import { Store } from "./state.js" */

/** @param {Store} store @param {Element | null} element */
export function openTabOf(store, element) {
  // No `dataset`: of the form, that is its field for the data set.
  const names = element?.closest("[data-in]")?.getAttribute("data-in");
  if (names) store.set({ tab: tabFor(names, store.state.tab) });
}
