/**
 * The wall's one socket: it passes on what arrives and reconnects by itself. While the page is hidden
 * there is no socket, and the server sends nothing.
 */

import { api } from "../shell/api.js";
import { socketAddress } from "../shell/root.js";
import { createSilence } from "../shell/silence.js";

/** @import { News } from "./wall.pure.js" */

const FIRST_WAIT = 400; // milliseconds until the first try to come back; each next waits twice as long
const LONGEST_WAIT = 8000;
const MOST_MUTE = 2; // connections in a row on which nothing came: perhaps no socket gets through

/**
 * @typedef {object} Listener
 * @property {() => void} onOpen the server will send everything again
 * @property {(news: News) => void} onNews
 * @property {(pictures: ArrayBuffer) => void} onPictures
 * @property {(isBlocked: boolean) => void} onLost it is tried again by itself; HTTP gets through, and
 *   sockets do not, if they are blocked
 */

/** @param {Listener} listener */
export function watchTheWall({ onOpen, onNews, onPictures, onLost }) {
  const silence = createSilence(onSilence);
  /** @type {WebSocket | null} */
  let socket = null;
  let wait = FIRST_WAIT;
  let timer = 0;
  let mute = 0; // connections in a row on which nothing came

  function connect() {
    clearTimeout(timer);
    if (document.hidden || socket) return;
    const opened = new WebSocket(socketAddress("/api/classroom/live"));
    opened.binaryType = "arraybuffer";
    mute += 1;
    silence.hear();
    opened.onopen = () => {
      if (opened !== socket) {
        opened.close();
        return;
      }
      wait = FIRST_WAIT;
      onOpen();
      if (document.hidden) leave();
    };
    opened.onmessage = ({ data }) => {
      if (opened !== socket) return;
      mute = 0;
      silence.hear();
      if (typeof data !== "string") onPictures(data);
      else {
        const event = JSON.parse(data);
        if (event.type === "wall") onNews(event);
      }
    };
    opened.onclose = () => {
      if (opened === socket) closed();
    };
    socket = opened;
  }

  /** A connecting socket closes itself when it opens: closing it now would be an error in the console. */
  function leave() {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const left = socket;
    socket = null;
    left.close();
  }

  function closed() {
    socket = null;
    if (document.hidden) return;
    onLost(false);
    askWhy();
    clearTimeout(timer);
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }

  /** The connection seems to be open, and is dead. */
  function onSilence() {
    if (!socket) return;
    leave();
    closed();
  }

  /** A server that no longer knows the teacher has a page that asks for the token. */
  async function askWhy() {
    const answer = await api.asksForToken();
    if (answer) location.reload();
    else if (answer === false && mute >= MOST_MUTE) onLost(true);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else if (socket) silence.checkAfterSleep();
    else connect();
  });
  addEventListener("online", () => {
    if (socket) silence.checkAfterChange();
    else connect();
  });
  connect();
}
