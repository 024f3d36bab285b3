/**
 * The classroom's WebSocket: it passes on what arrives and reconnects when it breaks. While the
 * page is hidden it is closed, so the server sends nothing.
 */

import { api } from "../shell/api.js";

/** @import { News } from "./wall.pure.js" */

const FIRST_WAIT = 400; // milliseconds until it reconnects; each further wait is twice as long
const LONGEST_WAIT = 8000;

/**
 * @typedef {object} Listener
 * @property {() => void} onOpen the server is about to send everything again
 * @property {(news: News) => void} onNews
 * @property {(pictures: ArrayBuffer) => void} onPictures
 * @property {() => void} onLost it reconnects without a call
 */

/** @param {Listener} listener */
export function watchTheWall({ onOpen, onNews, onPictures, onLost }) {
  /** @type {WebSocket | null} */
  let socket = null;
  let wait = FIRST_WAIT;
  let timer = 0;

  function connect() {
    clearTimeout(timer);
    if (document.hidden || socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const opened = new WebSocket(`${scheme}://${location.host}/api/classroom/live`);
    opened.binaryType = "arraybuffer";
    opened.onopen = () => {
      wait = FIRST_WAIT;
      onOpen();
      if (document.hidden) leave();
    };
    opened.onmessage = ({ data }) => {
      if (typeof data === "string") onNews(JSON.parse(data));
      else onPictures(data);
    };
    opened.onclose = closed;
    socket = opened;
  }

  /**
   * Closes the socket. One that is still connecting is closed when it opens, because closing it now
   * would be an error in the console.
   */
  function leave() {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    socket = null;
  }

  function closed() {
    socket = null;
    if (document.hidden) return;
    onLost();
    askForTheToken();
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else connect();
  });
  addEventListener("online", connect);
  connect();
}

/** Reloads the page if the server asks for the token again: the reload shows the form for it. */
async function askForTheToken() {
  if (await api.asksForToken()) location.reload();
}
