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
 * @property {string} root the address of the start page, perhaps relative
 * @property {string} run the id of the run to show
 * @property {number | null} pupil the number that a pupil has in the lesson
 * @property {Spec} defaults
 * @property {Schema} schema of a Spec
 * @property {Rates} learning_rates
 * @property {Record<string, string>} choice_names what activations, optimizers and so on are called
 * @property {number} max_dataset_bytes
 * @property {number} max_drawings that a run is given at once
 *
 * @typedef {Pick<Page, "root" | "defaults" | "learning_rates" | "choice_names"> &
 *   { address?: string | null, sweep?: string }} ClassroomPage its address is that of the start page, if the server has
 *   been told how browsers call it
 */

import { byId } from "./dom.js";
import { setRoot } from "./root.js";

export function readPage() {
  const page = JSON.parse(byId("page-data").textContent ?? "");
  setRoot(page.root);
  keepLinks();
  return page;
}

/** Relative links, and the icon's, would lead elsewhere once the page takes on another address. */
function keepLinks() {
  /** @type {NodeListOf<HTMLAnchorElement | HTMLLinkElement>} */
  const links = document.querySelectorAll("a[href]:not([href^='#']), link[rel='icon']");
  for (const link of links) {
    const { pathname, search } = new URL(link.href);
    link.setAttribute("href", pathname + search);
  }
}
