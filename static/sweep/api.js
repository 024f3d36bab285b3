/** The server's calls for sweeps. They fail as those of shell/api.js. */

import { call, json } from "../shell/api.js";

/** @import { Sweep } from "./sweep.pure.js" */

/** @param {string} id */
const path = (id) => `/sweeps/${encodeURIComponent(id)}`;

/** @param {number | null} epoch */
const ofEpoch = (epoch) => (epoch === null ? "" : `?epoch=${epoch}`);

export const sweepsApi = {
  /** @param {object} asked @returns {Promise<Sweep>} */
  create: (asked) => call("POST", "/sweeps", json(asked)),
  /** @returns {Promise<Sweep[]>} one's own */
  list: () => call("GET", "/sweeps"),
  /** @param {string} id @param {"pause" | "resume" | "stop"} command @returns {Promise<Sweep>} */
  command: (id, command) => call("POST", `${path(id)}/${command}`),
  /** @param {string} id @returns {Promise<void>} */
  remove: (id) => call("DELETE", path(id)),
  /** @param {string} run @returns {Promise<number[]>} the epochs whose networks are kept */
  keptEpochs: (run) => call("GET", `/runs/${encodeURIComponent(run)}/checkpoints`),
  /** @param {string} run @param {number | null} epoch @returns {Promise<ArrayBuffer>} */
  network: (run, epoch) =>
    call("GET", `/runs/${encodeURIComponent(run)}/checkpoint${ofEpoch(epoch)}`),
};
