/** Experiments to begin with, the way back to the defaults, and the link to copy. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("../hyperparameters.js").createHyperparameters>} form
 */
export function createPresetsView(store, loop, form) {}
