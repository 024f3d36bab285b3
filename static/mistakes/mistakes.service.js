/**
 * Asks the server which test digits the network reads wrong: only while the panel is in view, with one
 * question open at a time, and while it trains no more often than every two seconds.
 */

import { complaintOfDataset } from "../datasets/datasets.pure.js";
import { isTraining } from "../runs/run.pure.js";
import { ApiError, api } from "../shell/api.js";
import { byId } from "../shell/dom.js";

/** @import { Store } from "../shell/state.js" */

const BETWEEN_QUESTIONS = 2000; // milliseconds, while it trains

/**
 * @param {Store} store
 */
export function createMistakes(store) {
  const { state } = store;
  let inView = false;
  let asking = false;
  let answered = ""; // which network the answer is about
  let asked = -Infinity;
  let timer = 0;

  /** The network that is shown, as far as its mistakes depend on it. */
  function networkShown() {
    const { watched, pastEpoch, run, connection } = state;
    return [watched, pastEpoch ? pastEpoch.epoch : `${run?.step} ${run?.status}`, connection].join(
      " ",
    );
  }

  function look() {
    const { run, datasets } = state;
    if (!inView || !state.visible || run === null || asking) return;
    if (networkShown() === answered) return;
    // The pretrained networks' test digits are MNIST's, which may not be here.
    if (datasets.length === 0 || complaintOfDataset(datasets, String(run.spec.dataset))) return;
    const wait =
      isTraining(run) && !state.pastEpoch ? asked + BETWEEN_QUESTIONS - performance.now() : 0;
    clearTimeout(timer);
    timer = 0;
    if (wait > 0) timer = setTimeout(look, wait);
    else ask();
  }

  async function ask() {
    asking = true;
    asked = performance.now();
    const about = networkShown();
    const { watched, pastEpoch } = state;
    let answer;
    try {
      answer = {
        mistakes: await api.mistakes(watched, pastEpoch?.epoch ?? null),
        mistakesProblem: null,
      };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = { mistakes: null, mistakesProblem: error.message };
    }
    asking = false;
    answered = about;
    if (state.watched === watched && state.pastEpoch === pastEpoch) store.set(answer);
    look();
  }

  const seen = { rootMargin: "-40px" }; // more of it than its upper edge
  new IntersectionObserver((entries) => {
    inView = entries.at(-1)?.isIntersecting ?? false;
    look();
  }, seen).observe(byId("mistakes"));
  store.subscribe(["watched", "run", "pastEpoch", "datasets", "visible", "connection"], look);
}
