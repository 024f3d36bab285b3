/**
 * What the server puts into the page for its scripts.
 *
 * @import { Spec } from "../form/fields.pure.js"
 * @import { Schema } from "../form/validation.pure.js"
 *
 * @typedef {Record<string, Record<string, number>>} Rates the usual learning rates, by optimizer and
 *   cost
 *
 * @typedef {object} Page
 * @property {string} run the id of the run to show
 * @property {Spec} defaults
 * @property {Schema} schema of a Spec
 * @property {Rates} learning_rates
 * @property {Record<string, string>} choice_names what activations, optimizers and so on are called
 * @property {number} max_dataset_bytes
 * @property {{ nn_core: string, pytorch: string }} code templates of the scripts in the code dialog
 *
 * @typedef {Pick<Page, "defaults" | "learning_rates" | "choice_names">} ClassroomPage
 */

import { byId } from "./dom.js";

export function readPage() {
  return JSON.parse(byId("page-data").textContent ?? "");
}
