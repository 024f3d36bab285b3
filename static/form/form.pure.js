/**
 * The form when the page opens: the start page's values, those that the address asks for, and the
 * usual learning rate if nobody has chosen one.
 *
 * @typedef {object} Form
 * @property {Texts} texts
 * @property {boolean} autoRate the learning rate follows optimizer and cost, as nobody chose one
 * @property {Errors} errors what is wrong with each field
 * @property {Errors} refused what the server said about each field
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
 * The values that the page starts with: the server's defaults, at a pace that a person can follow.
 * @param {Pick<Page, "defaults">} page
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
 * The rate that the server fills in for a learning rate of null.
 * @param {Page} page
 * @param {Texts} texts
 */
export function goodRate(page, texts) {
  const kind = texts.output === "identity" ? "identity" : texts.cost;
  const rate = page.learning_rates?.[texts.optimizer]?.[kind];
  return String(rate ?? page.defaults.learning_rate ?? "");
}

/**
 * The form for a query.
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
