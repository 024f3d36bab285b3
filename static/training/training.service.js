/** What a person does with runs: train, pause, step, reset, go to another one. */

import { addressOf, runOfPath } from "../form/address.pure.js";
import { titleOf } from "../runs/names.pure.js";
import { isPretrained, isSomebodyElses, isSteered, isWaiting } from "../runs/run.pure.js";
import { ApiError, api } from "../shell/api.js";
import { oneAtATime } from "../shell/requests.js";
import { atRoot, belowRoot } from "../shell/root.js";
import { nothingYet } from "../shell/state.js";
import { heldForNextRun, trainIntent } from "./intent.pure.js";

/**
 * @import { DrawingsService } from "../drawings/drawings.service.js"
 * @import { FormService } from "../form/form.service.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Store } from "../shell/state.js"
 */

const FIRST_FRAME = 1500; // milliseconds to wait for it
const START = "pretrained"; // the run of the start page
const COOKIES_BLOCKED =
  "This browser blocks the cookie by which the server would know that a run is yours, so you could " +
  "not control it. Allow cookies for this site, then train.";

/**
 * @param {Store} store
 * @param {FormService} form
 * @param {DrawingsService} drawings
 */
export function createTraining(store, form, drawings) {
  const { state } = store;
  let connect = () => {};
  const perform = oneAtATime(performOne);
  let isKnown = false; // whether this browser keeps the cookie that says whose runs are whose
  /** @type {Run | null} the run that the form has last taken the spec of */
  let adopted = null;
  let begun = { id: "", drawings: "" }; // the last run that this page began, and what it was given

  /** Shows a run. @param {string} id @param {Run | null} run if known */
  function open(id, run) {
    adopted = run;
    store.set({ ...nothingYet(), watched: id, run, problem: null, connection: "connecting" });
    store.touch("epochs");
    connect();
  }

  /** Refuses to begin a run that the server would take for somebody else's. */
  async function requireCookie() {
    // The first answer sets the cookie if there is none, and the second request brings it.
    isKnown ||= (await api.visitor()).known || (await api.visitor()).known;
    if (!isKnown) throw new ApiError(0, COOKIES_BLOCKED);
  }

  /**
   * Begins a run with what stands in the form, instead of the one that is shown if that is still live,
   * and shows it.
   * @param {{ paused: boolean }} options
   * @returns {Promise<Run>}
   */
  async function begin({ paused }) {
    await requireCookie();
    const taught = drawings.chosen();
    const { run: left, connection } = state;
    const insteadOf = left && isSteered(left) && connection !== "gone" ? left.id : null;
    const spec = { ...form.spec(), ...(taught.length && { drawings: taught }) };
    const run = await api.create(spec, { paused, insteadOf });
    begun = { id: run.id, drawings: JSON.stringify(taught) };
    const address = atRoot(addressOf(run.id, form.query()));
    // A run without a step is deleted when another one takes its place.
    if (insteadOf && left?.step === 0) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    open(run.id, run);
    const { autoRate, texts } = state.form;
    if (autoRate) form.adopt(run.spec, { learning_rate: Number(texts.learning_rate) });
    return run;
  }

  /** The server has told of the run that is shown. @param {Run} run */
  function onHello(run) {
    if (isPretrained(run)) return;
    form.adopt(run.spec, adopted?.id === run.id ? adopted.spec : null);
    adopted = run;
  }

  /** Asks for the guess that comes before a run, in a task of the sheet. */
  function requireGuess() {
    if (state.task?.guess === null) throw new ApiError(0, "Answer the task's question first.");
  }

  /** Carries out a command, and shows what goes wrong. @param {() => Promise<void>} command */
  async function performOne(command) {
    store.set({ busy: true, problem: null });
    try {
      await command();
    } catch (error) {
      form.tell(error);
    } finally {
      store.set({ busy: false });
    }
  }

  /** @param {"pause" | "resume" | "step" | "stop"} command */
  async function tellRun(command) {
    const { statusesHeard } = state;
    const answer = await api.command(state.watched, command);
    const { run } = state;
    if (run?.id !== answer.id) return;
    // A socket tells changes of state in their order, so it is right, unless it says nothing.
    const { status, reason } = state.statusesHeard === statusesHeard ? answer : run;
    store.set({ run: { ...run, status, reason, step: Math.max(answer.step, run.step) } });
  }

  /** Whether other drawings are chosen than the run was begun with, and it has made no step yet. */
  function hasOtherDrawings() {
    const { run } = state;
    const known = begun.id === run?.id ? begun.drawings : "[]";
    return run?.step === 0 && isSteered(run) && JSON.stringify(drawings.chosen()) !== known;
  }

  const train = () =>
    perform(async () => {
      requireGuess();
      if (!form.ready()) return;
      const intent = hasOtherDrawings() ? "new" : trainIntent(state.run, form.spec());
      if (intent === "new") await begin({ paused: false });
      else if (intent === "resume" || intent === "go-on") {
        const changes = form.changes();
        if (Object.keys(changes).length) await adoptChange(changes);
        await tellRun("resume");
      }
    });

  /** Trains a new network with a good learning rate, whatever run is open: that one stays in the list. */
  const trainNew = () =>
    perform(async () => {
      form.useGoodRate();
      if (form.ready()) await begin({ paused: false });
    });

  /** Sends changes to the run, and takes over what it makes of them. @param {object} changes */
  async function adoptChange(changes) {
    const { spec, id } = await api.change(state.watched, changes);
    if (state.run?.id === id) store.set({ run: { ...state.run, spec } });
  }

  const pause = () => perform(() => tellRun("pause"));

  /** Takes the run out of the queue. */
  const stopWaiting = () => perform(() => tellRun("stop"));

  const step = () =>
    perform(async () => {
      requireGuess();
      if (!form.ready()) return;
      const { run } = state;
      const untouched =
        hasOtherDrawings() || (run?.step === 0 && heldForNextRun(run, form.spec()).length > 0);
      if (!isSteered(run) || untouched) {
        if (isWaiting(await begin({ paused: true }))) return;
        await firstFrame(); // the network is seen before its first step
      } else await form.send(); // the step is made with what has just been typed
      await tellRun("step");
    });

  /** Resolves once the network that is shown has come, or after a while. */
  function firstFrame() {
    return new Promise((resolve) => {
      const stop = store.subscribe(["frames"], done);
      const timer = setTimeout(done, FIRST_FRAME);
      function done() {
        stop();
        clearTimeout(timer);
        resolve(null);
      }
      if (state.frames.weights) done();
    });
  }

  const reset = () =>
    perform(async () => {
      if (form.ready()) await begin({ paused: true });
    });

  /** After a run that diverged: begins another one with a smaller rate. */
  const lowerRate = () =>
    perform(async () => {
      const rate = String(form.lowerRate());
      form.edit("learning_rate", rate, false);
      if (form.ready()) await begin({ paused: false });
    });

  /** Goes to another run. @param {string} id */
  function show(id) {
    history.pushState(null, "", atRoot(addressOf(id === START ? null : id, "")));
    readAddress();
  }

  /**
   * Puts a run's setup into the form, for a new run with one change. If one of the visitor's own runs
   * is shown, the page goes to the start first: the form would change that run.
   * @param {Run} run
   */
  function fork(run) {
    if (state.run && !isPretrained(state.run) && !isSomebodyElses(state.run)) show(START);
    store.set({ copied: null, problem: null });
    form.copy(run.spec);
    store.set({ copied: titleOf(run, state.page) });
  }

  /**
   * Goes on with a run of the visitor's own that has the network of the one that is shown.
   * @returns {Promise<Run>} once its network is shown
   */
  async function copyRun() {
    await requireCookie();
    const run = await api.copy(state.watched);
    begun = { id: run.id, drawings: JSON.stringify(drawings.chosen()) };
    show(run.id);
    await firstFrame();
    return run;
  }

  /** The run that the address names. */
  const runOfAddress = () => runOfPath(belowRoot(location.pathname)) ?? START;

  /** Shows it. */
  function readAddress() {
    const id = runOfAddress();
    form.readAddress();
    open(id, null);
  }

  // Back from the inside of a run leads to the same one.
  addEventListener("popstate", () => runOfAddress() !== state.watched && readAddress());

  return {
    train,
    trainNew,
    pause,
    step,
    reset,
    stopWaiting,
    show,
    copyRun,
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
