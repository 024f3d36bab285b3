/** Decodes half-precision numbers, for browsers without Float16Array, by a table of all 65,536. */

/** @type {Float32Array | null} */
let table = null;

/**
 * The value of a half-precision number: 1 bit of sign, 5 bits of exponent, 10 bits of fraction.
 * @param {number} bits 0–65,535
 * @returns {number}
 */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * @param {Uint16Array} halves
 * @returns {Float32Array}
 */
export function decodeHalves(halves) {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  const numbers = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i += 1) numbers[i] = table[halves[i]];
  return numbers;
}
