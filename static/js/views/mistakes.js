/** The confusion matrix of the test digits, and the digits that are read wrong. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createMistakesView(store, loop) {}
