/** The axes of the charts: their ranges, round numbers along them, and an epoch's position. */

/** The margins of a plot in pixels. They hold the labels of the axes; at the right also those of lines. */
export const MARGIN = { l: 46, r: 8, t: 8, b: 21 };

/**
 * @typedef {[number, number]} Range
 * @typedef {{ width: number, right: number }} Width of a chart, and of its margin at the right
 */

/**
 * The range of the horizontal axis. An earlier run that went on for longer is shown as far as this
 * run is planned to go. Within the first epoch the axis ends at a round part of it.
 * @param {number} reached epochs that this run has made, the present one by its share
 * @param {number | null} planned
 * @param {number[]} earlier the last epochs of the runs behind it
 * @returns {Range}
 */
export function epochRange(reached, planned, earlier) {
  const longest = Math.max(0, ...earlier);
  const end = reached === 0 ? longest : Math.max(reached, Math.min(longest, planned ?? reached));
  return [0, end > 0 && end < 1 ? roundedUp(end) : Math.max(end, 1)];
}

/** The next larger number with one digit, 1, 2 or 5. @param {number} value */
function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((digit) => digit * power >= value) ?? 10);
}

/**
 * The range of the vertical axis. It holds all figures of this run; of the earlier runs it leaves
 * out those above twice this run's highest, because one that diverged would flatten the others.
 * @param {(number | null)[]} own
 * @param {(number | null)[]} behind
 * @param {boolean} logarithmic if so, the range is of exponents of ten
 * @returns {Range}
 */
export function figureRange(own, behind, logarithmic) {
  /** @param {(number | null)[]} figures */
  const usable = (figures) =>
    figures
      .filter((value) => value !== null)
      .filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  const mine = usable(own);
  const theirs = usable(behind);
  const highest = Math.max(...mine);
  const values = mine.length
    ? [...mine, ...theirs.filter((value) => value <= 2 * highest)]
    : theirs;
  const high = values.length ? values.reduce((most, value) => Math.max(most, value)) : 1;
  if (!logarithmic) return [0, 1.06 * high || 1];
  const low = values.length ? values.reduce((least, value) => Math.min(least, value)) : 0.1;
  const room = Math.max(0.04, 0.06 * Math.log10(high / low));
  return [Math.log10(low) - room, Math.log10(high) + room];
}

/**
 * Round numbers for a logarithmic axis: powers of ten, and where those are few, also their
 * multiples by 2 and 5, or by 1 to 9.
 * @param {Range} range exponents of ten
 * @param {number} most
 * @returns {number[]}
 */
export function logTicks([low, high], most) {
  const within = (/** @type {number} */ value) =>
    Math.log10(value) >= low && Math.log10(value) <= high;
  const powers = [];
  for (let exponent = Math.floor(low); exponent <= Math.ceil(high); exponent += 1)
    powers.push(exponent);
  const digits = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]];
  for (const choice of digits) {
    const ticks = powers
      .flatMap((exponent) => choice.map((digit) => Number(`${digit}e${exponent}`)))
      .filter(within);
    if (ticks.length <= most) return ticks;
  }
  const tens = powers.map((exponent) => Number(`1e${exponent}`)).filter(within);
  return tens.filter((_, i) => i % Math.ceil(tens.length / most) === 0);
}

/**
 * @param {number} epoch
 * @param {Range} range
 * @param {Width} width
 * @returns {number} pixels from the chart's left
 */
export function leftOf(epoch, [first, last], { width, right }) {
  return MARGIN.l + ((epoch - first) / (last - first)) * (width - MARGIN.l - right);
}

/**
 * @param {number} left pixels from the chart's left
 * @param {Range} range
 * @param {Width} width
 * @returns {number} the place in the range
 */
export function epochAt(left, [first, last], { width, right }) {
  const share = (left - MARGIN.l) / Math.max(1, width - MARGIN.l - right);
  return first + Math.max(0, Math.min(1, share)) * (last - first);
}
