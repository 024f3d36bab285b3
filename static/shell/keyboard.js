/**
 * The keys of the page: space trains and pauses, s steps, r resets, d goes to the pad, f switches
 * full screen, p presents, ? opens the help.
 */

import { isSteered, isTraining } from "../runs/run.pure.js";
import { byId } from "./dom.js";
import { keyOf } from "./keys.pure.js";

/**
 * @import { Store } from "./state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/** Where a letter is typed, and where these keys have another meaning. */
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
  pad.tabIndex = -1; // only the key d reaches it, not Tab: keys can't draw

  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () =>
      isTraining(state.run) && isSteered(state.run) ? training.pause() : training.train(),
    s: training.step,
    r: training.reset,
    d: goToPad,
    f: () => byId("full-screen").click(),
    p: () => store.set({ present: !state.present }),
    "?": () => store.set({ dialog: "help" }),
  };

  function goToPad() {
    byId("pad-panel").scrollIntoView({ block: "nearest" });
    pad.focus({ preventScroll: true });
  }

  // A button keeps the focus after a click, but whoever clicks means the page's keys, not that button.
  /** @type {Element | null} */
  let clicked = null;
  addEventListener("click", ({ detail }) => {
    clicked = detail > 0 ? document.activeElement : null; // 0: pressed by a key
  });
  addEventListener("focusin", () => {
    clicked = null;
  });

  addEventListener("keydown", (event) => {
    const { target, repeat, isComposing, ctrlKey, metaKey, altKey, defaultPrevented } = event;
    if (repeat || isComposing || ctrlKey || metaKey || altKey || defaultPrevented) return;
    const key = keyOf(event);
    const own = key === " " && target !== clicked ? `${TYPED_INTO}, ${PRESSED}` : TYPED_INTO;
    const isOwn = target instanceof Element && target.closest(own) !== null;
    if (!Object.hasOwn(keys, key) || state.dialog || isOwn) return;
    event.preventDefault();
    keys[key]();
  });
}
