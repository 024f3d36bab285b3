/** One parameter, nudged by hand: the cost that the gradient predicts beside the one measured. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("../nudging.js").createNudging>} nudging
 */
export function createNudgeView(store, loop, nudging) {}
