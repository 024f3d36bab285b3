/**
 * The slider for the pace of a run: from one step a second, twenty notches for each factor of ten,
 * and a last notch for "as fast as it can".
 */

const NOTCHES_A_DECADE = 20;

/** A pace that a person can follow: two seconds for an epoch of the default run. */
export const COMFORTABLE_PACE = 60;

/** The notch for "as fast as it can". */
export const FASTEST = 3 * NOTCHES_A_DECADE + 1;

/**
 * @param {number} notch 0 … FASTEST
 * @returns {number | null} steps a second; null: as fast as it can
 */
export function paceAt(notch) {
  if (notch >= FASTEST) return null;
  return Number((10 ** (notch / NOTCHES_A_DECADE)).toPrecision(2));
}

/**
 * The notch that is nearest to a pace.
 * @param {number | null} pace
 * @returns {number}
 */
export function notchOf(pace) {
  if (pace === null) return FASTEST;
  const notch = Math.round(Math.log10(Math.max(pace, 1)) * NOTCHES_A_DECADE);
  return Math.max(0, Math.min(FASTEST - 1, notch));
}

/**
 * @param {number | null} pace
 * @returns {string}
 */
export function describePace(pace) {
  if (pace === null) return "as fast as it can";
  return pace === 1 ? "1 step/s" : `${pace} steps/s`;
}
