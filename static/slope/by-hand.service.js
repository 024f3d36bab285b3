/** One parameter of a run is given a value by hand; the last change by hand is taken back. */

import { experiments } from "../shell/experiments.js";
import { formatFigure } from "../shell/format.pure.js";

/**
 * @import { Answer, Setting } from "./nudge.pure.js"
 * @import { Store } from "../shell/state.js"
 */

/** @param {Store} store @param {Setting} wish @returns {Promise<Answer>} */
export async function setByHand(store, wish) {
  const { watched } = store.state;
  const told = await experiments.set(watched, wish);
  if (store.state.watched === watched) {
    const { changes, nudge } = store.state;
    const before = { index: wish.index, value: told.before };
    store.set({ changes: [...changes, before], nudge: { ...nudge, applied: null } });
  }
  return told;
}

/**
 * Gives the parameter that was changed last the value that it had, to the bit.
 * @param {Store} store
 * @returns {Promise<{ index: number, told: Answer } | null>} null if there is nothing to take back
 */
export async function takeBack(store) {
  const { watched, changes } = store.state;
  const last = changes.at(-1);
  if (!last) return null;
  store.set({ changes: changes.slice(0, -1) }); // at once: a second click takes back the one before
  try {
    const told = await experiments.set(watched, last);
    if (store.state.watched === watched)
      store.set({ nudge: { ...store.state.nudge, applied: null, problem: null } });
    return { index: last.index, told };
  } catch (error) {
    if (store.state.watched === watched) store.set({ changes: [...store.state.changes, last] });
    throw error;
  }
}

/** What a change has done, in words. @param {string} name of the parameter @param {Answer} told */
export function changeWords(name, { before, after, cost, measured }) {
  const [from, to] = [before, after].map((value) => formatFigure(value, 6));
  const [first, last] = [cost, measured].map((value) => formatFigure(value, 5));
  return `${name} was ${from} and is ${to}; the cost went from ${first} to ${last}.`;
}
