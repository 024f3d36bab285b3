/**
 * Until somebody touches the page, it writes digits on the pad by itself, one after the other, and the
 * network reads them: so there is something to see at once. Where a person wants no motion, one digit
 * stands there.
 */

import { isInside } from "../form/address.pure.js";
import { areDigits, imagesOf } from "../runs/images.pure.js";
import { isPretrained } from "../runs/run.pure.js";
import { kept } from "../shell/kept.js";
import { belowRoot } from "../shell/root.js";
import { ORDER, written } from "./ghost.pure.js";

/**
 * @import { Stroke } from "./stroke.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const STANDS = 2200; // milliseconds for which a whole digit stands
const TOUCHED = "nudge.touched"; // in the session's storage, once somebody has

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createGhost(store, loop) {
  const { state } = store;
  const stands = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let turn = 0;
  let timer = 0;
  /** @type {number | null} when this digit's first point was written */
  let begun = null;
  /** @type {Stroke[]} what it has written */
  let own = [];

  /** @param {number} time */
  function write(time) {
    if (!state.ghost) return;
    begun ??= time;
    const isWhole = show(stands ? Infinity : (time - begun) / 1000);
    if (!isWhole) loop.request(write);
    else if (!stands && turn + 1 < ORDER.length) timer = setTimeout(writeNext, STANDS);
  }

  function writeNext() {
    turn += 1;
    begun = null;
    loop.request(write);
  }

  /** Puts this digit on the pad, as far as it is written. @param {number} seconds */
  function show(seconds) {
    const { strokes, isWhole } = written(ORDER[turn], seconds);
    own = strokes;
    state.strokes.splice(0, state.strokes.length, ...own);
    store.touch("strokes");
    return isWhole;
  }

  function begin() {
    const { run, frames, strokes, picture, tour } = state;
    if (!run || !frames.weights) return;
    stopWaiting();
    const isOther = tour !== null || isInside(belowRoot(location.pathname));
    const isFree = strokes.length === 0 && !picture && !isOther;
    if (!isFree || !isPretrained(run) || !areDigits(imagesOf(run).class_names)) return;
    if (kept.get(TOUCHED)) return;
    store.set({ ghost: true });
    for (const type of ["pointerdown", "keydown", "input", "drop", "paste"])
      addEventListener(type, end, { capture: true, once: true });
    addEventListener("pointerdown", makeRoom, { capture: true });
    loop.request(write);
  }

  /** Somebody has touched the page: the digit that is being written stands there whole. */
  function end() {
    if (!state.ghost) return;
    clearTimeout(timer);
    if (isOwn()) show(Infinity);
    store.set({ ghost: false });
    kept.set(TOUCHED, "true");
  }

  /** Clears the pad for somebody who draws. @param {Event} event */
  function makeRoom({ target }) {
    if (!isOwn()) removeEventListener("pointerdown", makeRoom, { capture: true });
    else if (target instanceof Element && target.id === "draw-pad") {
      state.strokes.length = 0;
      store.touch("strokes");
    }
  }

  /** Whether what is on the pad was written here. */
  const isOwn = () => own.length > 0 && state.strokes[0] === own[0];

  const stopWaiting = store.subscribe(["run", "frames"], begin);
}
