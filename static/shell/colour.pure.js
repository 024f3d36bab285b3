/**
 * The colours of numbers. Signed numbers have one symmetric scale on the whole page: blue is
 * positive, orange is negative, zero is neutral. Activations have one sequential scale.
 */

/**
 * @typedef {"light" | "dark"} Theme
 * @typedef {{ negative: number[], zero: number[], positive: number[] }} Ramp
 */

/** @type {Record<Theme, Ramp>} */
export const RAMPS = {
  light: { negative: [209, 95, 2], zero: [246, 244, 239], positive: [21, 94, 170] },
  dark: { negative: [255, 158, 64], zero: [27, 33, 42], positive: [92, 172, 255] },
};

const STEPS = 255; // on each side of zero

/**
 * A table of 2·255 + 1 packed colours, for the Uint32Array of an ImageData.
 * @param {Ramp} ramp
 * @returns {Uint32Array}
 */
export function colourTable(ramp) {
  return Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => {
    const [red, green, blue] = colourAt(ramp, (i - STEPS) / STEPS);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/**
 * @param {Ramp} ramp
 * @param {number} value −1 … 1; it is limited to that range, and NaN counts as zero
 * @returns {number[]} red, green, blue
 */
export function colourAt(ramp, value) {
  const limited = Number.isNaN(value) ? 0 : Math.max(-1, Math.min(1, value));
  const end = limited < 0 ? ramp.negative : ramp.positive;
  const share = Math.abs(limited);
  return ramp.zero.map((zero, i) => Math.round(zero + (end[i] - zero) * share));
}

/**
 * The index of a value in a colour table.
 * @param {number} value
 * @param {number} scale the magnitude at which the colour is strongest
 * @returns {number}
 */
export function colourIndex(value, scale) {
  const position = Math.round((value / scale) * STEPS) + STEPS;
  if (position >= 0) return Math.min(position, 2 * STEPS);
  return position < 0 ? 0 : STEPS; // neither comparison holds for NaN, which counts as zero
}

/**
 * The magnitude with the strongest colour: three times the root mean square, so that one very large
 * weight does not make all others pale.
 * @param {ArrayLike<number>} values
 * @returns {number} above zero
 */
export function scaleOf(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] * values[i];
  const scale = 3 * Math.sqrt(sum / Math.max(1, values.length));
  return scale > 0 && Number.isFinite(scale) ? scale : 1e-12;
}
