/** Asks for the news of a run by HTTP, where no WebSocket gets through, as in some schools. */

import { lastWithoutGap } from "../runs/epochs.pure.js";
import { ApiError, api } from "./api.js";
import { classApi } from "./class-api.js";

/**
 * @import { News } from "./news.js"
 * @import { Store } from "./state.js"
 */

const BETWEEN = 500; // milliseconds between two questions
const WHILE_AWAY = 4000; // while the server does not answer, or nobody looks
const UNKNOWN = 404;

/**
 * @param {Store} store
 * @param {News} news
 */
export function createPolling(store, news) {
  const { state } = store;
  let turn = 0; // of asking; a new one ends the one before
  let timer = 0;
  let wake = () => {};

  /** Asks about the run that the state names, until it is stopped or started again. */
  async function start() {
    stop();
    const mine = turn;
    let etag = "";
    let isFirst = true;
    while (mine === turn) {
      try {
        const { watched } = state;
        const run = await api.run(watched);
        const epochs =
          isFirst || run.epoch > lastWithoutGap(state.epochs)
            ? await api.epochs(watched, lastWithoutGap(state.epochs))
            : [];
        const frame = state.visible ? await api.frame(watched, etag) : null;
        if (mine !== turn) return;
        store.set({ byHttp: true });
        if (isFirst || epochs.length || state.connection !== "open")
          news.receiveHello({ run, epochs });
        else news.receiveRun(run);
        isFirst = false;
        const lesson = await classApi.lesson();
        if (mine !== turn) return;
        news.receiveLesson(lesson);
        news.receiveShown(lesson.shown, lesson.look);
        if (frame && mine === turn) {
          etag = frame.etag;
          news.receiveFrame(frame.data);
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (mine !== turn) return;
        if (error.status === UNKNOWN) {
          store.set({ connection: "gone" });
          return;
        }
        store.set({ connection: "lost" });
      }
      await pause(state.visible && state.connection === "open" ? BETWEEN : WHILE_AWAY);
    }
  }

  /** @param {number} milliseconds @returns {Promise<void>} */
  function pause(milliseconds) {
    return new Promise((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
  }

  function stop() {
    turn += 1;
    clearTimeout(timer);
    wake();
  }

  return { start, stop, askNow: () => wake() };
}
