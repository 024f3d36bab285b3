/** The dialog that shows this experiment as Python: with nn_core, and in PyTorch. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("../hyperparameters.js").createHyperparameters>} form
 */
export function createCodeView(store, loop, form) {}
