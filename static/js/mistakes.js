/** Asks the server which test digits the network reads wrong, when somebody looks. */

/**
 * @param {import("./state.js").Store} store
 */
export function createMistakes(store) {
  return {};
}
