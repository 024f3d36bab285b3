/** Images between two others, and curves over the way. */

const COUNT = 60;

/** How far along the way the outputs are computed, 0–1. */
export const PLACES = Array.from({ length: COUNT + 1 }, (_, i) => i / COUNT);

/**
 * @param {number[]} begin
 * @param {number[]} end
 * @param {number} share of the way
 */
export const onTheWay = (begin, end, share) =>
  begin.map((value, i) => value + share * (end[i] - value));

/**
 * The path of a curve in a drawing of 240 by 140, for values from 0 to 1; others leave it.
 * @param {number[]} values one for each of PLACES
 */
export function curveOf(values) {
  const points = values.map((value, i) => {
    const height = Math.min(1.05, Math.max(-0.05, Number.isFinite(value) ? value : 0));
    return `${(4 + 228 * PLACES[i]).toFixed(1)} ${(132 - 118 * height).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
