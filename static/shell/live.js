/**
 * The one module that touches the socket: it watches the run that the state names, puts what
 * arrives into the state, and comes back by itself, with only what was missed.
 */

import { parseSafetensors } from "../network/safetensors.pure.js";
import { lastWithoutGap, mergeEpochs } from "../runs/epochs.pure.js";
import { api } from "./api.js";

/**
 * @import { Epoch, Progress } from "../runs/epochs.pure.js"
 * @import { Run, Status } from "../runs/run.pure.js"
 * @import { Store } from "./state.js"
 */

const FRAMES_PER_SECOND = 15;
const WHILE_DRAWING = 2; // frames a second: the pen and its answers go first
const FIRST_WAIT = 400; // milliseconds until the first try to come back; each next waits twice as long
const LONGEST_WAIT = 8000;
const UNKNOWN_RUN = 4404;

/**
 * @param {Store} store
 * @param {(run: Run) => void} onHello
 */
export function createLive(store, onHello) {
  const { state } = store;
  /** @type {WebSocket | null} */
  let socket = null;
  let wait = FIRST_WAIT;
  let timer = 0;
  let wanted = "";

  /** Watches the run that the state names, after the last epoch that the page has. */
  function connect() {
    clearTimeout(timer);
    // A connecting socket closes itself when it opens: closing it now would be an error in the console.
    if (socket?.readyState === WebSocket.OPEN) socket.close();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const after = lastWithoutGap(state.epochs);
    const path = `/api/runs/${encodeURIComponent(state.watched)}/live?after=${after}`;
    const opened = new WebSocket(`${scheme}://${location.host}${path}`);
    opened.binaryType = "arraybuffer";
    opened.onopen = () => {
      if (opened !== socket) {
        opened.close();
        return;
      }
      wanted = "";
      watch();
    };
    opened.onmessage = ({ data }) => {
      if (opened !== socket) return;
      if (typeof data === "string") receiveText(data);
      else receiveFrame(data);
    };
    opened.onclose = ({ code }) => {
      if (opened === socket) closed(code);
    };
    socket = opened;
  }

  /** @param {number} code */
  function closed(code) {
    socket = null;
    if (code === UNKNOWN_RUN) {
      store.set({ connection: "gone" });
      return;
    }
    store.set({ connection: "lost" });
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }

  function framesWanted() {
    if (!state.visible) return 0;
    return state.penDown ? WHILE_DRAWING : FRAMES_PER_SECOND;
  }

  /** Tells the server what is shown, so that it sends nothing else. */
  function watch() {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const message = JSON.stringify({
      type: "watch",
      frames_per_second: framesWanted(),
      tensors: "all",
    });
    if (message === wanted) return;
    wanted = message;
    socket.send(message);
  }

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
    wait = FIRST_WAIT;
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

  /** A reason to believe that the server can be reached again: don't wait any longer. */
  function retry() {
    if (state.connection !== "lost") return;
    wait = FIRST_WAIT;
    connect();
  }

  store.subscribe(["visible", "penDown"], watch);
  store.subscribe(["visible"], () => state.visible && retry());
  addEventListener("online", retry);
  return { connect, retry };
}

/** @typedef {ReturnType<typeof createLive>} Live */
