/** The server's HTTP calls of a lesson: a pupil's, and the teacher's. They fail as those of api.js. */

import { call, json } from "./api.js";

export const classApi = {
  /** @returns {Promise<{ nickname: string | null }>} the visitor's in the lesson, if they are in it */
  lesson: () => call("GET", "/class"),
  /** @param {number} task @param {number | null} guess @returns {Promise<unknown>} */
  beAt: (task, guess) => call("POST", "/class/at", json({ task, guess })),
  /**
   * Shows a run to everybody; null: none.
   * @param {string | null} run
   * @param {boolean} look whether it is brought to every screen
   * @returns {Promise<{ run: string | null }>}
   */
  show: (run, look) => call("POST", "/classroom/show", json({ run, look })),
  /** Pauses all runs; null: they go on. @param {string | null} reason @returns {Promise<unknown>} */
  hold: (reason) => call("POST", "/classroom/hold", json({ reason })),
  /** @param {{ text: string, link: string | null }} sent @returns {Promise<void>} */
  sendToAll: (sent) => call("POST", "/classroom/send", json(sent)),
  /** Takes ended runs off the wall. @returns {Promise<void>} */
  clearWall: () => call("POST", "/classroom/clear"),
  /** Ends the lesson. @returns {Promise<void>} */
  endLesson: () => call("POST", "/classroom/end"),
};
