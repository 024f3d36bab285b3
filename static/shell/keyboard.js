/**
 * The keys: space trains and pauses, s steps, r resets, d goes to the pad, f fills the screen,
 * ? helps.
 */

import { isSteered, isTraining } from "../runs/run.pure.js";
import { byId } from "./dom.js";

/**
 * @import { Store } from "./state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/** Where a letter is typed, or a key has a meaning of its own. */
const TYPED_INTO =
  "input:not([type=range], [type=radio], [type=checkbox]), select, textarea, dialog";
const PRESSED = "button, a, summary, input, [role=button]";

/**
 * @param {Store} store
 * @param {TrainingService} training
 */
export function followKeys(store, training) {
  const { state } = store;
  const pad = byId("draw-pad");
  pad.tabIndex = -1; // a key goes there; the tabulator does not, as there is no drawing with keys

  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () =>
      isTraining(state.run) && isSteered(state.run) ? training.pause() : training.train(),
    s: training.step,
    r: training.reset,
    d: goToPad,
    f: () => byId("full-screen").click(),
    "?": () => store.set({ dialog: "help" }),
  };

  function goToPad() {
    byId("pad-panel").scrollIntoView({ block: "nearest" });
    pad.focus({ preventScroll: true });
  }

  addEventListener("keydown", (event) => {
    const { key, target, repeat } = event;
    if (repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const own = key === " " ? `${TYPED_INTO}, ${PRESSED}` : TYPED_INTO;
    if (
      !Object.hasOwn(keys, key) ||
      state.dialog ||
      (target instanceof Element && target.closest(own))
    )
      return;
    event.preventDefault();
    keys[key]();
  });
}
