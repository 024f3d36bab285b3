/** Puts what the server tells of a run into the state, whether a socket brings it or HTTP. */

import { parseSafetensors } from "../network/safetensors.pure.js";
import { lastWithoutGap, mergeEpochs } from "../runs/epochs.pure.js";
import { api } from "./api.js";

/**
 * @import { Epoch, Progress } from "../runs/epochs.pure.js"
 * @import { Run, Status } from "../runs/run.pure.js"
 * @import { Store } from "./state.js"
 */

/**
 * @param {Store} store
 * @param {(run: Run) => void} onHello
 */
export function createNews(store, onHello) {
  const { state } = store;

  /** @param {string} text */
  function receiveText(text) {
    let event;
    try {
      event = JSON.parse(text);
    } catch {
      return;
    }
    if (event?.type === "hello" && event.run?.id) receiveHello(event);
    else if (event?.type === "epoch" && Number.isInteger(event.epoch)) receiveEpoch(event);
    else if (event?.type === "progress") receiveProgress(event);
    else if (event?.type === "status") receiveStatus(event);
    else if (event?.type === "show")
      store.set({ teacherShows: typeof event.run === "string" ? event.run : null });
    else if (event?.type === "error") store.set({ problem: String(event.detail) });
  }

  /** @param {{ run: Run, epochs?: Epoch[] }} event */
  function receiveHello({ run, epochs }) {
    mergeEpochs(state.epochs, Array.isArray(epochs) ? epochs : []);
    const problem = state.connection === "lost" ? null : state.problem; // it was the connection's
    store.set({ run, connection: "open", problem });
    store.touch("epochs");
    onHello(run);
    if (lastWithoutGap(state.epochs) < (state.epochs.at(-1)?.epoch ?? 0)) fetchOlder(run.id);
  }

  /**
   * Fetches by HTTP the epochs that are too old for `hello`, whose history is bounded.
   * @param {string} run
   */
  async function fetchOlder(run) {
    try {
      const epochs = await api.epochs(run, lastWithoutGap(state.epochs));
      if (state.watched !== run) return;
      mergeEpochs(state.epochs, epochs);
      store.touch("epochs");
    } catch {
      // The charts show what is there; the next connection asks again.
    }
  }

  /** @param {Epoch} event */
  function receiveEpoch(event) {
    mergeEpochs(state.epochs, [event]);
    const { run } = state;
    const { epoch, step, test_accuracy } = event;
    if (run) store.set({ run: { ...run, epoch, step, test_accuracy } });
    store.touch("epochs");
  }

  /** @param {Progress} progress */
  function receiveProgress(progress) {
    store.set({ progress });
    const { run } = state;
    // A step during a pause changes no status: only this message reports it.
    if (run?.status === "paused" && progress.step > run.step)
      store.set({ run: { ...run, step: progress.step } });
  }

  /** @param {Partial<Run> & { status: Status }} event */
  function receiveStatus({ status, step, reason, place }) {
    const { run } = state;
    if (!run) return;
    store.set({
      statusesHeard: state.statusesHeard + 1,
      run: { ...run, status, reason: reason ?? null, place: place ?? null, step: step ?? run.step },
    });
  }

  /** @param {ArrayBuffer} data */
  function receiveFrame(data) {
    let frame;
    try {
      frame = parseSafetensors(data);
    } catch {
      return; // a garbled frame: the next one is whole
    }
    const frames = { ...state.frames };
    if (frame.tensors.has("weights.0")) frames.weights = frame;
    if (frame.tensors.has("gradient.weights.0")) frames.gradient = frame;
    store.set({ frames });
  }

  return { receiveText, receiveHello, receiveFrame };
}

/** @typedef {ReturnType<typeof createNews>} News */
