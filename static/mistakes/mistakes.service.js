/**
 * Asks the server which test digits the network reads wrong: only while the panel is in view, and of
 * a network that trains no more often than every two seconds.
 */

import { isTraining } from "../runs/run.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { byId } from "../shell/dom.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
import { areKnown, complaintOf } from "./mistakes.pure.js";

/** @import { Store } from "../shell/state.js" */

const BETWEEN_QUESTIONS = 2000; // milliseconds, while it trains

/** @param {Store} store */
export function createMistakes(store) {
  const { state } = store;
  let inView = false;
  let answered = ""; // the network that the last answer is about
  let asked = ""; // the run that was last asked about, since the panel came into view
  const ask = oneAtATime(askShown);
  const askLater = notTooOften(ask, BETWEEN_QUESTIONS);

  /** All that an answer depends on. */
  function networkShown() {
    const { watched, pastEpoch, run, connection } = state;
    const now = pastEpoch ? pastEpoch.epoch : `${run?.step} ${run?.status}`;
    return `${watched} ${now} ${connection}`;
  }

  /** @returns {boolean} whether there is something to ask */
  function wanted() {
    const { run, datasets, visible } = state;
    if (!inView || !visible || run === null || networkShown() === answered) return false;
    // The pretrained networks' test digits are MNIST's, which may not be on this server.
    return areKnown(state) || (datasets.length > 0 && !complaintOf(state));
  }

  function look() {
    const { run, watched, pastEpoch } = state;
    if (!wanted()) return;
    if (isTraining(run) && !pastEpoch && asked === watched) askLater();
    else ask();
  }

  async function askShown() {
    if (!wanted()) return;
    const about = networkShown();
    const { watched, pastEpoch } = state;
    asked = watched;
    const answer = await mistakesOf(watched, pastEpoch?.epoch ?? null);
    answered = about;
    if (state.watched === watched && state.pastEpoch === pastEpoch) store.set(answer);
    look();
  }

  /** @param {string} run @param {number | null} epoch */
  async function mistakesOf(run, epoch) {
    try {
      return { mistakes: await api.mistakes(run, epoch), mistakesProblem: null };
    } catch (error) {
      return { mistakes: null, mistakesProblem: wordsOf(error) };
    }
  }

  const seen = { rootMargin: "-40px" }; // more of it than its upper edge
  new IntersectionObserver((entries) => {
    inView = entries.at(-1)?.isIntersecting ?? false;
    asked = "";
    look();
  }, seen).observe(byId("mistakes"));
  store.subscribe(["watched", "run", "pastEpoch", "datasets", "visible", "connection"], look);
}
