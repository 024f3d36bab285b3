/** Looks back: which epochs are kept, and the network as it was after one of them. */

/**
 * @param {import("./state.js").Store} store
 */
export function createPast(store) {
  return {};
}
