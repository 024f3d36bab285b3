/** Thins a history to as many points as a chart can show. */

/**
 * Every n-th item, always with the first and the last.
 * @template T
 * @param {T[]} items
 * @param {number} limit at least 2
 * @returns {T[]}
 */
export function thin(items, limit) {
  if (items.length <= limit) return items;
  const stride = (items.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, i) => items[Math.round(i * stride)]);
}
