/** Makes the steps of a run that is paused, one or all up to the end of its epoch. */

import { api, wordsOf } from "../shell/api.js";
import { patiently } from "./patience.js";

/** @import { Store } from "../shell/state.js" */

/** @param {Store} store */
export function createStepping({ state }) {
  let isGoing = false;

  /**
   * @param {boolean} isOne a single step; otherwise all up to the epoch's end, or until it is stopped
   * @param {(words: string) => void} tell what happens
   */
  async function make(isOne, tell) {
    const { watched, run } = state;
    if (!run || isGoing) return;
    isGoing = true;
    try {
      for (let going = true; going; ) {
        const now = await patiently(() => api.command(watched, "step"));
        going = isGoing && !isOne && state.inside && state.watched === watched;
        going &&= now.status === "paused" && now.epoch === run.epoch;
        tell(now.status === "paused" ? `Step ${now.step.toLocaleString("en")} is made.` : "");
      }
    } catch (error) {
      tell(wordsOf(error));
    } finally {
      isGoing = false;
    }
  }

  return {
    make,
    stop: () => {
      isGoing = false;
    },
  };
}

/** @typedef {ReturnType<typeof createStepping>} Stepping */
