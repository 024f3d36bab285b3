/**
 * Asks the server for what is measured on the same examples for every network: the gradient, and the
 * cost along −∇C. It is asked of a network that stands still, and while one of its parameters is
 * nudged, so that all figures on the page are of the same batch. While a network trains, the gradient
 * is that of each step.
 */

import { parseSafetensors } from "../network/safetensors.pure.js";
import { isTraining } from "../runs/run.pure.js";
import { api } from "../shell/api.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
import { frameShown } from "../shell/state.js";

/** @import { Store } from "../shell/state.js" */

const AFTER = 400; // milliseconds: several changes in a row are one

/** @param {Store} store */
export function createMeasured(store) {
  const { state } = store;
  const askSoon = notTooOften(oneAtATime(ask), AFTER);

  /** Whether what is measured belongs to another network than the one that is shown. */
  const isOutdated = () => state.measured?.of !== frameShown(state, "weights");

  function isWanted() {
    const { run, chosen, pastEpoch, visible, connection, story } = state;
    if (!run || !visible || connection !== "open" || story) return false;
    return isOutdated() && (pastEpoch !== null || chosen !== null || !isTraining(run));
  }

  async function ask() {
    const of = frameShown(state, "weights");
    const { watched, pastEpoch } = state;
    if (!isWanted() || !of) return;
    const epoch = pastEpoch?.epoch ?? null;
    try {
      const [file, descent] = await Promise.all([
        api.gradient(watched, epoch),
        of.descent ?? api.descent(watched, epoch),
      ]);
      const gradient = parseSafetensors(file);
      if (state.watched === watched) store.set({ measured: { of, gradient, descent } });
    } catch {
      // The page shows what the steps have told; the next change asks again.
    }
    if (isWanted()) askSoon();
  }

  function follow() {
    const { measured, run, chosen, pastEpoch } = state;
    // While a nudge is tried, what was measured stays until something newer is.
    const stays = chosen !== null && pastEpoch === null && isTraining(run);
    if (measured && isOutdated() && !stays) store.set({ measured: null });
    if (isWanted()) askSoon();
  }

  store.subscribe(
    ["frames", "pastEpoch", "run", "chosen", "visible", "connection", "story"],
    follow,
  );
}
