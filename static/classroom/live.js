/**
 * The wall's one socket: it passes on what arrives and reconnects by itself. While the page is hidden
 * there is no socket, and the server sends nothing.
 */

import { api } from "../shell/api.js";

/** @import { News } from "./wall.pure.js" */

const FIRST_WAIT = 400; // milliseconds until the first try to come back; each next waits twice as long
const LONGEST_WAIT = 8000;

/**
 * @typedef {object} Listener
 * @property {() => void} onOpen the server will send everything again
 * @property {(news: News) => void} onNews
 * @property {(pictures: ArrayBuffer) => void} onPictures
 * @property {() => void} onLost it is tried again by itself
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

  /** One that is not open yet is left once it is: to cut it short is an error in the console. */
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

/** A server that no longer knows the teacher has a page that asks for the token. */
async function askForTheToken() {
  if (await api.asksForToken()) location.reload();
}
