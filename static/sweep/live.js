/** The sweep's one socket: it passes on what arrives, and reconnects by itself. */

import { socketAddress } from "../shell/root.js";
import { createSilence } from "../shell/silence.js";

/** @import { News } from "./sweep.pure.js" */

const FIRST_WAIT = 400; // milliseconds until the first try to come back; each next waits twice as long
const LONGEST_WAIT = 8000;
const UNKNOWN = 4404;

/**
 * @param {string} sweep
 * @param {{ onNews: (news: News) => void, onLost: () => void, onGone: (why: string) => void }} listener
 */
export function watchSweep(sweep, { onNews, onLost, onGone }) {
  let wait = FIRST_WAIT;
  let why = "";
  /** @type {WebSocket | null} */
  let socket = null;
  const silence = createSilence(() => socket?.close());

  function connect() {
    const opened = new WebSocket(socketAddress(`/api/sweeps/${encodeURIComponent(sweep)}/live`));
    socket = opened;
    silence.hear();
    opened.onmessage = ({ data }) => {
      silence.hear();
      wait = FIRST_WAIT;
      const news = JSON.parse(data);
      if (news.type === "error") why = news.detail;
      else onNews(news);
    };
    opened.onclose = ({ code }) => {
      if (code === UNKNOWN) {
        onGone(why);
        return;
      }
      onLost();
      setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  }

  connect();
}
