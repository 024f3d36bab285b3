/** Puts what the server tells of a run into the state, whether a socket brings it or HTTP. */

import { parseSafetensors } from "../network/safetensors.pure.js";
import { lastWithoutGap, mergeEpochs } from "../runs/epochs.pure.js";
import { addSteps, lastStep } from "../runs/step-costs.pure.js";
import { api } from "./api.js";
import { notTooOften, oneAtATime } from "./requests.js";

/**
 * @import { Epoch, Progress } from "../runs/epochs.pure.js"
 * @import { Run, Status } from "../runs/run.pure.js"
 * @import { Lesson } from "./class-api.js"
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
    else if (event?.type === "steps" && Array.isArray(event.steps)) receiveSteps(event);
    else if (event?.type === "status") receiveStatus(event);
    else if (event?.type === "show") receiveShown(event.run, event.look);
    else if (event?.type === "class") receiveLesson(event);
    else if (event?.type === "error") store.set({ problem: String(event.detail) });
  }

  /** @param {{ run: Run, epochs?: Epoch[] }} event */
  function receiveHello({ run, epochs }) {
    mergeEpochs(state.epochs, Array.isArray(epochs) ? epochs : []);
    const problem = state.connection === "lost" ? null : state.problem; // it was the connection's
    store.set({ run, connection: "open", problem });
    store.touch("epochs");
    onHello(run);
    if (isBehind(run)) fetchSteps();
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

  /** How far a history was fetched: what is heard later is not every step of a fast run. */
  let fetched = { steps: state.steps, upTo: 0 };
  const fetchedUpTo = () => (fetched.steps === state.steps ? fetched.upTo : 0);

  /** Fetches what the later steps have cost. */
  const fetchSteps = oneAtATime(async () => {
    const { watched, steps } = state;
    const known = fetchedUpTo();
    try {
      const missed = await api.steps(watched, known);
      if (state.steps !== steps) return; // another run is shown now
      while (lastStep(steps) > known) steps.pop(); // heard of, and contained in the answer
      addSteps(steps, missed);
      fetched = { steps, upTo: lastStep(steps) };
      store.touch("steps");
    } catch {
      // The chart shows what is there; the next gap asks again.
    }
  });

  const fetchStepsSoon = notTooOften(fetchSteps, 500);

  /** Whether the run has made steps that the page has not heard of. @param {Run} run */
  const isBehind = (run) => !run.pretrained && run.step > lastStep(state.steps);

  /** @param {{ after: number, steps: number[][] }} event */
  function receiveSteps(event) {
    if (event.after > lastStep(state.steps)) {
      fetchStepsSoon();
      return;
    }
    addSteps(
      state.steps,
      event.steps.map(([step, epoch, cost, smooth]) => ({ step, epoch, cost, smooth })),
    );
    store.touch("steps");
  }

  /** Takes in how a run stands, where only HTTP tells it. @param {Run} run */
  function receiveRun(run) {
    if (JSON.stringify(run) !== JSON.stringify(state.run)) store.set({ run });
    if (isBehind(run)) fetchSteps();
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
  function receiveStatus({ status, step, reason, place, node }) {
    const { run } = state;
    if (!run) return;
    if (status !== "training" && step && step > fetchedUpTo()) fetchSteps();
    store.set({
      statusesHeard: state.statusesHeard + 1,
      run: {
        ...run,
        status,
        reason: reason ?? null,
        place: place ?? null,
        node: node ?? run.node, // told once, when it begins
        step: step ?? run.step,
      },
    });
  }

  /** Which run the teacher shows, and whether on every screen. @param {unknown} run @param {unknown} look */
  function receiveShown(run, look) {
    store.set({ teacherShows: typeof run === "string" ? run : null, teacherLooks: look === true });
  }

  /** What the teacher does with all. @param {Partial<Lesson>} lesson */
  function receiveLesson({ held = null, sent = null }) {
    // The same words, told again, may have been dismissed.
    if (state.held && !held) store.set({ problem: null }); // it may have told of that
    const isNew = sent?.number !== state.teacherSent?.number;
    store.set({ held, teacherSent: isNew ? sent : state.teacherSent });
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

  return { receiveText, receiveHello, receiveRun, receiveShown, receiveLesson, receiveFrame };
}

/** @typedef {ReturnType<typeof createNews>} News */
