/**
 * What a person does with runs: train, pause, step, reset, go to another one. Each of these calls
 * the server, and the state says what came of it.
 */

import { addressOf, runOfPath } from "../form/address.pure.js";
import { isPretrained, isSomebodyElses, isSteered, isWaiting } from "../runs/run.pure.js";
import { titleOf } from "../runs/runs.pure.js";
import { ApiError, api } from "../shell/api.js";
import { nothingYet } from "../shell/state.js";
import { heldForNextRun, trainIntent } from "./intent.pure.js";

/**
 * @import { DrawingsService } from "../drawings/drawings.service.js"
 * @import { FormService } from "../form/form.service.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Store } from "../shell/state.js"
 */

const START = "pretrained"; // the run of the start page

/**
 * @param {Store} store
 * @param {FormService} form
 * @param {DrawingsService} drawings
 */
export function createTraining(store, form, drawings) {
  const { state } = store;
  let connect = () => {};
  /** @type {(() => Promise<void>) | null} */
  let next = null;
  /** @type {Run | null} what the form has last taken over from the server */
  let adopted = null;

  /** Watches a run. @param {string} id @param {Run | null} run if known */
  function open(id, run) {
    adopted = run;
    store.set({ ...nothingYet(), watched: id, run, problem: null, connection: "connecting" });
    store.touch("epochs");
    connect();
  }

  /**
   * Shows a new run of our own and gives it its address.
   * @param {Run} run
   * @param {Run | null} left the run that it takes the place of
   */
  function openNew(run, left) {
    const address = addressOf(run.id, form.query());
    if (left?.step === 0) {
      history.replaceState(null, "", address);
      api.remove(left.id).catch(() => {}); // nothing was in it: not worth a place in the list
    } else history.pushState(null, "", address);
    open(run.id, run);
    if (state.form.autoRate) form.adopt(run.spec, { learning_rate: learningRateShown() });
  }

  /** @returns {number} */
  const learningRateShown = () => Number(state.form.texts.learning_rate);

  /** A `hello` has come. @param {Run} run */
  function onHello(run) {
    if (isPretrained(run)) return;
    form.adopt(run.spec, adopted?.id === run.id ? adopted.spec : null);
    adopted = run;
  }

  /**
   * Runs one command at a time; of those that come meanwhile only the last follows. Errors are shown.
   * @param {() => Promise<void>} command
   */
  async function perform(command) {
    next = command;
    if (state.busy) return;
    while (next) {
      const now = next;
      next = null;
      store.set({ busy: true, problem: null });
      try {
        await now();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        form.tell(error);
      } finally {
        store.set({ busy: false });
      }
    }
  }

  /** @param {"pause" | "resume" | "step" | "stop"} command */
  async function tellRun(command) {
    const answer = await api.command(state.watched, command);
    const { run } = state;
    if (run?.id !== answer.id) return;
    const heard = state.connection === "open"; // the socket tells changes of state in their order
    const { status, reason } = heard ? run : answer;
    store.set({ run: { ...run, status, reason, step: Math.max(answer.step, run.step) } });
  }

  /**
   * Stops the present run: one that nobody watches should not use the processor.
   * @returns {Promise<Run | null>} the run that was stopped
   */
  async function leave() {
    const { run } = state;
    if (!run || !isSteered(run)) return null;
    try {
      return await api.command(run.id, "stop");
    } catch {
      return null; // it has ended by itself, or the server is away: either way it is left
    }
  }

  /** Sends the drawings that a new run is to have, and says so in the form, before one is begun. */
  async function sendDrawings() {
    const begins = state.run?.step === 0 || trainIntent(state.run, form.spec()) === "new";
    if (begins) await drawings.send();
  }

  /**
   * Shows a new run, not one step made; or, on a full server, waiting for its turn.
   * @returns {Promise<Run>}
   */
  async function openPaused() {
    await drawings.send();
    const spec = form.spec();
    const { minimum = 0.1 } = paceBounds();
    let created = await api.create({ ...spec, steps_per_second: Math.max(minimum, 0.1) });
    const left = await leave(); // first: the new one may have waited for just that
    if (isWaiting(created)) created = await api.run(created.id);
    if (!isWaiting(created)) {
      await api.command(created.id, "pause");
      created = await api.change(created.id, { steps_per_second: spec.steps_per_second });
    }
    openNew(created, left);
    return created;
  }

  /** @returns {{ minimum?: number }} */
  function paceBounds() {
    const property = state.page.schema.properties?.steps_per_second ?? {};
    const variants = [property, ...(property.anyOf ?? [])];
    return variants.find((variant) => variant.minimum !== undefined) ?? {};
  }

  const train = () =>
    perform(async () => {
      if (!form.ready()) return;
      await sendDrawings();
      const intent = trainIntent(state.run, form.spec());
      if (intent === "new") {
        const created = await api.create(form.spec());
        openNew(created, await leave());
      } else if (intent === "resume" || intent === "go-on") {
        const changes = form.changes();
        if (Object.keys(changes).length) await adoptChange(changes);
        await tellRun("resume");
      }
    });

  /** @param {object} changes */
  async function adoptChange(changes) {
    const { spec, id } = await api.change(state.watched, changes);
    if (state.run?.id === id) store.set({ run: { ...state.run, spec } });
  }

  const pause = () => perform(() => tellRun("pause"));

  /** Takes the run out of the queue. */
  const stopWaiting = () => perform(() => tellRun("stop"));

  const step = () =>
    perform(async () => {
      if (!form.ready()) return;
      await sendDrawings();
      const { run } = state;
      const untouched = run?.step === 0 && heldForNextRun(run, form.spec()).length > 0;
      if (!isSteered(run) || untouched) {
        const created = await openPaused();
        if (created.step > 0 || isWaiting(created)) return; // the first nudge is made, or has to wait
      } else await form.send(); // the nudge is made with what has just been typed
      await tellRun("step");
    });

  const reset = () =>
    perform(async () => {
      if (!form.ready()) return;
      await openPaused();
    });

  /** After a run that diverged: puts a smaller rate into the form. */
  function lowerRate() {
    form.edit("learning_rate", String(form.lowerRate()), true);
  }

  /** Goes to another run. @param {string} id */
  function show(id) {
    history.pushState(null, "", addressOf(id === START ? null : id, ""));
    readAddress();
  }

  /**
   * Puts a run's setup into the form, for a new run with one change. If the page shows one of
   * the visitor's own runs, it leaves that first: the form must not change it.
   * @param {Run} run
   */
  function fork(run) {
    if (state.run && !isPretrained(state.run) && !isSomebodyElses(state.run)) show(START);
    store.set({ copied: null, problem: null });
    form.copy(run.spec);
    store.set({ copied: titleOf(run) });
  }

  /** The reader went back or forward, or anywhere. */
  function readAddress() {
    const id = runOfPath(location.pathname) ?? START;
    form.readAddress();
    open(id, null);
  }

  addEventListener("popstate", readAddress);

  return {
    train,
    pause,
    step,
    reset,
    stopWaiting,
    show,
    showStart: () => show(START),
    fork,
    lowerRate,
    onHello,
    /** @param {() => void} connectLive */
    start(connectLive) {
      connect = connectLive;
      connect();
    },
  };
}

/** @typedef {ReturnType<typeof createTraining>} TrainingService */
