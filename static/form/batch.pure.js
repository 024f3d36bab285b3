/** The batch size in powers of two: 1, 2, 4, … and after the last one the whole training set. */

export const FULL = "full";

/**
 * The next larger batch size.
 * @param {string} text
 * @param {number} examples of the training set
 * @returns {string}
 */
export function doubled(text, examples) {
  const size = Number(text);
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
  const size = text.trim() === FULL ? examples : Math.min(Number(text), examples);
  if (size === Infinity) return FULL;
  if (!(size > 1)) return "1";
  return String(2 ** (Math.ceil(Math.log2(size)) - 1));
}
