/**
 * The keys: space trains and pauses, s steps, r resets, d goes to the pad, f fills the screen,
 * ? helps.
 */

import { byId } from "./dom.js";
import { isSteered, isTraining } from "../training/intent.pure.js";

/** Where a letter is typed, or a key has a meaning of its own. */
const TYPED_INTO = "input:not([type=range], [type=radio], [type=checkbox]), select, textarea, dialog";
const PRESSED = "button, a, summary, input, [role=button]";

/**
 * @param {import("./state.js").Store} store
 * @param {ReturnType<typeof import("../training/training.service.js").createSession>} session
 */
export function followKeys(store, session) {
  const { state } = store;
  const pad = byId("draw-pad");
  pad.tabIndex = -1; // a key goes there; the tabulator does not, as there is no drawing with keys

  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () => (isTraining(state.run) && isSteered(state.run) ? session.pause() : session.train()),
    s: session.step,
    r: session.reset,
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
    const element = /** @type {Element} */ (target);
    const own = key === " " ? `${TYPED_INTO}, ${PRESSED}` : TYPED_INTO;
    if (!Object.hasOwn(keys, key) || state.dialog || element.closest?.(own)) return;
    event.preventDefault();
    keys[key]();
  });
}
