/**
 * Keeps the test figures of this browser's last runs, to compare with: a run is added when the page
 * goes to another one, or from the list of runs. They are kept as long as the tab is open.
 */

import { titleOf } from "../runs/names.pure.js";
import { isLive, isPretrained } from "../runs/run.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { kept } from "../shell/kept.js";
import { EARLIER, pointsOf, readEarlierRuns } from "./earlier-runs.pure.js";

/**
 * @import { EarlierRun } from "./earlier-runs.pure.js"
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Store } from "../shell/state.js"
 */

const KEY = "nudge.earlier";

/** @param {Store} store */
export function createEarlierRuns(store) {
  const { state } = store;
  const known = read();
  let shown = state.watched;
  let numbered = Math.max(0, ...known.map(({ number }) => number));
  /** @type {{ run: Run, epochs: Epoch[] } | null} */
  let present = null;
  /** @type {EarlierRun | null} what is kept of the run that is shown */
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
    const all = [own, ...state.earlierRuns].filter((run) => run !== null);
    own = all.find(({ id }) => id === shown) ?? null;
    present = null;
    store.set({ earlierRuns: all.filter(({ id }) => id !== shown).slice(0, EARLIER) });
  }

  function summarize() {
    if (present === null) return;
    if (!own) numbered += 1;
    own = summaryOf(present.run, present.epochs, own?.number ?? numbered);
  }

  /**
   * @param {Run} run
   * @param {Epoch[]} epochs
   * @param {number} number
   * @returns {EarlierRun}
   */
  function summaryOf(run, epochs, number) {
    const name = titleOf(run, state.page);
    return { id: run.id, number, name, cost: String(run.spec.cost), epochs: pointsOf(epochs) };
  }

  /**
   * Puts one of the visitor's runs behind the one that is shown.
   * @param {Run} run
   * @returns {Promise<string | null>} why not, in words
   */
  async function compare(run) {
    let epochs;
    try {
      epochs = await api.epochs(run.id, 0);
    } catch (error) {
      return wordsOf(error);
    }
    const there = run.id === state.watched || state.earlierRuns.some(({ id }) => id === run.id);
    if (there || epochs.length === 0) return null;
    numbered += 1;
    store.set({
      earlierRuns: [summaryOf(run, epochs, numbered), ...state.earlierRuns].slice(0, EARLIER),
    });
    return null;
  }

  /** @param {string} run its id */
  function forget(run) {
    store.set({ earlierRuns: state.earlierRuns.filter(({ id }) => id !== run) });
  }

  function keep() {
    summarize();
    write();
  }

  /** Where storage is switched off or full, the list is lost at a reload. */
  function write() {
    kept.set(KEY, JSON.stringify([own, ...state.earlierRuns].filter((run) => run !== null)));
  }

  function read() {
    return readEarlierRuns(kept.get(KEY));
  }

  store.subscribe(["watched", "run", "epochs"], follow);
  store.subscribe(["earlierRuns"], write);
  addEventListener("pagehide", keep);
  store.set({ earlierRuns: known.filter(({ id }) => id !== shown).slice(0, EARLIER) });
  return { compare, forget };
}

/** @typedef {ReturnType<typeof createEarlierRuns>} EarlierRunsService */
