/**
 * The server's calls for experiments with a network: why it reads what it reads, what it does without
 * some neurons, and where its training has been.
 *
 * @typedef {{ digit: number, attributions: (number | null)[], image: number[], baseline: number[],
 *   output: number | null, baseline_output: number | null, sum: number | null }} Explanation
 * @typedef {{ image: number[], excitement: number | null, smooth_image: number[],
 *   smooth_excitement: number | null, examples: number, example_image: number[],
 *   example_excitement: number | null }} Wants
 *
 * @typedef {{ silence: string[], epoch: number | null }} Lens silence: neurons, each as "layer:place"
 */

import { call, path, picture } from "./api.js";

/**
 * @import { Landscape } from "../landscape/landscape.pure.js"
 * @import { Learned } from "../landscape/learned.pure.js"
 * @import { Answer } from "../slope/nudge.pure.js"
 * @import { Absences } from "../surgery/surgery.pure.js"
 */

/** @param {Record<string, string | number | boolean | string[] | null>} fields those that are null are left out */
function queryOf(fields) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const each of [value].flat()) if (each !== null) query.append(name, String(each));
  }
  return query.size ? `?${query}` : "";
}

export const experiments = {
  /**
   * @param {string} run
   * @param {Uint8Array<ArrayBuffer>} body a PNG from the pad
   * @param {{ digit: number, baseline: string, epoch: number | null }} of
   * @returns {Promise<Explanation>}
   */
  explain: (run, body, { digit, baseline, epoch }) =>
    call(
      "POST",
      `${path(run)}/explain${queryOf({ pad: true, digit, baseline, epoch })}`,
      picture(body),
    ),
  /**
   * @param {string} run
   * @param {Uint8Array<ArrayBuffer>} body a PNG from the pad
   * @param {{ to: number, epoch: number | null }} of
   * @returns {Promise<{ image: number[], change: number }>}
   */
  flip: (run, body, { to, epoch }) =>
    call("POST", `${path(run)}/flip${queryOf({ pad: true, to, epoch })}`, picture(body)),
  /**
   * @param {string} run
   * @param {{ layer: number, neuron: number, epoch: number | null }} of
   * @returns {Promise<Wants>}
   */
  wants: (run, of) => call("GET", `${path(run)}/wants${queryOf(of)}`),
  /**
   * A drawing as it is read without some neurons.
   * @param {string} run
   * @param {Uint8Array<ArrayBuffer>} body a PNG from the pad
   * @param {Lens} lens
   * @returns {Promise<{ digit: number, confidence: number | null, outputs: (number | null)[] }>}
   */
  predict: (run, body, lens) =>
    call("POST", `${path(run)}/predict${queryOf({ pad: true, ...lens })}`, picture(body)),
  /** @param {string} run @param {Lens} lens @returns {Promise<Absences>} */
  absences: (run, lens) => call("GET", `${path(run)}/absences${queryOf({ ...lens })}`),
  /** @param {string} run @param {Lens} lens @returns {Promise<{ confusion: number[][] }>} */
  mistakes: (run, lens) => call("GET", `${path(run)}/mistakes${queryOf({ ...lens })}`),
  /** @param {string} run @param {Lens} lens @returns {Promise<{ id: string }>} the new run */
  fork: (run, lens) => call("POST", `${path(run)}/fork${queryOf({ ...lens })}`),
  /**
   * @param {string} run
   * @param {{ index: number, value: number }} wish
   * @returns {Promise<Answer>}
   */
  set: (run, wish) =>
    call("POST", `${path(run)}/nudge`, {
      body: JSON.stringify({ ...wish, apply: true }),
      headers: { "Content-Type": "application/json" },
    }),
  /**
   * @param {string} run
   * @param {{ plane: string, with: string | null }} of with: another run's id
   * @returns {Promise<Landscape>}
   */
  landscape: (run, of) => call("GET", `${path(run)}/landscape${queryOf(of)}`),
  /** @param {string} run @param {{ epoch: number | null }} of @returns {Promise<Learned>} */
  learned: (run, of) => call("GET", `${path(run)}/learned${queryOf(of)}`),
};
