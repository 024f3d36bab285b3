/** Looks back: which epochs are kept, and the network as it was after one of them. */

import { layersOf, parseSafetensors } from "../network/safetensors.pure.js";
import { isTraining } from "../runs/run.pure.js";
import { ApiError, api } from "../shell/api.js";
import { formatCount } from "../shell/format.pure.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { State, Store } from "../shell/state.js"
 */

const BETWEEN_LISTS = 1000; // milliseconds
const CACHED = 24; // checkpoints

/** @param {Store} store */
export function createTimeline(store) {
  const { state } = store;
  /** @type {Map<number, Frame>} the least recently used first */
  const cache = new Map();
  let cached = ""; // the run whose checkpoints they are
  /** @type {number | null} the epoch to show, until it is shown */
  let wanted = null;
  let trained = false;
  /** @type {Set<number>} epochs that can't be shown, although the server lists them */
  const lost = new Set();
  const show = oneAtATime(showWanted);
  const list = oneAtATime(listKept);
  const listLater = notTooOften(list, BETWEEN_LISTS);

  /** Shows the network as it was after an epoch. @param {number} epoch */
  function seek(epoch) {
    wanted = epoch;
    show();
  }

  /** Shows the network as it is now. */
  function live() {
    wanted = null;
    store.set({ pastEpoch: null, timelineProblem: null });
  }

  async function showWanted() {
    const epoch = wanted;
    const { watched } = state;
    if (epoch === null) return;
    const answer = await answerFor(watched, epoch);
    if (wanted !== epoch || state.watched !== watched) return; // something else is to be shown now
    wanted = null;
    store.set(answer);
  }

  /**
   * @param {string} run
   * @param {number} epoch
   * @returns {Promise<Partial<State>>}
   */
  async function answerFor(run, epoch) {
    if (cached !== run) cache.clear();
    cached = run;
    try {
      const frame = cache.get(epoch) ?? wholeFrame(await api.checkpoint(run, epoch));
      if (cached === run) remember(epoch, frame);
      return { pastEpoch: { epoch, frame }, timelineProblem: null };
    } catch (error) {
      const away = error instanceof ApiError && error.status === 0;
      if (away) return { timelineProblem: error.message };
      const gone = error instanceof ApiError && error.status === 404;
      if (state.watched === run && (gone || !(error instanceof ApiError))) lost.add(epoch);
      return {
        kept: state.kept.filter((kept) => kept !== epoch),
        timelineProblem: `Epoch ${formatCount(epoch)} ${gone ? "is no longer kept." : "can't be read."}`,
      };
    }
  }

  /** @param {number} epoch @param {Frame} frame */
  function remember(epoch, frame) {
    cache.delete(epoch);
    cache.set(epoch, frame);
    const [oldest] = cache.keys();
    if (cache.size > CACHED) cache.delete(oldest);
  }

  /** There may be new epochs in the list: asks for it, the first time at once. */
  function refresh() {
    if (!state.visible || state.run === null) return;
    if (state.kept.length) listLater();
    else list();
  }

  async function listKept() {
    const { watched } = state;
    try {
      const kept = await api.checkpoints(watched);
      if (state.watched === watched && Array.isArray(kept)) {
        store.set({ kept: kept.filter((epoch) => Number.isInteger(epoch) && !lost.has(epoch)) });
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the slider stays as it is
    }
  }

  /** When a run starts to train, it is shown live. */
  function follow() {
    const training = isTraining(state.run);
    if (training && !trained) live();
    trained = training;
  }

  store.subscribe(["watched"], () => {
    lost.clear();
    wanted = null;
    trained = false;
  });
  store.subscribe(["run"], follow);
  store.subscribe(["watched", "epochs", "visible"], refresh);
  /** @returns {number | null} the epoch that is asked for, and not shown yet */
  const coming = () => wanted;

  return { seek, live, coming };
}

/**
 * @param {ArrayBuffer} file
 * @returns {Frame}
 */
function wholeFrame(file) {
  const frame = parseSafetensors(file);
  if (layersOf(frame, "weights").length === 0) throw new Error("a checkpoint has weights");
  return frame;
}

/** @typedef {ReturnType<typeof createTimeline>} TimelineService */
