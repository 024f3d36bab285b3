/** Asks the server what a nudge of one parameter does to the cost, and has it applied. */

/**
 * @param {import("./state.js").Store} store
 */
export function createNudging(store) {
  return {};
}
