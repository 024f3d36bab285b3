/**
 * The one module that touches the socket: it watches the run that the state names, reconnects by
 * itself, and is then sent only what was missed. Where no socket gets through, HTTP takes its place.
 */

import { lastWithoutGap } from "../runs/epochs.pure.js";
import { api } from "./api.js";
import { createNews } from "./news.js";
import { createPolling } from "./polling.js";
import { socketAddress } from "./root.js";
import { createSilence } from "./silence.js";

/**
 * @import { Run } from "../runs/run.pure.js"
 * @import { Store } from "./state.js"
 */

const FRAMES_PER_SECOND = 15;
const FIRST_WAIT = 400; // milliseconds until the first try to come back; each next waits twice as long
const LONGEST_WAIT = 8000;
const SEEN = 1000; // milliseconds for which a person can read that the connection fell silent
const UNKNOWN_RUN = 4404;
const MOST_MUTE = 2; // connections in a row on which nothing came: perhaps no socket gets through

/**
 * @param {Store} store
 * @param {(run: Run) => void} onHello
 */
export function createLive(store, onHello) {
  const { state } = store;
  const news = createNews(store, onHello);
  const polling = createPolling(store, news);
  const silence = createSilence(onSilence);
  /** @type {WebSocket | null} */
  let socket = null;
  let wait = FIRST_WAIT;
  let timer = 0;
  let wanted = "";
  let mute = 0; // connections in a row on which nothing came
  let isMute = true; // whether nothing has come on this one

  /** Watches the run that the state names, after the last epoch that the page has. */
  function connect() {
    clearTimeout(timer);
    if (state.byHttp) {
      polling.start();
      return;
    }
    // A connecting socket closes itself when it opens: closing it now would be an error in the console.
    if (socket?.readyState === WebSocket.OPEN) socket.close();
    const after = lastWithoutGap(state.epochs);
    // What the teacher has taken back since then is to be told, too.
    const told = Boolean(state.teacherShows || state.held || state.teacherSent);
    const path = `/api/runs/${encodeURIComponent(state.watched)}/live?after=${after}&told=${told}`;
    const opened = new WebSocket(socketAddress(path));
    isMute = true;
    silence.hear();
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
      silence.hear();
      if (isMute) {
        isMute = false;
        mute = 0;
        wait = FIRST_WAIT;
        store.set({ silent: false });
      }
      if (typeof data === "string") news.receiveText(data);
      else news.receiveFrame(data);
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
    comeBack();
  }

  async function comeBack() {
    if (isMute) mute += 1;
    const { watched } = state;
    if (mute >= MOST_MUTE && (await answers()) && watched === state.watched && !socket) {
      store.set({ byHttp: true, silent: false });
      connect();
      return;
    }
    if (socket || watched !== state.watched) return; // somebody was faster
    clearTimeout(timer);
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }

  /** Whether HTTP gets through. */
  async function answers() {
    try {
      await api.visitor();
      return true;
    } catch {
      return false;
    }
  }

  /** The connection seems to be open, and is dead. @param {boolean} isLong */
  function onSilence(isLong) {
    if (!socket || state.connection === "gone") return;
    const dead = socket;
    socket = null;
    if (dead.readyState === WebSocket.OPEN) dead.close();
    store.set({ connection: "lost", silent: isLong });
    if (isMute) comeBack();
    else if (isLong) timer = setTimeout(connect, SEEN);
    else connect();
  }

  /** Tells the server what is shown, so that it sends nothing else. */
  function watch() {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const message = JSON.stringify({
      type: "watch",
      frames_per_second: state.visible ? FRAMES_PER_SECOND : 0,
      tensors: "all",
    });
    if (message === wanted) return;
    wanted = message;
    socket.send(message);
  }

  /** Doesn't wait any longer: there is a reason to believe that the server can be reached again. */
  function retry() {
    if (state.byHttp) polling.askNow();
    if (state.connection !== "lost" || state.byHttp) return;
    wait = FIRST_WAIT;
    connect();
  }

  store.subscribe(["visible"], watch);
  store.subscribe(["visible"], () => {
    if (!state.visible) return;
    if (state.connection === "lost" || state.byHttp) retry();
    else silence.checkAfterSleep();
  });
  addEventListener("offline", async () => {
    if (!state.byHttp && !(await answers())) silence.checkAfterChange(); // it is not this machine's
  });
  addEventListener("online", () => {
    if (state.byHttp) {
      polling.stop(); // another network may let a socket through
      mute = 0;
      store.set({ byHttp: false, connection: "lost" });
    }
    if (state.connection === "lost") retry();
    else silence.checkAfterChange();
  });
  return { connect, retry };
}

/** @typedef {ReturnType<typeof createLive>} Live */
