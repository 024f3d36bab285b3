/** The server's HTTP calls of a lesson: a pupil's, and the teacher's. They fail as those of api.js. */

import { call, json } from "./api.js";

/** @import { Status } from "../runs/run.pure.js" */

/**
 * @typedef {object} Lesson how it stands, as a visitor is told of it
 * @property {string | null} nickname the visitor's, if they are in it
 * @property {string | null} held why no run may train now, in words
 * @property {Sent | null} sent
 * @property {string | null} shown the id of a run
 * @property {boolean} look whether it is to be on every screen
 *
 * @typedef {{ number: number, text: string, link: string | null }} Sent by the teacher, to all
 */

export const classApi = {
  /** @returns {Promise<Lesson>} */
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
  /** Pauses all runs; null: they go on. @param {string | null} reason @returns {Promise<{ reason: string | null }>} */
  hold: (reason) => call("POST", "/classroom/hold", json({ reason })),
  /** @param {{ text: string, link: string | null }} sent @returns {Promise<void>} */
  sendToAll: (sent) => call("POST", "/classroom/send", json(sent)),
  /** Takes ended runs off the wall. @returns {Promise<void>} */
  clearWall: () => call("POST", "/classroom/clear"),
  /**
   * Pauses or stops a sweep.
   * @param {string} sweep
   * @param {"pause" | "stop"} command
   * @returns {Promise<{ status: Status, reason: string | null }>}
   */
  commandSweep: (sweep, command) => call("POST", `/sweeps/${encodeURIComponent(sweep)}/${command}`),
  /** Ends the lesson. @returns {Promise<void>} */
  endLesson: () => call("POST", "/classroom/end"),
};
