/** Numbers as text. */

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
/** @type {Record<Intl.LDMLPluralRule, string>} */
const ENDINGS = { zero: "th", one: "st", two: "nd", few: "rd", many: "th", other: "th" };
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * A number with a few significant digits, with U+2212 as its minus sign.
 * @param {number | null | undefined} value
 * @param {number} [digits]
 * @returns {string}
 */
export function formatFigure(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  let text;
  if (size === 0) text = "0";
  else if (size < 0.001 || size >= 1e6) {
    const [factor, exponent] = size.toExponential(digits === 1 ? 0 : 1).split("e");
    text = `${factor}·10${superscript(Number(exponent))}`;
  } else if (size >= 999.5) text = grouped.format(size);
  else {
    const power = Math.floor(Math.log10(Number(size.toPrecision(digits)))); // 0.9996 becomes 1.00
    text = size.toFixed(Math.max(0, digits - 1 - power));
  }
  return value < 0 ? `−${text}` : text;
}

/**
 * A number in at most six characters or so: with two decimals, or its size alone.
 * @param {number} value
 */
export function formatShort(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return formatFigure(value);
  if (size < 100) return value.toFixed(2).replace("-", "−");
  const [factor, exponent] = size.toExponential(0).split("e");
  const text = size < 1000 ? size.toFixed(0) : `${factor}·10${superscript(Number(exponent))}`;
  return value < 0 ? `−${text}` : text;
}

/** @param {number} exponent */
function superscript(exponent) {
  return String(exponent).replace(/[-\d]/g, (sign) =>
    sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)],
  );
}

/**
 * A number that always has its sign.
 * @param {number | null | undefined} value
 */
export function formatSigned(value) {
  const text = formatFigure(value);
  return value && value > 0 ? `+${text}` : text;
}

/**
 * A share as a percentage.
 * @param {number | null | undefined} share 0–1
 */
export function formatShare(share) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return `${(100 * share).toFixed(1)}%`;
}

/**
 * A number of bytes.
 * @param {number} bytes
 */
export function formatMegabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

/**
 * A position in the queue: 1st, 2nd, 3rd, 11th.
 * @param {number} place
 */
export function ordinal(place) {
  return `${place}${ENDINGS[ordinals.select(place)]}`;
}

/**
 * A whole number with commas between the thousands.
 * @param {number} count
 */
export function formatCount(count) {
  return grouped.format(count);
}

/** Words as a sentence: with a capital letter, and an end. @param {string} words */
export function asSentence(words) {
  const end = /^$|[.!?…]$/.test(words) ? "" : ".";
  return words.slice(0, 1).toUpperCase() + words.slice(1) + end;
}
