/**
 * Keeps the test figures of this browser's last runs, to compare with: a run joins them when it is
 * left for another one, or is taken from the list. They last as long as the tab does.
 */

import { ApiError, api } from "../shell/api.js";
import { EARLIER, nameOf, pointsOf, readEarlier } from "./earlier-runs.pure.js";
import { isLive, isPretrained } from "../training/intent.pure.js";

const KEY = "nudge.earlier";

/**
 * @param {import("../shell/state.js").Store} store
 */
export function createEarlier(store) {
  const { state } = store;
  const known = read();
  let shown = state.watched;
  let numbered = Math.max(0, ...known.map(({ number }) => number));
  /** @type {{ run: import("../shell/state.js").Run, epochs: import("../shell/state.js").Epoch[] } | null} */
  let present = null;
  /** @type {import("../shell/state.js").EarlierRun | null} what is kept of the run that is shown */
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
    if (!own) numbered += 1;
    own = summaryOf(present.run, present.epochs, own?.number ?? numbered);
  }

  /**
   * @param {import("../shell/state.js").Run} run
   * @param {import("../shell/state.js").Epoch[]} epochs
   * @param {number} number
   * @returns {import("../shell/state.js").EarlierRun}
   */
  function summaryOf(run, epochs, number) {
    const { defaults, learning_rates } = state.page;
    const name = run.name ?? nameOf(run.spec, defaults, learning_rates);
    return { id: run.id, number, name, cost: String(run.spec.cost), epochs: pointsOf(epochs) };
  }

  /**
   * Puts any run of one's own behind the one that is shown.
   * @param {import("../shell/state.js").Run} run
   * @returns {Promise<string | null>} why not, in words
   */
  async function compare(run) {
    let epochs;
    try {
      epochs = await api.epochs(run.id, 0);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.message;
    }
    const there = run.id === state.watched || state.earlier.some(({ id }) => id === run.id);
    if (there || epochs.length === 0) return null;
    numbered += 1;
    store.set({ earlier: [summaryOf(run, epochs, numbered), ...state.earlier].slice(0, EARLIER) });
    return null;
  }

  /** @param {string} run its id */
  function forget(run) {
    store.set({ earlier: state.earlier.filter(({ id }) => id !== run) });
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
  return { compare, forget };
}
