/** Keeps the figures of this browser's last runs, to compare with. */

/**
 * @param {import("./state.js").Store} store
 */
export function createEarlier(store) {
  return {};
}
