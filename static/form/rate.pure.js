/** The slider for the learning rate: ten notches for each factor of ten. */

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
 * A smaller rate to try after one that was too large: a tenth of it, or the usual one if that is
 * still smaller.
 * @param {number} rate
 * @param {number} usual for this optimizer and cost
 */
export function smallerRate(rate, usual) {
  const tenth = Number((rate / 10).toPrecision(6));
  return Math.min(usual, tenth);
}
