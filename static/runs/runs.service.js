/**
 * The list of the visitor's runs: asked for when it is opened, and while it is open when the run that
 * is shown changes its state. Each of its actions calls the server.
 */

import { api, wordsOf } from "../shell/api.js";
import { oneAtATime } from "../shell/requests.js";
import { newestFirst } from "./runs.pure.js";

/**
 * @import { Run } from "./run.pure.js"
 * @import { Store } from "../shell/state.js"
 */

/** @param {Store} store */
export function createRuns(store) {
  const { state } = store;
  const refresh = oneAtATime(ask);
  let changes = 0; // made here: an answer that is older than the last one is wrong
  let seen = "";

  /** Asks if the list has been opened, or the run that is shown has another state. */
  function follow() {
    const { dialog, run } = state;
    const now = dialog === "runs" ? `open ${run?.id} ${run?.status}` : "";
    if (now !== seen && now) refresh();
    seen = now;
  }

  async function ask() {
    const before = changes;
    try {
      const runs = (await api.runs()).filter(({ sweep }) => !sweep);
      if (changes === before) store.set({ runs: newestFirst(runs), runsProblem: null });
      else refresh();
    } catch (error) {
      store.set({ runsProblem: wordsOf(error) });
    }
  }

  /**
   * @param {string} id
   * @param {string | null} name
   * @returns {Promise<string | null>} why not, in words
   */
  const rename = (id, name) =>
    problemOf(async () => {
      const renamed = await api.change(id, { name });
      replace(state.runs?.map((run) => (run.id === id ? { ...run, name: renamed.name } : run)));
      if (state.run?.id === id) store.set({ run: { ...state.run, name: renamed.name } });
    });

  /** @param {string} id @returns {Promise<string | null>} why not, in words */
  const remove = (id) =>
    problemOf(async () => {
      await api.remove(id);
      replace(state.runs?.filter((run) => run.id !== id));
    });

  /** @param {Run[] | undefined} runs */
  function replace(runs) {
    changes += 1;
    store.set({ runs: runs ?? null });
  }

  /**
   * Sends a zip of runs.
   * @param {File} file
   * @returns {Promise<{ came: Run[], problem: string | null }>}
   */
  async function bring(file) {
    /** @type {Run[]} */
    let came = [];
    const problem = await problemOf(async () => {
      came = newestFirst(await api.importRuns(file));
      await refresh();
    });
    return { came, problem };
  }

  store.subscribe(["dialog", "run"], follow);
  return { refresh, rename, remove, bring };
}

/**
 * Does something that calls the server.
 * @param {() => Promise<void>} deed
 * @returns {Promise<string | null>} what went wrong, in words
 */
async function problemOf(deed) {
  try {
    await deed();
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

/** @typedef {ReturnType<typeof createRuns>} RunsService */
