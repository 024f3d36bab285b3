/** Charts draw at most a thousand points: more can't be seen. */

/**
 * Every n-th item, with the first and the last always among them.
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
