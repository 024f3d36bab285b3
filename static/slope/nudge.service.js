/**
 * Asks the server what a nudge of the chosen parameter does to the cost, again when the network has
 * changed, and applies the nudge.
 */

import { isTraining } from "../runs/run.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
import { frameShown, noNudge } from "../shell/state.js";
import { whyNotApplied } from "./nudge.pure.js";

/**
 * @import { Nudged } from "./nudge.pure.js"
 * @import { Store } from "../shell/state.js"
 */

const AFTER_INPUT = 60; // milliseconds
const BETWEEN_REFRESHES = 500; // while the network trains

/** @param {Store} store */
export function createNudge(store) {
  const { state } = store;
  const ask = oneAtATime(askWanted);
  const askSoon = notTooOften(ask, AFTER_INPUT);
  const askLater = notTooOften(ask, BETWEEN_REFRESHES);
  /** @type {{ index: number, amount: number, reach: number, frame: unknown } | null} the last question */
  let asked = null;

  /** @returns {"apply" | "nudge" | "network" | null} what there is to ask */
  function wanted() {
    const { chosen, amount, reach, nudge, run, visible, connection } = state;
    if (chosen === null || !run || !visible || connection !== "open") return null;
    if (nudge.applying) return "apply";
    if (asked?.index !== chosen || asked.amount !== amount || asked.reach !== reach) return "nudge";
    return asked.frame === frameShown(state, "weights") ? null : "network";
  }

  /** Asks what there is to ask, each kind in its time. */
  function askInTime() {
    const what = wanted();
    if (what === "apply") ask();
    else if (what === "nudge") askSoon();
    else if (what === "network") askLater();
  }

  async function askWanted() {
    const what = wanted();
    const { chosen: index, amount, reach, watched, pastEpoch } = state;
    if (!what || index === null) return;
    asked = { index, amount, reach, frame: frameShown(state, "weights") };
    const question = { index, amount, reach, apply: what === "apply" };
    /** @type {Nudged | string} the answer, or what went wrong */
    let answer;
    try {
      const epoch = pastEpoch?.epoch ?? null;
      answer = { ...question, ...(await api.nudge(watched, epoch, question)) };
    } catch (error) {
      answer = wordsOf(error);
    }
    if (state.watched === watched && state.chosen === index) take(answer, what);
    askInTime();
  }

  /**
   * Puts an answer into the state.
   * @param {Nudged | string} answer
   * @param {"apply" | "nudge" | "network"} what was asked
   */
  function take(answer, what) {
    const before = what === "apply" ? { ...state.nudge, applying: false } : state.nudge;
    if (typeof answer === "string") store.set({ nudge: { ...before, problem: answer } });
    else if (what === "apply") {
      asked = null; // this has changed the network
      const changes = [...state.changes, { index: answer.index, value: answer.before }];
      store.set({ amount: 0, changes, nudge: { ...before, applied: answer, problem: null } });
    } else store.set({ nudge: { ...before, answer, problem: null } });
  }

  /** Asks the server to nudge the chosen parameter in the running network. */
  function apply() {
    if (state.chosen === null || state.nudge.applying || whyNotApplied(state)) return;
    store.set({ nudge: { ...state.nudge, applying: true } });
    askInTime();
  }

  async function undo() {
    try {
      await (await import("./by-hand.service.js")).takeBack(store);
    } catch (error) {
      store.set({ nudge: { ...state.nudge, problem: wordsOf(error) } });
    }
  }

  store.subscribe(["chosen", "watched"], () => {
    asked = null;
    store.set({ amount: 0, nudge: noNudge() });
    askInTime();
  });
  store.subscribe(["amount", "reach"], () => {
    if (state.amount !== 0) store.set({ nudge: { ...state.nudge, applied: null } });
    askInTime();
  });
  store.subscribe(["run", "pastEpoch"], () => {
    const { nudge, run, pastEpoch } = state;
    if (nudge.applied && (isTraining(run) || pastEpoch))
      store.set({ nudge: { ...nudge, applied: null } }); // it was of another network
  });
  store.subscribe(["frames", "run", "visible", "pastEpoch", "connection"], askInTime);
  return { apply, undo };
}

/** @typedef {ReturnType<typeof createNudge>} NudgeService */
