/** The batch size in powers of two: 1, 2, 4, … and after the last one the whole training set. */

import { wholeNumberOf } from "../shell/number.pure.js";

export const FULL = "full";

/**
 * The next larger batch size.
 * @param {string} text
 * @param {number} examples of the training set
 * @returns {string}
 */
export function doubled(text, examples) {
  const size = wholeNumberOf(text) ?? 0;
  if (text.trim() === FULL) return FULL;
  if (!(size >= 1)) return "1";
  const next = 2 ** (Math.floor(Math.log2(size)) + 1);
  return next < examples ? String(next) : FULL;
}

/**
 * The next smaller batch size.
 * @param {string} text
 * @param {number} examples of the training set; Infinity while that is not known
 * @returns {string}
 */
export function halved(text, examples) {
  const size = text.trim() === FULL ? examples : Math.min(wholeNumberOf(text) ?? 0, examples);
  if (size === Infinity) return FULL;
  if (!(size > 1)) return "1";
  return String(2 ** (Math.ceil(Math.log2(size)) - 1));
}
