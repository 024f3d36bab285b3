/** Thins a history to as many points as a chart can show, without losing a spike. */

/**
 * Of each stretch of items the one with the smallest and the one with the largest value, and always
 * the first and the last item.
 * @template T
 * @param {T[]} items
 * @param {number} limit at least 4
 * @param {(item: T) => number | null} figureOf null: it has none
 * @returns {T[]}
 */
export function thinned(items, limit, figureOf) {
  if (items.length <= limit) return items;
  const stretches = Math.floor(limit / 2) - 1;
  const length = (items.length - 2) / stretches;
  const kept = [items[0]];
  for (let i = 0; i < stretches; i += 1) {
    const stretch = items.slice(1 + Math.round(i * length), 1 + Math.round((i + 1) * length));
    kept.push(...extremes(stretch, figureOf));
  }
  return [...kept, items[items.length - 1]];
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number | null} figureOf
 * @returns {T[]} one or two of them, in their order
 */
function extremes(items, figureOf) {
  let low = 0;
  let high = 0;
  items.forEach((item, i) => {
    const value = figureOf(item);
    if (value === null) return;
    if (value < (figureOf(items[low]) ?? Infinity)) low = i;
    if (value > (figureOf(items[high]) ?? -Infinity)) high = i;
  });
  return [...new Set([Math.min(low, high), Math.max(low, high)])].map((i) => items[i]);
}
