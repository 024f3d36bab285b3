/**
 * Keeps the test figures of this browser's last runs, to compare with: a run joins them when it is
 * left for another one. They last as long as the tab does.
 */

import { EARLIER, nameOf, pointsOf, readEarlier } from "./pure/history.js";
import { isLive, isPretrained } from "./pure/intent.js";

const KEY = "nudge.earlier";

/**
 * @param {import("./state.js").Store} store
 */
export function createEarlier(store) {
  const { state } = store;
  const known = read();
  let shown = state.watched;
  let numbered = Math.max(0, ...known.map(({ number }) => number));
  /** @type {{ run: import("./state.js").Run, epochs: import("./state.js").Epoch[] } | null} */
  let present = null;
  /** @type {import("./state.js").EarlierRun | null} what is kept of the run that is shown */
  let own = known.find(({ id }) => id === shown) ?? null;

  /** The run that is shown has new figures, or another one is shown. */
  function follow() {
    if (state.watched !== shown) leave();
    const { run, epochs } = state;
    if (run?.id !== shown || isPretrained(run) || epochs.length === 0) return;
    const ended = !isLive(run) && (present === null || isLive(present.run));
    present = { run, epochs };
    if (ended) keep();
  }

  function leave() {
    summarize();
    shown = state.watched;
    const all = [own, ...state.earlier].filter((run) => run !== null);
    own = all.find(({ id }) => id === shown) ?? null;
    present = null;
    store.set({ earlier: all.filter(({ id }) => id !== shown).slice(0, EARLIER) });
  }

  function summarize() {
    if (present === null) return;
    const { run, epochs } = present;
    const { defaults, learning_rates } = state.page;
    if (!own) numbered += 1;
    own = {
      id: run.id,
      number: own?.number ?? numbered,
      name: nameOf(run.spec, defaults, learning_rates),
      cost: String(run.spec.cost),
      epochs: pointsOf(epochs),
    };
  }

  function keep() {
    summarize();
    write();
  }

  /** Storage may be switched off or full: then there is nothing after a reload, and that is all. */
  function write() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify([own, ...state.earlier].filter((run) => run !== null)));
    } catch {
      // as said
    }
  }

  function read() {
    try {
      return readEarlier(sessionStorage.getItem(KEY));
    } catch {
      return [];
    }
  }

  store.subscribe(["watched", "run", "epochs"], follow);
  store.subscribe(["earlier"], write);
  addEventListener("pagehide", keep);
  store.set({ earlier: known.filter(({ id }) => id !== shown).slice(0, EARLIER) });
}
