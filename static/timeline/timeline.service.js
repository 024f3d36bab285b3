/**
 * Looks back: which epochs are kept, and the network as it was after one of them. One checkpoint is
 * asked for at a time, and the latest wish counts.
 */

import { layersOf, parseSafetensors } from "../network/safetensors.pure.js";
import { isTraining } from "../runs/run.pure.js";
import { ApiError, api } from "../shell/api.js";
import { formatCount } from "../shell/format.pure.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { State, Store } from "../shell/state.js"
 */

const BETWEEN_LISTS = 1000; // milliseconds
const CACHED = 24; // checkpoints

/**
 * @param {Store} store
 */
export function createTimeline(store) {
  const { state } = store;
  /** @type {Map<number, Frame>} the least recently used first */
  const cache = new Map();
  let cached = ""; // the run whose checkpoints they are
  /** @type {number | null} */
  let wanted = null;
  let asking = false;
  let timer = 0;
  let listing = false;
  let trained = false;
  /** @type {Set<number>} what can't be had, though the list may still have it */
  const lost = new Set();

  /** Shows the network as it was after an epoch. @param {number} epoch */
  function seek(epoch) {
    wanted = epoch;
    if (!asking) fetchWanted();
  }

  /** Shows the network as it is. */
  function live() {
    wanted = null;
    store.set({ pastEpoch: null, timelineProblem: null });
  }

  async function fetchWanted() {
    asking = true;
    while (wanted !== null) {
      const epoch = wanted;
      const { watched } = state;
      const answer = await answerFor(watched, epoch);
      if (state.watched !== watched || wanted === null) break; // another run, or live again
      if (wanted !== epoch) continue;
      wanted = null;
      store.set(answer);
    }
    asking = false;
    if (wanted !== null) fetchWanted();
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

  /** Asks for the list of kept epochs, soon. */
  function refresh() {
    if (timer || listing || !state.visible || state.run === null) return;
    timer = setTimeout(list, state.kept.length ? BETWEEN_LISTS : 0);
  }

  async function list() {
    timer = 0;
    listing = true;
    const { watched } = state;
    const asked = newestEpoch();
    try {
      const kept = await api.checkpoints(watched);
      if (state.watched === watched && Array.isArray(kept)) {
        store.set({ kept: kept.filter((epoch) => Number.isInteger(epoch) && !lost.has(epoch)) });
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the slider stays as it is
    }
    listing = false;
    if (state.watched !== watched || newestEpoch() !== asked) refresh();
  }

  const newestEpoch = () => state.run?.epoch;

  /** When it starts to train, show it training. */
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
  /** @returns {number | null} the epoch that is on its way */
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
