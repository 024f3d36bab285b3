/** Numbers as people type them: with a decimal comma, with thousands apart, with a long minus. */

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WITH_COMMA = /^([+-]?\d*),(\d+(?:e[+-]?\d+)?)$/i;
const THOUSANDS = /^[+-]?[1-9]\d{0,2}([.,'’\s]\d{3})+$/;
const MINUS = /^[−–]/;

/**
 * The number that a text is; null if it is none. A comma before exactly three digits, as in "1,000",
 * means one thing here and another there, so that is none. (`Number` would also accept "0x10".)
 * @param {string} text
 * @returns {number | null}
 */
export function numberOf(text) {
  const plain = text.trim().replace(MINUS, "-");
  if (DECIMAL.test(plain)) return Number(plain);
  if (THOUSANDS.test(plain)) return null;
  const [, before, after] = WITH_COMMA.exec(plain) ?? [];
  return after === undefined ? null : Number(`${before}.${after}`);
}

/**
 * The same for a text that should be a whole number, where "1,000" and "1.000" can only be a thousand.
 * @param {string} text
 * @returns {number | null}
 */
export function wholeNumberOf(text) {
  const plain = text.trim().replace(MINUS, "-");
  return THOUSANDS.test(plain) ? Number(plain.replace(/[.,'’\s]/g, "")) : numberOf(text);
}
