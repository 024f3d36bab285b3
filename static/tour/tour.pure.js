/** The tour's place in the page's address, and the numbers in its texts. */

import { imagesOf } from "../runs/images.pure.js";
import { formatCount } from "../shell/format.pure.js";

/** @import { Run } from "../runs/run.pure.js" */

/**
 * The lesson that a query names, whether there are so many or not.
 * @param {string} query
 * @returns {number | null} from 1; null for none
 */
export function stepOfQuery(query) {
  const text = new URLSearchParams(query).get("tour");
  const step = Number(text);
  return text !== null && Number.isInteger(step) && step >= 1 ? step : null;
}

/**
 * The query with the lesson in it.
 * @param {string} query with its question mark, or nothing
 * @param {number | null} step
 * @returns {string} the query, naming the lesson
 */
export function queryWithStep(query, step) {
  const others = query
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair && !pair.startsWith("tour="));
  if (step !== null) others.push(`tour=${step}`);
  return others.length ? `?${others.join("&")}` : "";
}

/**
 * A text of a lesson with the numbers of the network that is open.
 * @param {string} text with {parameters}, {pixels}, {rows}, {columns} and {outputs}
 * @param {Run | null} run
 * @returns {string}
 */
export function filledIn(text, run) {
  const { shape, class_names } = imagesOf(run);
  const [rows, columns] = shape;
  /** @type {Record<string, number>} */
  const numbers = {
    parameters: run?.parameters ?? 13_002,
    pixels: rows * columns,
    rows,
    columns,
    outputs: class_names.length,
  };
  return text.replace(/\{(\w+)\}/g, (_, name) => formatCount(numbers[name]));
}
