/**
 * Asks the server what a nudge of the chosen parameter does to the cost, again when the network has
 * changed, and applies the nudge.
 */

import { isTraining } from "../runs/run.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
import { noNudge } from "../shell/state.js";
import { SAMPLES, whyNotApplied } from "./nudge.pure.js";

/**
 * @import { Nudged } from "./nudge.pure.js"
 * @import { Store } from "../shell/state.js"
 */

const AFTER_INPUT = 80; // milliseconds
const BETWEEN_REFRESHES = 500; // while the network trains

/** @typedef {{ index: number, amount: number, apply: boolean }} Question */

/** @param {Store} store */
export function createNudge(store) {
  const { state } = store;
  const ask = oneAtATime(askWanted);
  const askSoon = notTooOften(ask, AFTER_INPUT);
  const askLater = notTooOften(ask, BETWEEN_REFRESHES);
  /** @type {{ index: number, amount: number, frame: unknown } | null} the last question's subject */
  let asked = null;
  let sampled = 0; // how many of SAMPLES have been asked for, at this place

  /** @returns {"apply" | "amount" | "network" | "sample" | null} what there is to ask */
  function wanted() {
    const { chosen, amount, frames, nudge, run, pastEpoch, visible, connection } = state;
    if (chosen === null || !run || pastEpoch || !visible || connection !== "open") return null;
    if (nudge.applying) return "apply";
    if (asked?.index !== chosen || asked.amount !== amount) return "amount";
    if (asked.frame !== frames.weights) return "network";
    // A curve is measured point by point, which takes a network that stays as it is.
    return !isTraining(run) && nudge.answer && sampled < SAMPLES.length ? "sample" : null;
  }

  /** Asks what there is to ask, each kind in its time. */
  function askInTime() {
    const what = wanted();
    if (what === "apply" || what === "sample") ask();
    else if (what === "amount") askSoon();
    else if (what === "network") askLater();
  }

  async function askWanted() {
    const what = wanted();
    const index = state.chosen;
    if (!what || index === null) return;
    const { watched, frames } = state;
    if (what !== "sample") {
      if (asked?.index !== index || asked.frame !== frames.weights) sampled = 0;
      asked = { index, amount: state.amount, frame: frames.weights };
    }
    const amount = what === "sample" ? SAMPLES[sampled++] : state.amount;
    const changes = await answerTo(watched, { index, amount, apply: what === "apply" });
    if (state.watched === watched && state.chosen === index) take(changes, what);
    askInTime();
  }

  /**
   * @param {string} run
   * @param {Question} question
   * @returns {Promise<Nudged | string>} the answer, or what went wrong
   */
  async function answerTo(run, question) {
    const { index, amount } = question;
    try {
      return { index, amount, ...(await api.nudge(run, question)) };
    } catch (error) {
      return wordsOf(error);
    }
  }

  /**
   * Puts an answer into the state.
   * @param {Nudged | string} answer
   * @param {"apply" | "amount" | "network" | "sample"} what was asked
   */
  function take(answer, what) {
    const before = what === "apply" ? { ...state.nudge, applying: false } : state.nudge;
    const samples = sampled === 0 ? [] : before.samples;
    if (typeof answer === "string") {
      store.set({ nudge: { ...before, samples, problem: answer } });
    } else if (what === "sample") {
      const { amount, measured } = answer;
      if (measured !== null)
        store.set({ nudge: { ...before, samples: [...samples, [amount, measured]] } });
    } else if (what === "apply") {
      asked = null; // this has changed the network
      store.set({ nudge: { ...before, samples: [], applied: answer, problem: null } });
    } else {
      store.set({ nudge: { ...before, answer, samples, problem: null } });
    }
  }

  /** Asks the server to nudge the chosen parameter in the running network. */
  function apply() {
    if (state.chosen === null || state.nudge.applying || whyNotApplied(state)) return;
    store.set({ nudge: { ...state.nudge, applying: true } });
    askInTime();
  }

  store.subscribe(["chosen", "watched"], () => {
    sampled = 0;
    asked = null;
    store.set({ nudge: noNudge() });
    askInTime();
  });
  store.subscribe(["amount"], () => {
    store.set({ nudge: { ...state.nudge, applied: null } });
    askInTime();
  });
  store.subscribe(["frames", "run", "visible", "pastEpoch", "connection"], askInTime);
  return { apply };
}

/** @typedef {ReturnType<typeof createNudge>} NudgeService */
