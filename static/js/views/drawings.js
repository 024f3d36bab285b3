/** The drawings that their author has labelled: a small data set for the next run. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createDrawingsView(store, loop) {}
