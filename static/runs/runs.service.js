/**
 * The list of the visitor's runs: asked for when it is opened and when the run that is shown changes its
 * state, and not while it is closed. Each of its actions calls the server.
 */

import { errorsFromAnswer } from "../form/validation.pure.js";
import { ApiError, api } from "../shell/api.js";
import { newestFirst } from "./runs.pure.js";

/**
 * @import { Run } from "./run.pure.js"
 * @import { Store } from "../shell/state.js"
 */

/** @param {Store} store */
export function createRuns(store) {
  const { state } = store;
  let asking = false;
  let again = false;
  let changes = 0; // made here: an answer from before one is not to be believed
  let seen = "";
  /** @type {Run[]} whose accuracy is to be asked for */
  const unread = [];
  let reading = false;

  /** The list has been opened, or the run that is shown has another state. */
  function follow() {
    const { dialog, run } = state;
    const now = dialog === "runs" ? `open ${run?.id} ${run?.status}` : "";
    if (now !== seen && now) refresh();
    seen = now;
  }

  async function refresh() {
    again = asking;
    if (asking) return;
    asking = true;
    const before = changes;
    try {
      const runs = await api.runs();
      if (changes === before) store.set({ runs: newestFirst(runs), runsProblem: null });
      else again = true;
    } catch (error) {
      store.set({ runsProblem: wordsOf(error) });
    }
    asking = false;
    if (again) refresh();
  }

  /**
   * @param {string} id
   * @param {string | null} name
   * @returns {Promise<string | null>} why not, in words
   */
  const rename = (id, name) =>
    told(async () => {
      const renamed = await api.change(id, { name });
      replace(state.runs?.map((run) => (run.id === id ? { ...run, name: renamed.name } : run)));
      if (state.run?.id === id) store.set({ run: { ...state.run, name: renamed.name } });
    });

  /** @param {string} id @returns {Promise<string | null>} why not, in words */
  const remove = (id) =>
    told(async () => {
      await api.remove(id);
      replace(state.runs?.filter((run) => run.id !== id));
    });

  /** @param {Run[] | undefined} runs */
  function replace(runs) {
    changes += 1;
    store.set({ runs: runs ?? null });
  }

  /**
   * @param {File} file
   * @returns {Promise<{ came: Run[], problem: string | null }>}
   */
  async function bring(file) {
    /** @type {Run[]} */
    let came = [];
    const problem = await told(async () => {
      came = newestFirst(await api.importRuns(file));
      await refresh();
    });
    return { came, problem };
  }

  /** Asks for a run's accuracy, one run after the other. @param {Run} run */
  function read(run) {
    const stale = run.epoch > 0 && state.accuracies[run.id]?.epoch !== run.epoch;
    if (!stale || unread.some(({ id }) => id === run.id)) return;
    unread.push(run);
    if (!reading) readAll();
  }

  async function readAll() {
    reading = true;
    while (state.dialog === "runs" && unread.length) {
      const failed = await told(() => readOne(unread[0]));
      unread.shift();
      if (failed !== null) break; // it stays untold, and the server is left alone
    }
    unread.length = 0;
    reading = false;
  }

  /** @param {Run} run */
  async function readOne({ id, epoch }) {
    if (!state.runs?.some((run) => run.id === id)) return; // it has been deleted meanwhile
    const last = (await api.epochs(id, epoch - 1)).at(-1);
    const accuracy = last?.test_accuracy ?? null;
    store.set({ accuracies: { ...state.accuracies, [id]: { epoch, accuracy } } });
  }

  store.subscribe(["dialog", "run"], follow);
  return { refresh, rename, remove, bring, read };
}

/**
 * @param {() => Promise<void>} deed
 * @returns {Promise<string | null>} what went wrong, in words
 */
async function told(deed) {
  try {
    await deed();
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

/** @param {unknown} error @returns {string} */
function wordsOf(error) {
  if (!(error instanceof ApiError)) throw error;
  const { fields, rest } = errorsFromAnswer(error.detail);
  return [...Object.values(fields), ...rest].join(" ") || error.message;
}

/** @typedef {ReturnType<typeof createRuns>} RunsService */
