/**
 * The wall's one socket: it hands on what it hears, and comes back by itself. While nobody sees the
 * page there is none, and the server sends nothing.
 */

const FIRST_WAIT = 400; // milliseconds until the first try to come back; each next waits twice as long
const LONGEST_WAIT = 8000;

/**
 * @typedef {object} Listener
 * @property {() => void} onOpen everything will be told anew
 * @property {(news: import("../pure/classroom/wall.js").News) => void} onNews
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
      // To close it earlier, while it is being opened, would be an error in the console.
      if (document.hidden) opened.close();
      wait = FIRST_WAIT;
      onOpen();
    };
    opened.onmessage = ({ data }) => {
      if (typeof data === "string") onNews(JSON.parse(data));
      else onPictures(data);
    };
    opened.onclose = closed;
    socket = opened;
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
    if (!document.hidden) connect();
    else if (socket?.readyState === WebSocket.OPEN) socket.close();
  });
  addEventListener("online", connect);
  connect();
}

/** A server that answers, but no longer knows the teacher, has a page that asks for the token. */
async function askForTheToken() {
  try {
    const { status } = await fetch("/classroom");
    if (status === 401) location.reload();
  } catch {
    // It does not answer: that is said already.
  }
}
