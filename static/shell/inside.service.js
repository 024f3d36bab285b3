/**
 * Look inside: a walk through the network, which has an address of its own and is loaded when it is
 * opened.
 */

import { addressOf, insideOf, isInside, runOfPath } from "../form/address.pure.js";
import { addPart } from "./parts.js";
import { atRoot, belowRoot } from "./root.js";

/**
 * @import { PadImage } from "../pad/pad-image.js"
 * @import { TestDigitsService } from "../pad/test-digits.service.js"
 * @import { Loop } from "./loop.js"
 * @import { Store } from "./state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {{ padImage: PadImage, testDigits: TestDigitsService }} pad
 */
export function createLookInside(store, loop, pad) {
  const { state } = store;
  /** @type {ReturnType<typeof import("../inside/inside.view.js")["createInside"]> | null} */
  let loading = null;
  let cameFromHere = false; // whether the playground is the page before in the browser's history
  let cameFromStart = false; // whether its address was that of the start page

  function show() {
    noteStart();
    history.pushState(null, "", atRoot(insideOf(state.watched)) + location.search);
    cameFromHere = true;
    follow();
  }

  function leave() {
    if (cameFromHere) history.back();
    else showInstead(false);
  }

  /** Opens or closes it, in place of what the browser's history has now. @param {boolean} wanted */
  function showInstead(wanted) {
    if (wanted === isInside(belowRoot(location.pathname))) return;
    if (wanted) noteStart();
    const run = cameFromStart ? null : state.watched;
    const path = wanted ? insideOf(state.watched) : addressOf(run, "");
    history.replaceState(null, "", atRoot(path) + location.search);
    cameFromHere = false;
    follow();
  }

  function noteStart() {
    cameFromStart = runOfPath(belowRoot(location.pathname)) === null;
  }

  /** Opens or closes it, as the address says. */
  async function follow() {
    const isWanted = () => isInside(belowRoot(location.pathname));
    if (!isWanted() && !loading) return;
    try {
      loading ??= load();
      const inside = await loading;
      if (isWanted()) inside.open();
      else inside.close();
      store.set({ inside: isWanted() });
    } catch (error) {
      loading = null;
      store.set({ problem: "This part of the page could not be loaded." });
      throw error;
    }
    if (!isWanted()) cameFromHere = false;
  }

  async function load() {
    const script = import("../inside/inside.view.js");
    if (!document.getElementById("inside")) await addPart("inside");
    const { createInside } = await script;
    return createInside(store, loop, { ...pad, leave });
  }

  addEventListener("popstate", follow);
  follow();
  return { show, showInstead };
}

/** @typedef {ReturnType<typeof createLookInside>} LookInside */
