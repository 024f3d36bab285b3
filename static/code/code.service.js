/** The dialog with this experiment as Python is loaded when it is first opened. */

import { isPretrained } from "../runs/run.pure.js";
import { byId } from "../shell/dom.js";
import { addPart } from "../shell/parts.js";

/**
 * @import { FormService } from "../form/form.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {FormService} form
 */
export function createCode(store, loop, form) {
  const { state } = store;
  /** @type {Promise<void> | null} */
  let loading = null;

  async function load() {
    const script = import("./code.view.js");
    if (!document.getElementById("code-dialog")) await addPart("code");
    (await script).createCodeView(store, loop, form);
  }

  byId("as-code").addEventListener("click", async () => {
    if (isPretrained(state.run) && !form.ready()) return;
    try {
      loading ??= load();
      await loading;
      store.set({ dialog: "code" });
    } catch (error) {
      loading = null;
      store.set({ problem: "This part of the page could not be loaded." });
      throw error;
    }
  });
}
