/**
 * The form's first content: what the page starts with, what an address asks for, and the learning
 * rate where nobody has chosen one.
 *
 * @typedef {object} Form
 * @property {Texts} texts
 * @property {boolean} autoRate nobody has chosen the learning rate: it follows optimizer and cost
 * @property {Errors} errors what is wrong with each field
 * @property {Errors} refused what the server said of each field
 * @property {number} attempts how often the form was refused
 */

import { textsOfQuery } from "./address.pure.js";
import { textsOf } from "./fields.pure.js";
import { COMFORTABLE_PACE } from "./pace.pure.js";
import { errorsOf } from "./validation.pure.js";

/**
 * @import { Errors, Texts } from "./fields.pure.js"
 * @import { Page } from "../shell/page.js"
 */

/**
 * What the page starts with: the server's defaults, at a pace that a person can follow.
 * @param {Page} page
 * @returns {Texts}
 */
export function startTexts(page) {
  return {
    ...textsOf(page.defaults),
    learning_rate: "null",
    steps_per_second: String(COMFORTABLE_PACE),
  };
}

/**
 * The rate that a null learning rate becomes.
 * @param {Page} page
 * @param {Texts} texts
 */
export function goodRate(page, texts) {
  const kind = texts.output === "identity" ? "identity" : texts.cost;
  const rate = page.learning_rates?.[texts.optimizer]?.[kind];
  return String(rate ?? page.defaults.learning_rate ?? "");
}

/**
 * The form that a query asks for.
 * @param {Page} page
 * @param {string} query
 * @returns {Form}
 */
export function formOfQuery(page, query) {
  return completed(page, { ...startTexts(page), ...textsOfQuery(query) });
}

/** @param {Page} page @param {Texts} texts @returns {Form} */
export function completed(page, texts) {
  const autoRate = texts.learning_rate === "null" || texts.learning_rate.trim() === "";
  const filled = autoRate ? { ...texts, learning_rate: goodRate(page, texts) } : texts;
  return {
    texts: filled,
    autoRate,
    errors: errorsOf(filled, page.schema),
    refused: {},
    attempts: 0,
  };
}
