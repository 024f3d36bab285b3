/** The hidden layers, added and removed with a click, each with its own activation. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("../hyperparameters.js").createHyperparameters>} form
 */
export function createLayersView(store, loop, form) {}
