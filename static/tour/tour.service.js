/** The guided tour is loaded when it begins: by a button, or by the page's address. */

import { byId } from "../shell/dom.js";
import { stepOfQuery } from "./tour.pure.js";

/**
 * @import { LookInside } from "../shell/inside.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {{ training: TrainingService, lookInside: LookInside }} services
 */
export function createTour(store, loop, services) {
  /** @type {Promise<{ begin: (lesson: number) => void }> | null} */
  let loading = null;

  /** @param {number} lesson */
  async function begin(lesson) {
    try {
      loading ??= load();
      (await loading).begin(lesson);
    } catch (error) {
      loading = null;
      store.set({ problem: "The tour could not be loaded." });
      throw error;
    }
  }

  async function load() {
    const { createTourView } = await import("./tour.view.js");
    return createTourView(store, loop, services);
  }

  byId("tour-begin").addEventListener("click", () => begin(1));
  byId("help-tour").addEventListener("click", () => {
    store.set({ dialog: null });
    begin(1);
  });
  const asked = stepOfQuery(location.search);
  if (asked !== null) {
    store.set({ tour: asked }); // so that the address keeps it, and the page writes no digits
    begin(asked);
  }
}
