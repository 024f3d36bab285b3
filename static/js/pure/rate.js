/** The learning rate as a slider: a notch is a tenth of a factor of ten. */

const LOWEST = -5; // 10⁻⁵

/** The last notch: 10³. */
export const LAST_RATE_NOTCH = 80;

/** @param {number} notch */
export function rateAt(notch) {
  return Number((10 ** (LOWEST + notch / 10)).toPrecision(2));
}

/** @param {number} rate */
export function rateNotchOf(rate) {
  const notch = Math.round((Math.log10(rate) - LOWEST) * 10);
  return Math.max(0, Math.min(LAST_RATE_NOTCH, notch || 0));
}

/**
 * A smaller rate to try after a run has diverged: a tenth, rounded to one digit.
 * @param {number} rate
 */
export function smallerRate(rate) {
  return Number((rate / 10).toPrecision(1));
}
